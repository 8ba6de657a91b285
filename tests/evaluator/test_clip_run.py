"""Runs over real files: drawn mouths, real speech, H.264 and AAC. Good clips score; every kind of bad one does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from selfsame.errors import BadInput, ConsentMissing, Unavailable
from selfsame.evaluator.clip_run import METRICS, MadeClip, Measured, Studio, measure, run_scenario
from selfsame.evaluator.opening import LEFT_IRIS, LOWER_LIP, RIGHT_IRIS, UPPER_LIP, opening, openings, steady
from selfsame.evaluator.scenarios import SCENARIOS, Listener
from tests.evaluator.drawn_clips import STUDIO, clip_of, draw, encode, find, make_clip, measure_opening
from tests.evaluator.mouths import SENTENCES, speak

SCENARIO = SCENARIOS[-1]
SPEECH = speak(SCENARIO.text)


def measured(clip: MadeClip, studio: Studio = STUDIO) -> Measured:
    return measure(SCENARIO, clip, studio)


def lip_score(clip: MadeClip) -> float:
    score = measured(clip).metrics["lip_sync_coherence_0_1"]
    assert isinstance(score, float)
    return score


@pytest.mark.anyio
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
async def test_every_scenario_is_made_and_measured(scenario) -> None:
    found = await run_scenario(scenario, STUDIO)
    metrics = found.metrics
    assert tuple(metrics) == METRICS and found.error is None
    assert (metrics["tts_ms"], metrics["avatar_render_ms"], metrics["total_generation_ms"]) == (242.0, 1040.0, 1290.0)
    assert metrics["language_detected"] == "+".join(scenario.languages) and metrics["language_correctness_1_1"] == 1
    assert metrics["speaker_similarity"] is None and "voice" in found.null_because["speaker_similarity"]
    assert isinstance(metrics["lip_sync_coherence_0_1"], float) and metrics["lip_sync_coherence_0_1"] > 0.5
    assert found.details["language_from"] == "text"
    lip = found.details["lip_sync"]
    assert lip["basis"] == "phonemes" and abs(lip["av_offset_ms"]) < 80 and lip["closure_rate"] > 0.6
    assert found.details["clip"]["fps"] == 30.0 and abs(found.details["clip"]["speech_heard_after_ms"]) < 1


@pytest.mark.parametrize(
    ("what", "score", "offset"),
    [
        ({}, 0.6, 0),
        ({"mouth_late": 0.2}, None, 200),
        ({"sound_late": 0.2}, None, -200),
        ({"mouth_late": 0.333}, None, 333),
    ],
    ids=["in sync", "mouth late", "sound late", "very late"],
)
def test_a_clip_put_together_wrongly_fails_by_what_a_viewer_gets(
    what: dict[str, Any], score: float | None, offset: float
) -> None:
    found = measured(clip_of(SPEECH, **what))
    value = found.metrics["lip_sync_coherence_0_1"]
    assert isinstance(value, float)
    assert value > score if score else value == 0.0
    # The drawn speaker anticipates by up to 40 ms.
    assert found.details["lip_sync"]["av_offset_ms"] == pytest.approx(offset - 20, abs=40)


def test_mouth_and_sound_late_together_are_in_sync() -> None:
    assert lip_score(clip_of(SPEECH, mouth_late=0.2, sound_late=0.2)) > 0.6


def test_the_mouth_of_another_text_fails() -> None:
    other = speak(" ".join(text for _, text in SENTENCES[:3]))
    assert lip_score(clip_of(SPEECH, mouth_of=other)) < 0.25


def test_without_phonemes_the_sound_is_the_measure() -> None:
    good = measured(replace(clip_of(SPEECH), phonemes=()))
    assert good.details["lip_sync"]["basis"] == "sound" and good.details["lip_sync"]["closure_rate"] is None
    assert lip_score(replace(clip_of(SPEECH), phonemes=())) > 0.4
    assert lip_score(replace(clip_of(SPEECH, sound_late=0.2), phonemes=())) < 0.1


def test_a_clip_with_other_sound_is_not_scored() -> None:
    other = speak(SENTENCES[4][1], "ES")
    found = measured(replace(clip_of(SPEECH), pcm=other.pcm, sample_rate=other.rate))
    assert found.metrics["lip_sync_coherence_0_1"] is None
    assert "not the speech" in found.null_because["lip_sync_coherence_0_1"]
    assert found.metrics["tts_ms"] == 242.0


@pytest.mark.parametrize("mp4", [b"", b"no film", clip_of(speak("Hi.")).mp4[:500]])
def test_a_broken_file_leaves_a_reason(mp4: bytes) -> None:
    found = measured(replace(clip_of(SPEECH), mp4=mp4))
    assert found.metrics["lip_sync_coherence_0_1"] is None
    assert "cannot be" in found.null_because["lip_sync_coherence_0_1"]


def test_a_video_without_a_face_scores_nothing() -> None:
    gray = (np.full((64, 64, 3), 180, np.uint8) for _ in range(int(30 * SPEECH.seconds)))
    clip = replace(clip_of(SPEECH), mp4=encode(gray, SPEECH.pcm, SPEECH.rate))
    faceless = replace(STUDIO, measure_opening=lambda mp4: openings(mp4, lambda picture: []))
    found = measured(clip, faceless)
    assert found.metrics["lip_sync_coherence_0_1"] == 0.0 and found.details["lip_sync"]["n_frames"] == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    "failure", [Unavailable("no face engine", role="face", provider="x"), ConsentMissing("no consent")]
)
async def test_a_failure_of_the_product_is_a_result(failure: Exception) -> None:
    async def fail(text: str, language: str) -> MadeClip:
        raise failure

    found = await run_scenario(SCENARIO, replace(STUDIO, make_clip=fail))
    assert found.error is not None and found.error["code"] in ("FACE_UNAVAILABLE", "CONSENT_MISSING")
    assert set(found.metrics.values()) == {None} and set(found.null_because) == set(METRICS)


@pytest.mark.anyio
async def test_a_bug_of_the_product_is_raised() -> None:
    async def fail(text: str, language: str) -> MadeClip:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_scenario(SCENARIO, replace(STUDIO, make_clip=fail))


@pytest.mark.anyio
async def test_the_product_is_asked_for_the_text_in_its_language() -> None:
    asked = []

    async def note(text: str, language: str) -> MadeClip:
        asked.append((text, language))
        return await make_clip(text, language)

    await run_scenario(SCENARIOS[3], replace(STUDIO, make_clip=note))
    assert asked == [(SCENARIOS[3].text, "auto")]


def test_a_listener_that_fails_leaves_the_rest() -> None:
    def fail(pcm, rate):
        raise Unavailable("no ears", role="asr", provider="x")

    found = measured(clip_of(SPEECH), replace(STUDIO, listener=Listener(identify=fail)))
    assert found.metrics["language_detected"] is None and found.null_because["language_correctness_1_1"] == "no ears"
    assert isinstance(found.metrics["lip_sync_coherence_0_1"], float)


def test_drawn_openings_are_measured_as_they_were_drawn() -> None:
    gaps = np.array([0.0, 0.1, 0.2, 0.3, 0.1, 0.0] * 5)
    found, fps = measure_opening(encode((draw(gap) for gap in gaps), np.zeros(22_050, np.int16), 22_050))
    assert fps == pytest.approx(30.0, abs=0.01) and len(found) == len(gaps)
    assert np.corrcoef(found, gaps)[0, 1] > 0.99
    assert np.abs(found - gaps).max() < 0.06


def test_opening_is_relative_to_the_eyes_and_turns_with_the_head() -> None:
    points = np.zeros((478, 3))
    points[RIGHT_IRIS, :2], points[LEFT_IRIS, :2] = (100, 100), (160, 100)
    points[list(UPPER_LIP), :2], points[list(LOWER_LIP), :2] = (130, 150), (130, 162)
    assert opening(points) == pytest.approx(0.2)
    turn = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])
    turned = points.copy()
    turned[:, :2] = 3 * points[:, :2] @ turn.T + 20
    assert opening(turned) == pytest.approx(0.2)
    assert np.isnan(opening(np.zeros((478, 3))))


def test_pictures_that_are_missing_are_seen_as_standing_still() -> None:
    times = np.array([0, 1, 2, 5, 6, 7, 8]) / 30
    gaps, fps = steady(times, np.array([0.0, 0.1, 0.2, 0.5, 0.6, 0.7, 0.8]))
    assert fps == pytest.approx(30)
    assert gaps.tolist() == [0.0, 0.1, 0.2, 0.2, 0.2, 0.5, 0.6, 0.7, 0.8]
    for odd in ([0.0, 0.0, 0.0], [0.0, 0.001, 0.002, 9.0]):
        with pytest.raises(BadInput):
            steady(np.array(odd), np.zeros(len(odd)))


def test_films_without_pictures_are_refused() -> None:
    with pytest.raises(BadInput):
        openings(b"no film", find)
    with pytest.raises(BadInput, match="fewer than two"):
        openings(encode([draw(0.1)], np.zeros(22_050, np.int16), 22_050), find)
