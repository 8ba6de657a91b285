"""`selfsame bench turn`: from the last sample of speech to the first audible sample of the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import click

from selfsame.cli.bench.options import common, questions, server, show
from selfsame.errors import SelfsameError
from selfsame.evaluator.client import CallOptions, call
from selfsame.evaluator.figures import spread, table, word_errors
from selfsame.evaluator.questions import Question
from selfsame.evaluator.server import Server
from selfsame.evaluator.turns import Turn, ask
from selfsame.kit.clock import SYSTEM

_STAGES = {
    "at the ear": lambda t: t.ear_ms,
    "server total": lambda t: t.metrics.total_latency_ms,
    "endpointing": lambda t: t.metrics.endpointing_ms,
    "recognition": lambda t: t.metrics.asr_latency_ms,
    "retrieval": lambda t: t.metrics.rag_latency_ms,
    "thinking": lambda t: t.metrics.llm_latency_ms,
    "speaking": lambda t: t.metrics.tts_latency_ms,
}


@click.command()
@click.option("--n", "many", type=click.IntRange(1, 1000), default=20, show_default=True, help="Questions to ask.")
@click.option(
    "--questions",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of recorded questions (with manifest.json or NAME.txt for word error).",
)
@common
def command(many: int, folder: Path | None, clone: str | None, url: str | None, as_json: bool) -> None:
    """Ask spoken questions over the public socket; print the waterfall's p50 and p95 and the latency at the ear."""
    asked = questions(folder, many)
    turns, lost = anyio.run(_run, asked, clone, url)
    result = summary(turns, lost)
    show(as_json, result, readable(result))


async def _run(
    asked: list[Question], clone: str | None, url: str | None
) -> tuple[list[tuple[Question, Turn]], list[str]]:
    async with server(url) as running:
        return await ask_all(running, asked, clone)


async def ask_all(
    running: Server, asked: list[Question], clone: str | None
) -> tuple[list[tuple[Question, Turn]], list[str]]:
    """Ask each question in a call of its own, as its first turn. Returns the turns, and why others failed."""
    turns: list[tuple[Question, Turn]] = []
    lost: list[str] = []
    for question in asked:
        token, address = await running.token(clone)
        try:
            async with call(address, token, SYSTEM, CallOptions(clone=clone)) as one:
                await SYSTEM.sleep(0.5)
                turns.append((question, await ask(one, question.pcm)))
        except SelfsameError as error:
            lost.append(f"{question.name}: {error.message}")
    return turns, lost


def summary(turns: list[tuple[Question, Turn]], lost: list[str]) -> dict[str, Any]:
    """The figures as JSON."""
    errors = [word_errors(q.text, t.heard_as) for q, t in turns if q.text]
    many = sum(n for _, n in errors)
    return {
        "benchmark": "turn",
        "milliseconds": {name: spread(stage(t) for _, t in turns) for name, stage in _STAGES.items()},
        "wordError": round(sum(e for e, _ in errors) / many, 3) if many else None,
        "speculated": sum(t.metrics.speculated for _, t in turns),
        "underruns": sum(t.underruns for _, t in turns),
        "answered": len(turns),
        "lost": lost,
    }


def readable(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [table(result["milliseconds"], "ms"), ""]
    error = result["wordError"]
    lines.append(f"word error {error if error is not None else '-'}   answered {result['answered']}")
    lines.append(f"speculated {result['speculated']}   gaps in play-out {result['underruns']}")
    lines += [f"lost: {why}" for why in result["lost"]]
    return "\n".join(lines)
