"""Controls of the lip-sync score: a true mouth stands out, a mouth that only moves does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from selfsame.errors import BadInput
from selfsame.evaluator.clip_run import lip_sync, measure
from selfsame.evaluator.controls import controls, shuffled
from selfsame.evaluator.scenarios import SCENARIOS
from tests.evaluator.drawn_clips import STUDIO, clip_of, measure_opening
from tests.evaluator.mouths import speak

LONG = SCENARIOS[-1]


@pytest.mark.parametrize("count", [1, 5, 7, 30, 200])
def test_shuffling_keeps_every_opening_and_leaves_no_piece_in_its_place(count: int) -> None:
    openings = np.arange(count, dtype=float)
    mixed = shuffled(openings, 25.0, np.random.default_rng(3))
    assert sorted(mixed) == sorted(openings)
    if count >= 30:
        assert not (mixed == openings).any()


def test_a_true_mouth_stands_out_from_its_controls() -> None:
    found = measure(LONG, clip_of(speak(LONG.text)), replace(STUDIO, controls=True))
    wrong = found.details["controls"]
    assert wrong["early"] == wrong["late"] == 0.0
    assert max(wrong["shuffled"], wrong["backwards"]) < 0.4 < wrong["margin"]
    assert wrong["shuffled_p50"] <= wrong["shuffled"] and 0 <= wrong["closure_shuffled"] <= 1
    assert wrong["margin"] == pytest.approx(
        found.details["lip_sync"]["score"] - max(wrong[n] for n in ("early", "late", "shuffled", "backwards")), abs=2e-3
    )


def test_the_late_control_is_a_late_mouth() -> None:
    clip = clip_of(speak(LONG.text), mouth_late=0.2)
    openings, fps = measure_opening(clip.mp4)
    true = lip_sync(clip, 0.0, openings, fps)
    wrong = controls(true, openings, fps, lambda mouth, late: lip_sync(clip, late, mouth, fps))
    assert true.score == 0.0 and wrong.late == 0.0
    assert wrong.early > 0.6 and wrong.margin < 0, "a mouth that is late is right when it is taken earlier"


def test_without_the_wish_nothing_is_tried() -> None:
    assert "controls" not in measure(LONG, clip_of(speak(LONG.text)), STUDIO).details


def test_where_a_control_cannot_be_scored_the_clip_is_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise BadInput("too little speech is left")

    monkeypatch.setattr("selfsame.evaluator.clip_run.controls", refused)
    found = measure(LONG, clip_of(speak(LONG.text)), replace(STUDIO, controls=True))
    assert found.metrics["lip_sync_coherence_0_1"] is not None and found.details["controls"] is None
