"""A scripted live session that meets the contract, and an in-process WebSocket client for an ASGI application."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import numpy as np
from anyio.abc import TaskGroup
from fastapi import FastAPI

from selfsame.channels.deps import ChannelDeps, CloneCard, ComponentHealth
from selfsame.channels.http import create_app
from selfsame.channels.identity import Identity, IssuedToken
from selfsame.channels.limits import Limits
from selfsame.channels.wire.server import EngineItem
from selfsame.clones.clone import Clone
from selfsame.conversation.port import OpenRequest, SessionRecord
from selfsame.errors import NotFound, Unauthenticated
from selfsame.events import told, turns
from selfsame.events.audio import AudioFrame, Sound
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.clock import SYSTEM, Clock, wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.kit.pipes import Pipe

OWNER = stable_id("test", "owner")
CLONE = Clone(id=stable_id("test", "clone"), owner_id=OWNER, slug="guide", name="Ada Guide", public=True)


class FakeSession:
    """Records what it receives, tells what the test says; typed text is answered with itself."""

    def __init__(self, record: SessionRecord, *, resumed: bool = False) -> None:
        self.record = record
        self.clone = CLONE
        self.resumed = resumed
        self.received: list[Sound | turns.FromClient] = []
        self.pipe: Pipe[told.Told] = Pipe("told", 10_000, "fail")
        self.closed = False
        self._something = anyio.Event()

    def now(self) -> float:
        return 7.0

    def receive(self, event: Sound | turns.FromClient) -> None:
        self.received.append(event)
        self._something.set()
        if isinstance(event, turns.TextTyped):
            self.answer(event)

    def answer(self, event: turns.TextTyped) -> None:
        turn = self.record.next_turn
        self.record = replace(self.record, next_turn=turn + 1)
        self.tell(told.UserHeard(event.text, True, 1.0, turn))
        self.tell(told.ReplyStarted(turn, 16_000))
        self.speak(turn, 0, event.text)
        self.end(turn, event.text)

    def speak(self, turn: int, sequence: int, text: str, *, samples: int = 320) -> None:
        chunk = SpokenChunk(pcm=np.full(samples, 1000, np.int16), sample_rate=16_000, text=text)
        self.tell(told.ReplySpoken(turn, sequence, sequence * samples / 16_000, chunk))

    def end(self, turn: int, text: str) -> None:
        record = turns.TurnRecord(turn, None, text, text, "EN", False, 1.0, 0, 20, 20, turns.TurnMetrics())
        self.record = replace(self.record, turns=(*self.record.turns, record))
        self.tell(told.ReplyEnded(turn, text, False, turns.TurnMetrics(total=5.0)))

    def tell(self, event: told.Told) -> None:
        self.pipe.put_now(event)

    async def told(self) -> told.Told:
        return await self.pipe.get()

    async def close(self) -> None:
        self.closed = True
        self.pipe.close()

    def heard(self, kind: type) -> list[Any]:
        return [x for x in self.received if isinstance(x, kind)]

    async def until(self, kind: type) -> None:
        with anyio.fail_after(5):
            while not self.heard(kind):
                self._something = anyio.Event()
                await self._something.wait()

    @property
    def samples(self) -> int:
        return sum(len(x.pcm) for x in self.heard(AudioFrame))


class FakeSessions:
    """Sessions that live here; `store` holds records that outlive their session."""

    def __init__(self, make: Callable[..., FakeSession] = FakeSession) -> None:
        self.make = make
        self.live: dict[UUID, FakeSession] = {}
        self.store: dict[UUID, SessionRecord] = {}
        self.fail_with: Exception | None = None

    async def open(self, request: OpenRequest) -> FakeSession:
        if self.fail_with is not None:
            raise self.fail_with
        if request.session_id is None:
            record = SessionRecord(new_id(), request.user_id, CLONE.id, request.language, request.mode)
            return self._begin(record, resumed=False)
        session = self.live.get(request.session_id)
        if session is not None and not session.closed:
            return session
        record = session.record if session is not None else self.store.get(request.session_id)
        if record is None or record.user_id != request.user_id:
            raise NotFound("no such conversation")
        return self._begin(record, resumed=True)

    def _begin(self, record: SessionRecord, *, resumed: bool) -> FakeSession:
        session = self.live[record.id] = self.make(record, resumed=resumed)
        return session

    def find(self, session_id: UUID, user_id: UUID) -> FakeSession | None:
        session = self.live.get(session_id)
        return session if session is not None and session.record.user_id == user_id else None


async def authenticate(token: str) -> Identity:
    """Tokens of tests are `user-<name>`."""
    if not token.startswith("user-"):
        raise Unauthenticated("the token is not valid")
    return Identity(stable_id("test", token[5:]))


async def issue_token(device: str | None) -> IssuedToken:
    name = "owner" if device is None else device
    identity = Identity(stable_id("test", name))
    return IssuedToken(f"user-{name}", identity, wall() + timedelta(hours=1))


async def list_clones(identity: Identity) -> list[CloneCard]:
    del identity
    return [CloneCard("guide", "Ada Guide", "Hello, I am the guide.")]


HEALTHY = {name: ComponentHealth("up") for name in ("asr", "rag", "llm", "tts", "lipSync", "database", "cache")}


async def components() -> dict[str, ComponentHealth]:
    return HEALTHY


async def doctor() -> dict[str, Any]:
    return {"asr": "pocketsphinx"}


def deps(sessions: Any, *, limits: Limits | None = None, clock: Clock = SYSTEM, **changes: Any) -> ChannelDeps:
    whole = ChannelDeps(
        sessions=sessions,
        authenticate=authenticate,
        issue_token=issue_token,
        list_clones=list_clones,
        engines=lambda: (EngineItem(role="asr", name="pocketsphinx", tier="embedded"),),
        components=components,
        doctor=doctor,
        static=Path("no-such-folder"),
        limits=limits or Limits(),
        clock=clock,
    )
    return replace(whole, **changes)


# --- an in-process client --------------------------------------------------------------------------------------------


class AsgiSocket:
    """One WebSocket to an ASGI application, without a server. `capacity` frames fit before the app's send waits."""

    def __init__(self, app: Any, scope: dict[str, Any], capacity: int = 100_000) -> None:
        self.app = app
        self.scope = scope
        self._to_app: Pipe[dict[str, Any]] = Pipe("to the app", 100_000, "fail")
        self._from_app: Pipe[dict[str, Any]] = Pipe("from the app", capacity, "wait")
        self.accepted: dict[str, Any] | None = None
        self.closed: dict[str, Any] | None = None

    async def run(self) -> None:
        await self.app(self.scope, self._to_app.get, self._from_app.put)

    async def connect(self) -> dict[str, Any]:
        """The app's first answer: accept, or the start of an HTTP denial."""
        self._to_app.put_now({"type": "websocket.connect"})
        first = await self._from_app.get()
        if first["type"] == "websocket.accept":
            self.accepted = first
        return first

    async def denial_body(self) -> dict[str, Any]:
        return json.loads((await self._from_app.get())["body"])

    def send(self, message: dict[str, Any] | str | bytes) -> None:
        if isinstance(message, bytes):
            self._to_app.put_now({"type": "websocket.receive", "bytes": message})
        else:
            text = message if isinstance(message, str) else json.dumps(message)
            self._to_app.put_now({"type": "websocket.receive", "text": text})

    async def get(self, *, within: float = 5.0) -> Any:
        """The next message: parsed JSON, or bytes; a dict with `closed` when the app closes."""
        with anyio.fail_after(within):
            event = await self._from_app.get()
        if event["type"] == "websocket.close":
            self.closed = event
            return {"type": "closed", "code": event["code"]}
        return event["bytes"] if event.get("bytes") is not None else json.loads(event["text"])

    async def until(self, kind: str, *, within: float = 5.0) -> dict[str, Any]:
        """The next message of that type; others are passed over."""
        while True:
            message = await self.get(within=within)
            if not isinstance(message, bytes) and message["type"] in (kind, "closed"):
                assert message["type"] == kind, f"closed with {message.get('code')} before {kind}"
                return message

    async def until_closed(self) -> int:
        while True:
            message = await self.get()
            if not isinstance(message, bytes) and message["type"] == "closed":
                return message["code"]

    def drop(self) -> None:
        self._to_app.put_now({"type": "websocket.disconnect", "code": 1006})


