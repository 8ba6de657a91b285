"""`selfsame bench voice`: a cloned voice from recordings, and how like the person, how clear and how fast it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio
import click
import numpy as np

from selfsame.cli.bench.everyday import EVERYDAY
from selfsame.cli.bench.options import json_option, show
from selfsame.errors import BadInput, SelfsameError
from selfsame.kit.pcm import Pcm

SPOKEN_FOR_SPEED = 6
TOLD = {"own": "clone", "alone": "nothing lent", "raw": "raw", "clear": "clear"}
TOGETHER = 4
"""Everyday sentences heard in one go by the speaker encoder, some ten seconds: it is surer of long stretches."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--speaker", help="Only this speaker of the folder's manifest.")
@click.option("--seconds", type=float, default=150.0, show_default=True, help="Train with at most so much sound.")
@click.option(
    "--held-back", type=click.IntRange(1, 20), default=3, show_default=True, help="Last recordings to test on."
)
@click.option(
    "--everyday/--no-everyday", default=True, help="Also likeness and word error on forty everyday English sentences."
)
@json_option
def command(folder: Path, speaker: str | None, seconds: float, held_back: int, everyday: bool, as_json: bool) -> None:
    """Train a voice on recordings and measure it on those held back, once as it is and once in the clear manner.

    FOLDER holds sound files and a manifest.json: a list of objects with file, transcript, language and speaker.
    Likeness needs the speaker encoder, word error is pocketsphinx's with a fresh decoder for each sentence. Likeness is
    told twice: of each held-back sentence alone, and of four everyday sentences in a row, which always is higher.
    """
    options = Options(folder, speaker, seconds, held_back, everyday)
    result = anyio.run(run, options)
    show(as_json, result, readable(result))


class Options:
    """What was asked for."""

    def __init__(self, folder: Path, speaker: str | None, seconds: float, held_back: int, everyday: bool) -> None:
        self.folder, self.speaker, self.seconds = folder, speaker, seconds
        self.held_back, self.everyday = held_back, everyday


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
    began, cpu = SYSTEM.now(), cpu_seconds()
    model = await make_voice(kept, guide)
    spent = {"wallSeconds": round(SYSTEM.now() - began, 1), "cpuSeconds": round(cpu_seconds() - cpu, 1)}
    embed = encoder()
    others = [] if embed is None else strangers(options, embed)
    quality = await measure(model, held, kept, guide, Judges(embed, recognise, others))
    return {
        "benchmark": "voice",
        "speaker": options.speaker,
        "train": {"seconds": model.facts.seconds, "recordings": len(kept), **spent},
        "quality": asdict(quality),
        "everyday": await on_everyday(model, guide, held, embed) if options.everyday else None,
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
        only = Options(options.folder, row["speaker"], 0, 1, False)
        each = recordings(only)[0]
        found.append(embed(at_16k(each.pcm, each.rate)))
    return found


async def recognise(pcm: Pcm, language: str) -> str:
    """What pocketsphinx's English model hears, with a decoder of its own."""
    from selfsame.kit.tasks import offload

    return await offload(_decode, pcm)


def _decode(pcm: Pcm) -> str:
    from pocketsphinx import Decoder

    loud = pcm.astype(np.float64) * (0.7 * 32767 / max(1, int(np.abs(pcm.astype(np.int32)).max())))
    quiet = np.zeros(3200)
    # A little noise, as of any microphone: digital silence makes the decoder's features jump.
    sound = np.concatenate([quiet, loud, quiet]) + 10 * np.random.default_rng(0).standard_normal(len(loud) + 6400)
    decoder = Decoder(loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(sound.clip(-32768, 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


async def on_everyday(model: Any, guide: Any, held: Sequence[Any], embed: Any) -> dict[str, Any]:
    """Word error on EVERYDAY and likeness: of the voice, its own sounds alone, its clear manner, and the guide."""
    from selfsame.kit.pcm import from_float
    from selfsame.studio.voice.enrol import Recording, guide_line
    from selfsame.studio.voice.measure import at_16k, in_voice, word_error
    from selfsame.voice.units.clear import clear_sound
    from selfsame.voice.units.lend import NOTHING
    from selfsame.voice.units.sound import RATE
    from selfsame.voice.units.speak import Manner, guide_sound

    texts = [Recording(np.zeros(0, np.int16), RATE, text) for text in EVERYDAY]
    sounds: dict[str, list[Pcm]] = {"own": [], "alone": [], "clear": [], "raw": []}
    for each in texts:
        line = await guide_line(guide, each.text, "EN")
        sounds["raw"].append(at_16k(line.pcm, RATE))
        sounds["clear"].append(at_16k(from_float(clear_sound(model, guide_sound(line))), RATE))
        sounds["own"].append((await in_voice(model, guide, each.text, "EN"))[1])
        sounds["alone"].append((await in_voice(model, guide, each.text, "EN", Manner(lending=NOTHING)))[1])
    return {
        "words": {name: await word_error(recognise, texts, part) for name, part in sounds.items()},
        "likeness": None if embed is None else together(sounds, held, embed),
    }


def together(sounds: dict[str, list[Pcm]], held: Sequence[Any], embed: Any) -> dict[str, float]:
    """Likeness to the held-back recordings, TOGETHER sentences at a time."""
    from selfsame.studio.voice.measure import at_16k

    centre = np.mean([embed(at_16k(each.pcm, each.rate)) for each in held], axis=0)
    centre = centre / np.linalg.norm(centre)
    found = {}
    for name, part in sounds.items():
        rows = [np.concatenate(part[n : n + TOGETHER]) for n in range(0, len(part), TOGETHER)]
        found[name] = round(float(np.mean([embed(row) @ centre for row in rows])), 4)
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
    if result["everyday"]:
        words, likeness = result["everyday"]["words"], result["everyday"]["likeness"]
        for name, found in (("everyday words", words), ("everyday likeness", likeness or {})):
            row = "   ".join(f"{TOLD[kind]} {told(found.get(kind))}" for kind in TOLD)
            lines.append(f"{name:<18} {row}")
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
