"""Real talking heads of the shared test data (GRID corpus, 3 s each): their mouths and their sound, where at hand."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import permutations
from pathlib import Path

import numpy as np
import soxr

from selfsame.evaluator.av_offset import track
from selfsame.evaluator.opening import openings
from selfsame.kit.pcm import Pcm, from_float

ROOT = Path(__file__).resolve().parents[2]
RATE, FPS = 16_000, 25.0


class Missing(Exception):
    """Why there are no talkers here."""


@lru_cache(maxsize=1)
def talkers() -> list[tuple[np.ndarray, Pcm]]:
    """(openings at 25 frames a second, sound at 16 kHz) of each, of one length. Raises Missing."""
    folder = Path(os.environ.get("SELFSAME_TEST_DATA", ROOT.parent / "shared" / "data")) / "faces"
    films = sorted(folder.glob("grid_*.mpg"))
    if len(films) < 4:
        raise Missing(f"no talking heads at {folder}; set SELFSAME_TEST_DATA to a folder with faces/grid_*.mpg")
    models = Path(os.environ.get("SELFSAME_HOME", ROOT / ".selfsame")) / "models" / "face-landmarks"
    if not models.is_dir():
        raise Missing("no face networks; get them with: selfsame models pull face-landmarks")
    try:
        from selfsame.providers.embedded.face_mesh import LiteFaceLandmarker
    except ImportError as error:
        raise Missing("no landmarks in this build") from error
    landmarker = LiteFaceLandmarker(models)
    found = []
    for film in films:
        data = film.read_bytes()
        gaps, fps = openings(data, lambda picture: landmarker.find(picture, 0.3))
        assert abs(fps - FPS) < 0.01
        sound, rate = track(data)
        pcm = from_float(soxr.resample(sound, rate, RATE))
        whole = np.zeros(int(len(gaps) * RATE / FPS), np.int16)
        whole[: min(len(pcm), len(whole))] = pcm[: len(whole)]
        found.append((gaps - np.nanpercentile(gaps, 5), whole))
    return found


def joined(many: int, count: int) -> list[tuple[np.ndarray, Pcm, Pcm]]:
    """`count` films of `many` talkers after another: mouths, their own sound, and that of other talkers."""
    known = talkers()
    orders = list(permutations(range(len(known)), many))
    np.random.default_rng(1).shuffle(orders)
    return [
        (
            np.concatenate([known[k][0] for k in order]),
            np.concatenate([known[k][1] for k in order]),
            np.concatenate([known[(k + 1) % len(known)][1] for k in order]),
        )
        for order in orders[:count]
    ]


def late(sound: Pcm, seconds: float) -> Pcm:
    """The sound later by so many seconds, as long as before."""
    return np.roll(sound, round(seconds * RATE))
