"""LivePortrait behind the port `VideoRenderer`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from selfsame.events.shown import CHANNELS, Frames, Image, still
from selfsame.face.port import FacePainter, RenderingAbilities, VideoRenderer
from selfsame.face.rig import FaceRig
from selfsame.kit.pcm import Pcm
from selfsame.providers.liveportrait.keypoints import (
    Turning,
    driven_keypoints,
    lid_openings,
    lid_wish,
    lip_opening,
    source_keypoints,
)
from selfsame.providers.liveportrait.networks import INPUT, NAME, Networks

PROBE = 6.0
"""Degrees by which the head is turned to learn how the network counts angles."""
_DEAF = 0.5
"""Degrees of answer below which the network is taken not to see the turn at all."""


class LivePortraitRenderer:
    """Makes painters from the files of one folder, which are loaded once, at the first.

    `probe` draws a few turned heads (the warp renderer does), from which each painter learns the sign and size of the
    network's angles for this very face, instead of trusting a convention.
    """

    def __init__(self, folder: Path, probe: VideoRenderer, threads: int = 0) -> None:
        self.abilities = RenderingAbilities(NAME, "neural", (256, 360, 512), realtime=False)
        self._folder = folder
        self._probe = probe
        self._threads = threads
        self._networks: Networks | None = None
        self._loading = Lock()

    def open(self, rig: FaceRig, size: int) -> FacePainter:
        """A painter of that face. Raises Unavailable when a file is missing or is something else."""
        with self._loading:
            if self._networks is None:
                self._networks = Networks(self._folder, self._threads)
        return LivePortraitPainter(self._networks, rig, size, self._probe.open(rig, INPUT))


class LivePortraitPainter:
    """One face. The rig's square texture is cropped about as the networks were trained, so nothing is pasted back."""

    def __init__(self, networks: Networks, rig: FaceRig, size: int, probe: FacePainter) -> None:
        self._networks = networks
        self._rig = rig
        self._size = size
        picture = _scaled(rig.texture, INPUT)
        self._features = networks.appearance(picture)
        self._pose = networks.pose(picture)
        self._source = source_keypoints(self._pose)
        self._lips = lip_opening(rig)
        self._lids = lid_openings(rig)
        self._turning = _learn_turning(networks, probe)

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        """One picture per frame; the sound is not needed."""
        for frame in frames:
            yield self._picture(frame)

    def _picture(self, frame: Frames) -> Image:
        networks, source = self._networks, self._source
        driven = driven_keypoints(self._pose, frame, self._turning)
        driven = driven + networks.lips(source, self._lips, lip_opening(self._rig, frame))
        driven = driven + networks.eyes(source, self._lids, lid_wish(frame, self._lids))
        picture = networks.picture(self._features, source, networks.stitched(source, driven))
        return picture if picture.shape[0] == self._size else _scaled(picture, self._size)


def _scaled(picture: Image, size: int) -> Image:
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _learn_turning(networks: Networks, probe: FacePainter) -> Turning:
    """The network's degrees per degree of ours, from pictures of heads turned by a known angle either way."""
    gains = []
    for channel, axis in (("headPitch", "pitch"), ("headYaw", "yaw"), ("headRoll", "roll")):
        frames = still(2)
        frames[:, CHANNELS.index(channel)] = (PROBE, -PROBE)
        seen = [getattr(networks.pose(p), axis) for p in probe.paint(frames, np.zeros(0, np.int16), 16_000)]
        answer = seen[0] - seen[1]
        gain = answer / (2 * PROBE)
        gains.append(float(np.clip(gain, -1.5, 1.5)) if abs(answer) >= _DEAF else 1.0)
    return Turning(*gains)
