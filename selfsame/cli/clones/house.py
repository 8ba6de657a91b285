"""What the commands about clones share: the product opened for its owner, and how a clone is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import click

from selfsame.errors import ConsentMissing
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.clone import Clone
    from selfsame.wiring.product import Product


@asynccontextmanager
async def open_house(settings: Settings, slots: int = 1) -> AsyncIterator[Product]:
    """The product. It joins the database of a server that runs on the same home, or starts one for as long as it lasts.

    It does ordered work itself, at least `slots` jobs at a time, also where the server leaves that to others.
    """
    from dataclasses import replace

    from selfsame.wiring.product import open_product

    async with open_product(replace(settings, work_slots=max(slots, settings.work_slots))) as product:
        yield product


def clone_row(clone: Clone, face: str | None) -> dict[str, Any]:
    """A clone as JSON; `face` is the version it shows."""
    return {
        "id": str(clone.id),
        "slug": clone.slug,
        "name": clone.name,
        "language": clone.language,
        "public": clone.public,
        "knowledgeVersion": clone.knowledge_version,
        "face": face,
    }


async def confirm(question: str, *, said: bool, flag: str) -> None:
    """Ask on the terminal, unless it was said on the command line. Raises ConsentMissing without a yes."""
    import sys

    from selfsame.kit.tasks import offload

    if said:
        return
    if not sys.stdin.isatty():
        raise ConsentMissing(f"nobody is there to ask; say {flag} if you mean it")
    if not await offload(click.confirm, question, err=True):
        raise ConsentMissing("nothing was done")
