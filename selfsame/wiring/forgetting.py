"""What a process holds of a clone beside the stores, and how it is let go when the clone is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from selfsame.library.search import HybridRetriever
from selfsame.wiring.casting import Casting
from selfsame.wiring.workshop import Workshop

ForgetClone = Callable[[UUID], Awaitable[None]]
"""Drop what this process and its caches hold of a clone."""


def forgetting(casting: Casting, retriever: HybridRetriever, workshop: Workshop | None = None) -> ForgetClone:
    """Forget what was made of a clone: engines' caches, in memory and on the disk, and what searches found."""

    async def forget(clone_id: UUID) -> None:
        if workshop is not None:
            workshop.learnt.pop(clone_id, None)
        await casting.forget(clone_id)
        retriever.forget()

    return forget
