"""The real server as `selfsame serve` starts it, over real sockets: what the web server's options promise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.serving import Server, link_models


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """The product runs in another process here."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    link_models(home)
    server = Server(home).start()
    yield server
    server.stop()


def hear(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of that type."""
    while True:
        message = socket.recv(timeout=30)
        if isinstance(message, str) and json.loads(message)["type"] == kind:
            return json.loads(message)


def test_a_message_far_too_large_is_answered_and_survived(server: Server) -> None:
    token = httpx.post(server.url + "/api/sessions", json={}).json()["token"]
    address = f"ws://{urlsplit(server.url).netloc}/ws/chat"
    with connect(address, subprotocols=["selfsame.v1", f"bearer.{token}"], max_size=None) as socket:  # type: ignore[list-item]
        assert "Sec-WebSocket-Extensions" not in socket.response.headers, "sound is not compressed"  # type: ignore[union-attr]
        socket.send(json.dumps({"type": "start", "protocol": 1, "audio": "binary"}))
        session = hear(socket, "ready")["sessionId"]
        socket.send(json.dumps({"type": "text_input", "messageId": "m-0", "text": "x" * 1_000_000}))
        error = hear(socket, "error")
        assert error["errorCode"] == "MESSAGE_TOO_LARGE" and error["recoverable"] is True
        socket.send(bytes(1_000_000))
        assert hear(socket, "error")["errorCode"] == "MESSAGE_TOO_LARGE"
        socket.send(json.dumps({"type": "text_input", "messageId": "m-1", "text": "who are you"}))
        assert hear(socket, "transcript")["sessionId"] == session
        assert hear(socket, "response_text")["text"].startswith("I am")


def test_a_proxy_is_not_believed_to_be_the_person_at_this_machine(server: Server) -> None:
    forwarded = {"x-forwarded-for": "127.0.0.1"}
    assert httpx.post(server.url + "/api/sessions", json={}, headers=forwarded).status_code == 401
    answer = httpx.post(server.url + "/api/sessions", json={"deviceId": "a-device-of-some-visitor"}, headers=forwarded)
    assert answer.status_code == 201 and answer.json()["owner"] is False


def test_the_page_comes_with_its_guard_and_without_the_server_s_name(server: Server) -> None:
    headers = httpx.get(server.url + "/").headers
    assert "default-src" in headers["content-security-policy"] and "server" not in headers
