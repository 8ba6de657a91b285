"""Motion from the sound alone: the contract, how well it follows voices it never heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.cli.training.measures import best_lag, closures, correlation
from selfsame.cli.training.speech_corpus import HELD_OUT, VARIANTS
from selfsame.contracts.face_animator import FaceAnimatorContract, animate, joined, recut
from selfsame.events.shown import CHANNELS, MOTION_FPS
from selfsame.events.spoken import PhonemeTime, SpokenChunk
from selfsame.face.choice import BestAnimator, animator_for
from selfsame.face.motion import PhonemeAnimator
from selfsame.face.sound import SoundAnimator
from selfsame.face.sound.features import BANDS, HOP, WINDOW, Features, mel_db
from selfsame.face.sound.network import AFTER, trained
from tests.support.speech import TEXTS, spoken

COLUMN = {name: number for number, name in enumerate(CHANNELS)}


def mute(chunks) -> list[SpokenChunk]:
    """The same sound without its phonemes."""
    return [SpokenChunk(chunk.pcm, chunk.sample_rate, chunk.text, chunk.words) for chunk in chunks]


class TestSoundAnimatorContract(FaceAnimatorContract):
    @pytest.fixture
    def animator(self) -> SoundAnimator:
        return SoundAnimator()

    @pytest.fixture(params=TEXTS)
    def speech(self, request: pytest.FixtureRequest) -> list[SpokenChunk]:
        return mute(spoken(TEXTS[request.param], request.param))


class TestBestAnimatorContract(FaceAnimatorContract):
    @pytest.fixture
    def animator(self) -> BestAnimator:
        return BestAnimator()

    @pytest.fixture(params=["with phonemes", "without"])
    def speech(self, request: pytest.FixtureRequest) -> list[SpokenChunk]:
        chunks = spoken(TEXTS["EN"])
        return list(chunks) if request.param == "with phonemes" else mute(chunks)


@pytest.mark.parametrize("language", TEXTS)
def test_it_follows_voices_that_training_never_heard(language: str) -> None:
    assert not set(HELD_OUT) & set(VARIANTS)
    heard, known = [], []
    for variant in ("m7", "f5", "klatt3"):
        chunks = spoken(TEXTS[language], language, f"+{variant}")
        heard.append(animate(SoundAnimator(), mute(chunks)))
        known.append(animate(PhonemeAnimator(), chunks))
    heard, known = np.concatenate(heard), np.concatenate(known)
    for channel, least in (("jawOpen", 0.75), ("mouthClose", 0.55), ("mouthPucker", 0.55)):
        assert correlation(heard[:, COLUMN[channel]], known[:, COLUMN[channel]]) > least, channel
    assert best_lag(heard[:, COLUMN["jawOpen"]], known[:, COLUMN["jawOpen"]], 6)[1] in (-1, 0, 1)


def test_most_closures_are_found_and_few_invented() -> None:
    found, wanted, invented = 0.0, 0, []
    for language, text in TEXTS.items():
        whole = joined(spoken(text, language, "+m5"))
        frames = animate(SoundAnimator(), mute([whole]))
        times = np.arange(len(frames)) / MOTION_FPS + 0.03
        edges = [0.0, *(edge for p in whole.phonemes for edge in (p.start, p.end)), whole.seconds + 1.0]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        pauses = [moment for a, b in gaps if b - a > 0.05 for moment in np.arange(a, b + 0.02, 0.02)]
        told = closures(frames[:, COLUMN["mouthClose"]] > 0.7, times, whole.phonemes, pauses)
        found, wanted = found + told.recall * told.wanted, wanted + told.wanted
        invented.append(told.invented)
    assert wanted > 10 and found / wanted > 0.7
    assert np.mean(invented) < 25


def test_level_and_sample_rate_hardly_matter() -> None:
    whole = joined(spoken(TEXTS["EN"]))
    usual = animate(SoundAnimator(), mute([whole]))[:, COLUMN["jawOpen"]]
    quiet = SpokenChunk(whole.pcm // 10, whole.sample_rate, "")
    at = np.arange(0, len(whole.pcm) - 1, whole.sample_rate / 16_000)
    slower = SpokenChunk(np.interp(at, np.arange(len(whole.pcm)), whole.pcm).astype(np.int16), 16_000, "")
    for other in (quiet, slower):
        jaw = animate(SoundAnimator(), [other])[:, COLUMN["jawOpen"]]
        size = min(len(jaw), len(usual))
        assert correlation(jaw[30:size], usual[30:size]) > 0.9


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 20_000), max_size=10), seed=st.integers(0, 2**32 - 1))
def test_any_cut_gives_the_same_motion(cuts: list[int], seed: int) -> None:
    whole = mute([joined(spoken("Maybe five."))])
    expected = animate(SoundAnimator(), whole, seed)
    np.testing.assert_allclose(animate(SoundAnimator(), recut(whole, cuts), seed), expected, atol=2e-5)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=4000), rate=st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000]))
def test_any_sound_gives_finite_bounded_motion(data: bytes, rate: int) -> None:
    pcm = np.frombuffer(data[: len(data) // 2 * 2], np.int16)
    frames = animate(SoundAnimator(), [SpokenChunk(np.tile(pcm, 8), rate, "")])
    assert np.isfinite(frames).all() and frames[:, :34].min(initial=0) >= 0 and frames[:, :34].max(initial=0) <= 1


def test_the_network_looks_at_most_a_tenth_of_a_second_ahead() -> None:
    assert AFTER * HOP + WINDOW / 2 <= 0.1
    assert sum(w.size + b.size for w, b in zip(trained().weights, trained().biases, strict=True)) < 75_000


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_a_tone_is_in_its_band_at_its_level_whatever_the_rate(rate: int) -> None:
    time = np.arange(int(0.025 * rate)) / rate
    tone = (0.5 * 32767 * np.sin(2 * np.pi * 1000 * time)).astype(np.int16)
    bands = mel_db(tone[None], rate)[0]
    assert bands.shape == (BANDS,) and 8 <= bands.argmax() <= 12
    power = 10 * np.log10((10 ** (bands / 10)).sum())
    assert power == pytest.approx(20 * np.log10(0.5) - 3, abs=1.0)


def test_features_before_and_after_what_is_known() -> None:
    features = Features(trained().shape)
    features.add(spoken("Yes.")[0].pcm, 22_050)
    count = len(features)
    rows = features.between(-5, count + 5, silent=True)
    assert len(rows) == count + 10 and (rows[:5] == rows[0]).all() and (rows[-5:] == rows[0]).all()
    held = features.between(0, count + 5, silent=False)
    assert (held[-5:] == held[count - 1]).all()
    assert features.between(3, 3, silent=True).shape == (0, BANDS)


def test_the_best_animator_is_the_one_for_the_reply() -> None:
    chunks = list(spoken(TEXTS["EN"]))
    silence = SpokenChunk(np.zeros(2205, np.int16), 22_050, "")
    np.testing.assert_array_equal(
        animate(BestAnimator(), [silence, *chunks]), animate(PhonemeAnimator(), [silence, *chunks])
    )
    np.testing.assert_array_equal(
        animate(BestAnimator(), [silence, *mute(chunks)]), animate(SoundAnimator(), [silence, *mute(chunks)])
    )
    assert animator_for(phoneme_times=True).abilities.needs_phonemes
    assert not animator_for(phoneme_times=False).abilities.needs_phonemes
    assert not BestAnimator().abilities.needs_phonemes


def test_when_the_phonemes_end_the_sound_goes_on() -> None:
    chunks = list(spoken(TEXTS["EN"]))
    half = len(chunks) // 2
    frames = animate(BestAnimator(), [*chunks[:half], *mute(chunks[half:])])
    by_phonemes, by_sound = animate(PhonemeAnimator(), chunks), animate(SoundAnimator(), mute(chunks))
    cut = int(sum(chunk.seconds for chunk in chunks[:half]) * MOTION_FPS)
    jaw = COLUMN["jawOpen"]
    np.testing.assert_allclose(frames[: cut - 12, jaw], by_phonemes[: cut - 12, jaw], atol=1e-6)
    assert correlation(frames[cut + 30 :, jaw], by_sound[cut + 30 :, jaw]) > 0.8
    assert np.abs(np.diff(frames[:, jaw])).max() < 0.4


def test_the_measures() -> None:
    one = np.sin(np.arange(100) * 0.3)
    assert best_lag(np.roll(one, 3)[10:90], one[10:90], 8)[1] == 3
    assert correlation(one, np.zeros(100)) == 0.0
    times = np.arange(0, 2, 0.01)
    phonemes = [PhonemeTime("m", 0.5, 0.6), PhonemeTime("b", 1.2, 1.3), PhonemeTime("a", 0.6, 1.2)]
    shut = ((times > 0.52) & (times < 0.58)) | ((times > 0.88) & (times < 0.92)) | (times > 1.8)
    told = closures(shut, times, phonemes, [1.9])
    assert told.recall == 0.5 and told.wanted == 2
    assert told.invented == pytest.approx(1 / (1.99 / 60))
