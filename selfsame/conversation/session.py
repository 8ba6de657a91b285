"""One live conversation: the shell around the pure turn machine.

One task group per session, one cancel scope per reply. Everything that happens becomes an event for `turn.step`; every
command that comes back is obeyed at once. Nothing here decides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import anyio
import structlog

from selfsame.clones.clone import Clone
from selfsame.conversation.history import remember
from selfsame.conversation.ledger import Ledger
from selfsame.conversation.port import ConversationStore, SessionRecord
from selfsame.conversation.reply import Gate, Making, Port, Timing, make_reply
from selfsame.conversation.rooms import Asked, Rooms
from selfsame.conversation.showing import Showing
from selfsame.conversation.turn import step
from selfsame.conversation.turn_state import (
    Closed,
    Command,
    CommitTurn,
    DropReply,
    Event,
    OrderPlayback,
    ReleaseReply,
    StartReply,
    Talk,
    Tell,
    Tick,
    TurnOptions,
)
from selfsame.errors import ProviderError
from selfsame.events.audio import AudioFrame, ChangeHearing, EndUtterance, Sound
from selfsame.events.heard import Heard, HearingFailed, UtteranceEnded
from selfsame.events.told import Measured, PlaybackOrdered, ReplyMoved, SettingsChanged, StateChanged, Told
from selfsame.events.turns import (
    ConsentChanged,
    ContextReplaced,
    Exchange,
    FromClient,
    LanguageChosen,
    Left,
    ModeChosen,
    PlayedBack,
    Returned,
    TextTyped,
    TurnMetrics,
    TurnRecord,
    Video,
    VideoChosen,
)
from selfsame.kit.clock import Clock
from selfsame.kit.pipes import Pipe, PipeClosed
from selfsame.kit.tasks import Scopes, group

log = structlog.get_logger(__name__)

STALL = 1.5
"""Seconds without microphone sound, in the middle of an utterance, after which it is taken as finished.

Also while the client is away: an open utterance holds a decoder, and these are few."""
HEARING_RETRY = 5.0
_CROWDED = 64
"""Things untold beyond which no picture is added: whoever reads so slowly gets the words first."""


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What a session is made of."""

    rooms: Rooms
    store: ConversationStore
    clock: Clock
    turns: TurnOptions
    on_consent: Callable[[bool], Awaitable[None]]


