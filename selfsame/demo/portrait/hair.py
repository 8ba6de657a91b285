"""The hair: sheets of strands between guide lines, in locks, with light that runs across them as over a round head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, hexed, smooth

_STEPS = 64
_SHIFT = 4
Guide = list[tuple[float, float]]

_LEFT: list[Guide] = [
    [(573, 262), (524, 266), (462, 288), (405, 330), (366, 398), (347, 470), (339, 545), (344, 620), (352, 690),
     (346, 760), (328, 822), (330, 880)],
    [(573, 228), (516, 218), (446, 234), (384, 284), (343, 372), (324, 458), (316, 540), (317, 622), (318, 696),
     (310, 768), (294, 832), (306, 894)],
    [(573, 190), (510, 174), (430, 188), (366, 236), (322, 328), (303, 426), (292, 520), (286, 612), (281, 694),
     (276, 770), (270, 838), (290, 904)],
    [(573, 147), (504, 138), (424, 156), (356, 206), (312, 296), (291, 404), (278, 505), (267, 602), (257, 692),
     (250, 772), (250, 842), (276, 902)],
]  # fmt: skip
_RIGHT: list[Guide] = [
    [(573, 262), (604, 271), (636, 300), (658, 350), (672, 410), (679, 475), (682, 545), (678, 620), (671, 690),
     (678, 760), (695, 822), (692, 880)],
    [(573, 228), (613, 230), (655, 262), (686, 320), (701, 392), (707, 464), (710, 542), (709, 622), (707, 696),
     (715, 768), (731, 832), (718, 894)],
    [(573, 190), (620, 191), (670, 224), (706, 286), (725, 364), (732, 444), (737, 526), (740, 614), (744, 694),
     (751, 770), (756, 838), (735, 904)],
    [(573, 147), (628, 153), (680, 184), (722, 244), (744, 332), (752, 424), (758, 512), (766, 602), (774, 692),
     (780, 772), (778, 842), (750, 902)],
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of the hair. `lines` (guides, steps, 2) run from the parting to the tips; `side` -1 is seen left."""

    lines: Floats
    side: int
    seed: int


def sheets() -> tuple[Sheet, Sheet]:
    """The two sides of the hair, parted a little right of the middle as seen."""
    return Sheet(_resample(_LEFT), -1, 71), Sheet(_resample(_RIGHT), 1, 72)


def _resample(guides: list[Guide]) -> Floats:
    out = []
    for guide in guides:
        line = curve(guide, 16)
        out.append(line[np.linspace(0, len(line) - 1, _STEPS).round().astype(int)])
    return np.stack(out)


def lines_at(sheet: Sheet, across: Floats) -> Floats:
    """Lines of the sheet at `across` 0 (the face) .. 1 (the silhouette), shape (n, steps, 2)."""
    place = np.clip(across, 0, 1) * (len(sheet.lines) - 1)
    low = np.clip(np.floor(place).astype(int), 0, len(sheet.lines) - 2)
    part = (place - low)[:, None, None]
    inner = sheet.lines[low] * (1 - part) + sheet.lines[low + 1] * part
    return (inner + (sheet.lines[-1] - sheet.lines[-2]) * np.maximum(across - 1, 0)[:, None, None]).astype(np.float32)


def paint_back(canvas: Canvas) -> None:
    """The hair behind the neck: dark, with a few strands."""
    left, right = sheets()
    edge = np.concatenate([left.lines[2][20:52], [[310, 900], [714, 900]], right.lines[2][20:52][::-1]])
    cover = canvas.area(edge.astype(np.float32), 2.0)
    canvas.glaze(hexed("20130d"), cover)
    chance = np.random.default_rng(70)
    layer, mask = _layer(canvas, hexed("20130d"))
    for _ in range(900):
        x = MIDDLE + chance.uniform(-215, 215)
        line = curve([(x * 0.8 + MIDDLE * 0.2, 520), (x, 700), (x + chance.normal(0, 14), 960)], 10)
        tone = np.asarray(hexed("3b2417")) * chance.uniform(0.5, 1.15)
        _draw(canvas, layer, mask, line, np.repeat(tone[None], len(line), 0), 1.2)
    canvas.glaze(_floats(layer), cover * canvas.blur(_floats(mask), 0.3))


