"""How far every vertex stands out towards the viewer, and how far it goes with the head."""

from __future__ import annotations

import numpy as np

from selfsame.face.rigging.frame import Array, FaceFrame, smooth
from selfsame.face.rigging.landmarks import CHIN, FOREHEAD, LEFT_CHEEK, OVAL, RIGHT_CHEEK

SWAY = 0.10
"""The whole head's own move when it turns, in face heights: it turns about the neck, behind the face."""
MARGIN = 0.18
"""The move grows from the texture's border inwards over such a share of its edge."""
CALM = 0.055
"""Depth is averaged over such a distance, in face heights: on a cheek turned away it jumps and would tear."""


def head_shape(places: Array, points: Array, frame: FaceFrame, border: int) -> tuple[Array, Array, Array]:
    """(depth (n,), follow (n,), pivot (2,)) of vertices `places`, landmarks first, the last `border` on the border."""
    p = points[:, :2]
    middle = p[list(OVAL)].mean(0)
    tall = float(np.linalg.norm(p[CHIN] - p[FOREHEAD]))
    rel = places - middle
    x, y = rel @ frame.right / tall, rel @ frame.down / tall
    # The head with its hair: an egg higher than the face, and below it the neck.
    out = np.hypot(x / 0.55, np.where(y < 0, y / 0.85, y / 0.72))
    follow = 1 - smooth(0.95, 1.55, out)
    follow *= 1 - smooth(0.45, 1.0, y)
    size = float(places.max())
    # Nothing moves on the texture's border, and little beside it: a triangle between the two would fold over.
    follow *= smooth(0.0, MARGIN * size, np.minimum(places, size - places).min(1))
    follow[len(places) - border :] = 0
    # Depth from the plane through both cheeks: a face photographed a little from the side counts as its own front.
    across = p @ frame.right
    ends = across[[RIGHT_CHEEK, LEFT_CHEEK]]
    z = np.interp(across, ends, points[[RIGHT_CHEEK, LEFT_CHEEK], 2]) - points[:, 2]
    depth = np.zeros(len(places))
    depth[: len(p)] = np.clip(z, 0, None)
    # Around the face the depth of the nearest outline goes on and falls off.
    oval = p[list(OVAL)]
    rest = places[len(p) :]
    if len(rest):
        away = np.linalg.norm(rest[:, None] - oval[None], axis=2)
        share = 1 / (away + 1e-6) ** 2
        edge = (share * np.clip(z[list(OVAL)], 0, None)).sum(1) / share.sum(1)
        depth[len(p) :] = edge * (1 - smooth(0.0, 0.35, away.min(1) / tall))
    depth = (_calmed(places, depth, CALM * tall) + SWAY * tall) * follow
    pivot = p[CHIN] + frame.down * 0.12 * tall
    return depth, follow, pivot


def _calmed(places: Array, depth: Array, reach: float) -> Array:
    """Each vertex' depth averaged with its neighbours', by a bell curve of width `reach`."""
    squared = ((places[:, None] - places[None]) ** 2).sum(2)
    share = np.exp(-squared / (2 * reach**2))
    return share @ depth / share.sum(1)
