"""One turn with a live session: feed it, collect what it tells, report what was played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import anyio
import numpy as np

from selfsame.conversation.port import LiveSession
from selfsame.errors import BadInput, Unavailable
from selfsame.events.audio import AudioFrame
from selfsame.events.told import (
    ReplyEnded,
    ReplySources,
    ReplySpoken,
    ReplyStarted,
    ReplyText,
    StateChanged,
    Told,
    Trouble,
    UserHeard,
)
from selfsame.events.turns import PlayedBack, Source, TextTyped, TurnMetrics
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.ids import short_id
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.kit.pipes import PipeClosed
from selfsame.kit.tasks import background

FRAME = MICROPHONE_RATE // 50
WORDS_WITHIN = 20.0
"""Seconds after the end of the file within which words must have been recognised."""
ANSWER_WITHIN = 120.0
SETTLED_AFTER = 3.0
"""Seconds of rest after which no further answer is expected."""

Watch = Callable[[Told], Awaitable[None]]


@dataclass(slots=True)
class Turn:
    """What one turn brought. `pcm` is the reply's sound at `rate`."""

    user: str = ""
    confidence: float = 0.0
    answer: str = ""
    sources: tuple[Source, ...] = ()
    metrics: TurnMetrics = field(default_factory=TurnMetrics)
    interrupted: bool = False
    pieces: list[Pcm] = field(default_factory=list)
    rate: int = 16_000

    @property
    def pcm(self) -> Pcm:
        """The reply's sound in one array."""
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, np.int16)


class Talk:
    """Drives a session as a client would: a microphone, an ear, and a report of what was heard."""

    def __init__(self, session: LiveSession, watch: Watch, clock: Clock = SYSTEM) -> None:
        self._session = session
        self._watch = watch
        self._clock = clock
        self._origin = clock.now()
        self._turn = Turn()
        self._state = "idle"
        self._running = False
        self._trouble: Trouble | None = None
        self._beaten = False
        self.turns: list[Turn] = []

    async def ask_aloud(self, pcm: Pcm) -> list[Turn]:
        """Feed the question at the pace of a microphone, then silence, until it is answered.

        Usually one turn; more when the file holds several questions. Raises BadInput when no words were recognised,
        Unavailable when there was no answer.
        """
        fed = anyio.Event()
        async with background() as tasks:
            tasks.start_soon(self._microphone, pcm, fed)
            with anyio.move_on_after(len(pcm) / MICROPHONE_RATE + ANSWER_WITHIN):
                while not fed.is_set():
                    with anyio.move_on_after(0.1):
                        await self._take()
                await self._until_settled()
        if not self.turns:
            self._fail()
        return self.turns

    async def ask(self, text: str) -> Turn:
        """Type a question and wait for the end of its answer. Raises Unavailable."""
        before = len(self.turns)
        self._turn = Turn(user=text, confidence=1.0)
        self._trouble, self._beaten = None, False
        self._session.receive(TextTyped(self._now(), text, short_id(16)))
        with anyio.move_on_after(ANSWER_WITHIN):
            while len(self.turns) == before and not self._gave_up():
                await self._take()
        if len(self.turns) == before:
            self._fail()
        return self.turns[-1]

    async def _microphone(self, pcm: Pcm, fed: anyio.Event) -> None:
        """Frames of 20 ms at their time, silence after the last; the microphone stays open until it is cancelled."""
        start, sent, silence = self._now(), 0, np.zeros(FRAME, np.int16)
        while True:
            frame = pcm[sent : sent + FRAME] if sent < len(pcm) else silence
            sent += len(frame)
            at = start + sent / MICROPHONE_RATE
            await self._clock.sleep(at - self._now())
            self._session.receive(AudioFrame(frame, at))
            if sent >= len(pcm) and not fed.is_set():
                fed.set()

    async def _until_settled(self) -> None:
        """After the last sample: until the answer ended, or no words came, or nothing more is to be expected."""
        words_by = self._now() + WORDS_WITHIN
        while not self._gave_up():
            if self.turns and not self._running and self._state == "idle":
                return
            waiting_for_words = not self._turn.user and not self._running
            if waiting_for_words and self._now() > words_by:
                return
            quiet = True
            with anyio.move_on_after(SETTLED_AFTER):
                await self._take()
                quiet = False
            if quiet and self.turns and not self._running and not self._turn.user:
                return

    async def _take(self) -> None:
        try:
            told = await self._session.told()
        except PipeClosed:
            reason = self._trouble.message if self._trouble else "the conversation ended"
            raise Unavailable(reason, role="llm", provider="conversation") from None
        self._note(told)
        await self._watch(told)
        if isinstance(told, ReplySpoken):
            heard = 1000 * (told.start + told.chunk.seconds)
            self._session.receive(PlayedBack(self._now(), told.turn, heard))

    def _note(self, told: Told) -> None:
        turn = self._turn
        match told:
            case UserHeard():
                turn.user = told.text if told.is_final or not turn.user else turn.user
                turn.confidence = told.confidence
            case ReplyStarted():
                self._running, self._trouble, turn.rate = True, None, told.sample_rate
                turn.pieces.clear()
            case ReplySources():
                turn.sources = told.sources
            case ReplySpoken():
                turn.pieces.append(told.chunk.pcm)
                turn.rate = told.chunk.sample_rate
            case ReplyText():
                turn.answer += told.text
            case ReplyEnded():
                turn.answer, turn.interrupted, turn.metrics = told.text, told.interrupted, told.metrics
                self.turns.append(turn)
                self._turn, self._running = Turn(), False
            case StateChanged():
                self._state = told.state
                self._beaten = self._trouble is not None and told.state in ("idle", "error")
            case Trouble():
                self._trouble, self._beaten = told, not told.recoverable
            case _:
                pass

    def _gave_up(self) -> bool:
        """Trouble that no answer followed: the session went back to rest, or is over."""
        return self._trouble is not None and self._beaten and not self._running

    def _fail(self) -> NoReturn:
        if self._trouble is not None:
            raise Unavailable(self._trouble.message, role="llm", provider="conversation")
        if not self._turn.user:
            raise BadInput("no words were recognised")
        raise Unavailable(f"there was no answer within {ANSWER_WITHIN:.0f} s", role="llm", provider="conversation")

    def _now(self) -> float:
        return self._clock.now() - self._origin


def turn_row(turn: Turn) -> dict[str, Any]:
    """A turn as JSON, without its sound."""
    metrics = turn.metrics
    return {
        "transcript": turn.user,
        "confidence": round(turn.confidence, 3),
        "answer": turn.answer,
        "interrupted": turn.interrupted,
        "audio_seconds": round(len(turn.pcm) / turn.rate, 3),
        "sources": [
            {"title": s.title, "heading": s.heading, "score": round(s.score, 3), "locator": s.locator, "url": s.url}
            for s in turn.sources
        ],
        "metrics_ms": {
            "total": round(metrics.total, 1),
            "endpointing": round(metrics.endpointing, 1),
            "asr": round(metrics.asr, 1),
            "rag": round(metrics.rag, 1),
            "llm": round(metrics.llm, 1),
            "tts": round(metrics.tts, 1),
        },
        "model": metrics.model,
        "speculated": metrics.speculated,
    }
