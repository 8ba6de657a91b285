"""Real people who talk, seen by the networks: the score from sound alone tells their own sound from wrong ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from selfsame.evaluator.lip_sync import against_sound
from tests.evaluator.mouths import not_talking
from tests.evaluator.talkers import FPS, RATE, Missing, joined, late, talkers


@pytest.fixture(scope="module", autouse=True)
def there_are_talkers() -> None:
    try:
        talkers()
    except Missing as missing:
        pytest.skip(str(missing))


def auc(right: list[float], wrong: list[float]) -> float:
    return float(np.mean([(a > b) + 0.5 * (a == b) for a, b in product(right, wrong)]))


@pytest.mark.parametrize(("many", "least"), [(3, 0.9), (5, 0.98)], ids=["9 s", "15 s"])
def test_their_own_sound_at_its_time_scores_more_than_any_other(many: int, least: float) -> None:
    cases: dict[str, list[float]] = {}
    for number, (gaps, own, other) in enumerate(joined(many, 24)):
        wandering = not_talking("random", len(gaps) / FPS, FPS, number)
        for case, mouth, sound in (
            ("own", gaps, own),
            ("+200", gaps, late(own, 0.2)),
            ("-200", gaps, late(own, -0.2)),
            ("other", gaps, other),
            ("random", wandering, own[: int(len(wandering) * RATE / FPS)]),
        ):
            cases.setdefault(case, []).append(against_sound(mouth, FPS, sound, RATE).score)
    assert np.mean(cases["own"]) > 0.2
    for case in ("+200", "-200", "other", "random"):
        assert np.mean(cases[case]) < 0.06, case
        assert auc(cases["own"], cases[case]) >= least, case


def test_the_offset_of_real_people_is_near_nothing() -> None:
    found = [against_sound(gaps, FPS, own, RATE).av_offset_ms for gaps, own, _ in joined(5, 12)]
    assert all(offset is not None and abs(offset) < 80 for offset in found)


def test_their_mouths_are_seen_in_every_frame() -> None:
    for gaps, _ in talkers():
        assert np.isfinite(gaps).all() and 0.03 < np.percentile(gaps, 95) < 0.6
