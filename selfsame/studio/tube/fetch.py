"""Fetching a video's sound with yt-dlp: a program of its own, on a leash, in a folder that is erased whatever happens.

The facts come first (`--dump-json`), so that a video that is too long or live is refused before a byte of it is
loaded. Then the sound alone is loaded, as it is: no program converts it here, our own reader opens it. A video may have
captions that its person wrote; they can be taken instead of the sound, and never those that a machine made.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import ByteReceiveStream, Process

from selfsame.errors import BadInput, Unavailable
from selfsame.kit.tasks import group, offload
from selfsame.studio.port import Progress
from selfsame.studio.tube.address import VideoAddress
from selfsame.studio.tube.complaints import MISSING, PROVIDER, SLOW, TOO_LONG, complaint

PREFIX = "selfsame-video-"
MOST_OUTPUT = 20_000_000
"""Bytes of facts; a long description with all its formats has about one megabyte."""
MOST_ERRORS = 20_000
TEMPLATE = "SELFSAME %(progress.downloaded_bytes)s %(progress.total_bytes)s %(progress.total_bytes_estimate)s"
_LOADED = re.compile(rb"SELFSAME (\d+) (\d+|NA) (\d+(?:\.\d+)?|NA)")
_ORDINARY = [
    "--ignore-config", "--no-playlist", "--no-cache-dir", "--color", "never", "--no-update", "--no-plugin-dirs",
    "--socket-timeout", "20", "--retries", "2", "--extractor-retries", "1", "--use-extractors", "youtube",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TubeOptions:
    """`program` is the command of yt-dlp; empty: the installed module, else the program on the path.

    Times in seconds: `longest` of a video, `patience` for its facts, `loading` for its sound. `most_bytes` of sound.
    """

    program: tuple[str, ...] = ()
    longest: float = 3600.0
    patience: float = 90.0
    loading: float = 900.0
    most_bytes: int = 250_000_000
    folder: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchedVideo:
    """What was fetched: the sound as it was served, or the captions as WebVTT. `seconds` by YouTube's own account."""

    title: str
    author: str
    seconds: float
    language: str | None
    data: bytes
    is_captions: bool = False


