"""Writing finished turns down, in order, off the path of speech. `ReplyEnded` is told only once a turn is durable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio
import structlog

from selfsame.conversation.port import ConversationStore, SessionRecord
from selfsame.errors import CallerError, SelfsameError
from selfsame.events.told import ReplyEnded, Told, Trouble
from selfsame.events.turns import TurnRecord
from selfsame.kit.clock import Clock
from selfsame.kit.pipes import Pipe

log = structlog.get_logger(__name__)

RETRY_DELAYS = (0.1, 0.3, 1.0, 2.0, 5.0)
"""Seconds between attempts while the store is away; the last one repeats."""
LAST_CHANCE = 5.0
"""How long a closing session keeps trying."""

Work = TurnRecord | Callable[[], Awaitable[None]]


class Ledger:
    """A session's queue of things to make durable."""

    def __init__(
        self, store: ConversationStore, record: SessionRecord, clock: Clock, tell: Callable[[Told], None]
    ) -> None:
        self.record = record
        self._store = store
        self._clock = clock
        self._tell = tell
        self._work: Pipe[Work] = Pipe("ledger", 1024, "fail")
        self._closing = anyio.Event()

    def write(self, turn: TurnRecord) -> None:
        """Queue a finished turn."""
        self._work.put_now(turn)

    def later(self, work: Callable[[], Awaitable[None]]) -> None:
        """Queue another durable act of this session, such as recording a consent."""
        self._work.put_now(work)

    def close(self) -> None:
        """No more work; `run` returns when what is queued is done."""
        self._work.close()
        self._closing.set()

    async def run(self) -> None:
        """Work until closed and empty. A store that is away is tried again; only what it refuses is given up."""
        async for work in self._work:
            if isinstance(work, TurnRecord):
                await self._persist(lambda work=work: self._commit(work))
                shown = work.clone or ""
                self._tell(ReplyEnded(work.turn, shown, work.interrupted, work.metrics))
            else:
                await self._persist(work)

    async def _commit(self, turn: TurnRecord) -> None:
        kept = turn if self.record.keep_transcripts else replace(turn, user=None, clone=None, sources=())
        await self._store.commit(self.record.id, self.record.user_id, kept)

    async def _persist(self, act: Callable[[], Awaitable[None]]) -> None:
        attempt, waited = 0, 0.0
        while True:
            try:
                await act()
                return
            except CallerError as error:
                # The conversation is no longer theirs to write to (erased meanwhile): trying again cannot help.
                self._tell(Trouble(error.code, "This conversation is no longer kept.", True))
                log.warning("turn not kept", code=error.code)
                return
            except SelfsameError as error:
                if attempt == 0:
                    self._tell(Trouble(error.code, "The conversation cannot be saved just now; it goes on.", True))
                log.warning("turn not saved", code=error.code, attempt=attempt)
            delay = RETRY_DELAYS[min(attempt, len(RETRY_DELAYS) - 1)]
            attempt += 1
            if self._closing.is_set():
                waited += delay
                if waited > LAST_CHANCE:
                    log.error("turn lost: the store stayed away until the session closed", code="DATABASE_UNAVAILABLE")
                    return
            with anyio.move_on_after(delay):
                await self._closing.wait()
                await self._clock.sleep(delay)
