"""From motion frames to the numbers that move a rig: shape weights, lip pulls and the head's turn.

Everything that moves a vertex is a sum of fixed fields times a weight of the frame: the shapes, the closed neutral
mouth, the pull on each pair of inner lip points, and five terms of the head. Only the pulls are not linear in the
frame; they are found here from the inner lips alone.
"""

from __future__ import annotations

import numpy as np

from selfsame.events.shown import BLENDSHAPES, CHANNELS, Frames
from selfsame.face.rig import GAZE_UNIT, FaceRig, Floats

PAIRS = 11
HEAD_TERMS = 5
MAX_TURN = 12.0
"""Degrees: beyond it a picture that is only bent looks wrong."""
MAX_GAZE = 20.0

_COLUMN = {name: i for i, name in enumerate(CHANNELS)}


class Poser:
    """Weights of all fields for frames of one rig. The fields, in order: shapes, neutral, pulls, head terms."""

    def __init__(self, rig: FaceRig) -> None:
        self.shapes = rig.shapes
        self._from = [_COLUMN.get(name, -1) for name in rig.shapes]
        right = rig.mouth.right
        self.down = np.array([-right[1], right[0]], np.float32)
        self._inner = np.array([rig.lips["upperInner"], rig.lips["lowerInner"]])
        n = len(rig.vertices)
        self._pull = np.zeros((PAIRS, n), np.float32)
        for vertex, pair, share in rig.closing:
            self._pull[int(pair), int(vertex)] += share
        self.fields = np.concatenate(
            (
                rig.deltas,
                rig.neutral[None],
                self._pull[..., None] * self.down,
                head_fields(rig.vertices - rig.pivot, rig.depth, rig.follow),
            )
        ).astype(np.float32)
        """Moves (f, n, 2) of every vertex at weight 1 of every field."""
        flat = self._inner.ravel()
        self._lip_fields = np.ascontiguousarray(self.fields[:, flat]).reshape(len(self.fields), -1)
        self._lip_rest = rig.vertices[flat]

    def weights(self, frames: Frames) -> Floats:
        """The weights (t, f) of all fields for `frames` (t, channels); numbers out of range are clipped."""
        frames = clipped(frames)
        shapes = np.stack([frames[:, c] if c >= 0 else np.zeros(len(frames), np.float32) for c in self._from], 1)
        open_eyes = 1 - (frames[:, _COLUMN["eyeBlinkLeft"]] + frames[:, _COLUMN["eyeBlinkRight"]]) / 2
        for name in ("gazeYaw", "gazePitch"):
            if name in self.shapes:
                shapes[:, self.shapes.index(name)] = frames[:, _COLUMN[name]] / GAZE_UNIT * open_eyes
        one = np.ones((len(frames), 1), np.float32)
        linear = np.concatenate((shapes, one), 1)
        inner = self._lip_rest + (linear @ self._lip_fields[: linear.shape[1]]).reshape(len(frames), 2 * PAIRS, 2)
        gap = (inner[:, PAIRS:] - inner[:, :PAIRS]) @ self.down
        pulls = np.where(gap < 0, gap, gap * frames[:, [_COLUMN["mouthClose"]]])
        pulls[:, [0, -1]] = 0
        return np.concatenate((linear, pulls, head_terms(frames)), 1).astype(np.float32)

    def lips(self, weights: Floats) -> Floats:
        """Places (2, 11, 2) of the upper and the lower inner lip for one frame's weights (f,)."""
        places = self._lip_rest + (weights @ self._lip_fields).reshape(-1, 2)
        return places.reshape(2, PAIRS, 2).astype(np.float32)


def clipped(frames: Frames) -> Frames:
    """Frames with every number in its range and none missing."""
    out = np.nan_to_num(np.asarray(frames, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    bound = np.array(
        [1.0] * len(BLENDSHAPES) + [MAX_TURN] * 3 + [MAX_GAZE] * 2 + [1.0],
        np.float32,
    )
    low = np.where(np.arange(len(CHANNELS)) < len(BLENDSHAPES), 0.0, -bound).astype(np.float32)
    low[-1] = 0.0
    return np.clip(out, low, bound)


def head_terms(frames: Frames) -> Floats:
    """Weights (t, 5) of the head's fields."""
    yaw, pitch, roll = (np.deg2rad(frames[:, _COLUMN[n]]) for n in ("headYaw", "headPitch", "headRoll"))
    terms = (np.sin(yaw), np.sin(pitch), np.sin(roll), 1 - np.cos(yaw), 1 - np.cos(pitch))
    return np.stack(terms, 1).astype(np.float32)


def head_fields(p: Floats, depth: Floats, follow: Floats) -> Floats:
    """Moves (5, n, 2) for places `p` (n, 2) from the pivot."""
    none = np.zeros_like(depth)
    x, y = p[:, 0], p[:, 1]
    fields = (
        np.stack((depth, none), 1),
        np.stack((none, -depth), 1),
        np.stack((-follow * y, follow * x), 1),
        np.stack((-follow * x, none), 1),
        np.stack((none, -follow * y), 1),
    )
    return np.stack(fields).astype(np.float32)