class VideoFetcher:
    """Fetches one video at a time for a job; any number may be at work."""

    def __init__(self, options: TubeOptions | None = None) -> None:
        self._options = options or TubeOptions()

    async def fetch(
        self, address: VideoAddress, name: str, progress: Progress, *, captions: bool = False
    ) -> FetchedVideo:
        """The video's sound, or its own captions where it has some and they are wanted.

        `name` is that of the job: its folder is erased at the end, and first of all, should an earlier try have been
        killed. Raises BadInput (too long, live, private, removed ...), Refused and Unavailable, each saying what to do,
        and what `progress` raises to stop it.
        """
        command = self._command()
        async with self._folder(name) as folder:
            await progress(0.0, "Asking YouTube about the video")
            facts = await self._facts(command, address, folder)
            seconds = self._checked(facts)
            told = {
                "title": _line(facts.get("title")) or "a video",
                "author": _line(facts.get("uploader")),
                "seconds": seconds,
                "language": _language(facts.get("language")),
            }
            tongue = _own_captions(facts) if captions else None
            if tongue:
                await progress(0.3, "Fetching the captions")
                data = await self._captions(command, address, folder, tongue)
                if data:
                    return FetchedVideo(**told, data=data, is_captions=True)
            data = await self._sound(command, address, folder, progress)
            return FetchedVideo(**told, data=data)

    def _command(self) -> list[str]:
        if self._options.program:
            return list(self._options.program)
        if find_spec("yt_dlp") is not None:
            return [sys.executable, "-m", "yt_dlp"]
        found = shutil.which("yt-dlp")
        if found is None:
            raise Unavailable(MISSING, role="video", provider=PROVIDER)
        return [found]

    @asynccontextmanager
    async def _folder(self, name: str) -> AsyncIterator[Path]:
        root = self._options.folder or Path(tempfile.gettempdir())
        path = root / (PREFIX + re.sub(r"[^A-Za-z0-9-]", "", name)[:60])
        await offload(shutil.rmtree, path, ignore_errors=True)
        try:
            await offload(path.mkdir, mode=0o700, parents=True)
            yield path
        finally:
            with anyio.CancelScope(shield=True):
                await offload(shutil.rmtree, path, ignore_errors=True)

    async def _facts(self, command: Sequence[str], address: VideoAddress, folder: Path) -> dict[str, Any]:
        asked = [*command, *_ORDINARY, "--skip-download", "--dump-json", "--", address.url]
        try:
            with anyio.fail_after(self._options.patience):
                output = await self._run(asked, folder)
        except TimeoutError:
            raise Unavailable(SLOW, role="video", provider=PROVIDER) from None
        try:
            facts = json.loads(output.split(b"\n", 1)[0])
        except (ValueError, RecursionError):
            facts = None
        if not isinstance(facts, dict) or facts.get("id") != address.id:
            raise Unavailable("yt-dlp said nothing that can be understood", role="video", provider=PROVIDER)
        return facts

    def _checked(self, facts: dict[str, Any]) -> float:
        if facts.get("is_live") or facts.get("live_status") in ("is_live", "is_upcoming", "post_live"):
            raise complaint("ERROR: this is live", 1)
        seconds = facts.get("duration")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
            raise BadInput("YouTube does not say how long this video is. Upload the recording instead.")
        if seconds > self._options.longest:
            raise BadInput(TOO_LONG.format(minutes=seconds / 60, most=self._options.longest / 60))
        return float(seconds)

    async def _captions(self, command: Sequence[str], address: VideoAddress, folder: Path, tongue: str) -> bytes:
        asked = [
            *command, *_ORDINARY, "--skip-download", "--write-subs", "--no-write-auto-subs", "--sub-langs", tongue,
            "--sub-format", "vtt", "-o", str(folder / "captions.%(ext)s"), "--", address.url,
        ]  # fmt: skip
        with anyio.move_on_after(self._options.patience):
            await self._run(asked, folder)
        return await offload(_only_file, folder, ".vtt", 5_000_000) or b""

    async def _sound(self, command: Sequence[str], address: VideoAddress, folder: Path, progress: Progress) -> bytes:
        options = self._options
        asked = [
            *command, *_ORDINARY, "-f", "bestaudio[ext=m4a]/bestaudio[ext=webm]/bestaudio/worst", "--no-mtime",
            "--fixup", "never", "--max-filesize", str(options.most_bytes), "--newline", "--progress",
            "--progress-template", "download:" + TEMPLATE,
            "-o", str(folder / "sound.%(ext)s"), "--", address.url,
        ]  # fmt: skip
        await progress(0.1, "Fetching the sound of the video")
        try:
            with anyio.fail_after(options.loading):
                output = await self._run(asked, folder, progress)
        except TimeoutError:
            raise Unavailable(SLOW, role="video", provider=PROVIDER) from None
        data = await offload(_only_file, folder, "", options.most_bytes)
        if data is None:
            raise complaint(output.decode("utf-8", "replace").replace("[download] ", "ERROR: "), 0)
        await progress(1.0, "Fetched the sound of the video")
        return data

    async def _run(self, command: Sequence[str], folder: Path, progress: Progress | None = None) -> bytes:
        """What the program prints. It is killed when this is left early. Raises its complaint."""
        environment = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"} | self._options.environment
        leashed = [sys.executable, "-m", "selfsame.kit.leash", *command]
        try:
            process = await anyio.open_process(
                leashed, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
            )
        except OSError as error:
            raise Unavailable(MISSING, role="video", provider=PROVIDER) from error
        errors = bytearray()
        try:
            assert process.stdout is not None and process.stderr is not None
            async with group() as tasks:
                tasks.start_soon(_gather, process.stderr, errors)
                output = await self._read(process.stdout, progress)
            code = await process.wait()
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process)
        if code != 0:
            raise complaint(errors.decode("utf-8", "replace"), code)
        return output

    async def _read(self, stream: ByteReceiveStream, progress: Progress | None) -> bytes:
        """All that it prints; what it tells of its progress is passed on. Raises BadInput when too much is loaded."""
        output = bytearray()
        async for data in stream:
            output += data
            if len(output) > MOST_OUTPUT:
                raise Unavailable("yt-dlp does not stop talking", role="video", provider=PROVIDER)
            if progress is None:
                continue
            *lines, rest = bytes(output).split(b"\n")
            output = bytearray(rest)
            for line in lines:
                match = _LOADED.search(line)
                if match is None:
                    output[:0] = line[:500] + b"\n" if b"larger than max" in line else b""
                    continue
                loaded, whole = int(match.group(1)), _number(match.group(2)) or _number(match.group(3))
                if loaded > self._options.most_bytes:
                    raise complaint("ERROR: file is larger than max-filesize", 1)
                share = 0.1 + 0.85 * min(1.0, loaded / whole) if whole else 0.5
                await progress(share, "Fetching the sound of the video")
        return bytes(output)


