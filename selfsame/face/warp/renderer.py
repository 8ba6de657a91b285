"""The server's renderer: a photo bent by a few small matrix products and one `cv2.remap` per frame."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from selfsame.errors import Refused
from selfsame.events.shown import CHANNELS, Frames, Image
from selfsame.face.port import RenderingAbilities
from selfsame.face.rig import FaceRig, Floats
from selfsame.face.sampling import sample
from selfsame.face.warp.eyes import Eyes
from selfsame.face.warp.fields import LATTICE, Layers
from selfsame.face.warp.inside import Inside, MouthPose
from selfsame.face.warp.pose import HEAD_TERMS, Poser, clipped
from selfsame.face.warp.scaled import scale_rig
from selfsame.kit.pcm import Pcm

_COLUMN = {name: i for i, name in enumerate(CHANNELS)}
CHUNK = 8
"""Frames whose weights are found together."""


class WarpRenderer:
    """Makes painters that bend the photo on the CPU (`VideoRenderer`). Shared by sessions; holds nothing."""

    abilities = RenderingAbilities(name="warp", tier="embedded")

    def __init__(self, lattice: int = LATTICE) -> None:
        self._lattice = lattice

    def open(self, rig: FaceRig, size: int) -> WarpPainter:
        """A painter of `size` x `size` pictures: some 0.3 s of one core and 3 MB. Raises Refused for other sizes."""
        if size not in self.abilities.sizes:
            sizes = ", ".join(str(each) for each in self.abilities.sizes)
            raise Refused(f"Pictures can have {sizes} pixels, not {size}.", role="face", provider="warp")
        return WarpPainter(scale_rig(rig, size), self._lattice)


class WarpPainter:
    """Draws one face at its rig's size (`FacePainter`). Not shared between threads; every picture is a new array."""

    def __init__(self, rig: FaceRig, lattice: int = LATTICE) -> None:
        self._rig = rig
        self._poser = Poser(rig)
        self._layers = Layers(rig, self._poser.fields, lattice)
        self._eyes = Eyes(rig)
        self._inside = Inside(rig.mouth)
        inner = [rig.lips["upperInner"][5], rig.lips["lowerInner"][5]]
        self._at_seam = self._poser.fields[-HEAD_TERMS:, inner].mean(1)
        self._follow = float(rig.follow[inner].mean())

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        """One picture per frame, in order. The sound is not needed. Numbers out of range are clipped."""
        del sound, sample_rate
        for start in range(0, len(frames), CHUNK):
            part = clipped(frames[start : start + CHUNK])
            weights = self._poser.weights(part)
            for row in zip(part, weights, *self._layers.moves(weights), strict=True):
                yield self._draw(*row)

    def _draw(self, frame: Floats, weights: Floats, above: Floats, below: Floats) -> Image:
        blink = (float(frame[_COLUMN["eyeBlinkLeft"]]), float(frame[_COLUMN["eyeBlinkRight"]]))
        texture = self._eyes.show(blink, weights)
        lips = self._poser.lips(weights)
        upper, lower = self._layers.maps(above, below)
        look = self._join(upper, lower, lips)
        # Four channels are sampled in less than half the time that three take.
        four = sample(texture, look)
        picture = np.asarray(cv2.cvtColor(four, cv2.COLOR_BGRA2BGR), np.uint8)
        self._inside.paint(picture, self._mouth_pose(frame, weights, lips))
        return picture

    def _join(self, upper: Floats, lower: Floats, lips: Floats) -> Floats:
        """The whole picture's map: the upper layer's, and the lower layer's below the seam of the lips."""
        layers, size = self._layers, self._rig.size
        c = layers.cell
        look = cv2.resize(upper, None, fx=c, fy=c, interpolation=cv2.INTER_LINEAR)[c : c + size, c : c + size]
        x0, y0, x1, y1 = layers.box
        near = cv2.resize(lower, None, fx=c, fy=c, interpolation=cv2.INTER_LINEAR)[c:-c, c:-c]
        x1, y1 = min(x1, size), min(y1, size)
        seam = lips.mean(0)
        first, last = seam[0], seam[-1]
        along = (last - first) / max(float(np.hypot(*(last - first))), 1e-3) * 2 * size
        fall = np.array([-along[1], along[0]])
        outline = np.concatenate(
            (first[None] - along, seam, last[None] + along, [last + along + fall, first - along + fall])
        )
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [np.rint((outline - (x0, y0)) * 16).astype(np.int32)], 255, cv2.LINE_8, 4)
        cv2.copyTo(near[: y1 - y0, : x1 - x0], mask, look[y0:y1, x0:x1])
        return np.asarray(look, np.float32)

    def _mouth_pose(self, frame: Floats, weights: Floats, lips: Floats) -> MouthPose:
        m = self._rig.mouth
        side = float(frame[_COLUMN["jawLeft"]] - frame[_COLUMN["jawRight"]]) * 0.1 * m.width
        jaw = float(frame[_COLUMN["jawOpen"]]) * m.jaw + side * m.right
        angle = float(np.deg2rad(frame[_COLUMN["headRoll"]])) * self._follow
        moved = weights[-HEAD_TERMS:] @ self._at_seam
        return MouthPose(lips, moved, angle, jaw.astype(np.float32), float(frame[_COLUMN["tongueOut"]]))
