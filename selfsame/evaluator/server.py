"""The product as a process of its own: started by its command, watched from outside, stopped by its process id."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import httpx
import psutil
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from selfsame.errors import Unavailable
from selfsame.evaluator.client import sole
from selfsame.kit import tasks
from selfsame.kit.clock import SYSTEM

_READY_WITHIN = 120.0
_STOP_WITHIN = 15.0


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to start the server. `command` must print a line `{"event": "listening", "url": ...}`."""

    command: tuple[str, ...] = (sys.executable, "-m", "selfsame", "serve", "--port", "0", "--json")
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process used: CPU seconds so far, resident bytes now."""

    cpu: float
    resident: int


class Server:
    """A running server."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self._process = psutil.Process(pid)

    def usage(self) -> Usage:
        """Of the server's own process."""
        return _usage(self._process)

    def children_usage(self) -> Usage:
        """Of the processes it started: the database, engines."""
        found = [_usage(child) for child in self._process.children(recursive=True)]
        return Usage(sum(x.cpu for x in found), sum(x.resident for x in found))

    async def token(self, clone: str | None = None, device: str = "evaluator-0001") -> tuple[str, str]:
        """A token and the socket's address."""
        async with httpx.AsyncClient(timeout=30.0) as http:
            body = {"deviceId": device, **({} if clone is None else {"clone": clone})}
            answer = await http.post(self.url + "/api/sessions", json=body)
            if answer.status_code != 201:
                raise Unavailable(f"no session: {answer.text[:200]}", role="models", provider="server")
            grant = answer.json()
            return grant["token"], grant["wsUrl"]

    async def metrics(self) -> str:
        """The text of `/metrics`."""
        async with httpx.AsyncClient(timeout=30.0) as http:
            return (await http.get(self.url + "/metrics")).text


def _usage(process: psutil.Process) -> Usage:
    try:
        times = process.cpu_times()
        return Usage(times.user + times.system, process.memory_info().rss)
    except psutil.NoSuchProcess:
        return Usage(0.0, 0)


@asynccontextmanager
async def serve(options: ServeOptions) -> AsyncIterator[Server]:
    """Start the server, wait until it is ready, stop it at the end. Raises Unavailable with its last words."""
    with TemporaryDirectory(prefix="selfsame-bench-") as folder:
        errors = Path(folder) / "stderr"
        with errors.open("wb") as sink:
            env = {**os.environ, **options.env}
            process = await anyio.open_process(options.command, env=env, stdin=None, stderr=sink)
        try:
            assert process.stdout is not None
            output = BufferedByteReceiveStream(process.stdout)
            url = await _listening(output, errors)
            await _until_ready(url)
            async with tasks.background() as group:
                group.start_soon(_drain, output)
                yield Server(url, process.pid)
        except BaseExceptionGroup as faults:
            raise sole(faults) from None
        finally:
            with anyio.CancelScope(shield=True):
                await _stop(process)


async def _listening(output: BufferedByteReceiveStream, errors: Path) -> str:
    with anyio.move_on_after(_READY_WITHIN):
        try:
            while True:
                line = await output.receive_until(b"\n", 1 << 20)
                if line.lstrip().startswith(b"{") and json.loads(line).get("event") == "listening":
                    return json.loads(line)["url"]
        except (anyio.IncompleteRead, anyio.EndOfStream, json.JSONDecodeError):
            pass
    words = (await tasks.offload(errors.read_text, "utf-8", "replace"))[-600:]
    raise Unavailable(f"the server did not start: {words}", role="models", provider="server")


async def _drain(output: BufferedByteReceiveStream) -> None:
    try:
        while True:
            await output.receive()
    except anyio.EndOfStream:
        pass


async def _until_ready(url: str) -> None:
    async with httpx.AsyncClient(timeout=10.0) as http:
        with anyio.move_on_after(_READY_WITHIN):
            while True:
                if (await http.get(url + "/health/ready")).status_code == 200:
                    return
                await SYSTEM.sleep(0.1)
    raise Unavailable("the server is not ready", role="models", provider="server")


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        with anyio.move_on_after(_STOP_WITHIN):
            await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
    await process.aclose()