class Session:
    """Implements `conversation.port.LiveSession`."""

    def __init__(self, record: SessionRecord, clone: Clone, parts: SessionParts, *, resumed: bool) -> None:
        self.record = record
        self.clone = clone
        self.resumed = resumed
        self._parts = parts
        self._origin = parts.clock.now()
        self._talk = Talk(options=parts.turns, turn=record.next_turn)
        self._sound: Pipe[Sound] = Pipe("microphone", 256, "drop_oldest")
        self._told: Pipe[Told] = Pipe("told", 4096, "fail")
        self._ledger = Ledger(parts.store, record, parts.clock, self._tell)
        self._gate = Gate()
        self._makings: dict[tuple[int, int], Making] = {}
        self._released: dict[int, Making] = {}
        self._timing = Timing()
        self._history: tuple[Exchange, ...] = _history_of(record)
        self._context = ""
        self._seen_messages = {turn.message_id for turn in record.turns if turn.message_id}
        self._language_heard: str | None = None
        self._video: Video = "none"
        self._showing = Showing(parts.rooms.show, self._tell, self.now, lambda: len(self._told) < _CROWDED)
        self._last_frame = 0.0
        self._events: deque[Event] = deque()
        self._rearm = anyio.Event()
        self._ended = anyio.Event()
        self._closing = False
        self._replies: Scopes | None = None
        self._latencies: list[float] = []
        self.last_active = self._origin

    # --- the channel's side ----------------------------------------------------------------------------------------

    def receive(self, event: Sound | FromClient) -> None:
        """Take something from the client; never blocks."""
        self.last_active = self._parts.clock.now()
        match event:
            case AudioFrame() | EndUtterance():
                self._last_frame = self.now()
                self._put_sound(event)
            case ChangeHearing():
                self._change_hearing(event)
            case ContextReplaced():
                self._context = event.text
            case ModeChosen():
                self._settings(mode=event.mode)
            case LanguageChosen():
                self._put_sound(ChangeHearing(language=event.language))
                self._settings(language=event.language)
            case VideoChosen():
                self._video = event.video or self._video
                self._showing.choose(event)
            case ConsentChanged():
                self._settings(keep_transcripts=event.granted)
                self._ledger.later(partial(self._parts.on_consent, event.granted))
            case TextTyped():
                if event.message_id not in self._seen_messages:
                    self._seen_messages.add(event.message_id)
                    self._feed(event)
            case PlayedBack():
                making = self._released.get(event.turn)
                if making is not None:
                    making.played(self.now(), event.ms / 1000)
                self._showing.played(event)
                self._feed(event)
            case _:
                if isinstance(event, Left | Returned):
                    self._showing.away(isinstance(event, Left))
                self._feed(event)

    def announce(self, notice: str) -> None:
        """Tell the user something that concerns everyone, such as an engine that fell back."""
        self._tell(StateChanged(self._talk.state, notice))

    async def told(self) -> Told:
        """The next thing to tell the client. Raises PipeClosed when the session is over."""
        return await self._told.get()

    async def close(self) -> None:
        """End the conversation, commit what was heard, and return when that is durable."""
        if not self._closing:
            self._closing = True
            self._feed(Closed(self.now()))
            self._sound.close()
            self._ledger.close()
        await self._ended.wait()

    def now(self) -> float:
        """Seconds since the session (or this stretch of it) began."""
        return self._parts.clock.now() - self._origin

    @property
    def audio_dropped(self) -> int:
        """Microphone frames dropped because the ears fell behind."""
        return self._sound.dropped

    # --- running ---------------------------------------------------------------------------------------------------

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Live until `close`; `ready` is called once events can be received."""
        try:
            async with group() as tasks:
                self._replies = Scopes(tasks)
                tasks.start_soon(self._hear)
                tasks.start_soon(self._time)
                tasks.start_soon(self._showing.run)
                ready()
                await self._ledger.run()
                tasks.cancel_scope.cancel()
        finally:
            self._told.close()
            self._ended.set()

    async def _hear(self) -> None:
        """Keep the ears open; when an engine cannot be had, say so and try again later."""
        while not self._closing:
            wishes = ChangeHearing(self.record.language, None, self._talk.options.sensitivity)
            try:
                await self._parts.rooms.hear(self._sound, wishes, self._heard)
            except ProviderError as error:
                self._feed(HearingFailed(self.now(), error))
                await self._parts.clock.sleep(HEARING_RETRY)

    async def _time(self) -> None:
        """Tick when the machine's deadline has come, and close an utterance whose sound stopped coming."""
        while True:
            deadline = self._next_deadline()
            self._rearm = anyio.Event()
            if deadline is None:
                await self._rearm.wait()
                continue
            with anyio.move_on_after(max(0.0, deadline - self.now())):
                await self._rearm.wait()
                continue
            if self._talk.deadline is not None and self.now() >= self._talk.deadline:
                self._feed(Tick(self.now()))
            if self._stalls_at() is not None and self.now() >= self._last_frame + STALL:
                self._last_frame = self.now()
                self._put_sound(EndUtterance(self.now()))

    def _next_deadline(self) -> float | None:
        times = [t for t in (self._talk.deadline, self._stalls_at()) if t is not None]
        return min(times, default=None)

    def _stalls_at(self) -> float | None:
        if self._talk.voice:
            return self._last_frame + STALL
        return None

    # --- events in, commands out -----------------------------------------------------------------------------------

    def _heard(self, event: Heard) -> None:
        if isinstance(event, UtteranceEnded):
            self._timing = Timing(
                event.last_voice,
                max(0.0, event.at - event.last_voice),
                event.decode_seconds,
                event.hypothesis.confidence,
                event.audio_seconds,
            )
            self._language_heard = event.hypothesis.language
        self._feed(event)

    def _feed(self, event: Event) -> None:
        """Step the machine; events that commands cause meanwhile wait their turn."""
        self._events.append(event)
        if len(self._events) > 1:
            return
        while self._events:
            before = (self._talk.deadline, self._talk.voice)
            if isinstance(self._events[0], TextTyped):
                self._timing, self._language_heard = Timing(self._events[0].at), None
            self._talk, commands = step(self._talk, self._events[0])
            for command in commands:
                self._obey(command)
            if before != (self._talk.deadline, self._talk.voice):
                self._rearm.set()
            self._events.popleft()

    def _obey(self, command: Command) -> None:
        match command:
            case Tell():
                self._tell(command.told)
            case StartReply():
                self._start(command)
            case ReleaseReply():
                making = self._makings[command.turn, command.revision]
                self._released[command.turn] = making
                making.released.set()
            case DropReply():
                assert self._replies is not None
                self._replies.cancel((command.turn, command.revision))
                self._makings.pop((command.turn, command.revision), None)
            case OrderPlayback():
                self._hold(command)
                self._tell(PlaybackOrdered(command.turn, command.action))
            case CommitTurn():
                self._commit(command)

    def _hold(self, order: OrderPlayback) -> None:
        """Shut or open the gate for our own sound, in step with the client's play-out."""
        pausing = order.action == "pause"
        if pausing:
            self._gate.shut()
        else:
            self._gate.open()
        making = self._released.get(order.turn)
        if making is not None:
            making.paused(self.now(), pausing)

    def _start(self, command: StartReply) -> None:
        assert self._replies is not None
        self._gate.open()
        asked = Asked(
            command.text,
            command.turn,
            self._language(),
            self.record.mode,
            self._history,
            self._context,
        )
        making = Making(
            command.turn, command.revision, asked, command.message_id, command.speculative, started=self.now()
        )
        self._makings[command.turn, command.revision] = making
        if not command.speculative:
            self._released[command.turn] = making
            making.released.set()
        port = Port(self._feed, self._tell, self.now, self._gate, lambda: self._video != "none")
        self._replies.start((command.turn, command.revision), partial(make_reply, making, self._parts.rooms, port))

    def _language(self) -> str:
        """The chosen language, else the one that was heard, else "auto": the mind goes by the text."""
        if self.record.language != "auto":
            return self.record.language
        return self._language_heard or "auto"

    def _commit(self, command: CommitTurn) -> None:
        making = self._released.pop(command.turn, None)
        text = making.log.heard(command.heard_ms) if making else ""
        language = making.language(self._parts.rooms) if making else "EN"
        self._history = remember(
            self._history, Exchange(command.turn, command.user, text, language, command.interrupted)
        )
        metrics = making.metrics(self._timing) if making else None
        if metrics is not None and metrics.total > 0:
            self._latencies.append(metrics.total)
        seconds = making.log.seconds if making else 0.0
        self._ledger.write(
            TurnRecord(
                turn=command.turn,
                message_id=making.message_id if making else None,
                user=command.user,
                clone=text,
                language=language,
                interrupted=command.interrupted,
                confidence=self._timing.confidence,
                user_audio_ms=1000 * self._timing.audio_seconds,
                reply_audio_ms=1000 * seconds,
                heard_ms=1000 * seconds if command.heard_ms is None else command.heard_ms,
                metrics=metrics or TurnMetrics(),
                sources=making.sources if making else (),
                unanswered=making.unanswered if making else False,
            )
        )
        for key in [key for key in self._makings if key[0] <= command.turn]:
            del self._makings[key]
        self._tell(self._measured(metrics.model if metrics else None))

    def _measured(self, model: str | None) -> Measured:
        known = self._latencies
        average = sum(known) / len(known) if known else None
        return Measured(
            self.now(), self._talk.turn - 1, known[-1] if known else None, average, model, self._sound.dropped
        )

    # --- settings --------------------------------------------------------------------------------------------------

    def _change_hearing(self, change: ChangeHearing) -> None:
        if change.sensitivity is not None:
            options = replace(self._talk.options, sensitivity=change.sensitivity)
            self._talk = replace(self._talk, options=options)
        self._put_sound(change)

    def _settings(self, **changes: object) -> None:
        self.record = replace(self.record, **changes)  # type: ignore[arg-type]
        self._ledger.record = self.record
        self._tell(SettingsChanged(self.record.language, self.record.mode, self.record.keep_transcripts))

    def _put_sound(self, sound: Sound) -> None:
        try:
            if isinstance(sound, AudioFrame):
                self._sound.put_now(sound)
            else:
                self._sound.put_kept(sound)
        except PipeClosed:
            log.debug("sound after the session closed")

    def _tell(self, told: Told) -> None:
        self._showing.note(told)
        if isinstance(told, ReplyMoved) and self._video != "motion":
            return
        try:
            self._told.put_now(told)
        except PipeClosed:
            log.debug("told after the session closed")


def _history_of(record: SessionRecord) -> tuple[Exchange, ...]:
    return tuple(
        Exchange(turn.turn, turn.user, turn.clone, turn.language, turn.interrupted)
        for turn in record.turns
        if turn.user is not None and turn.clone is not None
    )
