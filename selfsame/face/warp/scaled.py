"""A rig at another size: everything that is in pixels is scaled once, when a painter is opened."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from selfsame.events.shown import Image
from selfsame.face.rig import Eye, FaceRig, Floats, Sprite


def scale_rig(rig: FaceRig, size: int) -> FaceRig:
    """`rig` with a texture of `size` x `size` pixels and everything else to match."""
    if size == rig.size:
        return rig
    k = np.float32(size / rig.size)

    def place(values: Floats) -> Floats:
        return (values + np.float32(0.5)) * k - np.float32(0.5)

    def sprite(old: Sprite) -> Sprite:
        height, width = old.pixels.shape[:2]
        new = (max(3, round(width * size / rig.size)), max(3, round(height * size / rig.size)))
        return Sprite(np.asarray(cv2.resize(old.pixels, new, interpolation=_way(k)), np.uint8))

    mouth = rig.mouth
    return replace(
        rig,
        texture=_resized(rig.texture, size),
        vertices=place(rig.vertices),
        deltas=rig.deltas * k,
        neutral=rig.neutral * k,
        depth=rig.depth * k,
        pivot=place(rig.pivot),
        mouth=replace(
            mouth,
            seam=place(mouth.seam),
            width=mouth.width * float(k),
            jaw=mouth.jaw * k,
            cavity=sprite(mouth.cavity),
            tongue=sprite(mouth.tongue),
            lower=sprite(mouth.lower),
            upper=sprite(mouth.upper),
        ),
        left=_scale_eye(rig, rig.left, size),
        right=_scale_eye(rig, rig.right, size),
    )


def _way(k: np.float32) -> int:
    return cv2.INTER_AREA if k < 1 else cv2.INTER_CUBIC


def _resized(image: Image, size: int) -> Image:
    way = _way(np.float32(size / image.shape[0]))
    return np.asarray(cv2.resize(image, (size, size), interpolation=way), np.uint8)


def _scale_eye(rig: FaceRig, eye: Eye, size: int) -> Eye:
    """The patches cut from whole textures that were scaled, so that they fit the scaled texture to the pixel."""
    height, width = eye.patches[0].shape[:2]
    k = size / rig.size
    x0, y0 = int(eye.x * k), int(eye.y * k)
    x1, y1 = min(size, int(np.ceil((eye.x + width) * k))), min(size, int(np.ceil((eye.y + height) * k)))
    patches = []
    for patch in eye.patches:
        whole = rig.texture.copy()
        whole[eye.y : eye.y + height, eye.x : eye.x + width] = patch
        patches.append(np.ascontiguousarray(_resized(whole, size)[y0:y1, x0:x1]))
    return Eye(x0, y0, tuple(patches))
