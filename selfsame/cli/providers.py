"""`selfsame providers`: the engines that serve each role now, and how to choose others."""

from __future__ import annotations

import anyio
import click

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.cli.product import choice_row, open_product
from selfsame.settings import Settings


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List which engine serves each role, in which languages, and how to get a better one.

    Choose by hand with SELFSAME_VAD, SELFSAME_ASR, SELFSAME_LLM, SELFSAME_TTS and SELFSAME_EMBEDDER.
    """
    choices = anyio.run(_choices, read_settings(quiet=True))
    if as_json:
        emit({"engines": choices})
        return
    rows = [(c["role"], c["name"], c["tier"], " ".join(c["languages"]), c["hint"] or "-") for c in choices]
    click.echo(table(rows, ("role", "engine", "tier", "languages", "what would be better")))


async def _choices(settings: Settings) -> list[dict]:
    async with open_product(settings) as product:
        return [choice_row(choice) for choice in product.report]
