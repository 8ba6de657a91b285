"""From the bytes of an uploaded picture of a thing to a clean one that pages may show, and a small one of it.

What is kept is drawn anew from the pixels, so nothing else of the file comes along: no place and time of the shot, no
camera, no hidden thumbnail, nothing behind the end. Blocking, and meant for the worker process.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps, UnidentifiedImageError

from selfsame.errors import BadInput, TooLarge
from selfsame.studio.media.kinds import PICTURE_BYTES, PICTURE_TOO_HEAVY, CleanPicture
from selfsame.studio.media.photos import BROKEN, refuse_heic, shown_rgb

FORMATS = ("JPEG", "PNG", "WEBP")
PICTURE_PIXELS = 40_000_000
PICTURE_EDGE, THUMBNAIL_EDGE = 1600, 320
"""Longest edges of what is kept: a screen's, and a row's of a table at three points to the pixel."""
SMALLEST = 16
QUALITY = 82
_NOT_ONE = "This is not a picture that can be shown. Save it as JPEG, PNG or WebP and upload that."
_DAMAGED = "The picture is damaged or cut off. Save it again as JPEG, PNG or WebP and upload that."
_TOO_LARGE = f"The picture has more than {PICTURE_PIXELS // 1_000_000} megapixels. Save it smaller and upload it again."
_HEAVY = "The picture needs too much memory. Save it smaller as a JPEG and upload it again."
_TOO_SMALL = f"The picture is smaller than {SMALLEST} pixels. Upload a larger one."


def clean_picture(data: bytes) -> CleanPicture:
    """The picture upright, in sRGB, as WebP, its longer edge at most 1600 pixels; and one of at most 320.

    What it is, is told by its content alone. Of an animation the first picture is kept. Raises TooLarge for more than
    15 MB or 40 megapixels (known before decoding), BadInput for what is no picture, each with what to do.
    """
    if len(data) > PICTURE_BYTES:
        raise TooLarge(PICTURE_TOO_HEAVY)
    refuse_heic(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limits are stricter than those it warns of
        try:
            with Pillow.open(io.BytesIO(data), formats=FORMATS) as opened:
                return _cleaned(opened)
        except UnidentifiedImageError as fault:
            raise BadInput(_NOT_ONE) from fault
        except Pillow.DecompressionBombError as fault:
            raise TooLarge(_TOO_LARGE) from fault
        except MemoryError as fault:
            raise TooLarge(_HEAVY) from fault
        except BROKEN as fault:
            raise BadInput(_DAMAGED) from fault


def check_clean(data: bytes) -> None:
    """Whether a file from outside is one that `clean_picture` could have made: for those that archives bring.

    Raises BadInput, TooLarge.
    """
    if len(data) > PICTURE_BYTES:
        raise TooLarge(PICTURE_TOO_HEAVY)
    try:
        with Pillow.open(io.BytesIO(data), formats=("WEBP",)) as opened:
            if max(opened.size) > PICTURE_EDGE or getattr(opened, "n_frames", 1) > 1:
                raise BadInput(_DAMAGED)
            if any(opened.info.get(name) for name in ("exif", "xmp", "icc_profile")):
                raise BadInput(_DAMAGED)
            opened.load()
    except (Pillow.DecompressionBombError, MemoryError, *BROKEN) as fault:
        raise BadInput(_DAMAGED) from fault


def _cleaned(opened: Pillow.Image) -> CleanPicture:
    width, height = opened.size
    if width * height > PICTURE_PIXELS:
        raise TooLarge(_TOO_LARGE)
    if min(width, height) < SMALLEST:
        raise BadInput(_TOO_SMALL)
    opened.draft("RGB", (PICTURE_EDGE, PICTURE_EDGE))  # JPEG decodes straight to a smaller size
    turned = ImageOps.exif_transpose(opened) or opened
    shown = _plain(turned)
    shown.thumbnail((PICTURE_EDGE, PICTURE_EDGE), Pillow.Resampling.LANCZOS)
    small = shown.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Pillow.Resampling.LANCZOS)
    return CleanPicture(_webp(shown), _webp(small), shown.width, shown.height)


def _plain(frame: Pillow.Image) -> Pillow.Image:
    """8-bit sRGB; what is transparent stays so."""
    clear = frame.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in frame.info
    profile = frame.info.get("icc_profile")
    shown = frame.convert("RGBA") if clear else shown_rgb(frame)
    if profile and frame.mode in ("RGB", "RGBA"):
        try:
            wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            done = ImageCms.profileToProfile(shown, wide, ImageCms.createProfile("sRGB"), outputMode=shown.mode)
            shown = done or shown
        except (ImageCms.PyCMSError, *BROKEN):
            pass  # a profile that is none: the numbers are taken for sRGB, as browsers do
    return shown


def _webp(shown: Pillow.Image) -> bytes:
    bare = Pillow.frombytes(shown.mode, shown.size, shown.tobytes())  # pixels alone: `info` would be written too
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
