"""Alignment: paths that must come out, and phones of a voice whose true times are known."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np

from selfsame.studio.voice.align import align, standardised, viterbi, warp
from selfsame.studio.voice.utterance import speech_level, speech_mask
from selfsame.voice.units.line import line_of
from selfsame.voice.units.sound import FRAMES
from tests.own_voice.conftest import PERSON, SENTENCES, utterances
from tests.support.speech import spoken

LEAD = 3000 / 22050
"""Silence in front of the recordings."""


def test_warping_finds_a_stretched_copy() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 6)).astype(np.float32)
    path = warp(rows, np.repeat(rows, 2, axis=0))
    assert path[0] == (0, 0) and path[-1] == (39, 79)
    assert np.mean([j // 2 == i for i, j in path]) > 0.95


def test_viterbi_keeps_to_the_chain_and_skips_what_it_may() -> None:
    table = np.full((9, 4), -5.0)
    table[:3, 0] = table[3:9, 1] = 0.0
    table[6:, 1], table[6:, 3] = -5.0, 0.0
    skips = np.array([True, False, True, False])
    assert viterbi(table, np.zeros(4), skips).tolist() == [0, 0, 0, 1, 1, 1, 3, 3, 3]
    firm = viterbi(table, np.zeros(4), np.array([True, False, False, False]))
    assert sorted(set(firm.tolist())) == [0, 1, 2, 3]


def test_phones_are_found_where_they_are() -> None:
    """The person is a synthetic voice with other formants and speed, so the true times are known."""
    said = utterances()
    aligned = align(said)
    wrong = []
    for text, segments in zip(SENTENCES, aligned, strict=True):
        truth = [p for p in line_of(spoken(text, "EN", PERSON)).phones if p.name]
        found = [s for s in segments if s.phone.name]
        names = [s.phone.name for s in found], [p.name for p in truth]
        for a, b, size in SequenceMatcher(None, *names, autojunk=False).get_matching_blocks():
            pairs = zip(found[a : a + size], truth[b : b + size], strict=True)
            wrong += [abs(s.first / FRAMES - LEAD - p.start) for s, p in pairs if s.first >= 0]
    assert len(wrong) > 200
    assert np.median(wrong) < 0.015
    assert np.percentile(wrong, 90) < 0.05


def test_segments_go_forward_inside_the_recording() -> None:
    said = utterances()
    for u, segments in zip(said, standardised(align(said[:3])), strict=False):
        there = [s for s in segments if s.first >= 0]
        assert len(there) > 10
        assert all(a.last <= b.first for a, b in zip(there[:-1], there[1:], strict=True))
        assert there[-1].last <= len(u.real.cepstra)
        assert np.isfinite([s.fit for s in segments]).all()


def test_speech_is_told_from_silence() -> None:
    real = utterances()[0].real
    mask = speech_mask(real)
    assert not mask[:15].any() and mask.mean() > 0.4
    assert speech_level(np.zeros(0, np.float32)) == 0.0
