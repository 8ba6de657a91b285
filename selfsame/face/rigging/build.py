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
from selfsame.face.rigging.frame import Array, FaceFrame, face_frame
from selfsame.face.rigging.interior import paint_mouth
from selfsame.face.rigging.landmarks import LANDMARKS, LOWER_LIP, UPPER_LIP
from selfsame.face.rigging.lids import paint_lids
from selfsame.face.rigging.topology import build_mesh, settle, untangle


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
    places = settle(marks, frame)
    vertices, triangles, border = build_mesh(places, size, frame)
    pinned = np.zeros(len(vertices), bool)
    pinned[len(vertices) - border :] = True

    neutral = untangle(vertices, _neutral(vertices, frame, pinned), triangles, pinned)
    rest = vertices + neutral
    moves = shape_moves(rest, frame, size)
    deltas = np.stack([untangle(rest, _held(moves[name], pinned), triangles, pinned) for name in RIG_SHAPES])
    depth, follow, pivot = head_shape(vertices, marks, frame, border)
    seam = rest[[UPPER_LIP[3][5], LOWER_LIP[3][5]]].mean(0)
    left, right = paint_lids(cut.texture, marks, frame)
    return FaceRig(
        texture=cut.texture,
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


def _held(move: Array, pinned: np.ndarray) -> Array:
    """The move with the border held still."""
    return np.where(pinned[:, None], 0.0, move)


def _neutral(vertices: Array, frame: FaceFrame, pinned: np.ndarray) -> Array:
    """The move that closes the photographed mouth: drawn in first, then the inner lips brought together exactly."""
    move = _held(frame.pixels(Moves(vertices, frame).neutral()), pinned)
    moved = vertices + move
    pull = np.zeros(11)
    for column in range(1, 10):
        pull[column] = (moved[LOWER_LIP[3][column]] - moved[UPPER_LIP[3][column]]) @ frame.down
    for vertex, column, share in closing_rows():
        move[vertex] += share * pull[column] * frame.down
    return move
