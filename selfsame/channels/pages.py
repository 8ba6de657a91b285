"""The built page and the security headers that every answer carries."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from selfsame.channels.answers import answer
from selfsame.channels.peers import headers_of
from selfsame.errors import TooLarge
from selfsame.kit.tasks import offload
from selfsame.studio.media.kinds import PHOTO_BYTES, VIDEO_BYTES

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "font-src 'self'; connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(self), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def security_headers(path: str, sites: tuple[str, ...] = ()) -> dict[str, str]:
    """The headers of an answer at that path. Only `/embed/...` may be framed: by ourselves, and by those sites."""
    if not path.startswith("/embed/"):
        return SECURITY_HEADERS
    headers = {name: value for name, value in SECURITY_HEADERS.items() if name != "X-Frame-Options"}
    policy, who = headers["Content-Security-Policy"], " ".join(("'self'", *sites))
    return headers | {"Content-Security-Policy": policy.replace("frame-ancestors 'none'", f"frame-ancestors {who}")}


_MISSING = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Selfsame</title></head><body>
<h1>The page is not built yet</h1>
<p>The server runs. Build the page with <code>./dev up</code> (or <code>npm ci &amp;&amp; npm run build</code> in
<code>web</code>) and load this address again.</p>
<p><a href="/health/components">How the server is</a></p></body></html>"""


mimetypes.init()  # reads the system's tables now: later it would block the first request for a file
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")  # some systems' tables say otherwise, and browsers refuse such workers
_BODY_LIMIT = 65_536
UPLOAD_BYTES = VIDEO_BYTES + 1_000_000
"""Of a face's photos or video together: a video at its largest, and the form around it."""
PHOTO_FORM_BYTES = PHOTO_BYTES + 1_000_000
"""Of one photo that is to be judged, and the form around it."""
DOCUMENT_BYTES = 200_000_000
"""Of one request with documents: many files, or a few large ones."""
PICTURES_BYTES = 60_000_000
"""Of one request with pictures of a product."""
ARCHIVE_BYTES = 1_000_000_000
"""Of an archive of a clone, and the form around it; larger ones go by `selfsame clone import`."""
_LARGE_BODIES = {
    "/api/complete-flow": 26 * 1024 * 1024,
    "/face-model/upload": UPLOAD_BYTES,
    "/face-model/check": PHOTO_FORM_BYTES,
    "/api/documents": DOCUMENT_BYTES,
    "/api/products/upload": DOCUMENT_BYTES,
    "/api/persona/extract": UPLOAD_BYTES,
    "/voice-model/upload": UPLOAD_BYTES,
    "/api/consents/spoken": 26 * 1024 * 1024,
    "/api/clones/import": ARCHIVE_BYTES,
}
"""Paths that take more: a recorded utterance of 25 MB in a form, photos and videos, documents, a whole clone."""
_PICTURES = re.compile(r"/api/products/[^/]+/pictures")
_PRIVATE = ("/api/", "/health", "/metrics", "/face-model", "/voice-model")


_COMPRESSED = {"br": ".br", "gzip": ".gz"}


class SecurityHeaders:
    """Adds the security headers to every HTTP answer and refuses large bodies; sockets pass untouched.

    `sites` are the origins of others that may show `/embed/...` in a frame.
    """

    def __init__(self, app: Any, sites: tuple[str, ...] = ()) -> None:
        self.app = app
        self._sites = sites

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(scope["path"], self._sites).items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_PRIVATE):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = headers_of(scope)
        length = headers.get("content-length", "0")
        path = scope["path"]
        most = PICTURES_BYTES if _PICTURES.fullmatch(path) else _LARGE_BODIES.get(path, _BODY_LIMIT)
        if "transfer-encoding" in headers or not length.isdecimal() or int(length[:12]) > most:
            refusal = TooLarge(f"a request's body holds at most {_readable(most)} and says its length")
            await answer(refusal)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


def _readable(size: int) -> str:
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size} bytes"


def _is_address(scope: Any) -> bool:
    """Whether the page itself knows what to show there: `/talk/vera`, but neither `/assets/none.js` nor `/api/none`."""
    path: str = scope["path"]
    if scope["method"] not in ("GET", "HEAD") or path.startswith((*_PRIVATE, "/ws")):
        return False
    return "." not in path.rsplit("/", 1)[-1] and ".." not in path


class Page(StaticFiles):
    """The built page. Unknown paths that look like none of a file give the page itself; without a build, a hint."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.config_checked = True  # the folder may come later, when the page is built
        self._index = folder / "index.html"

    async def get_response(self, path: str, scope: Any) -> Response:
        """A file, or the page where the address is one of its own. Raises HTTPException."""
        if not await offload(self._index.is_file):
            return HTMLResponse(_MISSING, status_code=503)
        if path in (".", "index.html", "sign-in"):  # where `selfsame sign-in` leads
            return FileResponse(self._index, headers={"Cache-Control": "no-cache"})
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _is_address(scope):
                raise
            return FileResponse(self._index, headers={"Cache-Control": "no-cache"})
        if path.startswith("assets/") and response.status_code == 200:
            response = await self._smaller(path, scope) or response
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.headers["Vary"] = "accept-encoding"
        else:  # the service worker, the manifest, the button for other sites: asked for anew each time
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    async def _smaller(self, path: str, scope: Any) -> Response | None:
        """The file as the build has compressed it, in the best way that the browser takes."""
        taken = [each.partition(";")[0].strip() for each in headers_of(scope).get("accept-encoding", "").split(",")]
        for encoding, ending in _COMPRESSED.items():
            if encoding not in taken:
                continue
            found, stat = await offload(self.lookup_path, path + ending)
            if stat is not None:
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                return FileResponse(found, stat_result=stat, media_type=kind, headers={"Content-Encoding": encoding})
        return None
