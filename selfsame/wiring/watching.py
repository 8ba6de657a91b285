"""What other processes change in clones reaches this one: the ears learn, and live sessions speak accordingly.

A look at the database every two seconds, apart from any turn: whoever wrote the change, a command, a worker or a server
elsewhere, it is seen, and nothing is lost while the database was away. Results of searches need no watching: they carry
the knowledge version that their own search read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import structlog

from selfsame.clones.clone import Clone
from selfsame.errors import NotFound, SelfsameError
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.mind.port import Manner
from selfsame.stores.postgres.clones import CloneSigns, PostgresClones
from selfsame.wiring.manners import manner_of
from selfsame.wiring.own_voice import OwnVoices

log = structlog.get_logger(__name__)
LOOK_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class LiveClones:
    """How clones that are talked with speak now: read when a session opens, and anew when that has changed."""

    clones: PostgresClones
    voices: OwnVoices
    _manners: dict[UUID, Manner] = field(default_factory=dict)
    _voiced: dict[UUID, bool] = field(default_factory=dict)

    async def open(self, clone: Clone) -> None:
        """Read how the clone speaks. Raises ProviderError."""
        self._manners[clone.id] = manner_of(await self.clones.persona(clone), clone)
        self._voiced[clone.id] = bool(await self.voices.of(clone))

    def manner(self, clone: Clone) -> Manner:
        """The manner of a clone that was opened."""
        return self._manners[clone.id]

    async def voice(self, clone: Clone) -> str:
        """The id to speak with, asked for each reply: a voice is silent once its consent has ended. Clones without a
        voice of their own pay nothing."""
        return await self.voices.of(clone) if self._voiced[clone.id] else ""

    async def refresh(self, owner_id: UUID, clone_id: UUID) -> None:
        """Read it again, where it is talked with. Raises ProviderError."""
        if clone_id in self._manners:
            try:
                await self.open(await self.clones.get(clone_id, owner_id))
            except NotFound:
                log.info("a clone that is talked with was deleted", clone_id=str(clone_id))


class Signs(Protocol):
    """Where changes show (`PostgresClones`)."""

    async def signs(self, owner_id: UUID) -> Iterable[CloneSigns]:
        """The signs of all clones of the owner."""
        ...


Change = Callable[[UUID, UUID], Awaitable[None]]
"""Told of owner and clone."""


@dataclass(slots=True)
class Watch:
    """Looks for changes of the owner's clones. At its first look all that is there counts as changed.

    `gone` hears of those that are there no more, whoever deleted them; `stripped` of those whose face or voice may not
    be used any more.
    """

    signs: Signs
    owner_id: UUID
    knows: Callable[[UUID, UUID], None]
    speaks: Change
    gone: Callable[[UUID], Awaitable[None]]
    stripped: Callable[[UUID], Awaitable[None]]
    clock: Clock = SYSTEM
    _seen: dict[UUID, CloneSigns] = field(default_factory=dict)

    async def run(self) -> None:
        """Look, for ever; a database that is away is waited for."""
        away = False
        while True:
            try:
                await self.look()
                away = False
            except SelfsameError as error:
                if not away:
                    log.warning("changes of clones cannot be seen", code=error.code)
                away = True
            await self.clock.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Tell what has changed since the last look. What could not be told is told again at the next."""
        found = {each.clone_id: each for each in await self.signs.signs(self.owner_id)}
        for clone_id in [known for known in self._seen if known not in found]:
            await self.gone(clone_id)
            del self._seen[clone_id]
        for clone_id, now in found.items():
            before = self._seen.get(clone_id)
            if before is None or before.knowledge != now.knowledge:
                self.knows(self.owner_id, clone_id)
            if before is None or before.speech != now.speech:
                await self.speaks(self.owner_id, clone_id)
            if before is not None and _lost(before, now):
                await self.stripped(clone_id)
            self._seen[clone_id] = now


def _lost(before: CloneSigns, now: CloneSigns) -> bool:
    """Whether a face or a voice was taken from the clone, with none in its place."""
    return any(was and not is_now for was, is_now in zip(before.likeness, now.likeness, strict=True))
