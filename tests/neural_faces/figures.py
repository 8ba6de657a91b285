"""A rig that nobody drew: a face of numbers, and a painter whose whole art is to shift the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from selfsame.events.shown import CHANNELS, Frames, Image
from selfsame.face.port import RenderingAbilities
from selfsame.face.rig import Eye, FaceRig, Mouth, Sprite
from selfsame.kit.pcm import Pcm

SIZE = 256


def number_rig() -> FaceRig:
    """Landmarks on an ellipse, lips and lids where the measures look for them; jawOpen parts the lips by 20 pixels."""
    rng = np.random.default_rng(2)
    angle = rng.uniform(0, 2 * np.pi, 478)
    radius = np.sqrt(rng.uniform(0, 1, 478))
    points = np.stack([128 + 60 * radius * np.cos(angle), 128 + 80 * radius * np.sin(angle)], 1)
    places = {61: (108, 170), 291: (148, 170), 13: (128, 169), 14: (128, 171), 159: (104, 108), 145: (104, 116)}
    places |= {33: (92, 112), 133: (116, 112), 386: (152, 108), 374: (152, 116), 362: (140, 112), 263: (164, 112)}
    for number, place in places.items():
        points[number] = place
    deltas = np.zeros((1, 478, 2), np.float32)
    deltas[0, 14, 1] = 20
    blank = np.zeros((4, 4, 4), np.uint8)
    sprite = Sprite(blank)
    pair = np.zeros(2, np.float32)
    mouth = Mouth(np.float32([128, 170]), 40.0, np.float32([1, 0]), pair, 0.1, 0.1, sprite, sprite, sprite, sprite)
    eye = Eye(90, 100, (blank[..., :3],))
    texture = np.full((SIZE, SIZE, 3), 90, np.uint8)
    texture[:, 118:138] = 180
    return FaceRig(
        texture=texture,
        vertices=points.astype(np.float32),
        triangles=np.zeros((1, 3), np.uint16),
        shapes=("jawOpen",),
        deltas=deltas,
        neutral=np.zeros((478, 2), np.float32),
        closing=np.zeros((0, 3), np.float32),
        depth=np.zeros(478, np.float32),
        follow=np.ones(478, np.float32),
        pivot=np.float32([128, 220]),
        lips={"upperOuter": (), "lowerOuter": (), "upperInner": (), "lowerInner": ()},
        mouth=mouth,
        left=eye,
        right=eye,
    )


class ShiftRenderer:
    """Meets the port `VideoRenderer`: the head's yaw shifts the picture by four pixels a degree."""

    abilities = RenderingAbilities("shift", "fake")

    def open(self, rig: FaceRig, size: int) -> ShiftPainter:
        return ShiftPainter(rig, size)


class ShiftPainter:
    def __init__(self, rig: FaceRig, size: int) -> None:
        step = rig.size / size
        index = (np.arange(size) * step).astype(int)
        self._picture = rig.texture[index][:, index]

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        for frame in frames:
            yield np.roll(self._picture, round(4 * float(frame[CHANNELS.index("headYaw")])), axis=1)
