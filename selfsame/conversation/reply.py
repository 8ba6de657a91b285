"""Making one reply: think, speak, and let the sound out once the turn is confirmed and while nobody interrupts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import anyio

from selfsame.conversation.history import ReplyLog
from selfsame.conversation.rooms import Asked, Moving, Rooms
from selfsame.conversation.turn_state import Event, ReplyAudible, ReplyComplete, ReplyFailed, ReplySaid
from selfsame.errors import BadOutput, ProviderError, SelfsameError
from selfsame.events.spoken import SpokenChunk
from selfsame.events.thought import Passage, Sources, ThoughtEnded, Token
from selfsame.events.told import ReplyMoved, ReplySources, ReplySpoken, ReplyStarted, ReplyText, Told, Trouble
from selfsame.events.turns import Source, TurnMetrics
from selfsame.voice.pacing import PlayOut

EXCERPT = 280
"""Characters of a source shown with an answer."""


@dataclass(slots=True)
class Gate:
    """Open while sound may leave; shut while the play-out is paused."""

    opened: anyio.Event = field(default_factory=anyio.Event)
    is_shut: bool = False

    def shut(self) -> None:
        """Hold all sound."""
        if not self.is_shut:
            self.is_shut = True
            self.opened = anyio.Event()

    def open(self) -> None:
        """Let sound go on."""
        self.is_shut = False
        self.opened.set()

    async def passed(self) -> None:
        """Return once the gate is open."""
        if self.is_shut:
            await self.opened.wait()


@dataclass(slots=True)
class Port:
    """What a reply needs of its session."""

    feed: Callable[[Event], None]
    tell: Callable[[Told], None]
    now: Callable[[], float]
    gate: Gate
    wants_face: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Making:
    """A reply being made, and afterwards its record."""

    turn: int
    revision: int
    asked: Asked
    message_id: str | None
    speculative: bool
    started: float
    released: anyio.Event = field(default_factory=anyio.Event)
    log: ReplyLog = field(default_factory=ReplyLog)
    sources: tuple[Source, ...] = ()
    thought: ThoughtEnded | None = None
    text: str = ""
    first_token: float | None = None
    first_sound_made: float | None = None
    audible_at: float | None = None
    first_motion: float = 0.0
    sequence: int = 0
    moving: Moving | None = None
    playout: PlayOut = field(default_factory=PlayOut)
    heard: anyio.Event = field(default_factory=anyio.Event)
    """Set when the client reports, or pauses: what may be sent has changed."""

    def played(self, now: float, seconds: float) -> None:
        """The client reports how much of this reply it has played."""
        self.playout = self.playout.heard(now, seconds)
        self.heard.set()

    def paused(self, now: float, paused: bool) -> None:
        """The client's play-out stands still, or goes on."""
        self.playout = self.playout.pause(now, paused)
        self.heard.set()

    def language(self, rooms: Rooms) -> str:
        """The language of the conversation at this turn: EN, ZH or ES."""
        return self.asked.language if self.asked.language != "auto" else rooms.language_of(self.asked.text)

    @property
    def unanswered(self) -> bool:
        """Whether the mind found no answer in what the clone knows."""
        return self.thought is not None and self.thought.extra.get("unanswered") == "yes"

    def metrics(self, heard: Timing) -> TurnMetrics:
        """The turn's waterfall in milliseconds; stages of a speculative reply ran behind the closing silence."""
        thought = self.thought
        first_token = self.first_token if self.first_token is not None else self.started
        rag = thought.retrieval_seconds if thought else 0.0
        tts = max(0.0, self.first_sound_made - first_token) if self.first_sound_made is not None else 0.0
        total = self.audible_at - heard.from_at if self.audible_at is not None else 0.0
        return TurnMetrics(
            total=1000 * max(0.0, total),
            asr=1000 * heard.decode,
            endpointing=1000 * heard.endpointing,
            rag=1000 * rag,
            llm=1000 * max(0.0, first_token - self.started - rag),
            tts=1000 * tts,
            model=thought.model if thought else "",
            speculated=self.speculative,
            lip_sync=1000 * self.first_motion,
            prompt_tokens=thought.prompt_tokens if thought else 0,
            reply_tokens=thought.reply_tokens if thought else 0,
            characters=len(self.text),
            tokens_estimated=thought.tokens_estimated if thought else False,
        )


