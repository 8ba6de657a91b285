"""The hair: sheets of strands between guide lines, in locks, with light that runs across them as over a round head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, hexed, smooth

_STEPS = 104
_BODY = 40
"""Steps of a line, and how many of them lie in the closed mass of the hair, above the tips."""
_SHIFT = 4
Guide = list[tuple[float, float]]

_LEFT: list[Guide] = [
    [(578, 262), (524, 266), (462, 288), (405, 330), (366, 398), (347, 470), (339, 545), (345, 620), (354, 690),
     (349, 760), (333, 830), (328, 900), (340, 970), (352, 1140)],
    [(575, 230), (516, 218), (446, 234), (384, 284), (343, 372), (324, 458), (315, 540), (317, 622), (321, 696),
     (313, 768), (298, 840), (294, 912), (306, 984), (318, 1145)],
    [(570, 190), (510, 174), (430, 188), (366, 236), (322, 328), (303, 426), (291, 520), (285, 612), (282, 696),
     (276, 774), (264, 850), (260, 924), (270, 994), (282, 1150)],
    [(562, 146), (504, 138), (424, 156), (356, 206), (312, 296), (291, 404), (277, 505), (265, 602), (255, 694),
     (246, 778), (238, 858), (234, 934), (242, 1004), (252, 1155)],
]  # fmt: skip
_RIGHT: list[Guide] = [
    [(578, 262), (604, 271), (636, 300), (658, 350), (672, 410), (679, 475), (682, 545), (677, 620), (669, 690),
     (675, 760), (691, 830), (696, 900), (684, 970), (672, 1140)],
    [(575, 228), (613, 230), (655, 262), (686, 320), (701, 392), (707, 464), (710, 542), (708, 622), (705, 696),
     (713, 768), (728, 840), (732, 912), (720, 984), (708, 1145)],
    [(570, 188), (620, 191), (670, 224), (706, 286), (725, 364), (732, 444), (737, 526), (741, 614), (745, 696),
     (752, 774), (764, 850), (768, 924), (758, 994), (746, 1150)],
    [(562, 146), (622, 151), (680, 184), (722, 244), (744, 332), (752, 424), (759, 512), (768, 602), (776, 694),
     (785, 778), (793, 858), (797, 934), (789, 1004), (779, 1155)],
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
    beyond = (sheet.lines[-1] - sheet.lines[-2]) * np.maximum(across - 1, 0)[:, None, None]
    before = (sheet.lines[0] - sheet.lines[1]) * np.maximum(-across, 0)[:, None, None]
    return (inner + 3 * (beyond + before)).astype(np.float32)


def paint_back(canvas: Canvas) -> None:
    """The hair behind the neck: dark, with a few strands."""
    left, right = sheets()
    edge = np.concatenate([left.lines[2][28:70], [[310, 900], [714, 900]], right.lines[2][28:70][::-1]])
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
    """The shade that the hair throws on forehead, cheeks, neck and clothes, but not on the room behind."""
    beside = smooth(196, 216, np.abs(canvas.x - MIDDLE)) * (1 - smooth(850, 880, canvas.y))
    for sheet in sheets():
        edge = np.concatenate([sheet.lines[0], sheet.lines[-1][::-1]])
        near = canvas.area(edge + (0, 5), 7.0) * (1 - beside)
        canvas.shade((0.55, 0.40, 0.34), 0.55 * near)
        wide = canvas.area(edge + (-4 * sheet.side, 12), 18.0) * (1 - beside)
        canvas.shade((0.72, 0.60, 0.54), 0.40 * wide)


def paint_hair(canvas: Canvas) -> None:
    """Paint the hair that frames the face."""
    for sheet in sheets():
        chance = np.random.default_rng(sheet.seed)
        layer, mask = _layer(canvas, hexed("28170f"))
        edge = np.concatenate([sheet.lines[0, :_BODY], sheet.lines[-1, :_BODY][::-1]])
        cv2.fillPoly(mask, [canvas.pixels(edge)], 255, cv2.LINE_AA, _SHIFT)
        for across, wide in _order(chance):
            _lock(canvas, (layer, mask), sheet, (across, wide), chance)
        canvas.glaze(_floats(layer), _floats(mask))
        layer, mask = _layer(canvas, hexed("4a2d1d"))
        for _ in range(220):
            _stray(canvas, (layer, mask), sheet, chance)
        canvas.glaze(_floats(layer), _floats(mask) * 0.42)
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
    count = round(1200 * wide)
    t = np.linspace(0, 1, _STEPS, dtype=np.float32)
    spread = chance.normal(0, wide * 0.5, count).astype(np.float32)
    root = np.clip(across + spread, -0.01, 1.04)
    tip = np.clip(across + 0.45 * spread + chance.normal(0, 0.04), -0.06, 1.06)
    body = _waved(sheet, root, tip, t, chance)
    shade = 1 + 0.16 * chance.normal()
    band = chance.normal(0, 0.022)
    end = _STEPS - abs(chance.normal(0, 5))
    for i in range(count):
        tone = _tones(t, sheet, float(across + spread[i]), band, chance) * shade
        relative = spread[i] / wide
        stop = int(end - 4 * abs(relative) - abs(chance.normal(0, 4)))
        tone = tone * (1.0 - 0.20 * abs(relative)) * chance.uniform(0.86, 1.14)
        _draw(canvas, *layers, body[i, :stop], tone[:stop], 1.15)


def _waved(sheet: Sheet, root: Floats, tip: Floats, t: Floats, chance: np.random.Generator) -> Floats:
    """Lines that go from place `root` at the parting to place `tip` at the end, with a soft wave in the lengths."""
    start, end = lines_at(sheet, root), lines_at(sheet, tip)
    ease = smooth(0.45, 1.0, t)[None, :, None]
    body = start + (end - start) * ease
    swing = smooth(0.30, 0.62, t) * 15.0
    phase = 2.2 + 1.3 * float(np.mean(root)) + chance.normal(0, 0.35)
    body[..., 0] += sheet.side * swing * np.sin(t * 21 + phase)
    wobble = chance.normal(0, 0.5, (len(root), 1)) * np.sin(t[None] * 9 + chance.uniform(0, 6.3, (len(root), 1)))
    body[..., 0] += wobble
    return body


_DARK, _MID, _LIGHT, _GLOW = (np.asarray(hexed(c), np.float32) for c in ("2b1810", "583521", "a06a42", "e0ad7c"))


def _tones(t: Floats, sheet: Sheet, across: float, band: float, chance: np.random.Generator) -> Floats:
    """The colours along a strand: a band of light over the crown, another where the lengths swell, shade between."""
    jitter = band + chance.normal(0, 0.022)
    across = float(np.clip(across, 0, 1))
    crown = np.exp(-(((t - 0.175 - 0.04 * across - jitter) / 0.072) ** 2))
    swell = np.exp(-(((t - 0.47 - jitter * 2) / 0.07) ** 2)) + 0.8 * np.exp(-(((t - 0.74 - jitter * 2) / 0.065) ** 2))
    lit = 0.95 if sheet.side < 0 else 0.84
    round_off = np.sin(np.pi * np.clip(0.16 + 0.74 * across, 0, 1))
    amount = lit * (0.30 + 0.62 * crown * (0.45 + 0.55 * round_off) + 0.36 * swell * round_off)
    amount = amount * (0.50 + 0.50 * round_off) * (0.72 + 0.28 * smooth(0.0, 0.075, t))
    amount = amount * (1 - 0.35 * np.exp(-(((t - 0.30) / 0.08) ** 2)) * (1 - 0.5 * across))
    rim = max(0.0, (across - 0.86) / 0.14) ** 1.5 * (0.62 if sheet.side > 0 else 0.42)
    amount = np.clip(amount + rim * smooth(0.12, 0.3, t), 0, 1.2)[:, None]
    low = _DARK + (_MID - _DARK) * np.clip(amount / 0.35, 0, 1)
    mid = low + (_LIGHT - low) * np.clip((amount - 0.35) / 0.4, 0, 1)
    return mid + (_GLOW - mid) * np.clip((amount - 0.75) / 0.6, 0, 1)


def _stray(canvas: Canvas, layers: tuple[Floats, Floats], sheet: Sheet, chance: np.random.Generator) -> None:
    """A fine hair that leaves the mass slowly, along the silhouette or, shorter, at the hairline."""
    outer = chance.random() < 0.7
    edge, inward = (-1, -2) if outer else (0, 1)
    line, across = sheet.lines[edge], sheet.lines[edge] - sheet.lines[inward]
    start = int(chance.integers(0, 24))
    stop = start + int(chance.integers(10, max(11, _BODY - start)))
    part = np.linspace(0, 1, stop - start)[:, None] ** 1.6
    reach = abs(chance.normal(0, 6.0 if outer else 3.0))
    unit = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-3)
    body = line[start:stop] + unit[start:stop] * (part * reach - 1.5)
    tone = np.repeat(np.asarray(hexed("6a4229" if outer else "4a2d1d"))[None], len(body), 0)
    _draw(canvas, *layers, body.astype(np.float32), tone, 0.4)


def _parting(canvas: Canvas) -> None:
    """The parting: a soft line of shade where the two sides meet."""
    line = curve([(563, 158), (570, 190), (575, 228), (578, 256)])
    canvas.shade((0.42, 0.34, 0.30), 0.60 * canvas.stroke(line, 2.0, 1.6))


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
