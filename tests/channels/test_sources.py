"""The passage an answer rests on: for whoever was told it; the text around it for the clone's owner alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import httpx
import pytest

from selfsame.channels.deps import KnowledgeStudio
from selfsame.clones.clone import Clone
from selfsame.contracts.knowledge_store import MODEL, along, pieces
from selfsame.events import told, turns
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.port import Document
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_shelf import MemoryShelf
from tests.channels.fake_session import CLONE, OWNER, FakeSession, House, house, settle
from tests.library.pictures import in_process

pytestmark = pytest.mark.anyio
SAID = ("Clocks are wound on Mondays.", "Watches are cleaned by hand.", "Keys hang in the hall.")
DOCUMENT = stable_id("test", "document")


@dataclass
class Room:
    house: House
    http: httpx.AsyncClient
    shelf: MemoryShelf

    async def put(self, *texts: str, clone: UUID = CLONE.id) -> None:
        document = Document(DOCUMENT, OWNER, clone, "shop.md", "The shop", "text/markdown", "hash")
        await self.shelf.put(document, pieces(*texts), along(*range(len(texts))), MODEL)

    async def answered(self, user: str, chunk: int = 1) -> tuple[FakeSession, str]:
        """A conversation whose first answer rests on that chunk, and the address of it."""
        _, session, _ = await self.house.call(user)
        source_id = str(stable_id("chunk", f"{DOCUMENT}:{chunk}"))
        source = turns.Source(source_id, "The shop", "Watches", SAID[chunk][:12] + "…", 0.9, "page 2")
        session.tell(told.ReplySources(1, (source,)))
        await settle()
        return session, f"/api/sessions/{session.record.id}/turns/1/sources/{source_id}"

    async def get(self, path: str, user: str) -> httpx.Response:
        return await self.http.get(path, headers={"authorization": f"Bearer user-{user}"})


@asynccontextmanager
async def opened() -> AsyncIterator[Room]:
    jobs = MemoryJobs()
    shelf = MemoryShelf(jobs, INGEST, {CLONE.id: OWNER})

    async def find(name: str | None, user: UUID) -> Clone:
        raise AssertionError("not asked for here")

    files = MemoryFiles()
    desk = KnowledgeDesk(shelf, shelf, files, jobs, lambda *_: None)
    async with house(knowledge=KnowledgeStudio(desk, find, PictureDesk(shelf.pictures, files, in_process))) as own:
        transport = httpx.ASGITransport(own.app, client=("203.0.113.9", 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            room = Room(own, http, shelf)
            await room.put(*SAID)
            yield room


async def test_a_visitor_sees_the_passage_and_nothing_around_it() -> None:
    async with opened() as room:
        session, path = await room.answered("ann")
        answer = await room.get(path, "ann")
        assert answer.status_code == 200, answer.text
        assert answer.json() == {
            "title": "The shop",
            "heading": "Watches",
            "locator": "page 2",
            "url": None,
            "before": "",
            "passage": SAID[1],
            "after": "",
            "pictures": [],
        }
        session.end(1, "By hand.")
        await settle()
        assert (await room.get(path, "ann")).status_code == 200, "also when the answer is over"


async def test_the_owner_sees_the_text_around_it() -> None:
    async with opened() as room:
        _, path = await room.answered("owner")
        body = (await room.get(path, "owner")).json()
        assert (body["before"], body["passage"], body["after"]) == (SAID[0] + "\n\n", SAID[1], "\n\n" + SAID[2])


async def test_nobody_sees_what_they_were_not_told() -> None:
    async with opened() as room:
        _, path = await room.answered("ann")
        assert (await room.http.get(path)).status_code == 401
        other = path.replace(path.rsplit("/", 1)[1], str(stable_id("chunk", f"{DOCUMENT}:0")))
        for asked, user in (
            (path, "bob"),
            (path, "owner"),
            (other, "ann"),
            (path.replace("turns/1", "turns/2"), "ann"),
        ):
            refused = await room.get(asked, user)
            assert (refused.status_code, refused.json()["error"]["code"]) == (404, "NOT_FOUND"), asked


@pytest.mark.parametrize("change", ["other words", "gone", "moved to another clone"])
async def test_a_document_that_changed_meanwhile_is_not_shown(change: str) -> None:
    async with opened() as room:
        _, path = await room.answered("ann")
        if change == "other words":
            await room.put("A secret.", "Another secret.", "A third.")
        elif change == "gone":
            await room.shelf.delete(OWNER, DOCUMENT)
        else:
            kept = room.shelf._kept[DOCUMENT]
            room.shelf._kept[DOCUMENT] = replace(kept, document=replace(kept.document, clone_id=new_id()))
        refused = await room.get(path, "ann")
        assert refused.status_code == 404 and "secret" not in refused.text
