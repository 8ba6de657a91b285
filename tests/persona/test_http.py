"""Personas over HTTP: only for owners, both halves side by side, errors that say what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from selfsame.channels.deps import PersonaStudio
from selfsame.channels.door import Door
from selfsame.channels.http import _answer_errors
from selfsame.channels.identity import Identity
from selfsame.channels.personas import PersonaRoutes
from selfsame.clones.clone import Clone
from selfsame.clones.tokens import CONVERSE, OWN
from selfsame.errors import NotFound, Unauthenticated
from selfsame.kit.ids import new_id
from tests.persona.test_job import done
from tests.persona.workshop import TALK, WAV, Workshop

pytestmark = pytest.mark.anyio
TOKEN = {"authorization": "Bearer token"}
URL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@asynccontextmanager
async def client(shop: Workshop, who: str = "owner") -> AsyncIterator[httpx.AsyncClient]:
    async def authenticate(_token: str) -> Identity:
        if who == "nobody":
            raise Unauthenticated("a token is needed")
        own = frozenset([OWN, CONVERSE]) if who != "visitor" else frozenset([CONVERSE])
        return Identity(shop.owner if who == "owner" else new_id(), own)

    async def find_clone(name: str | None, _user: UUID) -> Clone:
        if name not in (None, "dana"):
            raise NotFound("there is no such clone")
        return shop.clone

    app = Door(authenticate).opened(FastAPI())
    _answer_errors(app)
    app.include_router(PersonaRoutes(PersonaStudio(shop.desk, find_clone, shop.videos_desk)).router)
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=TOKEN) as http:
        yield http


async def fields(http: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    answer = await http.get("/api/persona")
    assert answer.status_code == 200
    return {row["field"]: row for row in answer.json()["fields"]}


async def test_a_transcript_is_learnt_from_and_shown_side_by_side() -> None:
    shop = Workshop()
    async with client(shop) as http:
        form: dict[str, Any] = {
            "data": {"clone": "dana", "language": "EN"},
            "files": {"file": ("t.txt", TALK.encode())},
        }
        ordered = await http.post("/api/persona/extract", **form)
        assert ordered.status_code == 202 and ordered.json()["status"] == "pending"
        await done(shop, await shop.jobs.get(UUID(ordered.json()["jobId"]), shop.owner))
        status = (await http.get(ordered.json()["statusUrl"])).json()
        assert status["status"] == "completed" and status["result"]["engine"] == "statistics"
        changed = await http.patch("/api/persona", json={"overrides": {"tone": "dry", "closing": None}})
        assert changed.status_code == 200
        rows = await fields(http)
        assert (rows["tone"]["auto"], rows["tone"]["mine"], rows["tone"]["merged"]) == ("warm", "dry", "dry")
        assert rows["closing"]["auto"] and rows["closing"]["merged"] is None and rows["closing"]["overridden"]
        assert rows["fillers"]["merged"] == ["so", "you know", "I mean"]
        await http.patch("/api/persona", json={"reset": ["tone"]})
        assert (await fields(http))["tone"]["merged"] == "warm"
        await http.put("/api/persona", json={"overrides": {"role": "a baker"}})
        body = (await http.get("/api/persona")).json()
        assert body["manualOverrides"] == {"role": "a baker"} and body["history"][0]["source"] == "t.txt"
        assert body["evidence"]["catchphrases"][0]["quotes"]
        assert (await http.delete("/api/persona/history")).json() == {"forgotten": 1}
        assert "evidence" not in (await http.get("/api/persona")).json()


@pytest.mark.parametrize("path", ["/api/voice/clone", "/api/persona/extract"])
async def test_a_video_gives_one_job(path: str) -> None:
    shop = Workshop()
    async with client(shop) as http:
        ordered = await http.post(path, json={"url": URL})
        assert ordered.status_code == 202 and ordered.json()["status"] == "pending"
        job = await done(shop, await shop.jobs.get(UUID(ordered.json()["jobId"]), shop.owner))
        assert job.state == "completed"
        for bad in ({"url": "https://vimeo.com/1"}, {"url": URL, "clone": "other"}, {"url": URL, "language": "FR"}):
            answer = await http.post(path, json=bad)
            assert answer.status_code in (400, 404) and answer.json()["error"]["message"]
        for bad in ({}, {"url": 7}, {"url": URL, "more": 1}):
            assert (await http.post(path, json=bad)).status_code in (400, 422)
        if path.endswith("extract"):
            broken = await http.post(path, content=b"{", headers={"content-type": "application/json"})
            assert broken.status_code == 400


async def test_an_extraction_may_be_cancelled() -> None:
    shop = Workshop()
    async with client(shop) as http:
        ordered = await http.post("/api/persona/extract", files={"file": ("t.wav", WAV)})
        gone = await http.delete(ordered.json()["statusUrl"])
        assert gone.json()["status"] == "cancelled" and await shop.left() == []
        assert (await http.get(f"/api/persona/jobs/{new_id()}")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"overrides": {"mood": "x"}}, {"overrides": {"energy": "wild"}}, {"overrides": {"fillers": "so"}},
     {"reset": ["mood"]}, {"overrides": 7}, {"unknown": 1}, {"overrides": {"name": None}}],
)  # fmt: skip
async def test_bad_changes_are_refused_and_change_nothing(body: dict[str, Any]) -> None:
    shop = Workshop()
    async with client(shop) as http:
        for method in ("PATCH", "PUT"):
            if method == "PUT" and "reset" in body:
                continue
            answer: Response = await http.request(method, "/api/persona", json=body)  # type: ignore[assignment]
            assert answer.status_code in (400, 422)
        assert (await http.get("/api/persona")).json()["manualOverrides"] is None


async def test_only_owners_may() -> None:
    shop = Workshop()
    for who, status in (("visitor", 403), ("nobody", 401), ("stranger", 404)):
        async with client(shop, who) as http:
            calls = [
                http.get("/api/persona"),
                http.patch("/api/persona", json={"overrides": {"tone": "x"}}),
                http.put("/api/persona", json={"overrides": {}}),
                http.delete("/api/persona/history"),
                http.post("/api/voice/clone", json={"url": URL}),
                http.post("/api/persona/extract", files={"file": ("t.txt", TALK.encode())}),
            ]
            for call in calls:
                assert (await call).status_code == status
    async with client(shop) as http:
        foreign = await http.get("/api/persona", headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403
