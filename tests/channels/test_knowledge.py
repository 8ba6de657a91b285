"""What a clone knows over HTTP: the owner's alone; uploads become documents whose state can be followed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from selfsame.channels.deps import KnowledgeStudio
from selfsame.channels.door import Door
from selfsame.channels.http import _answer_errors
from selfsame.channels.identity import Identity
from selfsame.channels.knowledge import KnowledgeRoutes
from selfsame.clones.clone import Clone
from selfsame.clones.tokens import CONVERSE, OWN
from selfsame.errors import NotFound, Unauthenticated
from selfsame.jobs.ingest import INGEST, Intake, ingesting
from selfsame.jobs.job import completed, outcome_of
from selfsame.jobs.knowledge_desk import DocumentState, KnowledgeDesk
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.library.extract.read import read
from selfsame.library.webpage import WebPage
from selfsame.providers.fake.knowing import FakeEmbedder
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_shelf import MemoryShelf
from tests.library import documents as made
from tests.library.pictures import in_process

pytestmark = pytest.mark.anyio
OWNER, VISITOR = new_id(), new_id()
MINE = {"authorization": "Bearer owner"}


@dataclass
class House:
    http: httpx.AsyncClient
    jobs: MemoryJobs
    intake: Intake

    async def work(self) -> None:
        while claim := await self.jobs.claim("w", [INGEST], 30):
            try:
                outcome = completed(await ingesting(self.intake)(Work(claim, self.jobs, SYSTEM)))
            except Exception as error:
                outcome = outcome_of(error, claim.tries, 1)
            await self.jobs.finish(claim, outcome)

    async def upload(self, *files: tuple[str, bytes], path: str = "/api/documents") -> list[dict]:
        answer = await self.http.post(path, files=[("files", file) for file in files], headers=MINE)
        assert answer.status_code == 202, answer.text
        return answer.json()["documents"]

    async def get(self, path: str) -> dict:
        answer = await self.http.get(path, headers=MINE)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def opened() -> AsyncIterator[House]:
    clone, jobs, files = Clone(new_id(), OWNER, "me", "Me"), MemoryJobs(), MemoryFiles()
    shelf = MemoryShelf(jobs, INGEST, {clone.id: OWNER})

    async def fetch(address: str) -> WebPage:
        return WebPage(address, b"<html><p>We are clockmakers.</p></html>", "")

    async def reading(data, wish):
        return read(data, wish)

    async def find(name: str | None, user: UUID) -> Clone:
        if name not in (None, clone.slug, str(clone.id)):
            raise NotFound("there is no such clone")
        return clone

    async def authenticate(token: str) -> Identity:
        if token == "owner":
            return Identity(OWNER, frozenset({CONVERSE, OWN}))
        if token == "visitor":
            return Identity(VISITOR, frozenset({CONVERSE}))
        raise Unauthenticated("a token is needed")

    desk = KnowledgeDesk(shelf, shelf, files, jobs, lambda *_: None)
    pictures = PictureDesk(shelf.pictures, files, in_process)
    intake = Intake(shelf, shelf, files, FakeEmbedder(), reading, fetch, lambda *_: None)
    app = Door(authenticate).opened(FastAPI())
    _answer_errors(app)
    app.include_router(KnowledgeRoutes(KnowledgeStudio(desk, find, pictures)).router)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        yield House(http, jobs, intake)


async def test_files_are_taken_in_and_followed() -> None:
    async with opened() as house:
        good, bad = await house.upload(("clocks.docx", made.word()), ("locked.pdf", made.locked_pdf()))
        assert (good["status"], good["statusUrl"]) == ("pending", f"/api/documents/{good['id']}")
        await house.work()
        found = await house.get(good["statusUrl"])
        assert {
            name: found[name] for name in ("status", "filename", "title", "errorMessage", "userId", "progress")
        } == {
            "status": "completed",
            "filename": "clocks.docx",
            "title": "Clock repair",
            "errorMessage": None,
            "userId": str(OWNER),
            "progress": 1.0,
        }
        assert found["textContent"].startswith("Clock repair") and found["processedAt"]
        chunk = found["chunks"][-1]
        assert chunk["content"] == "Yes, but only mechanical ones." and chunk["chunkIndex"] == 3
        assert found["textContent"][chunk["startOffset"] : chunk["endOffset"]] == chunk["content"]
        assert chunk["documentId"] == good["id"]
        assert chunk["metadata"]["source"] == "clocks.docx"
        assert chunk["metadata"]["question"] == "Do you mend watches?"
        failed = await house.get(f"/api/documents/{bad['id']}")
        assert (failed["status"], failed["errorCode"]) == ("failed", "BAD_INPUT") and "password" in failed[
            "errorMessage"
        ]
        listed = (await house.get("/api/documents"))["documents"]
        assert [each["filename"] for each in listed] == ["locked.pdf", "clocks.docx"]
        (again,) = await house.upload(
            ("copy.docx", (await house.http.get(f"{good['statusUrl']}/file", headers=MINE)).content)
        )
        assert again["duplicate"] and again["id"] == good["id"]


async def test_a_file_is_never_shown_as_a_page() -> None:
    async with opened() as house:
        (page,) = await house.upload(("x.html", b"<html><script>alert(1)</script><p>Words.</p></html>"))
        answer = await house.http.get(f"{page['statusUrl']}/file", headers=MINE)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_retry_cancel_and_delete() -> None:
    async with opened() as house:
        (one,) = await house.upload(("a.md", b"Words."))
        stopped = await house.http.post(f"{one['statusUrl']}/cancel", headers=MINE)
        assert stopped.json()["status"] == "failed"
        assert (await house.http.post(f"{one['statusUrl']}/retry", headers=MINE)).status_code == 202
        await house.work()
        assert (await house.get(one["statusUrl"]))["status"] == "completed"
        assert (await house.http.delete(one["statusUrl"], headers=MINE)).status_code == 204
        assert (await house.http.get(one["statusUrl"], headers=MINE)).status_code == 404


async def test_addresses_and_pairs() -> None:
    async with opened() as house:
        answer = await house.http.post("/api/documents/address", json={"url": "example.org/about"}, headers=MINE)
        assert answer.status_code == 202
        pairs = {"pairs": [{"question": "When do you open?", "answer": "At nine."}], "name": "Hours"}
        assert (await house.http.post("/api/faq", json=pairs, headers=MINE)).status_code == 202
        await house.work()
        listed = {each["filename"]: each for each in (await house.get("/api/documents"))["documents"]}
        assert listed["https://example.org/about"]["sourceUrl"] == "https://example.org/about"
        assert listed["Hours"]["kind"] == "pairs" and listed["Hours"]["chunkCount"] == 1
        for body in ({"url": "ftp://x"}, {"url": ""}, {}):
            bad = await house.http.post("/api/documents/address", json=body, headers=MINE)
            assert bad.status_code in (400, 422) and bad.json()["error"]["message"]
        assert (await house.http.post("/api/faq", json={"pairs": []}, headers=MINE)).status_code == 422


async def test_a_catalogue_and_its_export() -> None:
    async with opened() as house:
        rows = "name,price,currency,note\nKettle,24.90,EUR,=HYPERLINK(1)\nPot,12,EUR,+1\n"
        (catalogue,) = await house.upload(("p.csv", rows.encode()), path="/api/products/upload")
        await house.work()
        found = await house.get("/api/products")
        assert [(p["name"], p["price"], p["currency"], p["row"]) for p in found["products"]] == [
            ("Kettle", 24.9, "EUR", 2),
            ("Pot", 12.0, "EUR", 3),
        ]
        assert [d["status"] for d in found["documents"]] == ["completed"]
        whole = await house.get(f"/api/documents/{catalogue['id']}")
        assert [c["metadata"]["product_id"] for c in whole["chunks"]] == [p["id"] for p in found["products"]]
        assert [c["metadata"]["page"] for c in whole["chunks"]] == ["row 2", "row 3"]
        text = (await house.http.get("/api/products?format=csv", headers=MINE)).text
        assert "'=HYPERLINK(1)" in text and "'+1" in text and "\n=" not in text and ",=" not in text


ROUTES = [
    ("GET", "/api/documents"), ("POST", "/api/documents"), ("POST", "/api/documents/address"), ("POST", "/api/faq"),
    ("POST", "/api/products/upload"), ("GET", "/api/products"), ("GET", f"/api/documents/{new_id()}"),
    ("DELETE", f"/api/documents/{new_id()}"), ("POST", f"/api/documents/{new_id()}/retry"),
    ("POST", f"/api/documents/{new_id()}/cancel"), ("GET", f"/api/documents/{new_id()}/file"),
]  # fmt: skip
BODIES = {
    "/api/documents/address": {"url": "example.org"},
    "/api/faq": {"pairs": [{"question": "a", "answer": "b"}]},
}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_only_the_owner_may(method: str, path: str) -> None:
    async with opened() as house:
        for who, status in (("", 401), ("Bearer visitor", 403)):
            headers = {"authorization": who}
            answer = await house.http.request(method, path, headers=headers, json=BODIES.get(path))
            assert answer.status_code == status, answer.text
        foreign = await house.http.request(
            method, path, headers=MINE | {"origin": "https://evil.example"}, json=BODIES.get(path)
        )
        assert foreign.status_code == 403


async def test_forms_that_are_none_and_clones_that_are_not_there() -> None:
    async with opened() as house:
        assert (await house.http.post("/api/documents", content=b"x", headers=MINE)).status_code == 400
        empty = await house.http.post("/api/documents", data={"clone": "me"}, files={}, headers=MINE)
        assert empty.status_code == 400
        other = await house.http.post(
            "/api/documents", data={"clone": "other"}, files=[("files", ("a.md", b"x"))], headers=MINE
        )
        assert other.status_code == 404
        assert (await house.http.get("/api/documents?clone=other", headers=MINE)).status_code == 404


@pytest.mark.parametrize(
    ("job", "status"), [("running", "processing"), ("completed", "completed"), (None, "completed")]
)
async def test_a_document_is_done_when_its_job_is(job: str | None, status: str) -> None:
    async with opened() as house:
        (sent,) = await house.upload(("p.csv", b"name,price\nPot,12\n"), path="/api/products/upload")
        await house.work()
        shelved = await house.intake.shelf.get(OWNER, UUID(sent["id"]))
        ended = await house.jobs.get(shelved.job_id, OWNER) if shelved.job_id else None
        assert ended is not None and ended.state == "completed"
        seen = None if job is None else replace(ended, state=job)
        assert DocumentState(shelved, seen).status == status
