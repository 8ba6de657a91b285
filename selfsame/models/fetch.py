"""Download one file over HTTP: resumable, with retries, never leaving a half file under the final name."""

from __future__ import annotations

import errno
import hashlib
import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from selfsame.errors import BadOutput, Unavailable

Progress = Callable[[str, int, int], None]
"""Called with a name, the bytes that are here, and the bytes in all (0 when unknown)."""

TRIES = 5


def quiet(name: str, done: int, total: int) -> None:
    """The progress callback that says nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A download. `digest` is the expected SHA-256 in hex; None leaves the check to the caller."""

    url: str
    target: Path
    size: int = 0
    digest: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


def open_client() -> httpx.Client:
    """An HTTP client that honours the proxy variables and the certificate file that pip uses."""
    bundle = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
    verify = ssl.create_default_context(cafile=bundle) if bundle and Path(bundle).is_file() else True
    return httpx.Client(verify=verify, follow_redirects=True, timeout=httpx.Timeout(30.0, connect=15.0))


def fetch(
    client: httpx.Client, wanted: Wanted, progress: Progress = quiet, pause: Callable[[float], None] = time.sleep
) -> Path:
    """Download to `wanted.target`. What came stays in `<target>.part`, so a later call goes on from there.

    Raises Unavailable (network down, server error, disk full) or BadOutput (hash differs; the part is thrown away).
    """
    part = wanted.target.with_name(wanted.target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(TRIES):
        try:
            _continue(client, wanted, part, progress)
            break
        except (httpx.TransportError, _CutShort) as fault:
            if attempt == TRIES - 1:
                raise _unavailable(_reason(fault, wanted.url)) from fault
            pause(0.5 * 2**attempt)
        except OSError as fault:
            raise _unavailable(disk_message(fault, part)) from fault
    if wanted.digest is not None and sha256(part) != wanted.digest:
        part.unlink()
        raise BadOutput(
            f"{wanted.target.name} does not have the expected SHA-256; it was thrown away, try again",
            role="models",
            provider=_host(wanted.url),
        )
    os.replace(part, wanted.target)
    return wanted.target


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def disk_message(fault: OSError, path: Path) -> str:
    """A sentence for a failed write, with what to do."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of {path.parent} is full; free some space, then pull again: it goes on where it stopped"
    return f"cannot write {path}: {fault.strerror or fault}"


class _CutShort(Exception):
    """The connection ended before the file did."""


def _continue(client: httpx.Client, wanted: Wanted, part: Path, progress: Progress) -> None:
    """One try: ask for what is missing and append it."""
    have = part.stat().st_size if part.exists() else 0
    if wanted.size and have == wanted.size:
        return
    if wanted.size and have > wanted.size:
        part.unlink()
        have = 0
    headers = {**dict(wanted.headers), "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.stream("GET", wanted.url, headers=headers) as response:
        if response.status_code == 416:  # what is here is not a beginning of what the server has
            part.unlink(missing_ok=True)
            raise _CutShort("range refused")
        _refuse_errors(response, wanted.url)
        resumed = response.status_code == 206
        have = have if resumed else 0
        total = wanted.size or have + int(response.headers.get("Content-Length", 0))
        with part.open("ab" if resumed else "wb") as file:
            # Raw and unbuffered: what came before a break is kept to the last byte.
            for block in response.iter_raw():
                file.write(block)
                have += len(block)
                progress(wanted.target.name, have, total)
    if total and have < total:
        raise _CutShort(f"{have} of {total} bytes")


def _refuse_errors(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if status in (401, 403):
        raise _unavailable(f"{_host(url)} refused access to {_name(url)} (HTTP {status})")
    if status == 404:
        raise _unavailable(f"{_host(url)} does not have {_name(url)} (HTTP 404)")
    if status >= 500 or status == 429:
        raise _CutShort(f"HTTP {status}")
    if status >= 400:
        raise _unavailable(f"{_host(url)} answered HTTP {status} for {_name(url)}")


def _reason(fault: Exception, url: str) -> str:
    if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout):
        return f"cannot reach {_host(url)}; connect to the network (or set a proxy), then pull again"
    return f"the download of {_name(url)} broke off ({fault}); pull again: it goes on where it stopped"


def _host(url: str) -> str:
    return httpx.URL(url).host


def _name(url: str) -> str:
    return httpx.URL(url).path.rsplit("/", 1)[-1]


def _unavailable(message: str) -> Unavailable:
    return Unavailable(message, role="models", provider="download")
