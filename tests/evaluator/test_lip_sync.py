"""The lip-sync score tells mouths that say the words from mouths that do not; it can fail, and says by how much."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.evaluator.expected_opening import CLOSURES, HZ, closures, from_phonemes, from_sound, symbols
from selfsame.evaluator.lip_sync import LipSync, against_phonemes, against_sound
from tests.evaluator.mouths import LONG, SENTENCES, Speech, moving, not_talking, shifted, shuffled, speak

SPEECHES = tuple(speak(text, language) for language, text in SENTENCES)
WRONG = ("+200", "-200", "shuffled", "other", "frozen", "random", "rhythm")


def mouth(case: str, number: int, seed: int, fps: float) -> np.ndarray:
    """The mouth of a case, seen beside sentence `number`."""
    speech = SPEECHES[number]
    seconds = speech.seconds + 0.3
    match case:
        case "true":
            return moving(speech.phonemes, seconds, fps, seed)
        case "shuffled":
            return moving(shuffled(speech.phonemes, seed), seconds, fps, seed)
        case "other":
            return moving(SPEECHES[(number + 3) % len(SPEECHES)].phonemes, seconds, fps, seed)
        case "frozen" | "random" | "rhythm":
            return not_talking(case, seconds, fps, seed)
        case _:
            return moving(shifted(speech.phonemes, int(case) / 1000), seconds, fps, seed)


def score(openings: np.ndarray, fps: float, speech: Speech, basis: str) -> LipSync:
    if basis == "phonemes":
        return against_phonemes(openings, fps, speech.phonemes)
    return against_sound(openings, fps, speech.pcm, speech.rate)


def auc(right: list[float], wrong: list[float]) -> float:
    """How often a right one has the higher score; ties count half."""
    return float(np.mean([(a > b) + 0.5 * (a == b) for a, b in product(right, wrong)]))


@pytest.fixture(scope="module", params=["phonemes", "sound"])
def results(request: pytest.FixtureRequest) -> tuple[str, dict[str, list[LipSync]]]:
    """Every case over the sentences, three speakers each."""
    found: dict[str, list[LipSync]] = {}
    for number, speech in enumerate(SPEECHES):
        for seed in range(3):
            fps = (25, 30)[seed % 2]
            for case in ("true", "+80", *WRONG):
                openings = mouth(case, number, 7000 + 100 * seed + number, fps)
                found.setdefault(case, []).append(score(openings, fps, speech, request.param))
    return request.param, found


def scores(found: list[LipSync]) -> list[float]:
    return [one.score for one in found]


@pytest.mark.parametrize("case", WRONG)
def test_the_true_mouth_is_told_from_every_wrong_one(results: tuple[str, dict[str, list[LipSync]]], case: str) -> None:
    basis, found = results
    least_mean, least_auc = (0.65, 0.995) if basis == "phonemes" else (0.5, 0.98)
    assert np.mean(scores(found["true"])) > least_mean
    assert np.mean(scores(found[case])) < 0.1
    assert auc(scores(found["true"]), scores(found[case])) >= least_auc


def test_a_frame_or_two_are_forgiven_and_fifth_of_a_second_is_not(
    results: tuple[str, dict[str, list[LipSync]]],
) -> None:
    _, found = results
    assert np.mean(scores(found["+80"])) > 0.8 * np.mean(scores(found["true"]))
    assert max(scores(found["+200"])) == max(scores(found["-200"])) == 0.0


def test_closures_are_met_by_the_true_mouth_and_seldom_by_others(
    results: tuple[str, dict[str, list[LipSync]]],
) -> None:
    basis, found = results
    rates = {case: [one.closure_rate for one in many] for case, many in found.items()}
    if basis == "sound":
        assert all(rate is None for many in rates.values() for rate in many)
        return
    assert np.mean(rates["true"]) > 0.9
    assert all(np.mean(rates[case]) < 0.65 for case in ("shuffled", "other", "frozen", "random", "+200", "-200"))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    number=st.integers(0, len(SPEECHES) - 1),
    late=st.sampled_from([-0.2, 0.2, -0.25, 0.25]),
    fps=st.sampled_from([24.0, 25.0, 30.0, 50.0]),
)
def test_for_any_speaker_the_true_time_beats_the_wrong_one_and_the_offset_is_told(
    seed: int, number: int, late: float, fps: float
) -> None:
    speech, seconds = SPEECHES[number], SPEECHES[number].seconds + 0.4
    right = against_phonemes(moving(speech.phonemes, seconds, fps, seed), fps, speech.phonemes)
    wrong = against_phonemes(moving(shifted(speech.phonemes, late), seconds, fps, seed), fps, speech.phonemes)
    assert wrong.score < 0.05 and right.score > 0.2
    assert right.av_offset_ms is not None and wrong.av_offset_ms is not None
    # The speakers anticipate by up to 40 ms, and a frame lasts up to 42 ms.
    assert -75 < right.av_offset_ms < 35
    assert abs(wrong.av_offset_ms - right.av_offset_ms - 1000 * late) < 45


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), case=st.sampled_from(["shuffled", "other", "frozen", "random", "rhythm"]))
def test_for_any_seed_a_long_text_is_not_said_by_a_wrong_mouth(seed: int, case: str) -> None:
    speech = speak(LONG)
    seconds = speech.seconds + 0.2
    right = moving(speech.phonemes, seconds, 30, seed)
    match case:
        case "shuffled":
            wrong = moving(shuffled(speech.phonemes, seed), seconds, 30, seed)
        case "other":
            wrong = moving(speak(" ".join(t for _, t in SENTENCES[:4])).phonemes, seconds, 30, seed)
        case _:
            wrong = not_talking(case, seconds, 30, seed)
    true, false = (against_phonemes(one, 30, speech.phonemes).score for one in (right, wrong))
    assert true > 0.5 and false < 0.35 and true - false > 0.25


def test_the_sign_of_the_offset_is_positive_when_the_mouth_is_late() -> None:
    speech = SPEECHES[0]
    for late in (-0.3, -0.1, 0.1, 0.3):
        found = against_phonemes(
            moving(shifted(speech.phonemes, late), speech.seconds + 0.4, 25, 1), 25, speech.phonemes
        )
        assert found.av_offset_ms is not None and abs(found.av_offset_ms - 1000 * late) < 60


def test_a_mouth_that_does_not_move_or_is_not_seen_scores_nothing() -> None:
    speech = SPEECHES[1]
    frames = int(speech.seconds * 30)
    still = against_phonemes(np.full(frames, 0.02), 30, speech.phonemes)
    assert (still.score, still.av_offset_ms, still.closure_rate) == (0.0, None, 0.0)
    true = moving(speech.phonemes, speech.seconds, 30, 5)
    hidden = true.copy()
    hidden[: int(0.6 * frames)] = np.nan
    assert against_phonemes(hidden, 30, speech.phonemes).score == 0.0
    assert against_phonemes(np.full(frames, np.nan), 30, speech.phonemes).n_frames == 0
    partly = true.copy()
    partly[20:35] = np.nan
    assert against_phonemes(partly, 30, speech.phonemes).score > 0.5
    # It moves in time, but by less than anybody could see.
    assert against_phonemes(true * 0.02, 30, speech.phonemes).score == 0.0


def test_lips_that_never_meet_close_nothing() -> None:
    speech = SPEECHES[0]
    gaping = 0.3 + moving(speech.phonemes, speech.seconds, 30, 2)
    assert against_phonemes(gaping, 30, speech.phonemes).closure_rate == 0.0


@pytest.mark.parametrize(
    ("openings", "fps"),
    [(np.zeros((3, 3)), 30), (np.zeros(100), 0), (np.zeros(100), float("nan")), (np.zeros(5), 30), (np.zeros(0), 30)],
)
def test_what_is_no_track_is_refused(openings: np.ndarray, fps: float) -> None:
    with pytest.raises(BadInput):
        against_phonemes(openings, fps, SPEECHES[0].phonemes)


def test_too_little_speech_and_odd_times_are_refused() -> None:
    openings = np.full(300, 0.1)
    with pytest.raises(BadInput, match="at least"):
        against_phonemes(openings, 30, SPEECHES[0].phonemes[:3])
    with pytest.raises(BadInput, match="finite"):
        against_phonemes(openings, 30, [("a", 0.0, float("nan"))])
    with pytest.raises(BadInput, match="at least"):
        against_sound(openings, 30, np.zeros(160_000, np.int16), 16_000)
    with pytest.raises(BadInput, match="at least"):
        against_sound(openings, 30, np.zeros(0, np.int16), 16_000)


@settings(max_examples=60, deadline=None)
@given(
    openings=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=120),
    phonemes=st.lists(st.tuples(st.text(max_size=3), st.floats(-5, 9), st.floats(-5, 9)), max_size=30),
)
def test_anything_else_gives_a_score_or_a_refusal(openings: list[float], phonemes: list) -> None:
    with np.errstate(all="ignore"):
        try:
            found = against_phonemes(np.array(openings), 30, phonemes)
        except BadInput:
            return
    assert 0.0 <= found.score <= 1.0


def test_expected_openings_follow_the_sounds() -> None:
    made = from_phonemes([("m", 0.3, 0.4), ("ˈɑː", 0.4, 0.65), ("p", 0.7, 0.75), ("i", 0.75, 0.95)], 1.3)
    at = {name: made.opening[int(t * HZ)] for name, t in {"m": 0.35, "a": 0.54, "p": 0.7, "i": 0.87}.items()}
    assert at["m"] < 0.15 and at["a"] > 0.7 and at["p"] < 0.15 and at["a"] > 2 * at["i"]
    assert made.speaking[int(0.5 * HZ)] and not made.speaking[-1]
    assert len(made.opening) == len(made.speaking) == 130


def test_sound_opens_the_mouth_where_vowels_are() -> None:
    rate = 16_000
    t = np.arange(rate) / rate
    vowel = 8000 * np.sin(2 * np.pi * 150 * t) + 8000 * np.sin(2 * np.pi * 750 * t)
    hiss = np.random.default_rng(1).normal(0, 1, rate)
    hiss = 3000 * np.diff(np.diff(hiss, prepend=0), prepend=0)  # high frequencies only
    made = from_sound(np.concatenate([vowel, hiss]).astype(np.int16), rate, 2.0)
    assert made.opening[20:80].mean() > 0.9 > 0.5 > made.opening[120:180].mean()


def test_letters_of_phonemes() -> None:
    assert symbols("ˈaɪ") == "aɪ" and symbols("ts.h") == "tsh" and symbols("ˈˌː") == ""
    assert {"m", "b", "p"} <= CLOSURES
    # A short silence before a stop is its hold; one before a vowel is not.
    held = closures([("ɐ", 0.0, 0.1), ("p", 0.16, 0.2), ("ɐ", 0.25, 0.3), ("β", 0.3, 0.4), ("ph", 0.4, 0.5)])
    assert held == [(0.1, 0.2), (0.4, 0.5)]


def test_the_result_does_not_depend_on_size_or_slow_turning_of_the_head() -> None:
    speech = SPEECHES[2]
    openings = np.nan_to_num(moving(speech.phonemes, speech.seconds, 30, 4), nan=0.05)
    turned = 0.8 * openings + 0.05 * np.sin(2 * np.pi * 0.2 * np.arange(len(openings)) / 30)
    first, second = (against_phonemes(one, 30, speech.phonemes) for one in (openings, turned))
    assert abs(first.score - second.score) < 0.06
    assert replace(first, closure_rate=None).n_frames == len(openings)
