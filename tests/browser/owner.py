"""What the owner asks of the server beside the page."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

from tests.support.serving import Server


def ask(server: Server, method: str, path: str, body: object = None) -> Any:
    """A request of the owner at this machine."""
    token = _post(server, "/api/sessions", {})["token"]
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with urlopen(Request(server.url + path, data, headers, method=method), timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def _post(server: Server, path: str, body: object) -> Any:
    headers = {"content-type": "application/json"}
    with urlopen(Request(server.url + path, json.dumps(body).encode(), headers), timeout=30) as answer:
        return json.loads(answer.read())


def forget_conversations(server: Server) -> None:
    """Nothing that is said is kept from now on, whatever was agreed before."""
    ask(server, "PATCH", "/api/settings", {"enableConversationHistory": False})
