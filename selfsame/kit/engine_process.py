"""An engine that holds the GIL, in a process of its own, called over pipes.

    async with EngineProcess("selfsame.providers.x.worker") as engine:
        head, payload = await engine.call({"do": "listen"}, pcm_bytes)

Any number of calls may be under way; each has a number and the answers may come in any order. When the process dies,
pending calls fail with `EngineDied`, and the next call starts a new one. The child ends when its standard input does,
so it never outlives us (`engine_child`).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import anyio
from anyio.abc import ByteReceiveStream, Process

from selfsame.kit.engine_frames import BrokenFrame, Frame, FrameReader, Head

GRACE = 2.0
"""Seconds a child gets to end after its input is closed, before it is killed."""


class EngineDied(Exception):
    """The process ended, or could not be started, while an answer was due."""


class EngineFailed(Exception):
    """The engine answered that the call failed; `kind` is its word for why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class _Call:
    """One answer that is due, of `process`."""

    __slots__ = ("answer", "done", "error", "process")

    def __init__(self, process: Process) -> None:
        self.process = process
        self.done = anyio.Event()
        self.answer: Frame | None = None
        self.error: Exception | None = None

    def settle(self, answer: Frame | None, error: Exception | None = None) -> None:
        self.answer, self.error = answer, error
        self.done.set()


class EngineProcess:
    """`python -m module *arguments` as an engine. Enter once, call from any task of the same event loop."""

    def __init__(self, module: str, arguments: Sequence[str] = (), on_start: Callable[[], None] | None = None) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._on_start = on_start
        self._process: Process | None = None
        self._calls: dict[int, _Call] = {}
        self._last = 0
        self._entered = False
        self.starts = 0
        self.generation = 0
        """Grows with every start: state that the engine kept for an older generation is gone."""

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def __aenter__(self) -> EngineProcess:
        self._starting, self._writing = anyio.Lock(), anyio.Lock()
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._entered = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered = False
        with anyio.CancelScope(shield=True):
            await self._stop()
        self._tasks.cancel_scope.cancel()
        if not isinstance(error, anyio.get_cancelled_exc_class()):  # the caller's own error goes on as it is
            kind = error = trace = None
        # What the group says is not handed on: it was given no error, and would say that the caller's is dealt with.
        await self._tasks.__aexit__(kind, error, trace)

    async def start(self) -> None:
        """Start the process unless it runs (a call does this too). Raises EngineDied when it cannot be started."""
        await self._running()

    async def _running(self) -> Process:
        if not self._entered:
            raise EngineDied("the engine is not entered")
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                return self._process
            try:
                process = await anyio.open_process(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None
                )
            except OSError as error:
                raise EngineDied("the engine could not be started") from error
            self._process = process
            self.starts += 1
            self.generation += 1
            assert process.stdout is not None
            self._tasks.start_soon(self._read, process, process.stdout)
            if self._on_start is not None:
                self._on_start()
            return process

    def kill(self) -> None:
        """End a process that hangs; its pending calls fail and the next call starts a new one."""
        process = self._process
        if process is not None and process.returncode is None:
            process.kill()
            self._give_up(process)

    def _give_up(self, process: Process) -> None:
        """Have nothing more to do with a process that is as good as dead, though its end may not be told yet."""
        if self._process is process:
            self._process = None

    async def call(self, head: Head, payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its answer. Raises EngineDied or EngineFailed."""
        process = await self._running()
        self._last += 1
        number, call = self._last, _Call(process)
        self._calls[number] = call
        try:
            await self._send(process, Frame({**head, "call": number}, payload))
            await call.done.wait()
        finally:
            self._calls.pop(number, None)
        if call.error is not None:
            raise call.error
        assert call.answer is not None
        answer = call.answer.head
        if not answer.get("ok"):
            raise EngineFailed(str(answer.get("kind")), str(answer.get("message")))
        return answer["head"], call.answer.payload

    async def tell(self, head: Head, payload: bytes = b"") -> None:
        """Send a request that has no answer; waits while the pipe is full. Raises EngineDied."""
        process = await self._running()
        await self._send(process, Frame(head, payload))

    async def _send(self, process: Process, frame: Frame) -> None:
        assert process.stdin is not None
        async with self._writing:
            try:
                # A frame that is cut in the middle would spoil the stream, so cancellation waits for its end.
                with anyio.CancelScope(shield=True):
                    await process.stdin.send(frame.encode())
            except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError) as error:
                self._give_up(process)
                raise EngineDied("the engine's input is closed") from error

    async def _read(self, process: Process, output: ByteReceiveStream) -> None:
        reader = FrameReader()
        try:
            async for data in output:
                for frame in reader.feed(data):
                    call = self._calls.get(frame.head.get("call", 0))
                    if call is not None:
                        call.settle(frame)
        except (BrokenFrame, anyio.BrokenResourceError, anyio.ClosedResourceError):
            pass  # told to the callers below
        finally:
            with anyio.CancelScope(shield=True):
                await self._bury(process)

    async def _bury(self, process: Process) -> None:
        # Its output ended, so it is most likely over: wait first, since a signal to a dead child confuses its watcher.
        with anyio.move_on_after(GRACE):
            await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        self._give_up(process)
        for call in [each for each in self._calls.values() if each.process is process]:
            call.settle(None, EngineDied("the engine's process ended"))
        await _close(process)

    async def rest(self) -> None:
        """Let an idle process go; the next call starts a new one."""
        async with self._starting:
            await self._stop()

    async def _stop(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            await process.stdin.aclose()
        with anyio.move_on_after(GRACE):
            await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _close(process: Process) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            await stream.aclose()
