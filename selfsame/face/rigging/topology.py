"""Vertices and triangles: the landmarks, rings around the head and the border, joined by a Delaunay triangulation.

The triangles are found with the mouth and the eyes wide open, so that lips and lids are edges of them and the opening
between the lips can be left out. They are the person's own: no fixed list fits a face seen a little from the side.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.face.rigging.frame import Array, FaceFrame, smooth
from selfsame.face.rigging.landmarks import (
    LEFT_IRIS,
    LEFT_LOWER_LID,
    LEFT_UPPER_LID,
    LIPS,
    LOWER_LIP,
    LOWER_ONLY,
    OVAL,
    RIGHT_IRIS,
    RIGHT_LOWER_LID,
    RIGHT_UPPER_LID,
    UPPER_LIP,
    UPPER_ONLY,
)

RINGS = ((1.12, 2), (1.27, 2), (1.45, 2), (1.68, 2), (1.98, 2))
"""How far beyond the face's outline rings of vertices lie, and every how manieth outline point they take."""
BORDER = 9
"""Vertices along each edge of the texture."""
Triangles = npt.NDArray[np.uint16]
WAY = 1.0
"""The sign of every triangle's area: they turn clockwise as seen (y goes down)."""
LEAST_AREA = 0.5
"""Twice the area, in square pixels, that a triangle keeps whatever moves."""


def settle(points: npt.NDArray[np.floating], frame: FaceFrame) -> Array:
    """Landmark places (478, 2) made fit for a mesh: lips do not cross, rings keep their order, irises stay inside."""
    p = np.asarray(points, float)[:, :2].copy()
    for column in range(1, 10):
        upper, lower = UPPER_LIP[3][column], LOWER_LIP[3][column]
        gap = float((p[lower] - p[upper]) @ frame.down)
        if gap < 0:
            p[[upper, lower]] = (p[upper] + p[lower]) / 2
        for lip, sign in ((UPPER_LIP, -1.0), (LOWER_LIP, 1.0)):
            _order(p, [lip[ring][column] for ring in range(4)], sign * frame.down, 0.006 * frame.unit)
    for column, sign in ((0, -1.0), (10, 1.0)):
        _order(p, [UPPER_LIP[ring][column] for ring in range(4)], sign * frame.right, 0.012 * frame.unit)
    for iris, upper, lower in (
        (RIGHT_IRIS, RIGHT_UPPER_LID, RIGHT_LOWER_LID),
        (LEFT_IRIS, LEFT_UPPER_LID, LEFT_LOWER_LID),
    ):
        _between_lids(p, iris, p[list(upper)], p[list(lower)])
    return p


def _order(p: Array, ring: list[int], outward: Array, least: float) -> None:
    """Move a column's outer points outward until each lies at least `least` beyond the next inner one."""
    for inner, outer in ((3, 2), (2, 1), (1, 0)):
        step = float((p[ring[outer]] - p[ring[inner]]) @ outward)
        if step < least:
            p[ring[outer]] += (least - step) * outward


def _between_lids(p: Array, iris: tuple[int, ...], upper: Array, lower: Array) -> None:
    """Pull the iris points into the eye's opening: above the lower lid and below the upper one, with a margin."""
    across = upper[-1] - upper[0]
    length = float(np.linalg.norm(across))
    axis = across / length
    down = np.array([-axis[1], axis[0]])
    s_up, t_up = (upper - upper[0]) @ axis, (upper - upper[0]) @ down
    s_low, t_low = (lower - upper[0]) @ axis, (lower - upper[0]) @ down
    for i in iris:
        s, t = float((p[i] - upper[0]) @ axis), float((p[i] - upper[0]) @ down)
        s = float(np.clip(s, 0.16 * length, 0.84 * length))
        high, low = float(np.interp(s, s_up, t_up)), float(np.interp(s, s_low, t_low))
        low = max(low, high + 0.02 * length)
        share = 0.22 * (low - high)
        p[i] = upper[0] + axis * s + down * float(np.clip(t, high + share, low - share))


