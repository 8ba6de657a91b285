"""Eyelids: patches of the texture from open to shut.

Each eye is unrolled into its own upright frame. A closing lid is painted in the skin's own colour, taken from clean
places above and below the eye, with a soft crease, a rounded shade and a line of lashes; the photo's own lashes would
smear if they were stretched.
"""

from __future__ import annotations

import cv2
import numpy as np

from selfsame.events.shown import Image
from selfsame.face.rig import Eye
from selfsame.face.rigging.frame import Array, FaceFrame, smooth
from selfsame.face.rigging.landmarks import (
    LEFT_BROW_LOW,
    LEFT_LOWER_LID,
    LEFT_UPPER_LID,
    RIGHT_BROW_LOW,
    RIGHT_LOWER_LID,
    RIGHT_UPPER_LID,
)

PATCHES = 6
FINE = 2
"""Patches are painted so many times larger and then averaged down."""


def paint_lids(texture: Image, points: Array, frame: FaceFrame) -> tuple[Eye, Eye]:
    """The person's left and right eye."""
    left = _Lid(texture, points, frame, (LEFT_UPPER_LID, LEFT_LOWER_LID, LEFT_BROW_LOW))
    right = _Lid(texture, points, frame, (RIGHT_UPPER_LID, RIGHT_LOWER_LID, RIGHT_BROW_LOW))
    return left.eye(), right.eye()


