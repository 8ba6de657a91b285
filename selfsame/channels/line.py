"""A line holds a live session while sockets come and go: nothing is lost, nothing comes twice (CONV-26)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import anyio
import structlog

from selfsame.channels.minutes import Minutes
from selfsame.channels.outbox import Outbox
from selfsame.channels.post import Post
from selfsame.channels.wire import client as c
from selfsame.channels.wire.mapping import Outgoing, audio_frame, to_event, to_wire
from selfsame.channels.wire.server import Error, SourceItem, TurnItem
from selfsame.conversation.port import LiveSession
from selfsame.errors import BadInput, NotFound
from selfsame.events import told, turns
from selfsame.events.audio import ChangeHearing
from selfsame.kit.clock import Clock
from selfsame.kit.pipes import PipeClosed

log = structlog.get_logger(__name__)

TAKEN_OVER = 4001
OVER = 4002
HELD = 512 * 1024
"""Bytes kept for an absent client above which the session has to wait."""
_IDS_KEPT = 256


class Line:
    """One live session and at most one socket. `clock` is for grace and lapse; events carry the session's own time.

    `watch` sees all that is told, to count it.
    """

    def __init__(
        self,
        session: LiveSession,
        clock: Clock,
        *,
        first: int = 1,
        watch: Callable[[told.Told], None] = lambda event: None,
    ) -> None:
        self.session = session
        self.id: UUID = session.record.id
        self.user_id: UUID = session.record.user_id
        self.key = str(self.id)
        self.audio_received = 0
        self.over = False
        self.opened_at = self.active_at = clock.now()
        self.detached_since: float | None = self.opened_at
        self.outbox = Outbox(first=first)
        self._clock = clock
        self._watch = watch
        self._post: Post | None = None
        self._attached = anyio.Event()
        self._state: turns.State = "idle"
        self._minutes = Minutes(session.record.turns)
        self._left = False
        self._last_sequence = -1
        self._message_ids: dict[str, None] = {}

    # --- from the session to the client ----------------------------------------------------------------------------

    async def pump(self) -> None:
        """Number what the session tells and post it, until the session is over."""
        try:
            while True:
                event = await self.session.told()
                if isinstance(event, told.StateChanged):
                    self._state = event.state
                if not isinstance(event, told.Measured | told.ReplyShown):  # the idle face is no activity
                    self.active_at = self._clock.now()
                if self.attached or not isinstance(event, told.PlaybackOrdered):  # a play-out pauses for absence too
                    self._watch(event)
                self._minutes.note(event)
                for item in to_wire(event, self._state):
                    self._tell(item)
                await self._room()
        except PipeClosed:
            pass
        except Exception:
            # Whatever breaks one session must not take the others along: they share a task group.
            log.exception("session failed", session=self.key)
            self._watch(told.Trouble("INTERNAL", "", recoverable=False))
            self._tell(Error(error_code="INTERNAL", error_message="Something broke; start anew.", recoverable=False))
        finally:
            self.over = True
            if self._post is not None:
                self._post.close(OVER, "the conversation is over")

    async def _room(self) -> None:
        """Wait while a socket does not drain, or while nobody is there to take what is kept."""
        if self._post is not None:
            await self._post.room()
        while self._post is None and self.outbox.size > HELD:
            self._attached = anyio.Event()
            await self._attached.wait()

    def _tell(self, item: Outgoing) -> None:
        event = self.outbox.add(item)
        if self._post is not None:
            self._post.put(event)

    def lapse(self) -> None:
        """Tell the client that the session ended for want of activity."""
        text = "Nothing was said for so long that the conversation is over. Start a new one."
        self._tell(Error(error_code="SESSION_LAPSED", error_message=text, recoverable=False))

    # --- sockets ---------------------------------------------------------------------------------------------------

    def attach(self, start: c.Start) -> tuple[Post, int]:
        """Give the line to a socket; an older one is closed. Returns its post and the number it goes on after.

        That number is `start.last_event` when nothing in between was lost. Otherwise it is higher, and the client
        takes the transcript anew from `ready`.
        """
        after = start.last_event
        if after == 0 or not self.outbox.reaches(after):
            after = self.outbox.settled
        if start.last_event == 0:
            self._last_sequence = -1  # a client that knows nothing counts its sound anew
        if self._post is not None:
            self._post.close(TAKEN_OVER, "the conversation goes on over another connection")
        self._post = Post(self.outbox.after(after))
        self._attached.set()
        self.detached_since = None
        self.active_at = self._clock.now()
        if self._left:
            self._left = False
            self.session.receive(turns.Returned(self.session.now()))
        self.session.receive(ChangeHearing(talk_mode=start.talk_mode, sensitivity=start.sensitivity))
        self.session.receive(turns.VideoChosen(start.video, start.video_quality))
        return self._post, after

    def turns_until(self, number: int) -> tuple[TurnItem, ...]:
        """The turns that ended by event `number`; later ones come as events."""
        ended = self.outbox.ended
        return tuple(turn for turn in self._minutes.turns() if ended.get(turn.turn_id, 0) <= number)

    def source(self, turn: int, source_id: str) -> SourceItem:
        """A passage that the answer of that turn rests on. Raises NotFound."""
        found = self._minutes.source(turn, source_id)
        if found is None:
            raise NotFound("no answer of this conversation rests on that")
        return found

    @property
    def next_turn(self) -> int:
        """One above the highest turn that ended."""
        return max([self.session.record.next_turn, *(turn + 1 for turn in self.outbox.ended)])

    def detach(self, post: Post) -> None:
        """The socket is gone. Nothing happens when another one took over."""
        post.close(1001, "gone")
        if self._post is not post:
            return
        self._post = None
        self.detached_since = self._clock.now()
        if not self.over:
            self._left = True
            self.session.receive(turns.Left(self.session.now()))

    @property
    def attached(self) -> bool:
        """Whether a socket holds the line."""
        return self._post is not None

    @property
    def left(self) -> bool:
        """Whether a socket held the line and went away."""
        return self._left

    # --- from the client to the session ----------------------------------------------------------------------------

    def hear(self, data: bytes) -> None:
        """Microphone bytes. Raises BadInput when half a sample is left over."""
        self.session.receive(audio_frame(data, self.session.now()))
        self.audio_received += len(data)

    def take(self, message: c.ClientMessage) -> None:
        """A message. What came before (by sequence number or message id) is ignored. Raises BadInput."""
        if isinstance(message, c.AudioChunk):
            if message.sequence_number <= self._last_sequence:
                return
        elif not isinstance(message, c.Played | c.Ping):
            self.active_at = self._clock.now()
        self._check_session(message)
        event = to_event(message, self.session.now())
        if event is None:
            return
        if isinstance(message, c.AudioChunk):
            self._last_sequence = message.sequence_number
            self.audio_received += len(message.audio_data) * 3 // 4 - message.audio_data[-2:].count("=")
        if isinstance(event, turns.TextTyped):
            if not self._is_new(event.message_id):
                return
            self._minutes.typed(event)
        self.session.receive(event)

    def _check_session(self, message: c.ClientMessage) -> None:
        named = getattr(message, "session_id", None)
        if named is not None and named != self.key:
            raise BadInput("sessionId is that of another conversation", code="WRONG_SESSION")

    def _is_new(self, message_id: str) -> bool:
        if message_id in self._message_ids:
            return False
        self._message_ids[message_id] = None
        if len(self._message_ids) > _IDS_KEPT:
            del self._message_ids[next(iter(self._message_ids))]
        return True