def surroundings(p: Array, size: int) -> tuple[Array, Array]:
    """Vertices outside the landmarks: around the head (a, 2) and on the texture's border (b, 2)."""
    oval = p[list(OVAL)]
    middle = oval.mean(0)
    rings = [(middle + (oval - middle) * scale)[::every] for scale, every in RINGS]
    margin = 0.02 * size
    around = np.concatenate(rings)
    around = around[((around > margin) & (around < size - 1 - margin)).all(1)]
    line = np.linspace(0, size - 1, BORDER)
    border = np.array([(x, y) for y in line for x in line if x in (0, size - 1) or y in (0, size - 1)])
    return around, border


def build_mesh(p: Array, size: int, frame: FaceFrame) -> tuple[Array, npt.NDArray[np.uint16], int]:
    """Vertices (n, 2), triangles (m, 3) and how many of the last vertices lie on the border.

    All triangles turn the same way; the mouth's opening is left out. A few landmarks give way by some pixels where
    the network has them behind one another; as texture and mesh move together, that does not show.
    """
    around, border = surroundings(p, size)
    opened = np.concatenate((_opened(np.concatenate((p, around)), frame, size), border))
    triangles = delaunay(opened)
    hole = set(UPPER_LIP[3]) | set(LOWER_LIP[3])
    above, below = set(UPPER_ONLY), set(LOWER_ONLY)
    keep = [not (hole.issuperset(t) or (above.intersection(t) and below.intersection(t))) for t in triangles.tolist()]
    triangles = triangles[keep].astype(np.uint16)
    pinned = np.zeros(len(opened), bool)
    pinned[len(opened) - len(border) :] = True
    wanted = np.concatenate((p, around, border))
    return untie(wanted, triangles, pinned), triangles, len(border)


def untie(
    places: Array,
    triangles: Triangles,
    pinned: npt.NDArray[np.bool_],
    least: Array | float = LEAST_AREA,
    joined: tuple[tuple[int, int], ...] = (),
) -> Array:
    """`places` with the vertices of turned triangles drawn towards their neighbours' middle until none is turned.

    Triangles keep `least` of twice their area. `pinned` vertices stay, the two of a `joined` pair stay together.
    """
    a, b = np.array(joined, int).reshape(-1, 2).T
    places = places.copy()
    pairs, count = _neighbours(triangles, len(places))
    for _ in range(400):
        bad = doubled_areas(places, triangles) * WAY < least
        if not bad.any():
            break
        touched = np.zeros(len(places), bool)
        touched[triangles[bad].ravel()] = True
        touched &= ~pinned
        places[touched] += 0.25 * (_mean(places, pairs, count) - places)[touched]
        places[a] = places[b] = (places[a] + places[b]) / 2
    return places


def _neighbours(triangles: npt.NDArray[np.integer], n: int) -> tuple[npt.NDArray[np.int64], Array]:
    """Pairs of joined vertices (p, 2), each both ways, and how many each vertex has (n, 1)."""
    ways = ((0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2))
    pairs = np.concatenate([triangles[:, list(way)] for way in ways]).astype(np.int64)
    return pairs, np.maximum(np.bincount(pairs[:, 0], minlength=n), 1).astype(float)[:, None]


def _mean(values: Array, pairs: npt.NDArray[np.int64], count: Array) -> Array:
    """The mean (n, 2) of the neighbours' values."""
    n = len(values)
    return np.stack([np.bincount(pairs[:, 0], values[pairs[:, 1], axis], n) for axis in (0, 1)], 1) / count


