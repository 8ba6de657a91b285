"""The fields of a rig on a coarse lattice, in two layers: what moves with the upper lip and what with the lower one.

Between its vertices a field is a thin-plate spline (Duchon 1977; Bookstein 1989), solved once. A frame is then one
small matrix product per layer; the inverse map, which sampling needs, comes from fixed-point steps on the lattice.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.face.rig import FaceRig, Floats
from selfsame.face.rigging.frame import smooth
from selfsame.face.rigging.landmarks import LANDMARKS, LOWER_ONLY, UPPER_ONLY
from selfsame.face.sampling import sample

LATTICE = 64
"""Nodes along an edge, about: a cell is a whole number of pixels."""
STEPS = 4
"""Fixed-point steps of the inverse; the error falls by the field's slope (at most about 0.6) with each."""
SMOOTHING = 2e-5
"""Keeps the spline calm where landmarks lie within a pixel of one another (places in units of the edge)."""


class Layers:
    """Both layers for a rig of some size. Nodes lie at the cells' centres, one ring of them outside the picture."""

    def __init__(self, rig: FaceRig, fields: Floats, lattice: int = LATTICE) -> None:
        size = rig.size
        self.cell = max(1, round(size / lattice))
        self.count = -(-size // self.cell)
        line = ((np.arange(-1, self.count + 1) + 0.5) * self.cell - 0.5).astype(np.float32)
        x, y = np.meshgrid(line, line)
        self.nodes = np.stack((x, y), -1)
        self.window, self.box = self._window(rig)
        self._upper = self._solve(rig, fields, (*LOWER_ONLY, *range(LANDMARKS - 10, LANDMARKS)), self.nodes)
        j0, j1, i0, i1 = self.window
        near = self.nodes[j0:j1, i0:i1]
        self._lower = self._solve(rig, fields, (*UPPER_ONLY, *range(LANDMARKS - 10, LANDMARKS)), near)
        self._share = self._lower_share(rig, near)
        self._near = (slice(j0, j1), slice(i0, i1))
        self._numbers = _grid(*self.nodes.shape[:2])
        self._near_numbers = _grid(*near.shape[:2])
        self._first = np.array((i0, j0), np.float32)

    def _window(self, rig: FaceRig) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
        """The lower layer's part: (rows, columns) of nodes and its box (x0, y0, x1, y1) of pixels, whole cells."""
        m, c, n = rig.mouth, self.cell, self.count
        reach = 1.05 * m.width
        x0, x1 = (int((m.seam[0] + s * reach) // c) for s in (-1, 1))
        y0, y1 = int((m.seam[1] - 0.55 * m.width) // c), int((m.seam[1] + 1.6 * m.width) // c)
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(n, x1 + 1), min(n, y1 + 1)
        return (y0, y1 + 2, x0, x1 + 2), (x0 * c, y0 * c, x1 * c, y1 * c)

    def _solve(self, rig: FaceRig, fields: Floats, without: tuple[int, ...], nodes: Floats) -> Floats:
        """The fields (f, nodes * 2), in cells, of the vertices but `without`."""
        keep = np.setdiff1d(np.arange(len(rig.vertices)), without)
        centres = rig.vertices[keep].astype(float) / rig.size
        n = len(keep)
        plane = np.column_stack((np.ones(n), centres))
        system = np.zeros((n + 3, n + 3))
        system[:n, :n] = _kernel(centres, centres) + np.eye(n) * SMOOTHING
        system[:n, n:], system[n:, :n] = plane, plane.T
        values = fields[:, keep].transpose(1, 0, 2).reshape(n, -1)
        weights = np.linalg.solve(system, np.concatenate((values, np.zeros((3, values.shape[1])))))
        places = nodes.reshape(-1, 2).astype(float) / rig.size
        at = np.column_stack((_kernel(places, centres), np.ones(len(places)), places))
        found = (at @ weights).astype(np.float32).reshape(len(places), len(fields), 2)
        found /= np.float32(self.cell)
        return np.ascontiguousarray(found.transpose(1, 0, 2)).reshape(len(fields), -1)

    def _lower_share(self, rig: FaceRig, near: Floats) -> Floats:
        """1 where the lower layer counts, 0 towards the window's edge and beyond the corners of the mouth."""
        m = rig.mouth
        rel = (near - m.seam) / np.float32(m.width)
        u = rel @ m.right
        v = rel @ np.array([-m.right[1], m.right[0]], np.float32)
        corners = rig.vertices[[rig.lips["upperOuter"][0], rig.lips["upperOuter"][10]]]
        half = float(np.abs((corners - m.seam) @ m.right).max()) / m.width
        share = 1 - smooth(half * 1.05, half * 1.05 + 0.3, np.abs(u))
        share = share * (1 - smooth(1.1, 1.5, v)) * smooth(-0.5, -0.35, v)
        return share.astype(np.float32)[..., None]

    def moves(self, weights: Floats) -> tuple[Floats, Floats]:
        """Both layers' moves, (t, nodes * 2) in cells, for the weights (t, f) of some frames."""
        used = np.flatnonzero(weights.any(0))
        w = weights[:, used]
        # Not `@`: the linear-algebra library would wake its threads, which cost more than the sum.
        upper, lower = (np.einsum("tf,fn->tn", w, layer[used]) for layer in (self._upper, self._lower))
        return upper, lower

    def maps(self, upper: Floats, lower: Floats) -> tuple[Floats, Floats]:
        """Inverse maps of one frame's moves: the pixel at which each node of the upper and the lower layer looks."""
        above = _inverse(upper.reshape(self.nodes.shape), self._numbers)
        rows, columns = self._near
        below = _inverse(lower.reshape(self._near_numbers.shape), self._near_numbers)
        below += self._first
        part = above[rows, columns]
        below -= part
        below *= self._share
        below += part
        return self._pixels(above), self._pixels(below)

    def _pixels(self, numbers: Floats) -> Floats:
        """Node numbers, in place, as pixels: node i lies at (i - 0.5) cells - 0.5."""
        numbers *= np.float32(self.cell)
        numbers -= np.float32(0.5 * self.cell + 0.5)
        return numbers


def _inverse(field: Floats, numbers: Floats) -> Floats:
    """Where each node looks, in node numbers of its own part: x = number - field(x)."""
    found = numbers - field
    for _ in range(STEPS):
        np.subtract(numbers, sample(field, found), out=found)
    return found


def _grid(rows: int, columns: int) -> Floats:
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return np.stack((x, y), -1)


def _kernel(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    squared = ((a[:, None, 0] - b[None, :, 0]) ** 2) + (a[:, None, 1] - b[None, :, 1]) ** 2
    return squared * np.log(squared + 1e-12)
