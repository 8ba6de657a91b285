"""The process that reads uploads: `python -m selfsame.studio.media.worker`.

A photo is one request. A video is opened by its path, then gives one still per request, so memory stays small.
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
from selfsame.studio.media.kinds import VideoLimits, VideoStill
from selfsame.studio.media.photos import read_photo
from selfsame.studio.media.videos import VideoFile

MEMORY = 3_000_000_000
CPU_SECONDS = 300
"""What the system ends the process at; well above what any accepted upload takes."""


class MediaWorker:
    """Requests and answers; at most one video is open."""

    def __init__(self, inbox: Inbox, limits: VideoLimits) -> None:
        self._inbox = inbox
        self._limits = limits
        self._file: BinaryIO | None = None
        self._video: VideoFile | None = None
        self._stills: Iterator[VideoStill] = iter(())

    def run(self) -> None:
        """Work until the server goes away."""
        while True:
            request = self._inbox.wait()
            try:
                head, image = self._answer(request)
            except CallerError as fault:
                self._inbox.refuse(request, type(fault).__name__, fault.message)
            except MemoryError:
                self._inbox.refuse(request, "TooLarge", "The file needs too much memory. Save it smaller and retry.")
            else:
                payload = b"" if image is None else image.tobytes()
                size = {} if image is None else {"size": [int(image.shape[0]), int(image.shape[1])]}
                self._inbox.answer(request, head | size, payload)

    def _answer(self, request: Frame) -> tuple[Head, Image | None]:
        match request.head.get("do"):
            case "photo":
                photo = read_photo(request.payload)
                return {"width": photo.width, "height": photo.height, "notes": list(photo.notes)}, photo.image
            case "open":
                return self._open(Path(str(request.head["path"]))), None
            case _:
                still = next(self._stills, None)
                return ({"end": True}, None) if still is None else ({"time": still.time}, still.image)

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
        if self._video is not None:
            self._video.close()
        if self._file is not None:
            self._file.close()
        self._video = self._file = None


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
