"""Fixtures of the commands' tests."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import structlog

from selfsame.cli.main import main
from selfsame.clones.clone import Clone
from selfsame.conversation.port import OpenRequest, SessionRecord
from selfsame.errors import NotFound
from selfsame.events.audio import AudioFrame
from selfsame.events.spoken import SpokenChunk
from selfsame.events.told import ReplyEnded, ReplySources, ReplySpoken, ReplyStarted, StateChanged, Told, UserHeard
from selfsame.events.turns import Source, TextTyped, TurnMetrics
from selfsame.kit.ids import new_id
from selfsame.kit.pcm import rms
from selfsame.kit.pipes import Pipe


@pytest.fixture
def anyio_backend() -> str:
    """The product runs on asyncio."""
    return "asyncio"


@dataclass(frozen=True)
class Choice:
    role: str
    name: str
    tier: str = "embedded"
    why: str = "the only one here"
    hint: str | None = None
    languages: tuple[str, ...] = ("EN",)


class ScriptedSession:
    """A session that hears when enough loud sound came, and tells a fixed script; `script` may hold Trouble."""

    def __init__(self, script: list[Told], request: OpenRequest) -> None:
        self.record = SessionRecord(new_id(), request.user_id, new_id())
        self.clone = Clone(new_id(), request.user_id, "guide", "The Guide", public=True)
        self.resumed = False
        self.received: list[object] = []
        self.closed = False
        self._script = script
        self._pipe: Pipe[Told] = Pipe("told", 100, "fail")
        self._quiet = 0.0
        self._loud = False

    def receive(self, event: object) -> None:
        """Answers typed text at once, and sound after 0.2 s of silence."""
        self.received.append(event)
        if isinstance(event, TextTyped):
            self._tell()
        if isinstance(event, AudioFrame):
            loud = rms(event.pcm) > 0.01
            self._loud = self._loud or loud
            self._quiet = 0.0 if loud else self._quiet + len(event.pcm) / 16_000
            if self._loud and self._quiet >= 0.2:
                self._loud = False
                self._tell()

    def _tell(self) -> None:
        for told in self._script:
            self._pipe.put_now(told)

    async def told(self) -> Told:
        return await self._pipe.get()

    async def close(self) -> None:
        self.closed = True
        self._pipe.close()


@dataclass
class FakeProduct:
    """What the wiring would open, with scripted sessions and a bare application."""

    script: list[Told] = field(default_factory=list)
    report: list[Choice] = field(default_factory=lambda: [Choice("asr", "pocketsphinx", hint="better ears: pull asr")])
    owner_id: UUID = field(default_factory=new_id)
    opened: list[ScriptedSession] = field(default_factory=list)
    requests: list[OpenRequest] = field(default_factory=list)
    fails_with: Exception | None = None
    stopped: bool = False

    @property
    def sessions(self) -> FakeProduct:
        return self

    async def open(self, request: OpenRequest) -> ScriptedSession:
        self.requests.append(request)
        if request.clone == "nobody":
            raise NotFound("no clone is called nobody")
        self.opened.append(ScriptedSession(self.script, request))
        return self.opened[-1]

    @asynccontextmanager
    async def __call__(self, _settings: object) -> AsyncIterator[FakeProduct]:
        if self.fails_with is not None:
            raise self.fails_with
        try:
            yield self
        finally:
            self.stopped = True

    async def app(self, scope: dict, receive: Any, send: Any) -> None:
        """The least ASGI application."""
        if scope["type"] == "lifespan":
            for _ in range(2):
                kind = (await receive())["type"]
                await send({"type": kind + ".complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"here"})


@pytest.fixture
def product(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeProduct:
    """A product in place of the wiring's, with a home of its own and no settings from outside."""
    for name in list(os.environ):
        if name.startswith("SELFSAME_") or name in ("PORT", "DATABASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SELFSAME_HOME", str(tmp_path / "home"))
    script: list[Told] = [
        StateChanged("processing"),
        UserHeard("how do i make", False, 0.4, 1),
        UserHeard("how do I make a clone", True, 0.9, 1),
        ReplyStarted(1, 22_050),
        ReplySources(1, (Source("1", "Guide", "Voice", "Read ten sentences.", 0.83),)),
        StateChanged("speaking"),
        ReplySpoken(1, 0, 0.0, SpokenChunk(np.full(2_205, 500, np.int16), 22_050, "Read ten sentences")),
        ReplySpoken(1, 1, 0.1, SpokenChunk(np.full(2_205, 900, np.int16), 22_050, "aloud.")),
        ReplyEnded(1, "Read ten sentences aloud.", False, TurnMetrics(400, 60, 200, 10, 30, 100, "own-words", True)),
        StateChanged("idle"),
    ]
    fake = FakeProduct(script)
    for command in ("talk", "serve", "providers", "checking.checks"):
        monkeypatch.setattr(f"selfsame.cli.{command}.open_product", fake)
    return fake


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        lines = self.out.strip().splitlines()
        assert len(lines) == 1, self.out
        return json.loads(lines[0])


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Puts logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def selfsame(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, product: FakeProduct, own_logs: None
) -> Any:
    """Runs a command line in this process, as the console script would."""

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["selfsame", *arguments])
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = capfdbinary.readouterr()
        return Ran(int(left.value.code or 0), out.decode(), err.decode())

    return run
