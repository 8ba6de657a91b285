"""The real server over its public socket: visitors behind a proxy, and what they may not do."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.serving import Server

QUIET = {"SELFSAME_ASR": "fake", "SELFSAME_EMBEDDER": "fake", "SELFSAME_VAD": "energy", "SELFSAME_TTS": "fake"}


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """The product runs in another process here."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = Server(Path(folder), QUIET).start()
        yield running
        running.stop()


def visitor(server: Server, device: str | None) -> dict[str, Any]:
    """What the server gives somebody whom a proxy brings in."""
    answer = httpx.post(
        server.url + "/api/sessions",
        json={"deviceId": device} if device else {},
        headers={"x-forwarded-for": "203.0.113.7"},
    )
    return answer.json() | {"status": answer.status_code}


@contextmanager
def call(server: Server, token: str, **start: Any) -> Iterator[ClientConnection]:
    address = server.url.replace("http", "ws") + "/ws/chat"
    protocols: Any = ["selfsame.v1", f"bearer.{token}"]
    with connect(address, subprotocols=protocols, max_size=None) as line:
        line.send(json.dumps({"type": "start", "audio": "base64", **start}))
        yield line


def until(line: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        message = json.loads(line.recv(timeout=20))
        if message["type"] == kind:
            return message


def test_a_visitor_is_answered_and_is_no_owner(server: Server) -> None:
    given = visitor(server, "device-one-1234")
    assert given["owner"] is False and given["clone"]["name"] == "Vera"
    with call(server, given["token"]) as line:
        session = until(line, "ready")["sessionId"]
        line.send(json.dumps({"type": "text_input", "messageId": "m1", "text": "do I need a graphics card"}))
        until(line, "response_audio")
        line.send(json.dumps({"type": "played", "turnId": 1, "ms": 1e6, "done": True}))
        end = until(line, "response_end")
        assert end["turnId"] == 1 and end["metrics"]["totalLatencyMs"] > 0
    other = visitor(server, "device-two-5678")
    with call(server, other["token"], sessionId=session) as line:
        assert until(line, "error")["errorCode"] == "NOT_FOUND"
    with call(server, visitor(server, "device-one-1234")["token"], sessionId=session) as line:
        assert until(line, "ready")["resumed"] is True


def test_a_visitor_without_a_device_is_refused(server: Server) -> None:
    assert visitor(server, None)["status"] == 401


@pytest.mark.parametrize("token", ["", "nonsense", "eyJhbGciOiJub25lIn0.eyJ1c2VySWQiOiJ4In0."])
def test_a_bad_token_opens_nothing(server: Server, token: str) -> None:
    with pytest.raises(InvalidStatus) as refused, call(server, token):
        pass
    assert refused.value.response.status_code in (401, 403)


def test_the_owner_gets_the_keys_of_the_house_only_on_this_machine(server: Server) -> None:
    assert httpx.post(server.url + "/api/sessions", json={}).json()["owner"] is True
    assert httpx.get(server.url + "/metrics", headers={"x-forwarded-for": "203.0.113.7"}).status_code == 403
    evil = httpx.post(server.url + "/api/sessions", json={}, headers={"origin": "https://evil.example"})
    assert evil.status_code == 403
