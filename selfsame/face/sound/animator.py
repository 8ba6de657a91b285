"""Speech to motion from the sound alone, streamed: for any voice and any language."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.events.spoken import SpokenChunk
from selfsame.face.articulation import Mouths
from selfsame.face.chance import ease
from selfsame.face.motion import Reply
from selfsame.face.port import AnimatingAbilities
from selfsame.face.sound.features import HOP, WINDOW, Features
from selfsame.face.sound.network import AFTER, BEFORE, Network, trained
from selfsame.face.visemes import MOUTH

_CLOSE = MOUTH.index("mouthClose")
_MIDDLE = WINDOW / 2  # of a row's window, after the row's beginning
_SMOOTH = np.array([0.15, 0.2, 0.3, 0.2, 0.15])  # over rows
_SIDE = len(_SMOOTH) // 2


class SoundMouth:
    """The mouth of a reply of which only the sound is known. `origin` is where in the reply it begins to listen."""

    marks_stress = False

    def __init__(self, network: Network, origin: float = 0.0) -> None:
        self._network = network
        self._features = Features(network.shape)
        self._origin = origin

    def listen(self, chunk: SpokenChunk, origin: float) -> None:
        """Take in the chunk's sound."""
        if len(chunk.pcm):
            self._features.add(chunk.pcm, chunk.sample_rate)

    def mouths(self, times: npt.NDArray[np.float64], *, finished: bool) -> Mouths:
        """The mouth at `times`, as if the sound went on as it was last, or `finished` with silence."""
        times = times - self._origin
        first = int(np.floor((times[0] - _MIDDLE) / HOP))
        end = int(np.ceil((times[-1] - _MIDDLE) / HOP)) + 1
        rows = self._features.between(first - BEFORE - _SIDE, end + AFTER + _SIDE, silent=finished)
        raw = self._network(rows).astype(np.float64)
        smooth = sum(part * raw[n : n + end - first] for n, part in enumerate(_SMOOTH))
        at = np.arange(first, end) * HOP + _MIDDLE
        mouths = np.stack([np.interp(times, at, column) for column in np.asarray(smooth).T], axis=1)
        mouths[:, _CLOSE] = decided(mouths[:, _CLOSE])
        return mouths


def decided(close: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Lips that are probably shut are shut: a half-closed m looks wrong."""
    return ease((close - 0.15) / 0.35)


class SoundAnimator:
    """Animates any voice by its sound. `network` is the trained one unless another is given."""

    abilities = AnimatingAbilities("sound", needs_phonemes=False, languages=frozenset())

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or trained()

    def open(self, seed: int) -> Reply:
        """Begin a reply."""
        return Reply(SoundMouth(self._network), seed)
