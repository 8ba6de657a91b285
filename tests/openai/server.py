"""A small server that speaks the chat-completions protocol, with faults on demand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio.abc import SocketStream

from selfsame.kit.tasks import background

Behaviour = Callable[["Wire"], Awaitable[None]]


@dataclass
class Wire:
    """One request and the socket to answer it on."""

    request: dict[str, Any]
    headers: dict[str, str]
    socket: SocketStream

    async def begin(self, status: str = "200 OK", kind: str = "text/event-stream", extra: str = "") -> None:
        head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n{extra}\r\n"
        await self.socket.send(head.encode())

    async def send(self, text: str) -> None:
        data = text.encode()
        await self.socket.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def event(self, payload: Any) -> None:
        await self.send(f"data: {payload if isinstance(payload, str) else json.dumps(payload)}\n\n")

    async def words(self, *words: str) -> None:
        for word in words:
            await self.event(chunk({"content": word}))

    async def finish(self, reason: str = "stop") -> None:
        await self.event(chunk({}, reason))
        await self.event(
            {**chunk({}), "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13}}
        )
        await self.event("[DONE]")
        await self.socket.send(b"0\r\n\r\n")

    async def refuse(self, status: str, message: str = "no", extra: str = "") -> None:
        await self.begin(status, "application/json", extra)
        await self.send(json.dumps({"error": {"message": message, "type": "x", "code": None}}))
        await self.socket.send(b"0\r\n\r\n")


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "small-model",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


@dataclass
class Server:
    """The running server: its address, what it was asked, and when clients hung up."""

    url: str
    behaviour: Behaviour
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: anyio.Event = field(default_factory=anyio.Event)


async def _speak(server: Server, socket: SocketStream) -> None:
    try:
        async with socket:
            data = b""
            while b"\r\n\r\n" not in data:
                data += await socket.receive()
            head, _, body = data.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
            while len(body) < int(headers.get("content-length", "0")):
                body += await socket.receive()
            server.headers.append(headers)
            server.asked.append({"path": lines[0].split()[1], **(json.loads(body) if body else {})})
            await server.behaviour(Wire(server.asked[-1], headers, socket))
    except (anyio.BrokenResourceError, anyio.EndOfStream, ConnectionError):
        server.hung_up.set()


@asynccontextmanager
async def serving(behaviour: Behaviour) -> AsyncIterator[Server]:
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    port = listener.extra(anyio.abc.SocketAttribute.local_port)
    server = Server(f"http://127.0.0.1:{port}/v1", behaviour)
    async with listener, background() as tasks:
        tasks.start_soon(listener.serve, lambda socket: _speak(server, socket))
        yield server
