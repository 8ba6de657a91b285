"""The child's side of `engine_process`: a thread reads frames, the main thread works and answers.

The reader thread notices when the parent is gone (end of standard input) and ends the process at once, so no engine
outlives its server, not even one that is busy.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import BinaryIO

from selfsame.kit.engine_frames import Frame, FrameReader, Head

CHUNK = 65536


class Inbox:
    """Frames from the parent, and a way to answer them. Made once, in the main thread of an engine process."""

    def __init__(self, capacity: int = 4096) -> None:
        self._out = _claim_stdout()
        self._frames: queue.Queue[Frame] = queue.Queue(capacity)
        self._writing = threading.Lock()
        threading.Thread(target=self._read, name="engine-inbox", daemon=True).start()

    def _read(self) -> None:
        reader = FrameReader()
        while data := os.read(0, CHUNK):
            for frame in reader.feed(data):
                self._frames.put(frame)
        os._exit(0)

    def wait(self) -> Frame:
        """The next frame; blocks until there is one."""
        return self._frames.get()

    def poll(self) -> Frame | None:
        """The next frame if one is there."""
        try:
            return self._frames.get_nowait()
        except queue.Empty:
            return None

    def answer(self, request: Frame, head: Head | None = None, payload: bytes = b"") -> None:
        """Answer a request that wants an answer; any thread may call."""
        self._write(request, {"ok": True, "head": head or {}}, payload)

    def refuse(self, request: Frame, kind: str, message: str) -> None:
        """Answer that a request failed; `kind` is a word for the caller to sort by."""
        self._write(request, {"ok": False, "kind": kind, "message": message}, b"")

    def _write(self, request: Frame, head: Head, payload: bytes) -> None:
        number = request.head.get("call")
        if number is None:
            return
        with self._writing:
            self._out.write(Frame({"call": number, **head}, payload).encode())
            self._out.flush()


def _claim_stdout() -> BinaryIO:
    """Keep standard output for frames and send whatever a library prints to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return out
