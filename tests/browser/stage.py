"""A stand-in for the server, for what only the page decides.

It gives the built page under the product's own headers, a face that is drawn, and replies whose sound and motion the
test chooses. The real server has tests of its own beside these.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, WebSocketRoute

from selfsame.channels.pages import SECURITY_HEADERS
from selfsame.channels.wire.binary import BinaryFrame, MotionFrame, PictureFrame, SoundFrame, encode
from selfsame.events.shown import BLENDSHAPES, CHANNELS, MOTION_FPS, Frames, quantise
from tests.support.drawn_face import drawn_face
from tests.support.serving import ROOT

RATE = 16_000
DIST = ROOT / "web" / "dist"
FACE_PATH = "/api/clones/vera/face.json"
CLONE = {"slug": "vera", "name": "Vera", "greeting": "Hello."}


@dataclass
class Stage:
    """One page's server. `heard` is what the page has said, `rig` the face that it is given."""

    url: str = ""
    rig: bytes = field(default_factory=drawn_face)
    heard: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Paths that were fetched, each with its Authorization header."""
    dumb: bool = False
    """Pings get no answer, as over a line that died without a word."""
    away: bool = False
    """Requests get no answer, as when the server was stopped."""
    pages: Path = DIST
    """The built page."""
    _socket: WebSocketRoute | None = None
    _number: int = 0

    def open(self, page: Page, path: str = "talk/vera?measure") -> None:
        """Load the page with its socket in the test's hands."""
        page.route_web_socket("**/ws/chat*", self._take)
        page.goto(self.url + path)

    def say(self, **message: Any) -> None:
        """Send a numbered message."""
        assert self._socket is not None
        self._number += 1
        self._socket.send(json.dumps({"eventNumber": self._number} | message))

    def begin(self, turn: int = 1) -> None:
        """A reply begins."""
        self.say(type="status", state="processing")
        self.say(type="response_start", turnId=turn, sampleRate=RATE)
        self.say(type="status", state="speaking")
        self.say(type="response_text", turnId=turn, text="Here I am.")

    def sound(self, seconds: int, turn: int = 1) -> None:
        """So much of a steady tone."""
        tone = (4000 * np.sin(np.arange(RATE) * 2 * np.pi * 200 / RATE)).astype("<i2").tobytes()
        for second in range(seconds):
            self._send(SoundFrame(turn, second, 0, 1000 * second, tone))

    def motion(self, frames: Frames, turn: int = 1) -> None:
        """The motion of the whole reply, a second at a time."""
        for first in range(0, len(frames), MOTION_FPS):
            rows = quantise(frames[first : first + MOTION_FPS]).tobytes()
            self._send(MotionFrame(turn, first, 0, first, len(CHANNELS), rows))

    def picture(self, jpeg: bytes, edge: int, timestamp: int = 0, turn: int = 1) -> None:
        """A picture at its place in the reply."""
        self._send(PictureFrame(turn, 0, 0, timestamp, edge, "jpeg", True, jpeg))

    def types(self) -> list[str]:
        """The types of what the page has said."""
        return [message["type"] for message in self.heard]

    def _send(self, frame: BinaryFrame) -> None:
        assert self._socket is not None
        self._socket.send(encode(frame))

    def _take(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(self._hear)

    def _hear(self, data: str | bytes) -> None:
        assert self._socket is not None
        if isinstance(data, bytes):
            return
        message = json.loads(data)
        self.heard.append(message)
        if message["type"] == "ping" and not self.dumb:
            self._socket.send(json.dumps({"type": "pong", "timestamp": message["timestamp"]}))
        if message["type"] == "start":
            columns = {"channels": list(CHANNELS), "blendshapes": len(BLENDSHAPES), "fps": MOTION_FPS}
            face = {"url": FACE_PATH + "?v=1"} | columns
            ready = {"type": "ready", "sessionId": "s", "cloneName": "Vera", "greeting": "Hello.", "face": face}
            self._socket.send(json.dumps(ready))


@contextmanager
def stage(rig: bytes | None = None) -> Iterator[Stage]:
    """A stage with its own HTTP server."""
    own = Stage() if rig is None else Stage(rig=rig)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(own))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    own.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _handler(own: Stage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            if own.away:
                return
            grant = {"token": "tok", "wsUrl": "/ws/chat", "expiresAt": None, "clone": CLONE, "owner": True}
            grant |= {"permissions": ["converse", "own"], "signedIn": False}
            self._give(json.dumps(grant).encode(), "application/json")

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            own.asked.append((path, self.headers.get("authorization")))
            page = path == "/" or path.startswith(("/talk", "/embed/", "/studio"))
            file = own.pages / ("index.html" if page else path.lstrip("/"))
            if own.away:
                return
            if path == "/api/clones":
                self._give(b'{"clones": []}', "application/json")
            elif path == FACE_PATH:
                self._give(own.rig, "application/json")
            elif file.is_file():
                self._give(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream")
            else:
                self._give(b"not found", "text/plain", 404)

        def _give(self, data: bytes, kind: str, code: int = 200) -> None:
            self.send_response(code)
            for name, value in (SECURITY_HEADERS | {"Content-Type": kind}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler
