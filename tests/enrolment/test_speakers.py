"""Who speaks when: exact with an encoder that knows, measured with the real one on readers who take turns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.studio.voice.cleaning import Span, at_level, loudness, speech_spans, utterances
from selfsame.studio.voice.speakers import find_speakers, main_speaker
from tests.enrolment.people import Tones

RATE = 16_000


def tone(person: int, seconds: float) -> Pcm:
    """Syllables of one person's pitch."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * 200 * person * time) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))).astype(
        np.int16
    )


def pause(seconds: float) -> Pcm:
    return np.random.default_rng(1).normal(0, 5, round(seconds * RATE)).astype(np.int16)


def test_turns_are_told_apart_and_ranked_by_how_much_each_says() -> None:
    pcm = np.concatenate(
        [pause(0.5), tone(1, 4), pause(0.5), tone(2, 9), pause(0.5), tone(1, 4), pause(0.5), tone(3, 3.5), pause(0.5)]
    )
    found = find_speakers(pcm, Tones())
    assert [talk.speaker for talk in found.talks] == [1, 0, 1, 2]
    assert found.shares == pytest.approx((9 / 20.5, 8 / 20.5, 3.5 / 20.5), abs=0.02)
    assert [talk.span.start for talk in found.talks] == pytest.approx([0.5, 5.0, 14.5, 19.0], abs=0.08)
    (main,) = main_speaker(pcm, Tones())
    assert (main.start, main.end) == pytest.approx((5.0, 14.0), abs=0.08)


def test_a_word_of_somebody_else_makes_no_speaker() -> None:
    pcm = np.concatenate([tone(1, 8), pause(0.4), tone(2, 0.8), pause(0.4), tone(1, 8)])
    assert len(find_speakers(pcm, Tones()).shares) == 1


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.3, 5.0])
def test_without_speech_there_is_nobody(seconds: float) -> None:
    for pcm in (pause(seconds), np.zeros(round(seconds * RATE), np.int16)):
        assert find_speakers(pcm, Tones()).talks == () and main_speaker(pcm, Tones()) == []


def test_a_short_word_alone_is_found() -> None:
    (span,) = main_speaker(np.concatenate([pause(1), tone(1, 0.5), pause(1)]), Tones())
    assert span.seconds == pytest.approx(0.5, abs=0.1)


def test_a_long_recording_is_clustered_by_a_part_of_it() -> None:
    pcm = np.concatenate([part for _ in range(11) for part in (tone(1, 15), pause(0.5), tone(2, 8), pause(0.5))])
    found = find_speakers(pcm, Tones())
    assert found.shares == pytest.approx((15 / 23, 8 / 23), abs=0.02) and len(found.talks) == 22


def turns(readers: list[list[Pcm]], order: list[int], seconds: float) -> tuple[Pcm, np.ndarray]:
    """Readers taking turns, at one level, and who speaks in each 10 ms (-1 nobody)."""
    parts, labels, used = [], [], [0] * len(readers)
    for reader in order:
        own = readers[reader]
        part = own[used[reader] % len(own)][: round(seconds * RATE) // 160 * 160]
        used[reader] += 1
        part = part[: len(part) // 160 * 160]
        parts += [at_level(part, RATE), pause(0.4)]
        labels += [np.full(len(part) // 160, reader), np.full(40, -1)]
    return np.concatenate(parts), np.concatenate(labels)


def confusion(pcm: Pcm, labels: np.ndarray, encoder: Ge2eSpeakerEncoder) -> tuple[float, int]:
    """Share of the found speech that went to the wrong person, by the best naming, and how many were found."""
    found = find_speakers(pcm, encoder)
    told = np.full(len(labels), -1)
    for talk in found.talks:
        told[round(talk.span.start * 100) : round(talk.span.end * 100)] = talk.speaker
    both = (labels >= 0) & (told >= 0)
    people, speakers = int(labels.max()) + 1, max(len(found.shares), int(labels.max()) + 1)
    best = max(
        sum(int(((labels == who) & (told == name) & both).sum()) for who, name in enumerate(names))
        for names in itertools.permutations(range(speakers), people)
    )
    return 1 - best / int(both.sum()), len(found.shares)


def test_readers_who_take_turns_are_told_apart(readers: dict[str, list[Pcm]], encoder: Ge2eSpeakerEncoder) -> None:
    names = ["libri-1998", "libri-2033", "libri-2609", "libri-3080", "vctk-p226"]  # none was used to choose a limit
    wrong, right = [], 0
    for first, second in [(0, 1), (2, 3), (4, 0)]:
        pcm, labels = turns([readers[names[first]], readers[names[second]]], [0, 1, 0, 0, 1, 0], 5.0)
        error, count = confusion(pcm, labels, encoder)
        wrong.append(error)
        right += count == 2
    assert float(np.mean(wrong)) < 0.05 and right >= 2
    for name in names[:2]:
        assert len(find_speakers(np.concatenate(readers[name][:4]), encoder).shares) == 1


def test_speech_is_found_between_pauses(voices: dict[str, Pcm]) -> None:
    for pcm in voices.values():
        spans = speech_spans(pcm, RATE)
        assert 3 <= len(utterances(spans)) <= 6
        assert spans[0].start == pytest.approx(0.45, abs=0.25) and spans[-1].end < len(pcm) / RATE - 0.2
        inside = np.zeros(len(pcm), bool)
        for span in spans:
            inside[round(span.start * RATE) : round(span.end * RATE)] = True
        power = pcm.astype(float) ** 2
        assert power[~inside].sum() < 0.01 * power.sum()


@pytest.mark.parametrize("gain", [0.02, 0.3, 1.0])
def test_an_utterance_gets_one_loudness(voices: dict[str, Pcm], gain: float) -> None:
    pcm = (voices["slt"] * gain).astype(np.int16)
    levelled = at_level(pcm, RATE)
    assert loudness(levelled, RATE) == pytest.approx(-20, abs=0.3)
    assert np.abs(levelled).max() < 32_768 * 0.9


def test_loudness_is_that_of_the_standard() -> None:
    """A sine of 997 Hz at full scale in one channel measures -3.01 LUFS (BS.1770-4, annex 1)."""
    time = np.arange(48_000 * 2) / 48_000
    full = (32_767 * np.sin(2 * np.pi * 997 * time)).astype(np.int16)
    assert loudness(full, 48_000) == pytest.approx(-3.01, abs=0.05)
    assert loudness(np.zeros(9_000, np.int16), 48_000) == loudness(np.zeros(0, np.int16), 48_000) == -70


def test_utterances_are_cut_at_pauses() -> None:
    spans = [Span(0, 3), Span(3.2, 5), Span(7, 7.5), Span(10, 22.5), Span(30, 60)]
    cut = utterances(spans)
    assert cut[0] == Span(0, 5) and cut[1] == Span(10, 22.5)
    assert [part.seconds for part in cut[2:]] == [15, 15]
