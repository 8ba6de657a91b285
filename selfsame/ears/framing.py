"""Sound of any slicing in, frames of one length out; and the short memory of sound before an onset."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm


class Framer:
    """Cuts a stream into frames of `frame_samples`; what is left over waits for the next piece."""

    def __init__(self, frame_samples: int) -> None:
        self._size = frame_samples
        self._rest: Pcm = np.zeros(0, dtype=np.int16)

    def frames(self, pcm: Pcm, at: float) -> Iterator[tuple[Pcm, float]]:
        """Frames and the session times of their ends; `at` is the time of the end of `pcm`."""
        if len(self._rest):
            pcm = np.concatenate((self._rest, pcm))
        whole = len(pcm) // self._size * self._size
        self._rest = pcm[whole:]
        for end in range(self._size, whole + 1, self._size):
            yield pcm[end - self._size : end], at - (len(pcm) - end) / MICROPHONE_RATE

    def clear(self) -> Pcm:
        """Take what is left over (before a gap in the sound, or at its end)."""
        left, self._rest = self._rest, np.zeros(0, dtype=np.int16)
        return left


class Memory:
    """The last `seconds` of frames, each with the time of its end."""

    def __init__(self, seconds: float, frame_samples: int) -> None:
        self._frames: deque[tuple[Pcm, float]] = deque(maxlen=max(1, round(seconds * MICROPHONE_RATE / frame_samples)))

    def keep(self, frame: Pcm, at: float) -> None:
        """Remember a frame; the oldest is forgotten."""
        self._frames.append((frame, at))

    def take(self, since: float = float("-inf")) -> list[Pcm]:
        """All frames that end after `since`, oldest first; they are forgotten here."""
        taken = [frame for frame, at in self._frames if at > since]
        self._frames.clear()
        return taken

    def until(self, end: float) -> Pcm:
        """The sound of all frames that end by `end`; they stay remembered."""
        return np.concatenate([np.zeros(0, dtype=np.int16), *(frame for frame, at in self._frames if at <= end)])

    def __len__(self) -> int:
        return len(self._frames)
