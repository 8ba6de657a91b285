"""`selfsame search`: what a clone would find for a question, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import click

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.cli.product import open_product
from selfsame.events.thought import SourceKind

if TYPE_CHECKING:
    from selfsame.library.port import Filters
    from selfsame.library.search import Look
    from selfsame.settings import Settings

EXCERPT = 100
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@click.argument("question")
@click.option("--clone", help="Slug or id; otherwise the default clone.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(get_args(SourceKind)), help="Only these source types."
)
@click.option("--document", "documents", multiple=True, type=click.UUID, help="Only in this document; may be repeated.")
@click.option("--since", type=DAY, help="Only what was stored from this day on (UTC).")
@click.option("--until", type=DAY, help="Only what was stored before this day (UTC).")
@json_option
def command(question: str, clone: str | None, as_json: bool, **limits: Any) -> None:
    """Show the ten best passages for QUESTION, which of them a turn would be given, and why.

    A passage is found by meaning (the place and cosine of its vector) and by words (the place, and which words); both
    lists are fused by rank.
    """
    from selfsame.channels.questions import shown_look
    from selfsame.kit.tasks import run
    from selfsame.library.port import Filters

    kinds, documents = frozenset(limits["kinds"]), frozenset(limits["documents"])
    within = Filters(kinds, documents, _utc(limits["since"]), _utc(limits["until"]))
    look = run(_look, read_settings(quiet=True), clone, question, within)
    if as_json:
        emit(shown_look(look).as_json())
    else:
        click.echo(readable(look))


async def _look(settings: Settings, clone: str | None, question: str, filters: Filters) -> Look:
    async with open_product(settings) as product:
        found = await product.library.find_clone(clone, product.owner_id)
        return await product.library.retriever.look(found.id, question, filters)


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def readable(look: Look) -> str:
    """The hits as a table, and how the search was made."""
    rows = []
    for judged in look.judged:
        passage, why = judged.hit.passage, judged.hit.why
        place = " ".join(filter(None, (passage.title, passage.locator)))
        text = " ".join((passage.question or passage.text).split())
        rows.append((
            "yes" if judged.given else "no",
            f"{why.score:.4f}",
            f"{why.near or '-'} ({why.cosine:.2f})",
            f"{why.worded or '-'} ({', '.join(why.words)})" if why.words else "-",
            passage.kind,
            place[:40],
            judged.reason,
            text[:EXCERPT],
        ))  # fmt: skip
    head = ("given", "score", "by meaning", "by words", "kind", "source", "reason", "passage")
    how = "all vectors compared" if look.found.exact else "approximate index of vectors"
    common = f"; too common to search: {', '.join(look.found.dropped)}" if look.found.dropped else ""
    ended = f"{look.language}; {how}; {'reranked' if look.reranked else 'not reranked'}{common}"
    return f"{table(rows, head) if rows else 'Nothing was found.'}\n\n{ended}"