async def _gather(stream: ByteReceiveStream, errors: bytearray) -> None:
    """Keep the end of what it complains of."""
    async for data in stream:
        errors += data
        del errors[:-MOST_ERRORS]


async def _end(process: Process) -> None:
    """Close the leash, so that the program dies; insist when even the leash hangs."""
    if process.stdin is not None:
        await process.stdin.aclose()
    with anyio.move_on_after(3.0):
        await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            with anyio.move_on_after(2.0):  # to its end: only then the pipe is given back
                async for _ in stream:
                    pass
            await stream.aclose()


def _only_file(folder: Path, ending: str, most: int) -> bytes | None:
    """The largest whole file of a folder with that ending, None when there is none. Raises BadInput."""
    found = [path for path in folder.iterdir() if path.name.endswith(ending) and not path.name.endswith(".part")]
    if not found:
        return None
    largest = max(found, key=lambda path: path.stat().st_size)
    if largest.stat().st_size > most:
        raise complaint("ERROR: file is larger than max-filesize", 1)
    return largest.read_bytes() or None


def forget_leftovers(folder: Path | None, now: float, older: float = 3600.0) -> int:
    """Erase the folders that killed fetches left, when nothing was written there for `older` seconds; how many.

    `now` in seconds since 1970. Blocks.
    """
    root, gone = folder or Path(tempfile.gettempdir()), 0
    for path in root.glob(PREFIX + "*"):
        try:
            idle = now - max(each.stat().st_mtime for each in (path, *path.iterdir()))
        except OSError:
            continue
        if idle > older:
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone


def _own_captions(facts: dict[str, Any]) -> str | None:
    """The language of captions that a person wrote: the video's own, else one of ours."""
    written = facts.get("subtitles")
    tongues = [tongue for tongue in written if isinstance(tongue, str)] if isinstance(written, dict) else []
    tongues = [tongue for tongue in tongues if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", tongue)]
    own = facts.get("language")
    order = [own[:2].lower()] if isinstance(own, str) else []
    for wanted in [*order, "en", "es", "zh"]:
        for tongue in sorted(tongues, key=len):
            if tongue.lower().split("-")[0] == wanted:
                return tongue
    return None


def _language(value: Any) -> str | None:
    short = value[:2].upper() if isinstance(value, str) else ""
    return short if short in ("EN", "ES", "ZH") else None


def _number(text: bytes) -> float | None:
    return None if text == b"NA" else float(text)


def _line(value: Any) -> str:
    return (
        " ".join("".join(m if m.isprintable() else " " for m in value).split())[:200] if isinstance(value, str) else ""
    )
