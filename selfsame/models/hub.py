"""Fetch a model's files from the user's model hub, checked against the hashes that the hub states.

`HF_ENDPOINT` names another hub that speaks the same protocol, `HF_TOKEN` a personal token.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import httpx

from selfsame.errors import BadOutput, Unavailable
from selfsame.models.fetch import Progress, Wanted, fetch
from selfsame.models.manifest import HubRepo

DEFAULT_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository. Large files carry a SHA-256, small ones the SHA-1 of their git blob."""

    path: str
    size: int
    sha256: str | None
    git_sha1: str | None

    @property
    def name(self) -> str:
        """The name it is stored under."""
        return self.path.rsplit("/", 1)[-1]


def endpoint() -> str:
    """The hub's address."""
    return os.environ.get("HF_ENDPOINT", DEFAULT_ENDPOINT).rstrip("/")


def list_files(client: httpx.Client, repo: HubRepo) -> list[HubFile]:
    """The wanted files as the hub states them. Raises Unavailable when the hub or the repository cannot be had."""
    url = f"{endpoint()}/api/models/{repo.repo}/tree/{repo.revision}?recursive=true"
    try:
        answer = client.get(url, headers=_headers())
    except httpx.TransportError as fault:
        host = httpx.URL(url).host
        raise _unavailable(f"cannot reach the model hub {host}; HF_ENDPOINT can name another") from fault
    if not answer.is_success:
        raise _unavailable(f"the model hub answered HTTP {answer.status_code} for {repo.repo}")
    try:
        entries = [_entry(item) for item in answer.json() if item["type"] == "file"]
    except (ValueError, KeyError, TypeError) as fault:
        raise BadOutput(f"the model hub's list of {repo.repo} cannot be read", role="models", provider="hub") from fault
    wanted = [entry for entry in entries if any(fnmatch(entry.path, pattern) for pattern in repo.patterns)]
    if not wanted:
        raise _unavailable(f"the model hub has no files for {repo.repo}")
    return wanted


def fetch_file(client: httpx.Client, repo: HubRepo, file: HubFile, folder: Path, progress: Progress) -> Path:
    """Download one file into `folder` and check it. Raises Unavailable or BadOutput."""
    url = f"{endpoint()}/{repo.repo}/resolve/{repo.revision}/{file.path}"
    path = fetch(client, Wanted(url, folder / file.name, file.size, file.sha256, tuple(_headers().items())), progress)
    if file.sha256 is None and file.git_sha1 is not None and git_sha1(path) != file.git_sha1:
        path.unlink()
        raise BadOutput(f"{file.name} does not have the hash the hub states", role="models", provider="hub")
    return path


def git_sha1(path: Path) -> str:
    """The id git gives a file's content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _entry(item: dict) -> HubFile:
    large = item.get("lfs")
    return HubFile(
        path=item["path"],
        size=(large or item)["size"],
        sha256=large["oid"] if large else None,
        git_sha1=None if large else item.get("oid"),
    )


def _headers() -> dict[str, str]:
    token = os.environ.get("HF_TOKEN")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _unavailable(message: str) -> Unavailable:
    return Unavailable(message, role="models", provider="hub")
