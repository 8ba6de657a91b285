"""The rig as a file: one JSON object, UTF-8, format "selfsame-face/1".

Numbers in base64 are little-endian and in C order; n vertices, m triangles, k shapes. Places and lengths are pixels of
the texture unless said otherwise. Unknown keys are ignored.

    format      "selfsame-face/1"
    size        edge of the texture, 64 to 2048
    texture     base64 JPEG, size x size
    vertices    base64 f32 [n, 2], n at least 478: the landmarks come first
    triangles   base64 u16 [m, 3]; the opening between the lips is not covered
    shapes      k names: the ARKit blendshapes of the motion track, then gazeYaw, gazePitch (10 degrees) and breath
    deltaScale  k numbers: pixels per step of each shape's deltas
    deltas      base64 i8 [k, n, 2]
    neutral     base64 f32 [n, 2]
    closing     base64 f32 [c, 3]: vertex, lip pair 0..10, share
    depth       base64 f32 [n]
    follow      base64 f32 [n], 0..1
    pivot       [x, y]
    lips        {upperOuter, lowerOuter, upperInner, lowerInner}: 11 vertex numbers each, left to right as seen
    mouth       {seam: [x, y], width, right: [x, y], jaw: [x, y], gum, teeth,
                 cavity, tongue, lower, upper: base64 PNG, RGBA}
    eyes        {left, right}: {x, y, width, height, count,
                 patches: base64 JPEG, the count patches side by side, open to shut}

How a frame is made of it (every renderer the same; w are the frame's weights, angles in radians where a sine is taken):

1.  Gaze fades as the lids close: gazeYaw = degrees / 10 x (1 - (eyeBlinkLeft + eyeBlinkRight) / 2), gazePitch
    alike.
2.  q = vertices + neutral + sum over k of w[k] deltaScale[k] deltas[k].
3.  Lips. down = (-right.y, right.x). For each pair i of upperInner and lowerInner: gap = (q[lower] - q[upper]) . down,
    pull[i] = gap if gap < 0 else gap x min(1, mouthClose). For each row of closing: q[vertex] += share pull[pair] down.
    (Lips never cross; `mouthClose` 1 shuts them.)
4.  Head. With p = vertices - pivot: q.x += depth sin(yaw) - follow (p.y sin(roll) + p.x (1 - cos(yaw))),
    q.y += -depth sin(pitch) + follow (p.x sin(roll) - p.y (1 - cos(pitch))).
5.  Lids: at (x, y) of each eye the texture becomes the patch at position blink x (count - 1), neighbours blended; at
    blink 0 it is the photo.
6.  Inside of the mouth, drawn first, in the mouth's own frame: axes `right` and `down`, turned clockwise by roll x the
    follow at `seam` and moved by the head's move at `seam` (see below); 1 sprite pixel = 1 texture pixel. top = seam -
    gum width down is the sprites' top centre; j = jawOpen jaw + (jawLeft - jawRight) 0.1 width right.
        cavity  top centre at top + 0.5 j, its border pixels going on outside it
        tongue  at top + (0.85 - 0.6 tongueOut) j + 0.05 width (1 - tongueOut) down,
                colour x (0.75 + 0.25 tongueOut)
        lower   at top + 0.95 j
        tongue  again, the same place, opacity clamp(3 tongueOut - 0.5)
        upper   at top
    Then a shadow: colour x (0.55 + 0.45 s(a / 0.07)) (0.7 + 0.3 s(b / 0.05)) (1 - 0.5 c c), s the smooth step from 0
    to 1; a and b are the distances (along down, in widths) below the upper inner lip and above the lower one, c is
    -1..1 from corner to corner.
    The head's move at `seam` is step 4 with the means of depth, follow and vertices of upperInner[5] and lowerInner[5].
7.  The triangles are drawn over it: vertex q shows the texture at `vertices`.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.errors import BadInput
from selfsame.events.shown import Image
from selfsame.face.rig import FORMAT, LIP_RINGS, Eye, FaceRig, Mouth, Picture, Sprite
from selfsame.face.rigging.landmarks import LANDMARKS

MAX_BYTES = 8_000_000
MAX_VERTICES, MAX_TRIANGLES, MAX_SHAPES, MAX_CLOSING = 4096, 8192, 128, 1024
MIN_SIZE, MAX_SIZE = 64, 2048
MAX_SPRITE = 1024
MAX_PATCHES = 16
TEXTURE_QUALITY = 90
PATCH_QUALITY = 92


def to_json(rig: FaceRig) -> bytes:
    """The rig's file. Deltas are rounded to 1/127 of each shape's largest move, pictures are compressed."""
    flat = np.abs(rig.deltas).reshape(len(rig.shapes), -1)
    scale = np.maximum(flat.max(1), 1e-6) / 127
    steps = np.rint(rig.deltas / scale[:, None, None]).astype(np.int8)
    mouth = rig.mouth
    sprites = {name: _png(getattr(mouth, name).pixels) for name in ("cavity", "tongue", "lower", "upper")}
    data = {
        "format": FORMAT,
        "size": rig.size,
        "texture": _jpeg(rig.texture, TEXTURE_QUALITY),
        "vertices": _numbers(rig.vertices, "<f4"),
        "triangles": _numbers(rig.triangles, "<u2"),
        "shapes": list(rig.shapes),
        "deltaScale": [float(f"{each:.6g}") for each in scale],
        "deltas": _numbers(steps, "i1"),
        "neutral": _numbers(rig.neutral, "<f4"),
        "closing": _numbers(rig.closing, "<f4"),
        "depth": _numbers(rig.depth, "<f4"),
        "follow": _numbers(rig.follow, "<f4"),
        "pivot": _pair(rig.pivot),
        "lips": {name: list(numbers) for name, numbers in rig.lips.items()},
        "mouth": {
            "seam": _pair(mouth.seam),
            "width": round(mouth.width, 3),
            "right": _pair(mouth.right),
            "jaw": _pair(mouth.jaw),
            "gum": round(mouth.gum, 4),
            "teeth": round(mouth.teeth, 4),
            **sprites,
        },
        "eyes": {"left": _eye(rig.left), "right": _eye(rig.right)},
    }
    return json.dumps(data, separators=(",", ":")).encode()


def from_json(data: bytes) -> FaceRig:
    """The rig of a file. Raises BadInput when it is no such file, is too large or contradicts itself."""
    if len(data) > MAX_BYTES:
        raise _bad("it is larger than 8 MB")
    try:
        top = json.loads(data)
    except (ValueError, RecursionError):
        raise _bad("it is not JSON") from None
    if not isinstance(top, dict) or top.get("format") != FORMAT:
        raise _bad(f'its format is not "{FORMAT}"')
    try:
        return _read(_Part(top, ""))
    except cv2.error:
        raise _bad("a picture in it cannot be read") from None


def _read(part: _Part) -> FaceRig:
    size = part.integer("size", MIN_SIZE, MAX_SIZE)
    texture = part.picture("texture", (size, size), 3)
    vertices = part.array("vertices", "<f4", (-1, 2), MAX_VERTICES, bound=4.0 * size)
    n = len(vertices)
    if n < LANDMARKS:
        raise _bad("vertices are missing")
    triangles = part.array("triangles", "<u2", (-1, 3), MAX_TRIANGLES)
    if not len(triangles) or triangles.max() >= n:
        raise _bad("triangles name vertices that are not there")
    shapes = part.names("shapes", MAX_SHAPES)
    scale = np.array(part.floats("deltaScale", len(shapes), size), np.float32)
    steps = part.array("deltas", "i1", (len(shapes), n, 2), len(shapes))
    closing = part.array("closing", "<f4", (-1, 3), MAX_CLOSING, bound=float(n))
    whole = closing[:, :2] == np.floor(closing[:, :2])
    if not len(closing) or not whole.all() or ((closing[:, :2] < 0) | (closing[:, :2] >= (n, 11))).any():
        raise _bad("closing names vertices or lip pairs that are not there")
    lips = part.part("lips")
    eyes = part.part("eyes")
    return FaceRig(
        texture=texture,
        vertices=vertices.astype(np.float32),
        triangles=triangles.astype(np.uint16),
        shapes=shapes,
        deltas=steps.astype(np.float32) * scale[:, None, None],
        neutral=part.array("neutral", "<f4", (n, 2), n, bound=4.0 * size).astype(np.float32),
        closing=closing.astype(np.float32),
        depth=part.array("depth", "<f4", (n,), n, bound=4.0 * size).astype(np.float32),
        follow=part.array("follow", "<f4", (n,), n, bound=4.0).astype(np.float32),
        pivot=np.array(part.floats("pivot", 2, 4 * size), np.float32),
        lips={name: lips.integers(name, 11, n) for name in LIP_RINGS},
        mouth=_read_mouth(part.part("mouth"), size),
        left=_read_eye(eyes.part("left"), size),
        right=_read_eye(eyes.part("right"), size),
    )


def _read_mouth(part: _Part, size: int) -> Mouth:
    right = np.array(part.floats("right", 2, 1.01), np.float32)
    if abs(float(np.hypot(*right)) - 1) > 0.02:
        raise _bad("mouth.right is not a unit vector")
    cavity, tongue, lower, upper = (
        Sprite(part.picture(name, None, 4)) for name in ("cavity", "tongue", "lower", "upper")
    )
    return Mouth(
        seam=np.array(part.floats("seam", 2, size), np.float32),
        width=part.number("width", 1.0, size),
        right=right,
        jaw=np.array(part.floats("jaw", 2, size), np.float32),
        gum=part.number("gum", 0.0, 1.0),
        teeth=part.number("teeth", 0.0, 1.0),
        cavity=cavity,
        tongue=tongue,
        lower=lower,
        upper=upper,
    )


def _read_eye(part: _Part, size: int) -> Eye:
    width, height = part.integer("width", 1, size), part.integer("height", 1, size)
    count = part.integer("count", 2, MAX_PATCHES)
    x, y = part.integer("x", 0, size - width), part.integer("y", 0, size - height)
    strip = part.picture("patches", (height, width * count), 3)
    patches = tuple(np.ascontiguousarray(strip[:, i * width : (i + 1) * width]) for i in range(count))
    return Eye(x, y, patches)


class _Part:
    """An object of the file, read with suspicion: every method raises BadInput that names the key."""

    def __init__(self, values: dict[str, Any], path: str) -> None:
        self._values, self._path = values, path

    def _value(self, key: str) -> Any:
        if key not in self._values:
            raise _bad(f"{self._path}{key} is missing")
        return self._values[key]

    def _wrong(self, key: str) -> BadInput:
        return _bad(f"{self._path}{key} is wrong")

    def part(self, key: str) -> _Part:
        value = self._value(key)
        if not isinstance(value, dict):
            raise self._wrong(key)
        return _Part(value, f"{self._path}{key}.")

    def number(self, key: str, low: float, high: float) -> float:
        return self._within(key, self._value(key), low, high)

    def _within(self, key: str, value: object, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self._wrong(key)
        return float(value)

    def integer(self, key: str, low: int, high: int) -> int:
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self._wrong(key)
        return value

    def _list(self, key: str, length: int) -> list[Any]:
        value = self._value(key)
        if not isinstance(value, list) or len(value) != length:
            raise self._wrong(key)
        return value

    def floats(self, key: str, length: int, bound: float) -> list[float]:
        return [self._within(key, each, -bound, bound) for each in self._list(key, length)]

    def integers(self, key: str, length: int, below: int) -> tuple[int, ...]:
        values = self._list(key, length)
        if not all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < below for v in values):
            raise self._wrong(key)
        return tuple(values)

    def names(self, key: str, most: int) -> tuple[str, ...]:
        values = self._value(key)
        if not isinstance(values, list) or not 1 <= len(values) <= most:
            raise self._wrong(key)
        if not all(isinstance(v, str) and v.isascii() and 0 < len(v) <= 40 for v in values):
            raise self._wrong(key)
        if len(set(values)) != len(values):
            raise self._wrong(key)
        return tuple(values)

    def _bytes(self, key: str) -> bytes:
        value = self._value(key)
        if not isinstance(value, str):
            raise self._wrong(key)
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise self._wrong(key) from None

    def array(
        self, key: str, kind: str, shape: tuple[int, ...], most: int, bound: float | None = None
    ) -> npt.NDArray[Any]:
        data = self._bytes(key)
        row = int(np.prod(shape[1:], dtype=np.int64)) * np.dtype(kind).itemsize
        if row == 0 or len(data) % row or len(data) // row > most:
            raise self._wrong(key)
        if shape[0] >= 0 and len(data) != row * shape[0]:
            raise self._wrong(key)
        values = np.frombuffer(data, kind).reshape(shape)
        if bound is not None and not (np.isfinite(values).all() and (np.abs(values) <= bound).all()):
            raise self._wrong(key)
        return values

    def picture(self, key: str, shape: tuple[int, int] | None, channels: int) -> Picture:
        data = self._bytes(key)
        found = _picture_size(data)
        if found is None or (shape is not None and found != shape) or max(found) > max(MAX_SPRITE, *(shape or (0,))):
            raise self._wrong(key)
        way = cv2.IMREAD_COLOR if channels == 3 else cv2.IMREAD_UNCHANGED
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), way)
        if pixels is None or pixels.dtype != np.uint8 or pixels.shape != (*found, channels):
            raise self._wrong(key)
        return pixels.astype(np.uint8, copy=False)


def _picture_size(data: bytes) -> tuple[int, int] | None:
    """(height, width) that a JPEG or PNG file announces, read before anything is unpacked; None for other data."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
        return int.from_bytes(data[20:24], "big"), int.from_bytes(data[16:20], "big")
    at = 2 if data[:2] == b"\xff\xd8" else len(data)
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xC3:
            return int.from_bytes(data[at + 5 : at + 7], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
        at += 2 + max(length, 2)
    return None


def _bad(why: str) -> BadInput:
    return BadInput(f"This is not a face file that can be used: {why}. Build the face again from the photo.")


def _numbers(values: npt.NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def _pair(values: npt.NDArray[np.floating]) -> list[float]:
    return [round(float(v), 5) for v in values]


def _jpeg(image: Image, quality: int) -> str:
    return base64.b64encode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()).decode()


def _png(picture: Picture) -> str:
    return base64.b64encode(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes()).decode()


def _eye(eye: Eye) -> dict[str, Any]:
    height, width = eye.patches[0].shape[:2]
    strip = np.hstack(eye.patches)
    size = {"x": eye.x, "y": eye.y, "width": width, "height": height, "count": len(eye.patches)}
    return {**size, "patches": _jpeg(strip, PATCH_QUALITY)}
