"""How clear a cloned voice is, and how like its person, on texts that nobody recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from selfsame.errors import BadInput
from selfsame.kit.pcm import Pcm

TOGETHER = 4
"""Sentences heard in one go by the speaker encoder, some ten seconds: it is surer of long stretches."""


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


def texts_of_others(folder: Path, speaker: str | None) -> list[str]:
    """What other speakers of the manifest read in English, each once. Raises BadInput when there is none."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    english = [row for row in rows if str(row.get("language", "en")).lower() == "en" and "transcript" in row]
    read = dict.fromkeys(row["transcript"] for row in english if row.get("speaker") != speaker)
    if not read:
        raise BadInput("The manifest has no other English speaker with transcripts.")
    return [text.capitalize() + "." if text.isupper() else text for text in read]  # as corpora without signs write


async def on_texts(texts: Sequence[str], model: Any, guide: Any, held: Sequence[Any], embed: Any) -> dict[str, Any]:
    """Word error on texts, and likeness: of the voice, its own sounds alone, its clear manner, and the guide."""
    from selfsame.kit.pcm import from_float
    from selfsame.studio.voice.enrol import Recording, guide_line
    from selfsame.studio.voice.measure import at_16k, errors_of, in_voice
    from selfsame.voice.units.clear import clear_sound
    from selfsame.voice.units.lend import NOTHING
    from selfsame.voice.units.sound import RATE
    from selfsame.voice.units.speak import Manner, guide_sound

    said = [Recording(np.zeros(0, np.int16), RATE, text) for text in texts]
    sounds: dict[str, list[Pcm]] = {"own": [], "alone": [], "clear": [], "raw": []}
    for each in said:
        line = await guide_line(guide, each.text, "EN")
        sounds["raw"].append(at_16k(line.pcm, RATE))
        sounds["clear"].append(at_16k(from_float(clear_sound(model, guide_sound(line))), RATE))
        sounds["own"].append((await in_voice(model, guide, each.text, "EN"))[1])
        sounds["alone"].append((await in_voice(model, guide, each.text, "EN", Manner(lending=NOTHING)))[1])
    errors = {name: np.array(await errors_of(recognise, said, part)) for name, part in sounds.items()}
    return {
        "count": int(errors["raw"][:, 1].sum()),
        "words": {name: round(share(found), 4) for name, found in errors.items()},
        "worseThanRaw": by_chance(errors["own"], errors["raw"]),
        "likeness": None if embed is None else together(sounds, held, embed),
    }


def share(errors: Any) -> float:
    """Word error of sentences: (sentences, 2) of mistakes and words."""
    wrong, words = errors.sum(axis=0)
    return float(wrong / words)


def by_chance(one: Any, other: Any) -> list[float]:
    """Between which two the difference of two word errors lies, 95 of 100 times, when the sentences are drawn anew.

    Efron, "Bootstrap methods: another look at the jackknife", 1979.
    """
    draws = np.random.default_rng(0).integers(0, len(one), (4000, len(one)))
    return [
        round(float(end), 4) for end in np.percentile([share(one[n]) - share(other[n]) for n in draws], (2.5, 97.5))
    ]


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