@dataclass(frozen=True, slots=True)
class Timing:
    """When the user's turn ended: `from_at` is the last voiced sample, or the typed text's arrival."""

    from_at: float = 0.0
    endpointing: float = 0.0
    decode: float = 0.0
    confidence: float = 1.0
    audio_seconds: float = 0.0


async def make_reply(making: Making, rooms: Rooms, port: Port) -> None:
    """Run one reply to its end. Failures become `ReplyFailed`; a dead voice becomes text."""
    try:
        await _think_and_speak(making, rooms, port)
    except SelfsameError as error:
        port.feed(ReplyFailed(port.now(), making.turn, making.revision, error))


async def _think_and_speak(making: Making, rooms: Rooms, port: Port) -> None:
    async with rooms.speak(_tokens(making, rooms, port), making.language(rooms)) as speech:
        try:
            async for chunk in speech:
                if making.first_sound_made is None:
                    making.first_sound_made = port.now()
                await _send(making, chunk, rooms, port)
        except ProviderError as error:
            if error.role != "tts":
                raise
            await _show_text(making, await speech.unspoken(), error, port)
        if making.moving is not None:
            port.tell(ReplyMoved(making.turn, making.sequence, making.moving.finish()))
    await making.released.wait()
    if not making.text.strip():
        model = making.thought.model if making.thought else ""
        raise BadOutput("the mind had nothing to say", role="llm", provider=model)
    port.feed(ReplyComplete(port.now(), making.turn, making.revision, making.log.seconds))


async def _tokens(making: Making, rooms: Rooms, port: Port) -> AsyncGenerator[str, None]:
    """The reply's text as it comes; sources and measures are noted on the way."""
    thoughts = rooms.think(making.asked)
    try:
        async for thought in thoughts:
            match thought:
                case Sources():
                    making.sources = tuple(_source(passage) for passage in thought.passages)
                case Token():
                    if making.first_token is None:
                        making.first_token = port.now()
                    making.text += thought.text
                    yield thought.text
                case ThoughtEnded():
                    making.thought = thought
    finally:
        await thoughts.aclose()


async def _send(making: Making, chunk: SpokenChunk, rooms: Rooms, port: Port) -> None:
    await making.released.wait()
    await port.gate.passed()
    if making.audible_at is None:
        _begin(making, rooms.sample_rate, port)
        if rooms.animate is not None and port.wants_face():
            making.moving = rooms.animate(making.turn)
    start = making.log.seconds
    making.log.add(chunk)
    if making.moving is not None:
        began = port.now()
        motion = making.moving.add(chunk)
        if not making.sequence:
            making.first_motion = port.now() - began
        port.tell(ReplyMoved(making.turn, making.sequence, motion))
    making.playout = making.playout.send(port.now(), chunk.seconds)
    port.tell(ReplySpoken(making.turn, making.sequence, start, chunk))
    making.sequence += 1
    if chunk.text:
        port.feed(ReplySaid(port.now(), making.turn, making.revision, chunk.text))
    await _pace(making, rooms.ahead, port)


def _begin(making: Making, sample_rate: int, port: Port) -> None:
    making.audible_at = port.now()
    making.playout = PlayOut(at=making.audible_at)
    port.tell(ReplyStarted(making.turn, sample_rate))
    if making.sources:
        port.tell(ReplySources(making.turn, making.sources))
    port.feed(ReplyAudible(making.audible_at, making.turn, making.revision))


async def _pace(making: Making, ahead: float, port: Port) -> None:
    """Wait until no more than `ahead` seconds of sound are sent beyond what has been played."""
    while True:
        await port.gate.passed()
        wait = making.playout.wait(port.now(), ahead)
        if wait <= 0:
            return
        with anyio.move_on_after(wait):
            await making.heard.wait()
        making.heard = anyio.Event()


async def _show_text(making: Making, rest: str, error: ProviderError, port: Port) -> None:
    """The voice is gone: say so, and give the rest of the answer as text (TTS-15)."""
    await making.released.wait()
    await port.gate.passed()
    port.tell(Trouble(error.code, f"I have lost my voice, so I write: {error.message}", True))
    if making.audible_at is None:
        _begin(making, 0, port)
    making.log.add_silent(rest)
    port.tell(ReplyText(making.turn, rest))


def _source(passage: Passage) -> Source:
    excerpt = passage.text if len(passage.text) <= EXCERPT else passage.text[: EXCERPT - 1].rstrip() + "…"
    heading = passage.question or passage.heading
    return Source(passage.id, passage.title, heading, excerpt, passage.score, passage.locator, passage.url)
