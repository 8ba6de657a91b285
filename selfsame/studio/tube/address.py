"""Which addresses are YouTube videos: an exact list of hosts and shapes, so that nothing else is ever fetched. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from selfsame.errors import BadInput

HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"})
SHORT_HOST = "youtu.be"
_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_PATH = re.compile(r"/(?:shorts|live|embed|v)/([A-Za-z0-9_-]{11})/?")
WANTED = "Give the address of one YouTube video, such as https://www.youtube.com/watch?v=..."


@dataclass(frozen=True, slots=True)
class VideoAddress:
    """A video's id, 11 letters, digits, - and _; and its address, which we write ourselves."""

    id: str

    @property
    def url(self) -> str:
        """The one form in which it is handed to a program: nothing of what was typed is left in it."""
        return f"https://www.youtube.com/watch?v={self.id}"


def video_address(text: str) -> VideoAddress:
    """The video that an address names. Raises BadInput for anything but a video of YouTube."""
    text = text.strip()
    if len(text) > 500 or any(mark.isspace() or not mark.isprintable() for mark in text):
        raise BadInput(f"This is no address of a video. {WANTED}")
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadInput(f"This is no address of a video. {WANTED}") from None
    plain = parts.scheme in ("http", "https") and port is None and parts.username is None and "@" not in parts.netloc
    if not plain or host.rstrip(".") not in HOSTS | {SHORT_HOST}:
        raise BadInput(f"Only videos of YouTube can be fetched. {WANTED}")
    found = parts.path.strip("/") if host == SHORT_HOST else _in_path(parts.path, parts.query)
    if not _ID.fullmatch(found):
        what = "This is a playlist or a channel" if _is_many(parts.path, parts.query) else "This names no video"
        raise BadInput(f"{what}. {WANTED}")
    return VideoAddress(found)


def _in_path(path: str, query: str) -> str:
    if path.rstrip("/") == "/watch":
        return parse_qs(query).get("v", [""])[0]
    match = _PATH.fullmatch(path)
    return match.group(1) if match else ""


def _is_many(path: str, query: str) -> bool:
    return path.startswith(("/playlist", "/channel", "/@", "/c/", "/user")) or "list=" in query
