"""The description of the HTTP API: complete, the same as what is committed, and fit to make a client of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, WebSocketRoute

from selfsame.channels.api import describe

DOCUMENT = json.loads(describe.openapi_text())
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
OPEN = {"openSession", "showHealth", "showApiHealth", "showComponents", "showLiveness", "showReadiness", "showMetrics",
        "signIn", "signOut"}  # fmt: skip
"""What needs no token; the measures are for this machine alone."""


BODILESS = ("/activate", "/retry", "/cancel", "/check", "/sign-out", "/main")


def test_the_committed_description_is_what_the_code_gives(tmp_path: Path) -> None:
    describe.main(tmp_path / "deeper" / "openapi.json")
    assert (tmp_path / "deeper" / "openapi.json").read_text() == describe.OPENAPI_FILE.read_text(encoding="utf-8"), (
        "./dev wire writes it anew"
    )


def test_it_has_every_route() -> None:
    described = {(method.upper(), path) for method, path, _ in OPERATIONS}
    served = set()
    for given in describe.described_app().routes:
        router = getattr(given, "original_router", None)  # FastAPI keeps what was included as it is
        for route in [given] if router is None else router.routes:
            if not isinstance(route, Mount | WebSocketRoute):
                served |= {(method, getattr(route, "path", "")) for method in getattr(route, "methods", None) or ()}
    hidden = {("GET", "/api/openapi.json"), ("HEAD", "/api/openapi.json"), ("HEAD", "/api/clips/{talk_id}/video.mp4")}
    assert served - described <= hidden and len(served & described) > 50


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name)] == []


def test_models_have_names_of_their_own() -> None:
    assert [name for name in DOCUMENT["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[o["operationId"] for _, _, o in OPERATIONS])
def test_an_operation_is_described_whole(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["description"] and len(operation["tags"]) == 1
    assert bool(operation.get("security")) is (operation["operationId"] not in OPEN)
    answers = operation["responses"]
    for kind in ("4XX", "5XX"):
        assert answers[kind]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    (good,) = [code for code in answers if code.startswith("2") and code != "206"]
    content = answers[good].get("content", {})
    assert bool(content) is (good != "204")
    assert all(each.get("schema") for each in content.values())
    if method in ("post", "put", "patch") and not path.endswith(BODILESS):
        assert all(each["schema"] for each in operation["requestBody"]["content"].values())


def references(node: Any) -> Iterator[str]:
    """All `$ref` below a node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def test_what_it_refers_to_is_there() -> None:
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert set(references(DOCUMENT)) == known
