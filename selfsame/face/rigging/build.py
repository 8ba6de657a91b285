"""From a photo and its landmarks to the rig."""

from __future__ import annotations

import numpy as np

from selfsame.errors import BadInput
from selfsame.events.shown import Image
from selfsame.face.port import Points
from selfsame.face.rig import RIG_SHAPES, FaceRig
from selfsame.face.rigging.crop import crop
from selfsame.face.rigging.deltas import Moves, closing_rows, shape_moves
from selfsame.face.rigging.depth import head_shape
from selfsame.face.rigging.frame import Array, FaceFrame, face_frame, smooth
from selfsame.face.rigging.interior import paint_mouth
from selfsame.face.rigging.landmarks import LANDMARKS, LOWER_LIP, UPPER_LIP
from selfsame.face.rigging.lids import paint_lids
from selfsame.face.rigging.open_mouth import at_the_lips, without_opening
from selfsame.face.rigging.topology import Triangles, build_mesh, doubled_areas, settle, untie


def build_rig(image: Image, points: Points, size: int = 512) -> FaceRig:
    """Make a photo movable: 0.2 to 0.4 s of one core.

    `image` is BGR, `points` are the landmarks (478, 3) in its pixels, `size` the edge of the rig's texture. Raises
    BadInput when the landmarks are no face (not finite, or all in a few pixels). Blocks: offload it.
    """
    if points.shape != (LANDMARKS, 3) or not np.isfinite(points).all():
        raise BadInput("No face was found that could be animated. Use a photo of one face, seen from the front.")
    spread = np.ptp(points[:, :2], axis=0)
    if spread.min() < 8:
        raise BadInput("The face in the photo is too small. Use a photo in which the face is at least 60 pixels high.")
    cut = crop(image, points, size)
    marks = cut.points.astype(float)
    frame = face_frame(marks)
    marks = at_the_lips(cut.texture, marks, frame)
    places = settle(marks, frame)
    vertices, triangles, border = build_mesh(places, size, frame)
    pinned = np.zeros(len(vertices), bool)
    pinned[len(vertices) - border :] = True

    free = 1 - np.array([_near_border(place, size) for place in vertices])
    free[pinned] = 0
    neutral = _neutral(vertices, triangles, frame, free)
    rest = vertices + neutral
    # Landmarks much in error near a corner of the mouth may leave a sliver that cannot be unfolded: it is left out.
    triangles = triangles[doubled_areas(rest, triangles) > 0.01]
    moves = shape_moves(rest, frame, size)
    deltas = np.stack([_fit(rest, moves[name] * free[:, None], triangles, pinned) for name in RIG_SHAPES])
    depth, follow, pivot = head_shape(vertices, marks, frame, border)
    seam = rest[[UPPER_LIP[3][5], LOWER_LIP[3][5]]].mean(0)
    texture = without_opening(cut.texture, marks, frame)
    left, right = paint_lids(texture, marks, frame)
    return FaceRig(
        texture=texture,
        vertices=vertices.astype(np.float32),
        triangles=triangles,
        shapes=RIG_SHAPES,
        deltas=deltas.astype(np.float32),
        neutral=neutral.astype(np.float32),
        closing=np.array(closing_rows(), np.float32),
        depth=depth.astype(np.float32),
        follow=follow.astype(np.float32),
        pivot=pivot.astype(np.float32),
        lips={
            "upperOuter": UPPER_LIP[0],
            "lowerOuter": LOWER_LIP[0],
            "upperInner": UPPER_LIP[3],
            "lowerInner": LOWER_LIP[3],
        },
        mouth=paint_mouth(cut.texture, marks, frame, seam),
        left=left,
        right=right,
    )


def _near_border(place: Array, size: int) -> float:
    """1 on the texture's border, falling to 0 a little inside it: nothing moves at the border."""
    away = min(float(place.min()), size - 1 - float(place.max()))
    return 1 - float(smooth(0.0, 0.14 * size, away))


def _fit(rest: Array, move: Array, triangles: Triangles, pinned: np.ndarray) -> Array:
    """A shape's move (n, 2) rounded as the file rounds it, and calmed where it would turn a triangle of `rest` over."""
    if not move.any():
        return move
    at_rest = doubled_areas(rest, triangles)
    calm = move
    for least in (0.5, 1.5, 4.0):
        calm = untie(rest + move, triangles, pinned, np.minimum(least, 0.5 * at_rest)) - rest
        step = max(float(np.abs(calm).max()), 1e-6) / 127
        rounded = np.rint(calm / step) * step
        if (doubled_areas(rest + rounded, triangles) > 0).all():
            return rounded
    for share in np.arange(0.9, 0.0, -0.1):
        step = float(np.abs(calm).max()) * share / 127
        rounded = np.rint(calm * share / step) * step
        if (doubled_areas(rest + rounded, triangles) > 0).all():
            return rounded
    return np.zeros_like(move)


def _neutral(vertices: Array, triangles: Triangles, frame: FaceFrame, free: Array) -> Array:
    """The move that closes the photographed mouth: drawn in first, then the inner lips brought together exactly."""
    move = frame.pixels(Moves(vertices, frame).neutral()) * free[:, None]
    down = np.array([-frame.mouth_right[1], frame.mouth_right[0]])
    moved = vertices + move
    pull = np.zeros(11)
    for column in range(1, 10):
        pull[column] = (moved[LOWER_LIP[3][column]] - moved[UPPER_LIP[3][column]]) @ down
    for vertex, column, share in closing_rows():
        move[vertex] += share * pull[column] * down
    joined = tuple((UPPER_LIP[3][column], LOWER_LIP[3][column]) for column in range(1, 10))
    return untie(vertices + move, triangles, free == 0, joined=joined) - vertices
