"""What the owner asks of the server beside the page."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.request import Request, urlopen

from tests.support.serving import Server

AT_FIRST = {
    "autoLanguageDetection": True,
    "language": "auto",
    "videoQuality": "auto",
    "interruptionSensitivity": 0.5,
    "enableConversationHistory": False,
    "theme": "system",
    "pageLanguage": "",
}
PATIENCE = 60


def ask(server: Server, method: str, path: str, body: object = None) -> Any:
    """A request of the owner at this machine."""
    text = _send(server, method, path, None if body is None else json.dumps(body).encode())
    return json.loads(text) if text else None


def _send(server: Server, method: str, path: str, data: bytes | None) -> bytes:
    token = _post(server, "/api/sessions", {})["token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with urlopen(Request(server.url + path, data, headers, method=method), timeout=60) as answer:
        return answer.read()


def _post(server: Server, path: str, body: object) -> Any:
    headers = {"content-type": "application/json"}
    with urlopen(Request(server.url + path, json.dumps(body).encode(), headers), timeout=30) as answer:
        return json.loads(answer.read())


def begin_clone(server: Server, name: str, told: Mapping[str, str] | None = None) -> str:
    """A clone that knows these answers to questions, when they are read; its slug."""
    slug = str(ask(server, "POST", "/api/clones", {"name": name})["slug"])
    if told is None:
        return slug
    pairs = [{"question": question, "answer": answer} for question, answer in told.items()]
    document = ask(server, "POST", "/api/faq", {"clone": slug, "pairs": pairs})["documents"][0]
    for _ in range(PATIENCE * 10):
        if ask(server, "GET", document["statusUrl"])["status"] == "completed":
            return slug
        time.sleep(0.1)
    raise AssertionError("the answers were not read")


def until_ears_know(server: Server, slug: str) -> None:
    """Wait until the ears have learnt what the clone knows now, as the server's log tells."""
    clone = ask(server, "GET", f"/api/clones/{slug}")
    learnt = (clone["id"], str(clone["knowledgeVersion"]))
    for _ in range(PATIENCE * 10):
        for line in server.errors.read_text().splitlines():
            told = json.loads(line).get("metadata", {}) if "language model adapted" in line else {}
            if (told.get("clone_id"), told.get("version")) == learnt:
                return
        time.sleep(0.1)
    raise AssertionError("the ears did not learn what the clone knows")


def tidy(server: Server) -> None:
    """No clones but the demonstration, no consents, no other device, and settings as they are at first."""
    for clone in ask(server, "GET", "/api/clones/mine")["clones"]:
        if not clone["demonstration"]:
            ask(server, "DELETE", f"/api/clones/{clone['slug']}")
    subjects = {each["subject"] for each in ask(server, "GET", "/api/consents")["consents"] if not each["revokedAt"]}
    if "voice" in subjects:
        ask(server, "DELETE", "/api/consents/spoken")
    elif "face" in subjects:
        ask(server, "POST", "/api/consents", {"granted": False})
    for device in ask(server, "GET", "/api/devices")["devices"]:
        ask(server, "DELETE", f"/api/devices/{device['id']}")
    ask(server, "PATCH", "/api/settings", AT_FIRST)


def erase_everything(server: Server) -> None:
    """The server is as at its first start."""
    ask(server, "DELETE", "/api/privacy", {"confirm": "erase everything"})
