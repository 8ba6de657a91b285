"""The process that reads uploads: `python -m selfsame.studio.media.worker`.

A photo, a picture and a spoken question are one request. A video is opened by its path, then gives one still per
request, so memory stays small; so does a recording, which gives some seconds of sound per request.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from selfsame.errors import CallerError
from selfsame.events.shown import Image
from selfsame.kit.engine_child import Inbox
from selfsame.kit.engine_frames import Frame, Head
from selfsame.kit.pcm import Pcm, to_bytes
from selfsame.studio.media.kinds import SoundLimits, VideoLimits, VideoStill
from selfsame.studio.media.photos import read_photo
from selfsame.studio.media.pictures import check_clean, clean_picture
from selfsame.studio.media.sounds import SoundFile
from selfsame.studio.media.videos import VideoFile
from selfsame.studio.recording import decode_recording

MEMORY = 3_000_000_000
PIECE = 2_000_000
"""Bytes of sound in one answer, some 40 seconds."""
CPU_SECONDS = 300
"""What the system ends the process at; well above what any accepted upload takes."""


class MediaWorker:
    """Requests and answers; at most one video or recording is open."""

    def __init__(self, inbox: Inbox, limits: VideoLimits) -> None:
        self._inbox = inbox
        self._limits = limits
        self._file: BinaryIO | None = None
        self._video: VideoFile | None = None
        self._stills: Iterator[VideoStill] = iter(())
        self._sound: SoundFile | None = None
        self._pieces: Iterator[Pcm] = iter(())

    def run(self) -> None:
        """Work until the server goes away."""
        while True:
            request = self._inbox.wait()
            try:
                head, payload = self._answer(request)
            except CallerError as fault:
                self._inbox.refuse(request, type(fault).__name__, fault.message)
            except MemoryError:
                self._inbox.refuse(request, "TooLarge", "The file needs too much memory. Save it smaller and retry.")
            else:
                self._inbox.answer(request, head, payload)

    def _answer(self, request: Frame) -> tuple[Head, bytes]:
        match request.head.get("do"):
            case "photo":
                photo = read_photo(request.payload)
                return _told({"width": photo.width, "height": photo.height, "notes": list(photo.notes)}, photo.image)
            case "picture":
                clean = clean_picture(request.payload)
                head = {"width": clean.width, "height": clean.height, "first": len(clean.picture)}
                return head, clean.picture + clean.thumbnail
            case "check":
                check_clean(request.payload)
                return {}, b""
            case "utter":
                return {}, to_bytes(decode_recording(request.payload))
            case "open":
                return self._open(Path(str(request.head["path"]))), b""
            case "hear":
                return self._hear(Path(str(request.head["path"])), request.head["limits"]), b""
            case "more":
                return self._more()
            case _:
                still = next(self._stills, None)
                return ({"end": True}, b"") if still is None else _told({"time": still.time}, still.image)

    def _hear(self, path: Path, limits: dict[str, float]) -> Head:
        self._close()
        self._file = path.open("rb")
        self._sound = SoundFile(self._file, SoundLimits(**limits))  # type: ignore[arg-type]
        self._pieces = self._sound.pieces()
        facts = self._sound.facts
        return {"duration": facts.duration, "rate": facts.rate, "channels": facts.channels, "notes": list(facts.notes)}

    def _more(self) -> tuple[Head, bytes]:
        """Some seconds of sound."""
        parts: list[bytes] = []
        size = 0
        for piece in self._pieces:
            parts.append(to_bytes(piece))
            size += len(parts[-1])
            if size >= PIECE:
                return {}, b"".join(parts)
        return {"end": True}, b"".join(parts)

    def _open(self, path: Path) -> Head:
        self._close()
        self._file = path.open("rb")
        self._video = VideoFile(self._file, self._limits)
        self._stills = self._video.stills()
        facts = self._video.facts
        return {
            "duration": facts.duration,
            "width": facts.width,
            "height": facts.height,
            "frames": facts.frames,
            "notes": list(facts.notes),
        }

    def _close(self) -> None:
        self._stills = iter(())
        self._pieces = iter(())
        for opened in (self._video, self._sound, self._file):
            if opened is not None:
                opened.close()
        self._video = self._sound = self._file = None


def _told(head: Head, image: Image) -> tuple[Head, bytes]:
    return head | {"size": [int(image.shape[0]), int(image.shape[1])]}, image.tobytes()


def bound() -> None:
    """Let the system end this process rather than let it eat the machine (not on Windows)."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Read the video limits from the arguments and work."""
    import av.logging

    av.logging.set_level(av.logging.PANIC)
    bound()
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    MediaWorker(Inbox(), VideoLimits(**given)).run()


if __name__ == "__main__":
    main()
