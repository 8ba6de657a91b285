"""`selfsame bench voice`: a cloned voice from recordings, and how like the person, how clear and how fast it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anyio
import click
import numpy as np

from selfsame.cli.bench.everyday import EVERYDAY
from selfsame.cli.bench.options import json_option, show
from selfsame.cli.bench.voice_on_texts import on_texts, recognise, texts_of_others
from selfsame.errors import BadInput, SelfsameError

SPOKEN_FOR_SPEED = 6
TOLD = {"own": "clone", "alone": "nothing lent", "raw": "raw", "clear": "clear"}


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--speaker", help="Only this speaker of the folder's manifest.")
@click.option("--seconds", type=float, default=150.0, show_default=True, help="Train with at most so much sound.")
@click.option(
    "--held-back", type=click.IntRange(1, 20), default=3, show_default=True, help="Last recordings to test on."
)
@click.option(
    "--texts",
    type=click.Choice(["none", "everyday", "others", "all"]),
    default="everyday",
    show_default=True,
    help="Word error and likeness on forty everyday English sentences, or on what the manifest's others read.",
)
@json_option
def command(folder: Path, speaker: str | None, seconds: float, held_back: int, texts: str, as_json: bool) -> None:
    """Train a voice on recordings and measure it on those held back, once as it is and once in the clear manner.

    FOLDER holds sound files and a manifest.json: a list of objects with file, transcript, language and speaker.
    Likeness needs the speaker encoder, word error is pocketsphinx's with a fresh decoder for each sentence. Likeness is
    told twice: of each held-back sentence alone, and of four sentences in a row, which always is higher.
    """
    options = Options(folder, speaker, seconds, held_back, texts in ("everyday", "all"), texts in ("others", "all"))
    result = anyio.run(run, options)
    show(as_json, result, readable(result))


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    folder: Path
    speaker: str | None
    seconds: float = 0.0
    held_back: int = 1
    everyday: bool = False
    others: bool = False


async def run(options: Options) -> dict[str, Any]:
    """All figures of one speaker."""
    from selfsame.kit.clock import SYSTEM, cpu_seconds
    from selfsame.providers.embedded.espeak import EspeakTextToSpeech
    from selfsame.studio.voice.enrol import make_voice
    from selfsame.studio.voice.measure import Judges, measure
    from selfsame.voice.units.file import to_bytes

    guide = EspeakTextToSpeech()
    found = recordings(options)
    kept, held = shares(found, options)
    others = texts_of_others(options.folder, options.speaker) if options.others else []
    began, cpu = SYSTEM.now(), cpu_seconds()
    model = await make_voice(kept, guide)
    spent = {"wallSeconds": round(SYSTEM.now() - began, 1), "cpuSeconds": round(cpu_seconds() - cpu, 1)}
    embed = encoder()
    floor = [] if embed is None else strangers(options, embed)
    quality = await measure(model, held, kept, guide, Judges(embed, recognise, floor))
    return {
        "benchmark": "voice",
        "speaker": options.speaker,
        "train": {"seconds": model.facts.seconds, "recordings": len(kept), **spent},
        "quality": asdict(quality),
        "everyday": await on_texts(EVERYDAY, model, guide, held, embed) if options.everyday else None,
        "others": await on_texts(others, model, guide, held, embed) if others else None,
        "speed": await speed(to_bytes(model)),
    }


def recordings(options: Options) -> list[Any]:
    """The speaker's recordings, in the manifest's order. Raises BadInput."""
    import soundfile

    from selfsame.studio.voice.enrol import Recording

    path = options.folder / "manifest.json"
    if not path.is_file():
        raise BadInput(f"{options.folder} holds no manifest.json.")
    rows = [row for row in json.loads(path.read_text(encoding="utf-8")) if "transcript" in row]
    rows = [row for row in rows if options.speaker in (None, row.get("speaker"))]
    found = []
    for row in rows:
        sound, rate = soundfile.read(options.folder / row["file"], dtype="int16", always_2d=True)
        pcm = np.ascontiguousarray(sound[:, 0], np.int16)
        found.append(Recording(pcm, rate, row["transcript"], str(row.get("language", "EN")).upper()))
    return found


def shares(found: Sequence[Any], options: Options) -> tuple[list[Any], list[Any]]:
    """What to train with, and what to hold back: the last ones. Raises BadInput."""
    if len(found) <= options.held_back:
        raise BadInput("There are too few recordings. Name a speaker of the manifest, or hold back fewer.")
    kept, total = [], 0.0
    for each in found[: -options.held_back]:
        if kept and total + each.seconds > options.seconds:
            break
        kept.append(each)
        total += each.seconds
    return kept, list(found[-options.held_back :])


def encoder() -> Any:
    """The speaker encoder as a function of 16 kHz sound to a vector of length 1; None where there is none."""
    from selfsame.cli.output import read_settings
    from selfsame.models.manifest import SPEAKER
    from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder

    try:
        made = Ge2eSpeakerEncoder(read_settings(quiet=True).models_dir / SPEAKER.name)
    except SelfsameError:
        return None
    return made.embed


def strangers(options: Options, embed: Any) -> list[Any]:
    """Prints of one recording of each other speaker of the manifest."""
    from selfsame.studio.voice.measure import at_16k

    rows = json.loads((options.folder / "manifest.json").read_text(encoding="utf-8"))
    firsts = {row.get("speaker"): row for row in rows[::-1]}
    firsts.pop(options.speaker, None)
    found = []
    for row in firsts.values():
        only = Options(options.folder, row["speaker"])
        each = recordings(only)[0]
        found.append(embed(at_16k(each.pcm, each.rate)))
    return found


class _Shelf:
    def __init__(self, data: bytes) -> None:
        self.data = data

    async def load(self, voice_id: str) -> bytes | None:
        return self.data


async def speed(data: bytes) -> dict[str, Any]:
    """First audio in ms (wall and CPU), CPU per second of speech, of the engine behind its port."""
    from selfsame.evaluator.figures import percentile
    from selfsame.kit.clock import SYSTEM, cpu_seconds
    from selfsame.providers.embedded.espeak import EspeakTextToSpeech
    from selfsame.providers.embedded.own_voice import OwnVoiceTextToSpeech
    from selfsame.voice.port import Phrase

    engine = OwnVoiceTextToSpeech(EspeakTextToSpeech(), _Shelf(data))
    began = SYSTEM.now()
    _ = [chunk async for chunk in engine.synthesize(Phrase("Hello.", voice_id="person"))]
    load = SYSTEM.now() - began
    first, first_cpu, ratios = [], [], []
    for text in EVERYDAY[:SPOKEN_FOR_SPEED] * 3:
        began, cpu, seconds = SYSTEM.now(), cpu_seconds(), 0.0
        async for chunk in engine.synthesize(Phrase(text, voice_id="person")):
            if not seconds:
                first.append(1000 * (SYSTEM.now() - began))
                first_cpu.append(1000 * (cpu_seconds() - cpu))
            seconds += chunk.seconds
        ratios.append((cpu_seconds() - cpu) / seconds)
    return {
        "fileMegabytes": round(len(data) / 1e6, 2),
        "loadAndFirstPhraseMs": round(1000 * load, 1),
        "firstMs": {"p50": round(percentile(first, 0.5), 1), "p95": round(percentile(first, 0.95), 1)},
        "firstCpuMs": {"p50": round(percentile(first_cpu, 0.5), 1), "p95": round(percentile(first_cpu, 0.95), 1)},
        "realTimeFactor": {"p50": round(percentile(ratios, 0.5), 4), "p95": round(percentile(ratios, 0.95), 4)},
    }


def readable(result: dict[str, Any]) -> str:
    """The figures as a table."""
    quality, train, pace = result["quality"], result["train"], result["speed"]

    def told(value: float | None) -> str:
        return "not measured" if value is None else f"{value:.3f}"

    lines = [
        f"speaker {result['speaker']}: {train['seconds']} s of speech in {train['recordings']} recordings, trained in "
        f"{train['wallSeconds']} s ({train['cpuSeconds']} s of CPU); {quality['sentences']} sentences held back",
        "",
        f"{'likeness':<18} clone {told(quality['similarity'])}   raw {told(quality['raw_similarity'])}   "
        f"ceiling {told(quality['ceiling'])}   floor {told(quality['floor'])}",
        f"{'word error':<18} clone {told(quality['word_error'])}   raw {told(quality['raw_word_error'])}   "
        f"real {told(quality['real_word_error'])}",
    ]
    for title in ("everyday", "others"):
        found = result[title]
        if found is not None:
            for name, figures in (("words", found["words"]), ("likeness", found["likeness"] or {})):
                row = "   ".join(f"{TOLD[kind]} {told(figures.get(kind))}" for kind in TOLD)
                lines.append(f"{f'{title} {name}':<18} {row}")
            low, high = found["worseThanRaw"]
            lines.append(
                f"{'':<18} of {found['count']} words; clone less raw {low:+.3f} to {high:+.3f} by chance (95 %)"
            )
    lines += [
        f"{'pitch':<18} f0 rmse {quality['f0_rmse_hz']} Hz",
        f"{'score':<18} {quality['score']}",
        f"{'first audio':<18} p50 {pace['firstMs']['p50']} ms, p95 {pace['firstMs']['p95']} ms "
        f"(CPU {pace['firstCpuMs']['p50']} / {pace['firstCpuMs']['p95']} ms)",
        f"{'real-time factor':<18} p50 {pace['realTimeFactor']['p50']}, p95 {pace['realTimeFactor']['p95']} (CPU)",
        f"{'file':<18} {pace['fileMegabytes']} MB; loaded with a first word in {pace['loadAndFirstPhraseMs']} ms",
        *(f"warning: {warning}" for warning in quality["warnings"]),
    ]
    return "\n".join(lines)
