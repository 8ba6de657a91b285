"""Damaged recordings are told from clean ones, each by its own code, on synthetic voices and on real readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.studio.voice.measures import Measures, measure
from selfsame.studio.voice.quality import ADVICE, REFUSED, check, judge
from tests.enrolment.damage import clipped, narrow, noisy, reverberant

GOOD = Measures(10, 8, 35, 0, 11, 0.2, -22, 7800)

EDGES = [
    ({"speech_seconds": 0.2}, ["NO_SPEECH"]),
    ({"speech_seconds": 1.9}, ["TOO_SHORT"]),
    ({"snr_db": 11.9}, ["NOISY"]),
    ({"snr_db": 19.9}, ["SOME_NOISE"]),
    ({"clipping": 0.011}, ["CLIPPED"]),
    ({"clipping": 0.0011}, ["SOME_CLIPPING"]),
    ({"decay_seconds": 0.81}, ["ECHO"]),
    ({"decay_seconds": 0.46}, ["SOME_ECHO"]),
    ({"modulation": 5.9}, ["ECHO"]),
    ({"modulation": 5.9, "snr_db": 10}, ["NOISY"]),
    ({"loudness": -43}, ["QUIET"]),
    ({"loudness": -7}, ["LOUD"]),
    ({"bandwidth": 4100}, ["NARROW"]),
    ({"bandwidth": 5100}, ["SOMEWHAT_NARROW"]),
    ({}, []),
]


@pytest.mark.parametrize(("change", "problems"), EDGES)
def test_each_limit_has_its_code_and_its_advice(change: dict[str, float], problems: list[str]) -> None:
    found = judge(replace(GOOD, **change))
    assert list(found.problems) == problems
    assert found.is_valid == (not set(problems) & set(REFUSED))
    assert len(found.advice) == len(problems) and not any("{" in line for line in found.advice)
    assert 0 <= found.score <= judge(GOOD).score == pytest.approx(1, abs=0.001)
    assert found.to_json()["snrDb"] == replace(GOOD, **change).snr_db


def test_every_refusal_can_happen() -> None:
    assert set(REFUSED) <= set(ADVICE)
    assert {code for _, codes in EDGES for code in codes} | {"OTHERS"} == set(ADVICE)


DAMAGE: list[tuple[str, Callable[[Pcm], Pcm], str]] = [
    ("noise at 8 dB", lambda pcm: noisy(pcm, 8), "NOISY"),
    ("noise at 16 dB", lambda pcm: noisy(pcm, 16), "SOME_NOISE"),
    ("3 % clipped", lambda pcm: clipped(pcm, 0.03), "CLIPPED"),
    ("3 % clipped, then quieter", lambda pcm: clipped(pcm, 0.03, 0.3), "CLIPPED"),
    ("a telephone", lambda pcm: narrow(pcm, 3400), "NARROW"),
    ("a whisper into the wrong microphone", lambda pcm: pcm // 40, "QUIET"),
]


@pytest.mark.parametrize("voice", ["awb", "rms", "slt"])
def test_a_clean_recording_has_no_fault_that_refuses_it(voices: dict[str, Pcm], voice: str) -> None:
    found = check(voices[voice], 16_000)
    assert found.is_valid, found
    assert found.measures.clipping == 0 and found.measures.snr_db > 25 and found.measures.bandwidth > 5_000


@pytest.mark.parametrize("voice", ["awb", "rms", "slt"])
@pytest.mark.parametrize(("what", "damage", "code"), DAMAGE, ids=[name for name, _, _ in DAMAGE])
def test_damage_is_named(voices: dict[str, Pcm], voice: str, what: str, damage: Callable, code: str) -> None:
    assert code in check(damage(voices[voice]), 16_000).problems, what


def test_measures_of_real_readers_separate_what_is_damaged(readers: dict[str, list[Pcm]]) -> None:
    """Median measures by damage: each lies on its side of the limit."""
    sounds = [np.concatenate(parts[:4])[:240_000] for parts in list(readers.values())[::3]]

    def median(damage: Callable[[Pcm], Pcm], name: str) -> float:
        return float(np.median([getattr(measure(damage(pcm), 16_000), name) for pcm in sounds]))

    assert median(lambda pcm: pcm, "snr_db") > 27
    assert median(lambda pcm: noisy(pcm, 10), "snr_db") == pytest.approx(10, abs=2.5)
    assert median(lambda pcm: pcm, "decay_seconds") < 0.35 < median(lambda pcm: reverberant(pcm, 0.8), "decay_seconds")
    assert median(lambda pcm: reverberant(pcm, 1.2, -3), "modulation") + 3 < median(lambda pcm: pcm, "modulation")
    assert median(lambda pcm: pcm, "clipping") == 0 < 0.001 < median(lambda pcm: clipped(pcm, 0.005), "clipping")
    assert median(lambda pcm: narrow(pcm, 3400), "bandwidth") < 4_000 < 5_200 < median(lambda pcm: pcm, "bandwidth")


def test_somebody_else_is_noticed(voices: dict[str, Pcm], encoder: Ge2eSpeakerEncoder) -> None:
    alone = check(voices["rms"], 16_000, encoder)
    assert alone.speakers == 1 and "OTHERS" not in alone.problems
    both = check(np.concatenate([voices["rms"], voices["slt"]]), 16_000, encoder)
    assert both.speakers == 2 and both.main_share < 0.8 and "OTHERS" in both.problems and not both.is_valid


@pytest.mark.parametrize(
    "pcm",
    [
        np.zeros(0, np.int16),
        np.zeros(5, np.int16),
        np.zeros(160_000, np.int16),
        np.full(160_000, 32_767, np.int16),
        np.tile(np.array([-32_768, 32_767], np.int16), 40_000),
        np.random.default_rng(0).integers(-32_768, 32_768, 100_000).astype(np.int16),
    ],
    ids=["nothing", "a click", "silence", "a stuck input", "a whistle", "noise"],
)
def test_what_is_no_speech_is_said_so_and_never_crashes(pcm: Pcm) -> None:
    found = check(pcm, 16_000)
    assert found.problems == ("NO_SPEECH",) and found.score == 0 and not found.is_valid


@example(seconds=0.25, rate=22_050, gain=1.0, seed=0)  # no block of it is all speech
@settings(max_examples=60, deadline=None)
@given(
    seconds=st.floats(0, 4),
    rate=st.sampled_from([16_000, 22_050, 24_000, 48_000]),
    gain=st.floats(0, 4),
    seed=st.integers(0, 99),
)
def test_any_sound_gets_a_judgement(seconds: float, rate: int, gain: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    sound = random.standard_normal(round(seconds * rate)) * np.repeat(random.random(40), 5_000)[: round(seconds * rate)]
    found = check(np.clip(sound * gain * 9_000, -32_768, 32_767).astype(np.int16), rate)
    assert 0 <= found.score <= 1 and np.isfinite([found.to_json()[name] for name in ("snrDb", "modulation")]).all()