def _opened(p: Array, frame: FaceFrame, size: int) -> Array:
    """The vertices (landmarks first) with mouth and eyes wide open and the lips' rings well apart."""
    out = p.copy()
    u, v = frame.local(p)
    away = smooth(0.0, 0.25, v) * (1 - smooth(0.6, 1.6, np.abs(u)))
    away = away * (1 - smooth(frame.chin + 0.1, frame.chin + 1.3, v))
    away[list(LIPS)] = 0
    room = np.clip(size - 1 - p[:, 1], 0, None)
    out += frame.down * np.minimum(0.5 * frame.unit * away, 0.4 * room)[:, None]
    for lip, sign in ((UPPER_LIP, -1.0), (LOWER_LIP, 1.0)):
        for ring, numbers in enumerate(lip):
            for column in range(1, 10):
                arch = 1 - ((column - 5) / 5) ** 2
                along = out[numbers[0]] + (out[numbers[10]] - out[numbers[0]]) * column / 10
                reach = (0.38 if sign > 0 else 0.06) + 0.05 * (3 - ring)
                out[numbers[column]] = along + frame.down * (sign * reach * arch * frame.unit)
    for upper, lower in ((RIGHT_UPPER_LID, RIGHT_LOWER_LID), (LEFT_UPPER_LID, LEFT_LOWER_LID)):
        for a, b in zip(upper[1:-1], lower[1:-1], strict=True):
            gap = float((out[b] - out[a]) @ frame.down)
            short = max(0.0, 0.02 * frame.eyes - gap)
            out[a] -= frame.down * short / 2
            out[b] += frame.down * short / 2
    return out


def delaunay(places: Array) -> npt.NDArray[np.int64]:
    """The Delaunay triangulation of (n, 2) places, (m, 3), by Bowyer and Watson's insertion. n is a few hundred."""
    low, high = places.min(0), places.max(0)
    span = float((high - low).max()) * 20
    middle = (low + high) / 2
    far = np.array([(-span, -span), (span, -span), (0.0, span)]) + middle
    rng = np.random.default_rng(0)
    jitter = rng.uniform(-1, 1, places.shape) * span * 1e-8  # no four points on one circle
    pts = np.concatenate((places + jitter, far))
    n = len(places)
    triangles = np.array([[n, n + 1, n + 2]])
    centres, radii = _circles(pts, triangles)
    for i in range(n):
        bad = ((pts[i] - centres) ** 2).sum(1) < radii
        edges: dict[tuple[int, int], None] = {}
        for a, b, c in triangles[bad].tolist():
            for edge in ((a, b), (b, c), (c, a)):
                if edge[::-1] in edges:
                    del edges[edge[::-1]]
                else:
                    edges[edge] = None
        new = np.array([(a, b, i) for a, b in edges])
        new_centres, new_radii = _circles(pts, new)
        triangles = np.concatenate((triangles[~bad], new))
        centres = np.concatenate((centres[~bad], new_centres))
        radii = np.concatenate((radii[~bad], new_radii))
    triangles = triangles[(triangles < n).all(1)]
    back = doubled_areas(places, triangles) * WAY < 0
    triangles[back] = triangles[back][:, ::-1]
    return triangles


def _circles(pts: Array, triangles: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Centres and squared radii of the triangles' circumscribed circles."""
    a, b, c = (pts[triangles[:, j]] for j in range(3))
    ab, ac = b - a, c - a
    d = 2 * (ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0])
    d = np.where(np.abs(d) < 1e-12, 1e-12, d)
    bb, cc = (ab**2).sum(1), (ac**2).sum(1)
    x = (ac[:, 1] * bb - ab[:, 1] * cc) / d
    y = (ab[:, 0] * cc - ac[:, 0] * bb) / d
    return a + np.stack((x, y), 1), x**2 + y**2


def doubled_areas(places: npt.NDArray[np.floating], triangles: npt.NDArray[np.integer]) -> Array:
    """Twice the signed area of every triangle, (..., m), for places (..., n, 2)."""
    q = np.asarray(places, float)
    a, b, c = (q[..., triangles[:, j].astype(int), :] for j in range(3))
    ab, ac = b - a, c - a
    return ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0]
