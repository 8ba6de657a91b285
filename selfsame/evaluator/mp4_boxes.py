"""Edit lists of an MP4 file: what a player must leave out or wait for at a track's beginning. Pure.

An MP4 file is a tree of boxes, each 4 bytes of size and 4 of name (ISO/IEC 14496-12). An encoder's delay is hidden by
an edit (`elst`) that begins a track after its first samples; players that ignore edits play the track late by as much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as StructError
from struct import unpack_from

MOST_BOXES = 10_000


@dataclass(frozen=True, slots=True)
class Edits:
    """What is done at the beginning of a track (`kind` is "vide", "soun" or another handler).

    `skipped_s` of its media are left out (priming, or pictures that are reordered) and `waited_s` pass before it.
    """

    kind: str
    skipped_s: float
    waited_s: float


def edits(mp4: bytes) -> list[Edits]:
    """One entry per track with an edit list; none for bytes that are no MP4 file, or a damaged one."""
    try:
        movie = next((body for name, body in _boxes(mp4, 0, len(mp4)) if name == b"moov"), None)
        if movie is None:
            return []
        seconds = _time_scale(mp4, movie, b"mvhd")
        found = (_of_track(mp4, body, seconds) for name, body in _boxes(mp4, *movie) if name == b"trak")
        return [one for one in found if one is not None]
    except (StructError, IndexError, ZeroDivisionError):
        return []


Span = tuple[int, int]


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, Span]]:
    """(name, (start, end) of the content) of the boxes in a stretch of the file."""
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        size, name = unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            size, head = unpack_from(">Q", data, start + 8)[0], 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            return
        yield name, (start + head, start + size)
        start += size


def _inside(data: bytes, span: Span, *path: bytes) -> Span | None:
    for name in path:
        found = next((body for other, body in _boxes(data, *span) if other == name), None)
        if found is None:
            return None
        span = found
    return span


def _time_scale(data: bytes, span: Span, name: bytes) -> int:
    """Ticks a second, from a movie's or a medium's header."""
    header = _inside(data, span, name)
    if header is None:
        return 0
    return unpack_from(">I", data, header[0] + (20 if data[header[0]] == 1 else 12))[0]


def _of_track(data: bytes, track: Span, movie_scale: int) -> Edits | None:
    medium, listed = _inside(data, track, b"mdia"), _inside(data, track, b"edts", b"elst")
    handler = _inside(data, track, b"mdia", b"hdlr")
    if medium is None or listed is None or handler is None:
        return None
    kind = data[handler[0] + 8 : handler[0] + 12].decode("latin-1")
    long, count = data[listed[0]] == 1, unpack_from(">I", data, listed[0] + 4)[0]
    entry, place, waited = (">Qq" if long else ">Ii"), listed[0] + 8, 0.0
    for _ in range(min(count, MOST_BOXES)):
        duration, begins = unpack_from(entry, data, place)
        if begins >= 0:
            return Edits(kind, begins / _time_scale(data, medium, b"mdhd"), waited)
        waited += duration / movie_scale
        place += 20 if long else 12
    return None
