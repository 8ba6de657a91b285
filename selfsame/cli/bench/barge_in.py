"""`selfsame bench barge-in`: from the onset of the user's speech to silence of the clone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import anyio
import click

from selfsame.cli.bench.options import common, questions, server, show
from selfsame.errors import SelfsameError
from selfsame.evaluator.client import CallOptions, call
from selfsame.evaluator.figures import spread, table
from selfsame.evaluator.questions import Question
from selfsame.evaluator.server import Server
from selfsame.evaluator.turns import BargeIn, barge_in
from selfsame.kit.clock import SYSTEM

_ASK = ("How do I make a clone?", "What do I need to get started?", "What can I ask you about?", "What is a clone?")


@click.command()
@click.option("--n", "many", type=click.IntRange(1, 1000), default=20, show_default=True, help="Interruptions.")
@click.option(
    "--speech",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of recordings to interrupt with.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the moments of interruption.")
@common
def command(many: int, folder: Path | None, seed: int, clone: str | None, url: str | None, as_json: bool) -> None:
    """Start answers and speak over them at random moments; print p50 and p95 of onset to silence at the ear."""
    speech = questions(folder, many)
    result = anyio.run(_run, many, speech, seed, clone, url)
    show(as_json, result, readable(result))


async def _run(many: int, speech: list[Question], seed: int, clone: str | None, url: str | None) -> dict[str, Any]:
    async with server(url) as running:
        return await interrupt_all(running, [speech[n % len(speech)] for n in range(many)], seed, clone)


async def interrupt_all(running: Server, speech: list[Question], seed: int, clone: str | None) -> dict[str, Any]:
    """Interrupt once with each piece of speech, every time in a call of its own."""
    dice = random.Random(seed)
    done: list[BargeIn] = []
    late, lost = 0, []
    for number, piece in enumerate(speech):
        token, address = await running.token(clone)
        try:
            async with call(address, token, SYSTEM, CallOptions(clone=clone)) as one:
                wait = dice.uniform(0.3, 2.0)
                result = await barge_in(one, _ASK[number % len(_ASK)], piece.pcm, wait, SYSTEM)
        except SelfsameError as error:
            lost.append(f"{piece.name}: {error.message}")
            continue
        if result is None:
            late += 1
        else:
            done.append(result)
    return {
        "benchmark": "barge-in",
        "milliseconds": {
            "onset to silence": spread(x.silence_ms for x in done if x.stopped),
            "onset to order": spread(x.pause_ms for x in done if x.stopped and x.pause_ms is not None),
        },
        "notStopped": sum(not x.stopped for x in done),
        "answerWasOver": late,
        "lost": lost,
    }


def readable(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [table(result["milliseconds"], "ms"), ""]
    lines.append(f"not stopped {result['notStopped']}   answer was over before {result['answerWasOver']}")
    lines += [f"lost: {why}" for why in result["lost"]]
    return "\n".join(lines)
