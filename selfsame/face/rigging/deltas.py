"""The move of every vertex at weight 1 of every shape, written in the face's own axes and unit.

A unit is a mouth's width (about 50 mm). Lips move by rings: a shape says how far the outer and the inner contour go in
the middle and near the corners, the rings between follow. The skin moves by smooth masks of the place.
"""

from __future__ import annotations

import numpy as np

from selfsame.face.rig import RIG_SHAPES
from selfsame.face.rigging.frame import Array, FaceFrame, smooth
from selfsame.face.rigging.landmarks import (
    CORNERS,
    LANDMARKS,
    LEFT_BROW,
    LEFT_IRIS,
    LEFT_LOWER_LID,
    LEFT_UPPER_LID,
    LIPS,
    LOWER_LIP,
    RIGHT_BROW,
    RIGHT_IRIS,
    RIGHT_LOWER_LID,
    RIGHT_UPPER_LID,
    UPPER_LIP,
)

JAW = 0.60
"""How far the chin goes at jawOpen 1, in units: some 30 mm."""


class Moves:
    """Builds the moves of one face. `places` (n, 2) are all vertices at rest, landmarks first."""

    def __init__(self, places: Array, frame: FaceFrame) -> None:
        self.frame = frame
        self.n = len(places)
        self.u, self.v = frame.local(places)
        right, left = frame.halves
        # Across the mouth: -0.5 and 0.5 at its corners, even when one half is foreshortened.
        self.across = np.where(self.u < 0, self.u / right, self.u / left) * 0.5
        self.is_lip = np.zeros(self.n, bool)
        self.is_lip[list(LIPS)] = True
        self.skin = ~self.is_lip
        reach = np.hypot(self.across / 0.62, self.v / np.where(self.v < 0, 0.30, 0.42))
        self.around = np.where(self.is_lip, 1.0, 1 - smooth(0.8, 1.7, reach))
        low = np.where(self.v < 0, self.v / 0.62, self.v / 0.45)
        self.cheeks = np.where(self.is_lip, 1.0, 1 - smooth(0.5, 2.0, np.hypot(self.u / 0.75, low)))
        self.left = smooth(-0.12, 0.12, self.u)
        self.corner = smooth(0.12, 0.5, np.abs(self.across))

    def nothing(self) -> Array:
        return np.zeros((self.n, 2))

    def side(self, name: str) -> Array:
        """The share (n,) of a one-sided shape: the person's left is the right as seen."""
        return self.left if name == "Left" else 1 - self.left

    def lip(self, move: Array, lip: tuple[tuple[int, ...], ...], outer: float, inner: float, flat: float = 2.0) -> None:
        """Add a vertical move to a lip's rings: `outer` and `inner` in the middle, none at the corners."""
        for ring, numbers in enumerate(lip):
            amount = outer + (inner - outer) * ring / 3
            ids = list(numbers[1:-1])
            # To the ring's own corners: measured by the outer ones, an opening would end bluntly at the inner ones.
            ends = self.across[[numbers[0], numbers[-1]]]
            share = np.where(self.across[ids] < 0, self.across[ids] / ends[0], self.across[ids] / ends[1])
            move[ids, 1] += amount * (1 - np.clip(share, 0, 1) ** flat)

    def jaw(self) -> Array:
        """The share (n,) of skin below the lips that goes with the jaw."""
        chin = self.frame.chin
        width = 1 - smooth(0.30, 1.65, np.abs(self.u))
        # Towards the ears it begins higher and more slowly: the cheek is drawn out, without a dent in its outline.
        side = np.clip(np.abs(self.u) - 0.35, 0, 0.9)
        begins = smooth(0.0, 1.0, (self.v + 0.6 * side) / (0.30 + 0.9 * side))
        share = begins * width * (1 - smooth(chin * 1.02, chin + 1.25, self.v))
        share[self.is_lip] = 0
        return share

    def jaw_open(self) -> Array:
        """Chin and lower lip go down as one piece, the corners a fifth of the way and inward."""
        move = self.nothing()
        move[:, 1] = JAW * self.jaw()
        drop = JAW * 0.34
        # Skin beside the corners goes with them, else the cheek folds.
        for number in (61, 291):
            near = np.exp(-((self.u - self.u[number]) ** 2 + (self.v - self.v[number]) ** 2) / 0.26**2) * self.skin
            move[:, 1] = move[:, 1] * (1 - near) + drop * near
        self.lip(move, LOWER_LIP, JAW, JAW, 2.6)
        self.lip(move, UPPER_LIP, -0.02, -0.025, 2.0)
        edge = np.clip(np.abs(self.across) / 0.5, 0, 1)
        ends = np.where(self.is_lip, drop * edge**2.2, 0)
        ends[list(CORNERS)] = drop
        move[:, 1] += ends
        move[:, 0] = -0.11 * self.u * self.around
        return move

    def jaw_side(self, sign: float) -> Array:
        move = self.nothing()
        move[:, 0] = sign * 0.13 * self.jaw()
        for ring in LOWER_LIP:
            ids = list(ring)
            move[ids, 0] = sign * 0.10 * (1 - 0.6 * np.clip(np.abs(self.across[ids]) / 0.5, 0, 1) ** 2)
        for ring in UPPER_LIP:
            ids = list(ring[1:-1])
            move[ids, 0] = sign * 0.025
        return move

    def rounded(self, squeeze: float, upper: tuple[float, float], lower: tuple[float, float]) -> Array:
        """Lips drawn together to the middle by `squeeze` of their distance, cheeks following far out."""
        move = self.nothing()
        share = np.where(self.is_lip, 1.0, np.maximum(self.around, 0.75 * self.cheeks))
        move[:, 0] = -squeeze * np.clip(self.u, -0.62, 0.62) * share
        self.lip(move, UPPER_LIP, *upper, flat=3.0)
        self.lip(move, LOWER_LIP, *lower, flat=3.0)
        beside = self.around * self.skin * np.clip(1 - np.abs(self.u) / 0.7, 0, 1) * 0.55
        move[:, 1] += np.where(self.v < 0, upper[0], lower[0]) * beside
        return move

    def corners_move(self, side: str, x: float, y: float, cheek: float = 0.0) -> Array:
        """One corner goes `x` outward and `y` down; the cheek above it rises by `cheek`."""
        move = self.nothing()
        share = self.around * self.side(side) * self.corner
        move[:, 0] = np.sign(self.u) * x * share
        move[:, 1] = y * share
        if cheek:
            spot = np.exp(-(((np.abs(self.u) - 0.62) / 0.30) ** 2) - ((self.v + 0.42) / 0.26) ** 2)
            move[:, 1] -= cheek * spot * self.side(side) * self.skin
        return move

    def lip_lift(self, lip: tuple[tuple[int, ...], ...], side: str, outer: float, inner: float) -> Array:
        move = self.nothing()
        self.lip(move, lip, outer, inner)
        above = lip is UPPER_LIP
        beside = self.around * self.skin * np.clip(1 - np.abs(self.u) / 0.75, 0, 1) * 0.6
        move[:, 1] += outer * beside * ((self.v < 0) if above else (self.v > 0))
        return move * self.side(side)[:, None]

    def roll(self, lip: tuple[tuple[int, ...], ...], outer: float, inner: float) -> Array:
        move = self.nothing()
        self.lip(move, lip, outer, inner)
        above = lip is UPPER_LIP
        beside = self.around * self.skin * np.clip(1 - np.abs(self.u) / 0.75, 0, 1) * 0.45
        move[:, 1] += outer * beside * ((self.v < 0) if above else (self.v > 0))
        return move

    def press(self, side: str) -> Array:
        move = 0.55 * self.roll(UPPER_LIP, 0.05, 0.0) + 0.5 * self.roll(LOWER_LIP, -0.08, 0.0)
        return move * self.side(side)[:, None] + self.corners_move(side, 0.025, 0.0)

    def brow(self, numbers: tuple[int, ...], inner: float, outer: float, reach: float = 0.42) -> Array:
        """A brow goes down by `inner` at its inner end and `outer` at its outer end, and the skin near it follows."""
        ids = list(numbers)
        bu, bv = self.u[ids], self.v[ids]
        at_inner, at_outer = (np.abs(bu).min(), np.abs(bu).max())
        share = np.clip((np.abs(self.u) - at_inner) / max(at_outer - at_inner, 1e-6), -0.5, 1.3)
        amount = inner + (outer - inner) * np.clip(share, 0, 1)
        mine = np.sign(bu.mean())
        order = np.argsort(bu)
        line = np.interp(self.u, bu[order], bv[order])
        up = np.clip((line - self.v) / 0.75, 0, None)
        low = np.clip((self.v - line) / 0.24, 0, None)
        beyond = np.clip((np.abs(self.u - bu.mean()) - np.ptp(bu) / 2) / reach, 0, None)
        fall = (1 - smooth(0, 1, up)) * (1 - smooth(0.15, 1, low)) * (1 - smooth(0, 1, beyond))
        move = self.nothing()
        move[:, 1] = amount * fall * smooth(-0.1, 0.1, mine * self.u)
        return move

    def lids(self, upper: tuple[int, ...], lower: tuple[int, ...], up: float, low: float) -> Array:
        """The lid edges go down by `up` and `low`, in shares of the eye's opening; the skin beside them follows."""
        tops, bottoms = list(upper), list(lower)
        opening = max(float(np.mean(self.v[bottoms[1:-1]] - self.v[tops[1:-1]])), 0.02)
        move = self.nothing()
        middle_u, middle_v = self.u[tops + bottoms].mean(), self.v[tops + bottoms].mean()
        half = np.ptp(self.u[tops]) / 2 + 1e-6
        x = (self.u - middle_u) / half
        arch = np.clip(1 - x**2, 0, None)
        order = np.argsort(self.u[tops])
        edge_up = np.interp(self.u, self.u[tops][order], self.v[tops][order])
        order = np.argsort(self.u[bottoms])
        edge_low = np.interp(self.u, self.u[bottoms][order], self.v[bottoms][order])
        above = 1 - smooth(0, 0.2, edge_up - self.v)
        below = 1 - smooth(0, 0.34, self.v - edge_low)
        wide = 1 - smooth(0.9, 1.5, np.abs(x))
        is_above, is_below = self.v < middle_v, self.v >= middle_v
        arch = np.maximum(arch, 0.25 * wide)
        move[:, 1] = opening * arch * np.where(is_above, up * above, low * below * is_below)
        move[tops[1:-1], 1] = opening * up * np.clip(1 - x[tops[1:-1]] ** 2, 0, 1)
        move[bottoms[1:-1], 1] = opening * low * np.clip(1 - x[bottoms[1:-1]] ** 2, 0, 1)
        for i in (tops[0], tops[-1]):
            move[i] = 0
        move[LANDMARKS - 10 : LANDMARKS] = 0
        return move

    def cheek(self, side: str) -> Array:
        sign = 1.0 if side == "Left" else -1.0
        eye = list(LEFT_LOWER_LID if side == "Left" else RIGHT_LOWER_LID)
        middle_u, bottom = self.u[eye].mean(), self.v[eye].max()
        spot = np.exp(-(((self.u - middle_u) / 0.42) ** 2) - ((self.v - bottom - 0.30) / 0.22) ** 2)
        move = self.nothing()
        move[:, 1] = -0.07 * spot * smooth(-0.1, 0.1, sign * self.u) * self.skin
        return move

    def gaze(self, x: float, y: float) -> Array:
        """The irises go by (x, y) units; the lids stay."""
        move = self.nothing()
        for iris in (RIGHT_IRIS, LEFT_IRIS):
            move[list(iris)] = (x, y)
        return move

    def neutral(self) -> Array:
        """Closes the photographed mouth: a broad smile is drawn in and down, then the lips meet exactly."""
        move = self.nothing()
        wide = max(0.0, self.frame.wide / 1.02 - 1.0)
        share = np.where(self.is_lip, 1.0, np.maximum(self.around, 0.75 * self.cheeks))
        move[:, 0] = -np.clip(self.u, -0.62, 0.62) * min(wide, 0.35) * 0.6 * share
        lift = float(self.v[[0, 17]].mean() - self.v[[61, 291]].mean())
        move[:, 1] = float(np.clip(lift - 0.03, 0.0, 0.12)) * 0.5 * self.around * self.corner
        return move


