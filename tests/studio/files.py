"""Photos and videos made by program, as a camera, a phone or an attacker would."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable

import av
import numpy as np
from PIL import Image as Pillow

from selfsame.events.shown import Image
from tests.face.drawn import Drawing, face


def photo(image: Image | None = None, kind: str = "JPEG", **options: object) -> bytes:
    """A file of `image` (BGR), by default of the drawn face."""
    image = face() if image is None else image
    return saved(Pillow.fromarray(np.ascontiguousarray(image[..., ::-1])), kind, **options)


def saved(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that claims to be enormous."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def video(pictures: Iterable[Image], rate: int = 10, kind: str = "mp4", codec: str = "libx264") -> bytes:
    """A video file of pictures of one size."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        pictures = list(pictures)
        stream.height, stream.width = pictures[0].shape[:2]
        for image in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")))
        container.mux(stream.encode())
    return out.getvalue()


def talking(seconds: float = 6.0, rate: int = 10, seed: int = 0) -> list[Image]:
    """A drawn face that talks, blinks twice and smiles at the end."""
    pictures = []
    for k in range(round(seconds * rate)):
        time = k / rate
        pictures.append(
            face(
                Drawing(
                    mouth=round(4 * max(0.0, float(np.sin(time * 5)))) / 4 * (1.0 < time < seconds - 2),
                    smile=float(time > seconds - 1.2),
                    lids=float(k in (4, round(2.5 * rate))),
                    seed=seed,
                )
            )
        )
    return pictures


def sound(seconds: float = 6.0) -> bytes:
    """An MP4 with sound alone."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=16000)
        for _ in range(round(seconds * 16000 / 1024)):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 16000
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()
