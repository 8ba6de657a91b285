"""Names for MediaPipe's landmark numbers. "Right" is the person's own right: the left of an unmirrored picture."""

from __future__ import annotations

UPPER_LIP = (
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291),
    (76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306),
    (62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292),
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308),
)
"""Rings of the upper lip, outer to inner, each from the right corner to the left one (left to right as seen)."""

LOWER_LIP = (
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291),
    (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306),
    (62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308),
)
"""Rings of the lower lip; their ends are the corners, which both lips share."""

UPPER_ONLY = tuple(i for ring in UPPER_LIP for i in ring[1:-1])
LOWER_ONLY = tuple(i for ring in LOWER_LIP for i in ring[1:-1])
CORNERS = tuple(i for ring in UPPER_LIP for i in (ring[0], ring[-1]))
LIPS = UPPER_ONLY + LOWER_ONLY + CORNERS

OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The outline of the face, from the top of the forehead round by the person's left."""

RIGHT_UPPER_LID = (33, 246, 161, 160, 159, 158, 157, 173, 133)
RIGHT_LOWER_LID = (33, 7, 163, 144, 145, 153, 154, 155, 133)
LEFT_UPPER_LID = (362, 398, 384, 385, 386, 387, 388, 466, 263)
LEFT_LOWER_LID = (362, 382, 381, 380, 374, 373, 390, 249, 263)
RIGHT_BROW = (70, 63, 105, 66, 107, 46, 53, 52, 65, 55)
LEFT_BROW = (300, 293, 334, 296, 336, 276, 283, 282, 295, 285)
RIGHT_BROW_LOW = (46, 53, 52, 65, 55)
LEFT_BROW_LOW = (276, 283, 282, 295, 285)
RIGHT_IRIS = (468, 469, 470, 471, 472)
LEFT_IRIS = (473, 474, 475, 476, 477)

FOREHEAD, CHIN = 10, 152
RIGHT_CHEEK, LEFT_CHEEK = 234, 454
NOSE_BASE = 2
RIGHT_OUTER_EYE, LEFT_OUTER_EYE = 33, 263
RIGHT_INNER_EYE, LEFT_INNER_EYE = 133, 362
LANDMARKS = 478
