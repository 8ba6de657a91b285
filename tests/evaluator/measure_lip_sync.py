"""How well the lip-sync score separates: `python -m tests.evaluator.measure_lip_sync [SPEAKERS]` prints the table.

Synthetic mouths over the embedded voice (SPEAKERS of them a sentence), then real talkers where they are at hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import product

import numpy as np

from selfsame.evaluator.lip_sync import LipSync, against_phonemes, against_sound
from selfsame.evaluator.scenarios import SCENARIOS
from tests.evaluator.mouths import LONG, SENTENCES, Speech, moving, not_talking, shifted, shuffled, speak
from tests.evaluator.talkers import FPS, RATE, Missing, joined, late

SHIFTS = (40, -40, 80, -80, 120, -120, 200, -200)
FIRST_SEED = 90_000


def cases(speech: Speech, other: Speech, fps: float, seed: int) -> dict[str, np.ndarray]:
    """Mouths seen beside `speech`."""
    seconds = speech.seconds + 0.3
    found = {"in sync": moving(speech.phonemes, seconds, fps, seed)}
    for ms in SHIFTS:
        found[f"{ms:+d} ms"] = moving(shifted(speech.phonemes, ms / 1000), seconds, fps, seed)
    found["shuffled"] = moving(shuffled(speech.phonemes, seed), seconds, fps, seed)
    found["other text"] = moving(other.phonemes, seconds, fps, seed)
    return found | {kind: not_talking(kind, seconds, fps, seed) for kind in ("frozen", "random", "rhythm")}


def synthetic(texts: list[tuple[str, str]], other: str, speakers: int) -> dict[str, dict[str, list[LipSync]]]:
    """Results by basis and case."""
    found: dict[str, dict[str, list[LipSync]]] = {"phonemes": {}, "sound": {}}
    for number, (language, text) in enumerate(texts):
        speech = speak(text, language)
        beside = speak(other) if len(texts) == 1 else speak(*reversed(texts[(number + 1) % len(texts)]))
        for speaker in range(speakers):
            fps, seed = (25.0, 30.0)[speaker % 2], FIRST_SEED + 100 * speaker + number
            for name, mouth in cases(speech, beside, fps, seed).items():
                found["phonemes"].setdefault(name, []).append(against_phonemes(mouth, fps, speech.phonemes))
                found["sound"].setdefault(name, []).append(against_sound(mouth, fps, speech.pcm, speech.rate))
    return found


def real(many: int) -> dict[str, list[LipSync]]:
    """Results of real talkers, `many` clips of 3 s joined; shifts are of the mouth, as above."""
    found: dict[str, list[LipSync]] = {}
    for number, (gaps, own, other) in enumerate(joined(many, 60)):
        pairs = {"in sync": (gaps, own)}
        pairs |= {f"{ms:+d} ms": (gaps, late(own, -ms / 1000)) for ms in SHIFTS}
        pairs["other text"] = (gaps, other)
        pairs |= {k: (not_talking(k, len(gaps) / FPS, FPS, number), own) for k in ("frozen", "random", "rhythm")}
        for name, (mouth, sound) in pairs.items():
            found.setdefault(name, []).append(against_sound(mouth, FPS, sound, RATE))
    return found


def show(title: str, found: dict[str, list[LipSync]], say: Callable[[str], None] = print) -> None:
    """A table: mean, smallest and largest score, AUC against those in sync, offsets, closures."""
    right = [one.score for one in found["in sync"]]
    say(f"\n{title} (n = {len(right)})\n| case | mean | min | max | AUC | offset p50 (p5..p95) | closures |")
    say("|---|---|---|---|---|---|---|")
    for name, many in found.items():
        scores = [one.score for one in many]
        offsets = [one.av_offset_ms for one in many if one.av_offset_ms is not None]
        rates = [one.closure_rate for one in many if one.closure_rate is not None]
        auc = float(np.mean([(a > b) + 0.5 * (a == b) for a, b in product(right, scores)]))
        p5, p50, p95 = np.percentile(offsets, [5, 50, 95]) if offsets else (np.nan,) * 3
        closures = f"{np.mean(rates):.2f}" if rates else "-"
        say(
            f"| {name} | {np.mean(scores):.2f} | {min(scores):.2f} | {max(scores):.2f} | "
            f"{'' if name == 'in sync' else f'{auc:.3f}'} | {p50:.0f} ({p5:.0f}..{p95:.0f}) | {closures} |"
        )


def main() -> None:
    speakers = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    short = [(scenario.languages[0], scenario.text) for scenario in SCENARIOS[:3]]
    for title, texts, other in (
        ("short scenarios, 1.8 s", short, ""),
        ("sentences, 4 to 6 s", list(SENTENCES), ""),
        ("long, 10 s", [("EN", LONG)], " ".join(text for _, text in SENTENCES[:4])),
    ):
        for basis, found in synthetic(texts, other, speakers).items():
            show(f"{title}, by {basis}", found)
    try:
        for many in (1, 3, 5):
            show(f"real talkers, {3 * many} s, by sound", real(many))
    except Missing as missing:
        print(f"\nno real talkers: {missing}")


if __name__ == "__main__":
    main()
