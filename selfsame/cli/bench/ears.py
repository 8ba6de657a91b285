"""`ears`: what the embedded recogniser mishears and costs, before and after adapting."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click


@dataclass(slots=True)
class Score:
    """Sums over clips."""

    errors: int = 0
    words: int = 0
    seconds: float = 0.0
    finals: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def told(self) -> dict[str, float]:
        """Word error rate, CPU seconds a second of sound, milliseconds from last sound to final text."""
        ordered = sorted(self.finals)
        return {
            "word_error": round(self.errors / max(1, self.words), 3),
            "rtf": round(self.cpu / max(1e-9, self.seconds), 3),
            "final_ms_p50": round(1000 * ordered[len(ordered) // 2], 1) if ordered else 0.0,
            "final_ms_p95": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1) if ordered else 0.0,
            "words": self.words,
        }


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Substitutions, insertions and deletions of the best alignment (Levenshtein over words)."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(said):
        last, row[0] = row[:], i + 1
        for j, b in enumerate(heard):
            row[j + 1] = min(last[j] + (a != b), last[j + 1] + 1, row[j] + 1)
    return row[-1]


async def _decode(engine: Any, clone_id: str, clips: Sequence[Any], group: str) -> dict[str, Score]:
    """Each voice is a session of its own, as in life; sound is sent in 100 ms pieces as fast as it is taken."""
    import psutil

    from selfsame.cli.bench.spoken_questions import plain
    from selfsame.ears.port import HearingOptions
    from selfsame.kit.clock import SYSTEM

    scores: dict[str, Score] = defaultdict(Score)
    for voice in dict.fromkeys(clip.voice for clip in clips):
        async with engine.open(HearingOptions(clone_id)) as recognition:
            score = scores[f"{group}: {voice.split()[0] if group != 'recordings' else 'all'}"]
            for clip in (c for c in clips if c.voice == voice):
                times = psutil.Process(engine.workers[0].pid).cpu_times()
                for i in range(0, len(clip.pcm), 1600):
                    await recognition.accept(clip.pcm[i : i + 1600])
                    await recognition.hypothesis()  # as live: everything so far is decoded before the end is known
                began = SYSTEM.now()
                heard = await recognition.finish()
                score.finals.append(SYSTEM.now() - began)
                after = psutil.Process(engine.workers[0].pid).cpu_times()
                score.cpu += after.user + after.system - times.user - times.system
                score.errors += word_errors(clip.words.split(), plain(heard.text).split())
                score.words += len(clip.words.split())
                score.seconds += len(clip.pcm) / 16_000
    return scores


def _loads(folder: str) -> dict[str, float]:
    """Seconds to load the stock and the adapted decoder, in this process."""
    from selfsame.kit.clock import SYSTEM
    from selfsame.providers.embedded.sphinx.decoder import SphinxDecoder

    told: dict[str, float] = {}
    for name, path in (("stock", None), ("adapted", Path(folder))):
        began = SYSTEM.now()
        SphinxDecoder(path)
        told[name] = round(SYSTEM.now() - began, 3)
    return told


def _memory(pid: int) -> float:
    """Megabytes of a process that are its own."""
    import psutil

    return round(psutil.Process(pid).memory_full_info().uss / 1e6, 1)


async def _measure(sets: dict[str, Sequence[Any]], texts: list[str], cache: Path) -> dict[str, Any]:
    from selfsame.kit.clock import SYSTEM
    from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxOptions, SphinxSpeechToText

    told: dict[str, Any] = {}
    for name in ("stock", "adapted"):
        async with SphinxSpeechToText(cache, SphinxOptions(prepare=False)) as engine:
            if name == "adapted":
                began = SYSTEM.now()
                await engine.adapt("bench", Knowledge("1", texts))
                told["adapt_seconds"] = round(SYSTEM.now() - began, 2)
                told["load_seconds"] = _loads(engine.model("bench").folder)
            scores: dict[str, Score] = {}
            for group, clips in sets.items():
                scores |= await _decode(engine, "bench", clips, group)
            told[name] = {key: score.told() for key, score in scores.items()}
            pid = engine.workers[0].pid
            told[f"{name}_worker_mb"] = _memory(pid) if pid else None
    return told


def _show(told: dict[str, Any]) -> None:
    click.echo(f"{'':34}{'word error':>18}{'RTF':>14}{'final ms p50 / p95':>22}")
    for key, before in told["stock"].items():
        after = told["adapted"][key]
        errors = f"{before['word_error']:.3f} > {after['word_error']:.3f}"
        finals = f"{after['final_ms_p50']:.0f} / {after['final_ms_p95']:.0f}"
        click.echo(f"{key:34}{errors:>18}{before['rtf']:>7.3f}{after['rtf']:>7.3f}{finals:>22}")
    loads = told["load_seconds"]
    click.echo(f"adapting {told['adapt_seconds']} s; loading {loads['stock']} s stock, {loads['adapted']} s adapted")
    click.echo(f"worker {told['stock_worker_mb']} MB stock, {told['adapted_worker_mb']} MB adapted")


@click.command("ears")
@click.argument("knowledge", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--questions", "own", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="One a line.")
@click.option("--recordings", type=click.Path(exists=True, file_okay=False, path_type=Path), help="With manifest.json.")
@click.option("--most", default=20, show_default=True, help="Questions made from the knowledge when none are given.")
@click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
def command(knowledge: Path, own: Path | None, recordings: Path | None, most: int, as_json: bool) -> None:
    """Ask spoken questions about the Markdown files in KNOWLEDGE and count what is misheard."""
    import anyio

    from selfsame.cli.bench import spoken_questions as spoken

    texts = spoken.read_knowledge(knowledge)
    if own is not None:
        asked = [spoken.plain(line) for line in own.read_text("utf-8").splitlines() if line.strip()]
    else:
        asked = spoken.questions(texts, most)
    sets: dict[str, Sequence[Any]] = {
        "questions": list(spoken.speak(asked)),
        "small talk": list(spoken.speak(list(spoken.TALK))),
    }
    if recordings is not None:
        sets["recordings"] = list(spoken.recordings(recordings))
    with tempfile.TemporaryDirectory() as cache:
        told = anyio.run(_measure, sets, texts, Path(cache))
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        _show(told)