class House:
    """The application under test with its fake sessions."""

    def __init__(self, app: FastAPI, sessions: FakeSessions, group: TaskGroup) -> None:
        self.app = app
        self.sessions = sessions
        self._group = group

    def socket(self, user: str | None = "ann", *, capacity: int = 100_000, **headers: str) -> AsgiSocket:
        protocols = ["selfsame.v1"] + ([f"bearer.user-{user}"] if user else [])
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "scheme": "ws",
            "path": "/ws/chat",
            "raw_path": b"/ws/chat",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:8000")]
            + [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "subprotocols": protocols,
            "client": ("203.0.113.9", 5000),
            "server": ("127.0.0.1", 8000),
            "extensions": {"websocket.http.response": {}},
        }
        socket = AsgiSocket(self.app, scope, capacity)
        self._group.start_soon(socket.run)
        return socket

    async def call(self, user: str = "ann", **start: Any) -> tuple[AsgiSocket, FakeSession, dict[str, Any]]:
        """A started conversation: socket, session and the `ready` message."""
        socket = self.socket(user)
        assert (await socket.connect())["type"] == "websocket.accept"
        socket.send({"type": "start", **start})
        ready = await socket.until("ready")
        return socket, self.sessions.live[UUID(ready["sessionId"])], ready


@asynccontextmanager
async def house(
    sessions: FakeSessions | None = None, *, limits: Limits | None = None, clock: Clock = SYSTEM, **changes: Any
) -> AsyncIterator[House]:
    """The application, running without a server."""
    sessions = sessions or FakeSessions()
    app = create_app(deps(sessions, limits=limits, clock=clock, **changes))
    async with app.router.lifespan_context(app), anyio.create_task_group() as group:
        yield House(app, sessions, group)
        group.cancel_scope.cancel()


async def settle(rounds: int = 20) -> None:
    """Let every task that can go on do so."""
    for _ in range(rounds):
        await anyio.lowlevel.checkpoint()
