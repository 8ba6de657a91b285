"""Eyes in the texture: the gaze moves the iris, then the lids close, before anything else is bent."""

from __future__ import annotations

import cv2
import numpy as np

from selfsame.face.rig import Eye, FaceRig, Floats, Picture
from selfsame.face.rigging.landmarks import LEFT_IRIS, RIGHT_IRIS
from selfsame.face.sampling import sample


class Eyes:
    """Keeps one working copy of the texture and rewrites only the eyes that changed."""

    def __init__(self, rig: FaceRig) -> None:
        self.texture = np.asarray(cv2.cvtColor(rig.texture, cv2.COLOR_BGR2BGRA), np.uint8)
        self._shapes = [rig.shapes.index(n) if n in rig.shapes else -1 for n in ("gazeYaw", "gazePitch")]
        self._eyes = [
            _Socket(rig, rig.left, LEFT_IRIS, self._shapes),
            _Socket(rig, rig.right, RIGHT_IRIS, self._shapes),
        ]
        self._shown: list[tuple[float, ...]] = [(), ()]

    def show(self, blink: tuple[float, float], weights: Floats) -> Picture:
        """The texture (BGRA) with the left and right eye shut by `blink` (0..1) and the gaze of the frame's weights."""
        gaze = tuple(float(weights[i]) if i >= 0 else 0.0 for i in self._shapes)
        for i, socket in enumerate(self._eyes):
            state = (round(blink[i], 3), *(round(each, 3) for each in gaze))
            if state != self._shown[i]:
                socket.paint(self.texture, *state)
                self._shown[i] = state
        return self.texture


class _Socket:
    def __init__(self, rig: FaceRig, eye: Eye, iris: tuple[int, ...], shapes: list[int]) -> None:
        self.eye = eye
        height, width = eye.patches[0].shape[:2]
        self.box = (slice(eye.y, eye.y + height), slice(eye.x, eye.x + width))
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        self.grid = np.stack((x, y), -1)
        share = _iris_share(rig, iris, self.grid + np.array([eye.x, eye.y], np.float32))
        centre = iris[0]
        self.moves = [share[..., None] * (rig.deltas[i, centre] if i >= 0 else np.zeros(2, np.float32)) for i in shapes]

    def paint(self, texture: Picture, blink: float, yaw: float, pitch: float) -> None:
        last = len(self.eye.patches) - 1
        at = min(max(blink, 0.0), 1.0) * last
        low = min(int(at), last - 1)
        picture = self.eye.patches[low]
        if at > low:
            picture = cv2.addWeighted(picture, 1 - (at - low), self.eye.patches[low + 1], at - low, 0)
        if abs(yaw) + abs(pitch) > 0.004:
            move = yaw * self.moves[0] + pitch * self.moves[1]
            picture = sample(picture, (self.grid - move).astype(np.float32))
        texture[self.box] = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)


def _iris_share(rig: FaceRig, iris: tuple[int, ...], places: Floats) -> Floats:
    """How far each place (h, w, 2) goes with the iris: linear over the triangles, 1 at it and 0 at the lids."""
    share = np.zeros(places.shape[:2], np.float32)
    for triangle in rig.triangles[np.isin(rig.triangles, iris).any(1)].astype(int):
        a, b, c = rig.vertices[triangle]
        total = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if abs(total) < 1e-6:
            continue
        rel = places - a
        wb = (rel[..., 0] * (c[1] - a[1]) - rel[..., 1] * (c[0] - a[0])) / total
        wc = ((b[0] - a[0]) * rel[..., 1] - (b[1] - a[1]) * rel[..., 0]) / total
        wa = 1 - wb - wc
        inside = (wa >= -1e-4) & (wb >= -1e-4) & (wc >= -1e-4)
        goes = [float(v in iris) for v in triangle]
        value = wa * goes[0] + wb * goes[1] + wc * goes[2]
        share = np.where(inside, np.maximum(share, value), share)
    return np.asarray(cv2.GaussianBlur(share, (0, 0), 0.8), np.float32)
