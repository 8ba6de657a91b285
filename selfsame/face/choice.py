"""Which animator: exact phoneme times where there are some, the sound alone where there are none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.events.spoken import SpokenChunk
from selfsame.face.articulation import Mouths
from selfsame.face.chance import ease
from selfsame.face.motion import PhonemeAnimator, PhonemeMouth, Reply
from selfsame.face.port import AnimatingAbilities, FaceAnimator
from selfsame.face.sound.animator import SoundAnimator, SoundMouth
from selfsame.face.sound.network import Network, trained
from selfsame.kit.pcm import rms

_VOICED = 0.003  # RMS of full scale: -50 dB
_WITHOUT = 0.5  # seconds of voice without phonemes, after some had come: the engine was changed within the reply
_CHANGE = 0.12


def animator_for(*, phoneme_times: bool) -> FaceAnimator:
    """The animator for a voice that always gives, or never gives, phoneme times."""
    return PhonemeAnimator() if phoneme_times else SoundAnimator()


class BestMouth:
    """Phonemes while the chunks carry them. The first voiced chunk decides; without phonemes the sound decides.

    When a reply goes on without phonemes (another engine took over), the sound takes over where they ended.
    """

    def __init__(self, network: Network) -> None:
        self.marks_stress = True
        self._network = network
        self._phonemes = PhonemeMouth()
        self._sound: SoundMouth | None = None
        self._sound_from = np.inf
        self._said = 0.0  # where the last phoneme ends
        self._has_phonemes = False
        self._kept: list[tuple[SpokenChunk, float]] = []  # chunks since then, not yet heard by a SoundMouth

    def listen(self, chunk: SpokenChunk, origin: float) -> None:
        """Take in a chunk and decide."""
        if self._sound is not None:
            self._sound.listen(chunk, origin)
            return
        self._phonemes.listen(chunk, origin)
        if chunk.phonemes:
            self._has_phonemes = True
            self._said = max(self._said, origin + max(p.end for p in chunk.phonemes))
            self._kept.clear()
        self._kept.append((chunk, origin))
        unsaid = sum(
            min(kept.seconds, begin + kept.seconds - self._said)
            for kept, begin in self._kept
            if begin + kept.seconds > self._said and rms(kept.pcm) > _VOICED
        )
        if unsaid > (_WITHOUT if self._has_phonemes else 0.0):
            self._listen_to_sound()

    def _listen_to_sound(self) -> None:
        self.marks_stress = False
        self._sound = SoundMouth(self._network, self._kept[0][1])
        self._sound_from = self._said if self._has_phonemes else -np.inf
        for chunk, origin in self._kept:
            self._sound.listen(chunk, origin)
        self._kept.clear()

    def mouths(self, times: npt.NDArray[np.float64], *, finished: bool) -> Mouths:
        """The mouth at `times`."""
        if self._sound is None:
            return self._phonemes.mouths(times, finished=finished)
        by_sound = self._sound.mouths(times, finished=finished)
        share = ease((times - self._sound_from) / _CHANGE)[:, None]
        if share.min() >= 1.0:
            return by_sound
        by_phonemes = self._phonemes.mouths(times, finished=finished)
        return by_phonemes + share * (by_sound - by_phonemes)


class BestAnimator:
    """Animates any voice: by its phonemes reply by reply, by its sound where it has none."""

    abilities = AnimatingAbilities("best", needs_phonemes=False, languages=frozenset())

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or trained()

    def open(self, seed: int) -> Reply:
        """Begin a reply."""
        return Reply(BestMouth(self._network), seed)
