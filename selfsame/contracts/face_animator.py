"""What every animator of faces must keep. Subclass in your tests and give `animator` and `speech` fixtures.

class TestMine(FaceAnimatorContract):
    @pytest.fixture
    def animator(self): return MyAnimator(...)
    @pytest.fixture
    def speech(self): return [...]  # the chunks of a spoken reply of some seconds, as the voice would give them
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from selfsame.events.shown import BLENDSHAPES, CHANNELS, MOTION_FPS, Frames, still
from selfsame.events.spoken import SpokenChunk
from selfsame.face.port import FaceAnimator

OVERLAP_SECONDS = 0.35
SEED = 7
_MOUTH = [number for number, name in enumerate(CHANNELS) if name.startswith(("mouth", "jaw", "tongue"))]
_SHARP = [CHANNELS.index(n) for n in ("mouthClose", "mouthRollLower", "mouthPressLeft", "mouthPressRight")]


def animate(animator: FaceAnimator, chunks: Iterable[SpokenChunk], seed: int = SEED) -> Frames:
    """The whole track, each stretch replacing what it overlaps."""
    animation, track = animator.open(seed), still(0)
    for chunk in chunks:
        motion = animation.add(chunk)
        track = np.concatenate([track[: motion.first], motion.frames])
    last = animation.finish()
    return np.concatenate([track[: last.first], last.frames])


def recut(chunks: Iterable[SpokenChunk], samples: Iterable[int]) -> list[SpokenChunk]:
    """The same speech in other pieces: `samples` are their lengths; the last piece takes the rest."""
    whole = joined(chunks)
    cuts = [0]
    for count in samples:
        if cuts[-1] + count >= len(whole.pcm):
            break
        cuts.append(cuts[-1] + count)
    pieces, rate = [], whole.sample_rate
    for number, (start, end) in enumerate(zip(cuts, [*cuts[1:], len(whole.pcm)], strict=True)):
        begin, limit, last = start / rate, end / rate, number == len(cuts) - 1
        phonemes = [p for p in whole.phonemes if begin <= p.start and (p.start < limit or last)]
        moved = tuple(type(p)(p.ipa, p.start - begin, p.end - begin) for p in phonemes)
        pieces.append(SpokenChunk(whole.pcm[start:end], rate, "", (), moved))
    return pieces


def joined(chunks: Iterable[SpokenChunk]) -> SpokenChunk:
    """The speech as one chunk."""
    pcm, phonemes, origin, rate = [np.zeros(0, np.int16)], [], 0.0, 16_000
    for chunk in chunks:
        phonemes += [type(p)(p.ipa, p.start + origin, p.end + origin) for p in chunk.phonemes]
        pcm.append(chunk.pcm)
        rate = chunk.sample_rate
        origin += chunk.seconds
    return SpokenChunk(np.concatenate(pcm), rate, "", (), tuple(phonemes))


class FaceAnimatorContract:
    """Frames without gaps, bounded and smooth, the same however the speech is cut, closing at the end."""

    @pytest.fixture
    def animator(self) -> FaceAnimator:
        """The animator under test."""
        raise NotImplementedError

    @pytest.fixture
    def speech(self) -> list[SpokenChunk]:
        """A spoken reply of some seconds."""
        raise NotImplementedError

    def test_frames_follow_the_chunks_without_a_gap(self, animator: FaceAnimator, speech: list[SpokenChunk]) -> None:
        animation, seconds, end = animator.open(SEED), 0.0, 0
        for chunk in speech:
            motion = animation.add(chunk)
            seconds += chunk.seconds
            assert motion.frames.dtype == np.float32 and motion.frames.shape[1:] == (len(CHANNELS),)
            assert motion.first <= end, "frames are missing"
            assert end - motion.first <= OVERLAP_SECONDS * MOTION_FPS, "too much is sent again"
            assert motion.end >= end and abs(motion.end - seconds * MOTION_FPS) <= 1
            end = motion.end
        last = animation.finish()
        assert last.first <= end <= last.end <= end + MOTION_FPS

    def test_what_was_settled_stays(self, animator: FaceAnimator, speech: list[SpokenChunk]) -> None:
        track = animate(animator, speech)
        animation, settled = animator.open(SEED), still(0)
        for chunk in speech:
            motion = animation.add(chunk)
            assert motion.first >= len(settled)
            settled = track[: motion.first]
        assert len(settled) > 0

    def test_the_cut_of_the_speech_makes_no_difference(self, animator: FaceAnimator, speech: list[SpokenChunk]) -> None:
        whole = animate(animator, [joined(speech)])
        for size in (1_234, 4_410, 11_025):
            pieces = recut(speech, [size] * 1000)
            assert len(pieces) > 3
            np.testing.assert_allclose(animate(animator, pieces), whole, atol=2e-5)

    def test_weights_are_bounded_and_the_mouth_does_not_jump(
        self, animator: FaceAnimator, speech: list[SpokenChunk]
    ) -> None:
        track = animate(animator, speech)
        weights = track[:, : len(BLENDSHAPES)]
        assert weights.min() >= 0 and weights.max() <= 1
        assert (weights.max(0) > 0.05).sum() > 8, "the face hardly moves"
        steps = np.abs(np.diff(track, axis=0))
        assert steps[:, [c for c in _MOUTH if c not in _SHARP]].max() < 0.5
        breath = track[:, CHANNELS.index("breath")]
        assert breath.min() >= 0 and breath.max() <= 1
        assert np.abs(track[:, len(BLENDSHAPES) : -1]).max() < 12, "degrees"

    def test_it_begins_near_and_ends_at_the_neutral_face(
        self, animator: FaceAnimator, speech: list[SpokenChunk]
    ) -> None:
        track = animate(animator, speech)
        assert np.abs(track[-1]).max() < 1e-3
        closes = CHANNELS.index("mouthClose")  # closed lips look neutral as long as the jaw is up
        assert np.abs(np.delete(track[0], closes)).max() < 0.35

    def test_the_same_seed_gives_the_same_motion(self, animator: FaceAnimator, speech: list[SpokenChunk]) -> None:
        first, again, other = animate(animator, speech), animate(animator, speech), animate(animator, speech, SEED + 1)
        assert np.array_equal(first, again)
        assert not np.allclose(first, other, atol=1e-3)
        np.testing.assert_array_equal(first[:, CHANNELS.index("jawOpen")], other[:, CHANNELS.index("jawOpen")])

    def test_silence_keeps_the_mouth_shut(self, animator: FaceAnimator) -> None:
        quiet = SpokenChunk(np.zeros(8_000, np.int16), 16_000, "")
        track = animate(animator, [quiet] * 6)
        jaw = track[:, CHANNELS.index("jawOpen")]
        assert len(track) >= 3 * MOTION_FPS and jaw.max() < 0.03

    def test_empty_replies_and_empty_chunks(self, animator: FaceAnimator, speech: list[SpokenChunk]) -> None:
        assert len(animate(animator, [])) <= MOTION_FPS
        empty = SpokenChunk(np.zeros(0, np.int16), speech[0].sample_rate, "")
        with_gaps = [piece for chunk in speech for piece in (empty, chunk)]
        np.testing.assert_allclose(animate(animator, with_gaps), animate(animator, speech), atol=2e-5)