def shade_face(canvas: Canvas) -> None:
    """The shade that the hair throws on forehead, cheeks and neck."""
    for sheet in sheets():
        edge = np.concatenate([sheet.lines[0], sheet.lines[-1][::-1]])
        near = canvas.area(edge + (0, 5), 7.0)
        canvas.shade((0.55, 0.40, 0.34), 0.55 * near)
        wide = canvas.area(edge + (-4 * sheet.side, 12), 18.0)
        canvas.shade((0.72, 0.60, 0.54), 0.40 * wide)


def paint_hair(canvas: Canvas) -> None:
    """Paint the hair that frames the face."""
    for sheet in sheets():
        chance = np.random.default_rng(sheet.seed)
        layer, mask = _layer(canvas, hexed("28170f"))
        edge = np.concatenate([sheet.lines[0, :44], sheet.lines[-1, :44][::-1]])
        cv2.fillPoly(mask, [canvas.pixels(edge)], 255, cv2.LINE_AA, _SHIFT)
        for across, wide in _order(chance):
            _lock(canvas, (layer, mask), sheet, (across, wide), chance)
        canvas.glaze(_floats(layer), _floats(mask))
        layer, mask = _layer(canvas, hexed("4a2d1d"))
        for _ in range(260):
            _stray(canvas, (layer, mask), sheet, chance)
        canvas.glaze(_floats(layer), _floats(mask) * 0.55)
    _parting(canvas)


def _order(chance: np.random.Generator) -> list[tuple[float, float]]:
    """Locks (place across, width) from the back of the sheet to its front: the silhouette first, then the face."""
    locks = [(float(a), 0.09) for a in np.linspace(0.98, 0.0, 34)]
    extra = [(float(a), 0.03) for a in np.sort(chance.uniform(0.0, 1.0, 60))[::-1]]
    return sorted(locks + extra, key=lambda item: -item[0] + float(chance.normal(0, 0.07)))


def _lock(
    canvas: Canvas, layers: tuple[np.ndarray, np.ndarray], sheet: Sheet, lock: tuple[float, float],
    chance: np.random.Generator,
) -> None:  # fmt: skip
    """Draw one lock: strands that share their wave and gather towards the tip."""
    across, wide = lock
    count = round(1500 * wide)
    t = np.linspace(0, 1, _STEPS, dtype=np.float32)
    spread = chance.normal(0, wide * 0.5, count).astype(np.float32)
    root = np.clip(across + spread, -0.01, 1.04)
    tip = np.clip(across + 0.25 * spread + chance.normal(0, 0.05), -0.06, 1.06)
    body = _waved(sheet, root, tip, t, chance)
    shade = 1 + 0.16 * chance.normal()
    band = chance.normal(0, 0.022)
    end = _STEPS - abs(chance.normal(0, 4.5))
    for i in range(count):
        tone = _tones(t, sheet, float(across + spread[i]), band, chance) * shade
        relative = spread[i] / wide
        stop = int(end - 5 * abs(relative) - abs(chance.normal(0, 3)))
        tone = tone * (1.0 - 0.20 * abs(relative)) * chance.uniform(0.86, 1.14)
        _draw(canvas, *layers, body[i, :stop], tone[:stop], 1.15)


def _waved(sheet: Sheet, root: Floats, tip: Floats, t: Floats, chance: np.random.Generator) -> Floats:
    """Lines that go from place `root` at the parting to place `tip` at the end, with a soft wave in the lengths."""
    start, end = lines_at(sheet, root), lines_at(sheet, tip)
    ease = smooth(0.25, 1.0, t)[None, :, None]
    body = start + (end - start) * ease
    swing = smooth(0.38, 0.80, t) * 9.0
    phase = 2.4 + chance.normal(0, 0.45)
    body[..., 0] += sheet.side * swing * np.sin(t * 15 + phase)
    wobble = chance.normal(0, 0.5, (len(root), 1)) * np.sin(t[None] * 9 + chance.uniform(0, 6.3, (len(root), 1)))
    body[..., 0] += wobble
    return body


_DARK, _MID, _LIGHT, _GLOW = (np.asarray(hexed(c), np.float32) for c in ("2b1810", "583521", "a06a42", "e0ad7c"))


