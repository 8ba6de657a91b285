"""From the bytes of a photo to a picture. Blocking, and meant for the worker process."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from selfsame.errors import BadInput, TooLarge
from selfsame.events.shown import Image
from selfsame.studio.media.kinds import PHOTO_BYTES, PHOTO_EDGE, PHOTO_PIXELS, PHOTO_TOO_HEAVY, Photo

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""What Pillow may try; its other readers are little used and not worth their risk."""
GOOD_FRAME_WITHIN = 12
FLAT = 6.0
"""Grey levels of spread under which a frame of an animation shows nothing."""
SMALLEST = 16
BACKDROP = (128, 128, 128)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    struct.error,
    OverflowError,
    TypeError,
    RuntimeError,
)
"""What Pillow's readers raise at spoilt files, a MemoryError apart."""


def read_photo(data: bytes) -> Photo:
    """The picture, upright, 8-bit BGR, its longer edge at most 2048 pixels.

    Raises TooLarge for more than 25 MB or 50 megapixels (known before decoding), BadInput for what is no photo.
    """
    if len(data) > PHOTO_BYTES:
        raise TooLarge(PHOTO_TOO_HEAVY)
    refuse_heic(data)
    notes: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limits are stricter than those it warns of
        try:
            with Pillow.open(io.BytesIO(data), formats=FORMATS) as opened:
                return _read(opened, notes)
        except UnidentifiedImageError as fault:
            raise BadInput("This is not a photo. Upload a JPEG, PNG or WebP file.") from fault
        except Pillow.DecompressionBombError as fault:
            raise _too_many_pixels() from fault
        except MemoryError as fault:
            raise TooLarge("The photo needs too much memory. Save it smaller as a JPEG and upload it again.") from fault
        except BROKEN as fault:
            raise BadInput("The photo is damaged or cut off. Save it again as a JPEG and upload that.") from fault


def refuse_heic(data: bytes) -> None:
    """HEIC files hold a photo in tiles that nothing here puts together."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:40]:
        raise BadInput(
            "HEIC photos cannot be read yet. Share the photo as a JPEG (on an iPhone: Settings, Camera, Formats, "
            "Most Compatible) and upload that."
        )


def _read(opened: Pillow.Image, notes: list[str]) -> Photo:
    width, height = opened.size
    if width * height > PHOTO_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < SMALLEST:
        raise BadInput(f"The photo has only {width} x {height} pixels. Upload one that shows the face large.")
    frame = _first_good(opened, notes)
    frame.draft("RGB", (PHOTO_EDGE, PHOTO_EDGE))  # JPEG decodes straight to a smaller size
    turned = ImageOps.exif_transpose(frame) or frame
    if _is_sideways(frame):
        width, height = height, width
    shown = shown_rgb(turned)
    shown.thumbnail((PHOTO_EDGE, PHOTO_EDGE), Pillow.Resampling.BOX, reducing_gap=None)
    return Photo(np.ascontiguousarray(np.asarray(shown, np.uint8)[..., ::-1]), width, height, tuple(notes))


def _too_many_pixels() -> TooLarge:
    return TooLarge(f"The photo has more than {PHOTO_PIXELS // 1_000_000} megapixels. Save it smaller and try again.")


def _is_sideways(frame: Pillow.Image) -> bool:
    return frame.getexif().get(0x0112) in (5, 6, 7, 8)


def _first_good(opened: Pillow.Image, notes: list[str]) -> Pillow.Image:
    """The first frame of an animation that shows something; a photo is its own only frame."""
    if opened.format in ("MPO", "TIFF") or not _moves(opened):
        return opened
    for number in range(GOOD_FRAME_WITHIN):
        try:
            opened.seek(number)
        except EOFError:
            break
        if float(np.asarray(opened.convert("L"), np.float32).std()) >= FLAT:
            notes.append(f"The file is an animation; its picture number {number + 1} was used.")
            return opened.copy()
    raise BadInput("The animation shows nothing in its first pictures. Upload a photo instead.")


def _moves(opened: Pillow.Image) -> bool:
    try:
        opened.seek(1)
    except EOFError:
        return False
    finally:
        opened.seek(0)
    return True


def shown_rgb(frame: Pillow.Image) -> Pillow.Image:
    """Any kind of pixel as 8-bit RGB: 16-bit scaled, transparent over grey, CMYK and palettes converted."""
    if frame.mode in ("I", "F") or frame.mode.startswith("I;16"):
        return _from_deep(np.asarray(frame))
    if frame.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in frame.info:
        over = Pillow.new("RGBA", frame.size, (*BACKDROP, 255))
        over.alpha_composite(frame.convert("RGBA"))
        return over.convert("RGB")
    return frame.convert("RGB")


def _from_deep(values: np.ndarray) -> Pillow.Image:
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=65535.0, neginf=0.0)
    most = float(numbers.max())
    scale = 255.0 if 0 < most <= 1 else 1.0 if most <= 255 else 255.0 / 65535.0
    grey: Image = np.clip(numbers * scale, 0, 255).astype(np.uint8)
    return Pillow.fromarray(grey, "L").convert("RGB")