def closing_rows() -> list[tuple[int, int, float]]:
    """(vertex, pair, share): what goes how far when a pair of inner lip points is pulled together."""
    above = (0.24, 0.30, 0.35, 0.38)
    below = (0.45, 0.52, 0.58, 0.62)
    rows = []
    for column in range(1, 10):
        rows += [(UPPER_LIP[ring][column], column, above[ring]) for ring in range(4)]
        rows += [(LOWER_LIP[ring][column], column, -below[ring]) for ring in range(4)]
    rows += [(18, 5, -0.22), (83, 4, -0.2), (313, 6, -0.2), (182, 3, -0.15), (406, 7, -0.15), (200, 5, -0.12)]
    rows += [(201, 4, -0.1), (421, 6, -0.1), (164, 5, 0.08), (167, 4, 0.08), (393, 6, 0.08)]
    return rows


def shape_moves(places: Array, frame: FaceFrame, size: int) -> dict[str, Array]:
    """Moves (n, 2) in pixels of every shape of `RIG_SHAPES`."""
    m = Moves(places, frame)
    made: dict[str, Array] = {name: m.nothing() for name in RIG_SHAPES}
    made["jawOpen"] = m.jaw_open()
    made["jawLeft"], made["jawRight"] = m.jaw_side(1.0), m.jaw_side(-1.0)
    made["mouthPucker"] = m.rounded(0.36, (-0.035, 0.012), (-0.005, -0.03))
    made["mouthFunnel"] = m.rounded(0.24, (-0.085, -0.055), (0.06, 0.05))
    made["mouthRollLower"] = m.roll(LOWER_LIP, -0.085, -0.03)
    made["mouthRollUpper"] = m.roll(UPPER_LIP, 0.055, 0.015)
    for side in ("Left", "Right"):
        made[f"mouthSmile{side}"] = m.corners_move(side, 0.10, -0.10, 0.05)
        made[f"mouthFrown{side}"] = m.corners_move(side, 0.01, 0.085)
        made[f"mouthStretch{side}"] = m.corners_move(side, 0.12, 0.015)
        made[f"mouthPress{side}"] = m.press(side)
        made[f"mouthUpperUp{side}"] = m.lip_lift(UPPER_LIP, side, -0.075, -0.09)
        made[f"mouthLowerDown{side}"] = m.lip_lift(LOWER_LIP, side, 0.075, 0.095)
        made[f"cheekSquint{side}"] = m.cheek(side)
        brow = LEFT_BROW if side == "Left" else RIGHT_BROW
        made["browInnerUp"] = made["browInnerUp"] + m.brow(brow, -0.12, -0.03)
        made[f"browOuterUp{side}"] = m.brow(brow, -0.02, -0.10)
        made[f"browDown{side}"] = m.brow(brow, 0.09, 0.05)
        upper, lower = (LEFT_UPPER_LID, LEFT_LOWER_LID) if side == "Left" else (RIGHT_UPPER_LID, RIGHT_LOWER_LID)
        made[f"eyeSquint{side}"] = m.lids(upper, lower, 0.12, -0.30)
        made[f"eyeWide{side}"] = m.lids(upper, lower, -0.20, 0.05)
    # The eyeball's radius is 12 mm, the unit 50 mm: 10 degrees move the iris by 2.1 mm.
    made["gazeYaw"], made["gazePitch"] = m.gaze(0.042, 0.0), m.gaze(0.0, -0.030)
    pixels = {name: frame.pixels(move) for name, move in made.items()}
    pixels["breath"] = _breath(places, frame, size)
    return pixels


def _breath(places: Array, frame: FaceFrame, size: int) -> Array:
    """Shoulders and head rise a little; the background stays."""
    u, v = frame.local(places)
    shoulders = smooth(frame.chin - 0.2, frame.chin + 0.9, v) * (1 - smooth(2.2, 3.4, np.abs(u)))
    head = 1 - smooth(1.5, 2.6, np.hypot(u / 0.95, (v + 0.9) / 1.25))
    rise = 0.004 * size * np.maximum(0.75 * head, shoulders)
    return np.stack((np.zeros(len(places)), -rise), 1)
