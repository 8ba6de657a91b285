"""Pictures of things, drawn for tests, and a desk's cleaner that works in this process."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image as Pillow
from PIL import ImageDraw

from selfsame.kit.tasks import offload
from selfsame.studio.media import CleanPicture
from selfsame.studio.media.pictures import check_clean, clean_picture


def drawn(
    kind: str = "PNG", size: tuple[int, int] = (240, 180), hue: int = 20, mode: str = "RGB", **more: Any
) -> bytes:
    """A picture of a pot as a file; `more` goes to Pillow's writer."""
    picture = Pillow.new("RGBA", size, (250, 245, 235, 0 if mode == "RGBA" else 255))
    pen, (width, height) = ImageDraw.Draw(picture), size
    colour = Pillow.new("HSV", (1, 1), (hue, 200, 190)).convert("RGB").getpixel((0, 0))
    assert isinstance(colour, tuple)
    pen.rounded_rectangle((width * 0.25, height * 0.3, width * 0.7, height * 0.85), height // 9, fill=(*colour, 255))
    pen.arc((width * 0.6, height * 0.4, width * 0.85, height * 0.7), -90, 90, fill=(*colour, 255), width=height // 18)
    out = io.BytesIO()
    picture.convert(mode).save(out, kind, **more)
    return out.getvalue()


async def in_process(data: bytes) -> CleanPicture:
    return await offload(clean_picture, data)


async def checked_here(data: bytes) -> None:
    await offload(check_clean, data)