def _tones(t: Floats, sheet: Sheet, across: float, band: float, chance: np.random.Generator) -> Floats:
    """The colours along a strand: a band of light over the crown, another where the lengths swell, shade between."""
    jitter = band + chance.normal(0, 0.012)
    across = float(np.clip(across, 0, 1))
    crown = np.exp(-(((t - 0.21 - 0.05 * across - jitter) / 0.085) ** 2))
    swell = np.exp(-(((t - 0.50 - jitter * 2) / 0.075) ** 2)) + 0.8 * np.exp(-(((t - 0.80 - jitter * 2) / 0.07) ** 2))
    lit = 0.95 if sheet.side < 0 else 0.84
    round_off = np.sin(np.pi * np.clip(0.16 + 0.74 * across, 0, 1))
    amount = lit * (0.30 + 0.62 * crown * (0.45 + 0.55 * round_off) + 0.36 * swell * round_off)
    amount = amount * (0.50 + 0.50 * round_off) * (0.72 + 0.28 * smooth(0.0, 0.09, t))
    amount = amount * (1 - 0.35 * np.exp(-(((t - 0.36) / 0.09) ** 2)) * (1 - 0.5 * across))
    amount = amount + 0.10 * smooth(0.84, 0.96, t)
    rim = max(0.0, (across - 0.86) / 0.14) ** 1.5 * (0.62 if sheet.side > 0 else 0.22)
    amount = np.clip(amount + rim * smooth(0.12, 0.3, t), 0, 1.2)[:, None]
    low = _DARK + (_MID - _DARK) * np.clip(amount / 0.35, 0, 1)
    mid = low + (_LIGHT - low) * np.clip((amount - 0.35) / 0.4, 0, 1)
    return mid + (_GLOW - mid) * np.clip((amount - 0.75) / 0.6, 0, 1)


def _stray(canvas: Canvas, layers: tuple[np.ndarray, np.ndarray], sheet: Sheet, chance: np.random.Generator) -> None:
    """A fine hair that leaves the mass, along the silhouette or at the hairline."""
    outer = chance.random() < 0.6
    across = np.array([1.0 + abs(chance.normal(0, 0.10)) if outer else -abs(chance.normal(0, 0.02))])
    t = np.linspace(0, 1, _STEPS, dtype=np.float32)
    line = _waved(sheet, across, across + chance.normal(0, 0.05), t, chance)[0]
    start = int(chance.integers(0, 36)) if outer else int(chance.integers(0, 8))
    stop = start + int(chance.integers(12, 28))
    tone = np.repeat(np.asarray(hexed("6a4229" if outer else "3a2216"), np.float32)[None], _STEPS, 0)
    _draw(canvas, *layers, line[start:stop], tone[start:stop], 0.6)


def _parting(canvas: Canvas) -> None:
    """The parting: a soft line of shade where the two sides meet."""
    line = curve([(573, 162), (573, 210), (573, 236), (573, 260)])
    canvas.shade((0.42, 0.34, 0.30), 0.75 * canvas.stroke(line, 2.4, 1.6))


def _layer(canvas: Canvas, colour: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    shape = canvas.paint.shape[:2]
    layer = np.empty((*shape, 3), np.uint8)
    layer[:] = [round(255 * band) for band in colour]
    return layer, np.zeros(shape, np.uint8)


def _floats(picture: np.ndarray) -> Floats:
    return picture.astype(np.float32) / 255


def _draw(canvas: Canvas, layer: np.ndarray, mask: np.ndarray, line: Floats, tones: Floats, width: float) -> None:
    """Draw one strand into a layer and its mask, every piece in its own colour."""
    points = canvas.pixels(line).tolist()
    thick = max(1, round(width * canvas.scale))
    colours = np.clip(tones * 255, 0, 255).tolist()
    thin = len(points) - 1 - len(points) // 8
    for i in range(len(points) - 1):
        cv2.line(layer, points[i], points[i + 1], colours[i], thick if i < thin else 1, cv2.LINE_AA, _SHIFT)
    cv2.polylines(mask, [np.asarray(points[: thin + 1], np.int32)], False, 255, thick, cv2.LINE_AA, _SHIFT)
    cv2.polylines(mask, [np.asarray(points[thin:], np.int32)], False, 255, 1, cv2.LINE_AA, _SHIFT)