class _Lid:
    """One eye in its own upright frame: rows go down, columns from the seen left corner to the right one."""

    def __init__(self, texture: Image, points: Array, frame: FaceFrame, numbers: tuple[tuple[int, ...], ...]) -> None:
        self.texture = texture
        upper, lower, brow = (np.asarray(points, float)[list(n), :2] for n in numbers)
        if upper[0] @ frame.right > upper[-1] @ frame.right:
            upper, lower = upper[::-1], lower[::-1]
        across = upper[-1] - upper[0]
        self.length = float(np.linalg.norm(across))
        self.axis = across / self.length
        self.down = np.array([-self.axis[1], self.axis[0]])
        self.origin = upper[0]
        s_up, t_up = self._own(upper)
        s_low, t_low = self._own(lower)
        _, t_brow = self._own(brow)
        e = self.length
        self.left, self.right = -0.24 * e, 1.24 * e
        self.top = float(np.clip(t_brow.max() - 0.02 * e, -0.75 * e, t_up.min() - 0.30 * e))
        self.bottom = float(t_low.max() + 0.34 * e)
        self.x = np.arange(self.left, self.right, 1 / FINE)
        self.y = np.arange(self.top, self.bottom, 1 / FINE)[:, None]
        self.photo = self._unroll()
        self._outline((s_up, t_up), (s_low, t_low), (0.0, 0.0))
        self._outline((s_up, t_up), (s_low, t_low), self._beyond())
        self.clean, self.lashes = self._without_lashes()

    def _outline(self, upper: tuple[Array, Array], lower: tuple[Array, Array], beyond: tuple[float, float]) -> None:
        """Lines of both lids in every column, with the corners `beyond` the landmarks' ones.

        `along` (columns,) is the place from corner (0) to corner (the eye's length).
        """
        e = self.length
        first, last = -beyond[0], e + beyond[1]
        self.along = (self.x - first) * e / (last - first)
        inside = np.clip(self.x, first, last)
        sigma = 0.03 * e * FINE
        self.upper, self.lower = (
            _soft(np.interp(inside, np.concatenate(([first], s[1:-1], [last])), t), sigma) for s, t in (upper, lower)
        )
        self.lower = np.maximum(self.lower, self.upper)
        opening = (self.y >= self.upper) & (self.y <= self.lower) & (self.along > 0) & (self.along < e)
        self.away = cv2.distanceTransform((~opening).astype(np.uint8), cv2.DIST_L2, 5) / FINE

    def _beyond(self) -> tuple[float, float]:
        """How far the lashes' dark goes on beyond the left and the right corner."""
        e = self.length
        columns = self._dark().max(0) > 0.5
        reach = round(0.15 * e * FINE)
        left, right = int(np.searchsorted(self.x, 0.0)), int(np.searchsorted(self.x, e))
        runs = (columns[left - reach : left][::-1], columns[right : right + reach])
        found = [len(run) if run.all() else int(run.argmin()) for run in runs]
        return found[0] / FINE, found[1] / FINE

    def _dark(self) -> Array:
        """Where lashes are (0..1): darker than the skin and near the upper lid. Brows and glasses are farther away."""
        e = self.length
        light = self.photo.mean(2)
        skin = cv2.GaussianBlur(cv2.dilate(light, np.ones((3, 3))), (0, 0), 0.12 * e * FINE)
        dark = smooth(0.06, 0.22, (skin - light) / np.maximum(skin, 1.0))
        near = (1 - smooth(0.14 * e, 0.26 * e, self.away)) * (1 - smooth(0.0, 0.06 * e, self.y - self.lower))
        return dark * near * (self.away > 0)

    def _own(self, places: Array) -> tuple[Array, Array]:
        rel = places - self.origin
        return rel @ self.axis, rel @ self.down

    def _place(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Texture places of own places."""
        px = self.origin[0] + x * self.axis[0] + y * self.down[0]
        py = self.origin[1] + x * self.axis[1] + y * self.down[1]
        return px.astype(np.float32), py.astype(np.float32)

    def _unroll(self) -> Array:
        x, y = np.broadcast_arrays(self.x[None], self.y)
        return self._look(x, y)

    def _look(self, x: Array, y: Array) -> Array:
        px, py = self._place(x, y)
        return cv2.remap(self.texture, px, py, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(float)

    def _without_lashes(self) -> tuple[Array, Array]:
        """The photo with the eye and the lashes above it painted over from the skin, and where lashes are (0..1)."""
        e = self.length
        # The white of the eye may go on beyond the corners.
        corner = (self.away > 0) & (self.away < 0.06 * e) & ((self.along < 0.12 * e) | (self.along > 0.88 * e))
        lash = np.maximum(cv2.dilate(self._dark(), np.ones((3, 3))), corner)
        mask = ((lash > 0.25) | (self.away < 0.075 * e)).astype(np.uint8)
        photo = np.clip(np.rint(self.photo), 0, 255).astype(np.uint8)
        clean = cv2.inpaint(photo, mask, 0.06 * e * FINE, cv2.INPAINT_TELEA).astype(float)
        return clean, np.asarray(cv2.GaussianBlur(lash, (0, 0), 0.6 * FINE), float)

    def _skin(self) -> Array:
        """The lid's colour in every column: clean skin between brow and crease, and below the eye."""
        e = self.length
        steps = np.linspace(0, 1, 9)[:, None]
        high = np.maximum(self.top + 0.02 * e, self.upper - 0.42 * e)
        above = self._look(*np.broadcast_arrays(self.x[None], high + (self.upper - 0.20 * e - high) * steps))
        below = self._look(*np.broadcast_arrays(self.x[None], self.lower + (0.12 + 0.18 * steps) * e))
        # Lashes and shadow are darker than skin: the brighter part of each column is the skin.
        under = np.percentile(below, 50, axis=0)
        colour = np.percentile(above, 65, axis=0)
        # Make-up may darken a lid; the rim of glasses must not.
        dark = np.clip((0.75 - colour.mean() / max(under.mean(), 1.0)) / 0.15, 0, 1)
        colour = colour * (0.6 - 0.4 * dark) + under * (0.4 + 0.4 * dark)
        sigma = 0.14 * e * FINE
        return cv2.GaussianBlur(colour[None], (0, 0), sigmaX=sigma, sigmaY=0.1, borderType=cv2.BORDER_REPLICATE)[0]

    def _grain(self) -> Array:
        """Fine grain like that of the skin below the eye, as a factor: paint without it looks like plastic."""
        e = self.length
        steps = np.linspace(0.12, 0.26, 12)[:, None]
        patch = self._look(*np.broadcast_arrays(self.x[None], self.lower[None] + steps * e)).mean(2)
        rough = float(np.std(np.diff(patch, axis=1)) / max(patch.mean(), 1.0))
        shape = (len(self.y), len(self.x))
        noise = cv2.GaussianBlur(np.random.default_rng(0).standard_normal(shape), (0, 0), 0.8 * FINE)
        return 1 + min(rough, 0.03) * 0.6 * noise / max(float(noise.std()), 1e-6)

    def _paint(self, shut: float) -> tuple[Array, Array]:
        """The eye shut by `shut` (0..1), and how far each place of it differs from the photo (0..1)."""
        e, y = self.length, self.y
        skin = self._skin()[None] * self._grain()[..., None]
        edge = self.upper + (self.lower + 0.02 * e - self.upper) * shut
        ends = smooth(-0.06 * e, 0.12 * e, self.along) * (1 - smooth(0.88 * e, 1.06 * e, self.along))
        arch = np.sqrt(np.clip(1 - ((self.along - 0.5 * e) / (0.64 * e)) ** 2, 0, 1))
        reach = np.maximum(np.minimum(0.44 * e, 0.9 * (self.upper - self.top)) * arch, 0.02 * e)
        start = self.upper - reach
        t = np.clip((y - start) / np.maximum(edge - start, 1e-6), 0, 1)
        # A rounded lid: a soft crease where the open lid folds, light in the middle, darker towards the lashes.
        crease = np.exp(-(((y - self.upper + 0.20 * e) / (0.045 * e)) ** 2)) * ends * shut
        shade = 0.985 + 0.045 * np.exp(-(((t - 0.62) / 0.22) ** 2)) - 0.13 * smooth(0.74, 1.0, t)
        lid = skin * (shade[..., None] - crease[..., None] * np.array([0.085, 0.075, 0.055]))
        # Over the eyeball the lid is all there at once; above it, it takes the lashes' place as they go down.
        over = smooth(-0.4, 0.4, y - self.upper + 0.02 * e)
        early = min(1.0, 2.2 * shut)
        share = np.maximum(over, early * smooth(0.0, 0.6, (y - start) / reach))
        share = share * (1 - smooth(-0.8 / FINE, 0.8 / FINE, y - edge)) * ends
        below = np.where(y > edge, np.exp(-np.clip(y - edge, 0, None) / (0.06 * e)), 0.0)
        shadow = 0.30 * min(1, 2 * shut) * below * ends
        dark = self._lashes(edge, ends, shut)
        low = edge + 0.05 * e * max(0.0, shut - 0.6) / 0.4  # the white may go on below the line that the network sees
        passed = smooth(-0.6, 0.6, y - self.upper) * (1 - smooth(-0.8 / FINE, 0.8 / FINE, y - low))
        passed = passed * smooth(-0.02 * e, 0.0, self.along) * (1 - smooth(e, 1.02 * e, self.along))
        gone = np.maximum(passed, early * self.lashes * (y < edge + 0.04 * e))[..., None]
        out = (self.photo + (self.clean - self.photo) * gone) * (1 - shadow)[..., None]
        out = out + (lid - out) * share[..., None]
        out = out + (self._lash_colour() - out) * dark[..., None]
        return out, np.maximum.reduce([share, shadow / 0.3, dark, gone[..., 0]])

    def _lashes(self, edge: Array, ends: Array, shut: float) -> Array:
        """How dark it is near the lid's edge: a line, thickest in the middle, with a soft fringe below it."""
        e, y = self.length, self.y
        thick = 0.034 * e * (0.4 + 0.6 * ends)
        away = y - edge
        line = np.exp(-((away / thick) ** 2))
        fringe = np.where(away > 0, np.exp(-away / (0.06 * e)), 0.0)
        return min(1.0, 4.0 * shut) * ends * np.maximum(0.82 * line, 0.36 * fringe * shut)

    def _lash_colour(self) -> Array:
        near = np.abs(self.y - self.upper) < 0.06 * self.length
        near = near & (self.x > 0.1 * self.length) & (self.x < 0.9 * self.length)
        colours = self.photo[near]
        if not len(colours):
            return np.array([25.0, 25.0, 30.0])
        light = colours.mean(1)
        return colours[light <= np.percentile(light, 15)].mean(0) * 0.8

    def eye(self) -> Eye:
        box = np.array([(x, y) for x in (self.left, self.right) for y in (self.top, self.bottom)])
        xs, ys = self._place(box[:, 0], box[:, 1])
        edge = self.texture.shape[0]
        x0, x1 = max(0, int(xs.min())), min(edge, int(xs.max()) + 2)
        y0, y1 = max(0, int(ys.min())), min(edge, int(ys.max()) + 2)
        gx, gy = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
        s, t = self._own(np.stack((gx, gy), -1).astype(float))
        mx = ((s - self.left) * FINE).astype(np.float32)
        my = ((t - self.top) * FINE).astype(np.float32)
        rows, columns = self.photo.shape[:2]
        border = np.minimum.reduce([mx, columns - 1 - mx, my * 0.8, rows - 1 - my])
        feather = smooth(0.0, 0.06 * self.length * FINE, border)[..., None]
        base = self.texture[y0:y1, x0:x1]
        patches = [np.ascontiguousarray(base)]
        for step in range(1, PATCHES):
            painted, changed = self._paint(step / (PATCHES - 1))
            own = np.dstack((painted, smooth(0.0, 0.12, changed))).astype(np.float32)
            own = cv2.GaussianBlur(own, (0, 0), 0.35 * FINE)
            back = cv2.remap(own, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            share = back[..., 3:] * feather
            patches.append(np.clip(np.rint(base + (back[..., :3] - base) * share), 0, 255).astype(np.uint8))
        return Eye(x0, y0, tuple(patches))


def _soft(line: Array, sigma: float) -> Array:
    return cv2.GaussianBlur(line[None], (0, 0), sigmaX=max(sigma, 0.5), sigmaY=0.1, borderType=cv2.BORDER_REPLICATE)[0]
