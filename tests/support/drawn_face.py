"""A drawn face as a rig's file, small and made by reckoning alone: four rings around the mouth, joined by triangles."""

from __future__ import annotations

import base64
import json
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

SIZE = 128
MIDDLE = (64, 84)
"""The middle of the mouth."""
EYES = {"left": (76, 44), "right": (36, 44)}
"""The top left corner of each eye's patch, 16 x 12: the person's left eye is seen at the right."""
SKIN, LIP, BACK = (150, 180, 225), (90, 90, 200), (120, 100, 80)
_RING = 20
_INNER, _OUTER, _HEAD, _BORDER = range(4)


def drawn_face() -> bytes:
    """The file of a face that has jawOpen, mouthPucker and smiling corners."""
    vertices = np.concatenate([_lips(16, 0), _lips(20, 7), _ellipse(50, 56, (64, 64)), _square()]).astype(np.float32)
    texture = _texture()
    inner, outer = _row(_INNER), _row(_OUTER)
    mouth = {"seam": list(MIDDLE), "width": 32.0, "right": [1.0, 0.0], "jaw": [0.0, 14.0], "gum": 0.1, "teeth": 0.2}
    sprites = {
        "cavity": _sprite((20, 20, 60, 255), 28),
        "tongue": _sprite((90, 90, 190, 255), 10),
        "lower": _sprite((200, 215, 220, 255), 5),
        "upper": _sprite((220, 235, 240, 255), 6),
    }
    shapes = {"jawOpen": _jaw(vertices), "mouthPucker": _pucker(vertices)}
    deltas = np.stack(list(shapes.values()))
    scale = np.abs(deltas).reshape(len(deltas), -1).max(1) / 127
    file = {
        "format": "selfsame-face/1",
        "size": SIZE,
        "texture": _jpeg(texture),
        "vertices": _numbers(vertices),
        "triangles": _numbers(_triangles()),
        "shapes": list(shapes),
        "deltaScale": scale.tolist(),
        "deltas": _numbers(np.rint(deltas / scale[:, None, None]).astype(np.int8)),
        "neutral": _numbers(np.zeros_like(vertices)),
        "closing": _numbers(_closing(inner, outer)),
        "depth": _numbers(np.where(np.arange(len(vertices)) < 3 * _RING, 12, 0).astype(np.float32)),
        "follow": _numbers((np.arange(len(vertices)) < 3 * _RING).astype(np.float32)),
        "pivot": [64.0, 110.0],
        "lips": {"upperOuter": outer[0], "lowerOuter": outer[1], "upperInner": inner[0], "lowerInner": inner[1]},
        "mouth": mouth | sprites,
        "eyes": {side: _eye(texture, *place) for side, place in EYES.items()},
    }
    return json.dumps(file).encode()


def _ellipse(width: float, height: float, middle: tuple[float, float]) -> npt.NDArray[np.float64]:
    """A ring from the left over the top to the right and back below; point 10 is at the right."""
    turn = np.pi - np.arange(_RING) * np.pi / 10
    return np.stack((middle[0] + width * np.cos(turn), middle[1] - height * np.sin(turn)), 1)


def _lips(width: float, height: float) -> npt.NDArray[np.float64]:
    return _ellipse(width, height, MIDDLE)


def _square() -> npt.NDArray[np.float64]:
    edge = SIZE - 1
    top = [(0, 64), (0, 32), (0, 0), (32, 0), (48, 0), (64, 0), (80, 0), (96, 0), (edge, 0), (edge, 32), (edge, 64)]
    low = [(edge, 96), (edge, edge), (106, edge), (85, edge), (64, edge), (42, edge), (21, edge), (0, edge), (0, 96)]
    return np.array(top + low, float)


def _triangles() -> npt.NDArray[np.uint16]:
    quads = [(ring * _RING + i, ring * _RING + (i + 1) % _RING) for ring in range(3) for i in range(_RING)]
    return np.array([t for a, b in quads for t in ((a, b, a + _RING), (b, b + _RING, a + _RING))], np.uint16)


def _row(ring: int) -> tuple[list[int], list[int]]:
    """The upper and the lower half of a ring, each from left to right."""
    first = ring * _RING
    return list(range(first, first + 11)), [first, *range(first + 19, first + 9, -1)]


def _closing(inner: tuple[list[int], list[int]], outer: tuple[list[int], list[int]]) -> npt.NDArray[np.float32]:
    shares = ((inner[0], 0.4), (inner[1], -0.6), (outer[0], 0.25), (outer[1], -0.4))
    rows = [(numbers[i], i, share) for numbers, share in shares for i in range(1, 10)]
    return np.array(rows, np.float32)


def _jaw(vertices: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    move = np.zeros_like(vertices)
    for ring, reach in ((_INNER, 18.0), (_OUTER, 17.0), (_HEAD, 8.0)):
        below = np.arange(ring * _RING + 11, ring * _RING + _RING)
        move[below, 1] = reach * np.sin((np.arange(9) + 1) * np.pi / 10)
    return move


def _pucker(vertices: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    move = np.zeros_like(vertices)
    lips = slice(0, 2 * _RING)
    move[lips, 0] = -0.45 * (vertices[lips, 0] - MIDDLE[0])
    return move


def _texture() -> npt.NDArray[np.uint8]:
    image = np.full((SIZE, SIZE, 3), BACK, np.uint8)
    cv2.ellipse(image, (64, 64), (46, 54), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(image, MIDDLE, (20, 7), 0, 0, 360, LIP, -1, cv2.LINE_AA)
    for x, y in EYES.values():
        cv2.ellipse(image, (x + 8, y + 6), (7, 4), 0, 0, 360, (245, 245, 245), -1, cv2.LINE_AA)
        cv2.circle(image, (x + 8, y + 6), 3, (60, 40, 20), -1, cv2.LINE_AA)
    return image


def _eye(texture: npt.NDArray[np.uint8], x: int, y: int) -> dict[str, Any]:
    open_eye = texture[y : y + 12, x : x + 16]
    shut = np.full_like(open_eye, SKIN)
    cv2.line(shut, (2, 7), (13, 7), (90, 110, 140), 1, cv2.LINE_AA)
    half = np.where(np.arange(12)[:, None, None] < 6, shut, open_eye).astype(np.uint8)
    patches = _jpeg(np.hstack((open_eye, half, shut)))
    return {"x": x, "y": y, "width": 16, "height": 12, "count": 3, "patches": patches}


def _sprite(colour: tuple[int, int, int, int], height: int) -> str:
    picture = np.zeros((32, 37, 4), np.uint8)
    picture[:height, 3:34] = colour
    if height == 28:
        picture[:] = colour  # the cavity fills its sprite
    return base64.b64encode(cv2.imencode(".png", picture)[1].tobytes()).decode()


def _jpeg(image: npt.NDArray[np.uint8]) -> str:
    return base64.b64encode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()).decode()


def _numbers(values: npt.NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
