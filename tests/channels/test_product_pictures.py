"""Pictures of products over HTTP: the owner's to give and take; whoever may meet the clone sees them, nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import httpx
import pytest

from selfsame.channels.deps import KnowledgeStudio
from selfsame.channels.identity import Identity
from selfsame.clones.clone import Clone
from selfsame.clones.tokens import CONVERSE, OWN
from selfsame.contracts.document_shelf import KETTLE, POT
from selfsame.contracts.knowledge_store import MODEL, along, pieces
from selfsame.errors import NotFound
from selfsame.events import told, turns
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.kit.ids import stable_id
from selfsame.kit.tasks import offload
from selfsame.library.pictures import PICTURES_MOST
from selfsame.library.port import Document
from selfsame.library.shelf import Outcome, Upload
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_shelf import MemoryShelf
from tests.channels.fake_session import CLONE, OWNER, House, house, settle
from tests.channels.fake_session import authenticate as plainly
from tests.library.pictures import drawn, in_process

pytestmark = pytest.mark.anyio
SAID = ("We sell a kettle.", "We sell a pot.")


@dataclass
class Room:
    house: House
    http: httpx.AsyncClient
    files: MemoryFiles
    shelf: MemoryShelf
    kettle: UUID
    document: UUID
    public: list[bool]

    async def give(self, *files: tuple[str, bytes], user: str = "owner") -> httpx.Response:
        sent = [("files", file) for file in files]
        return await self.http.post(f"/api/products/{self.kettle}/pictures", files=sent, headers=as_user(user))

    async def given(self, *hues: int) -> list[dict]:
        answer = await self.give(*[(f"{hue}.png", await offload(drawn, "PNG", (480, 360), hue)) for hue in hues])
        assert answer.status_code == 201, answer.text
        return answer.json()["pictures"]

    async def get(self, path: str, user: str) -> httpx.Response:
        return await self.http.get(path, headers=as_user(user))


async def authenticate(token: str) -> Identity:
    known = await plainly(token)
    return replace(known, permissions=frozenset({CONVERSE, OWN})) if known.user_id == OWNER else known


def as_user(user: str) -> dict[str, str]:
    return {"authorization": f"Bearer user-{user}"}


@asynccontextmanager
async def opened() -> AsyncIterator[Room]:
    jobs, files, public = MemoryJobs(), MemoryFiles(), [True]
    shelf = MemoryShelf(jobs, INGEST, {CLONE.id: OWNER})
    upload = Upload(stable_id("test", "u"), OWNER, CLONE.id, "p.csv", "products", "0" * 64, 5, "clone-knowledge/x/y/")
    shelved, _ = await shelf.begin(upload)
    document = Document(shelved.document.id, OWNER, CLONE.id, "p.csv", "Prices", "text/csv", "h", kind="product")
    await shelf.put(document, pieces(*SAID), along(0, 1), MODEL)
    said = pieces(*SAID)
    await shelf.finish(
        OWNER, upload.id, Outcome({}, [(replace(KETTLE, image="https://example.org/k.jpg"), said[:1]), (POT, said[1:])])
    )
    kettle, _ = await shelf.products(OWNER, CLONE.id)

    async def find(name: str | None, user: UUID) -> Clone:
        if name not in (None, CLONE.slug, str(CLONE.id)) or not (public[0] or user == OWNER):
            raise NotFound("there is no such clone")
        return CLONE

    desk = KnowledgeDesk(shelf, shelf, files, jobs, lambda *_: None)
    studio = KnowledgeStudio(desk, find, PictureDesk(shelf.pictures, files, in_process))
    async with house(knowledge=studio, authenticate=authenticate) as own:
        transport = httpx.ASGITransport(own.app, client=("203.0.113.9", 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield Room(own, http, files, shelf, kettle.id, document.id, public)


async def test_pictures_are_given_shown_with_their_product_and_taken_away() -> None:
    async with opened() as room:
        first, second = await room.given(10, 120)
        assert len(room.files.held) == 4
        (kettle, pot) = (await room.get("/api/products", "owner")).json()["products"]
        assert kettle["pictures"] == [first, second] and pot["pictures"] == []
        assert kettle["image"] == "https://example.org/k.jpg", "it is told as it was said, and nothing was fetched"
        shown = await room.get(second["url"], "owner")
        assert (shown.headers["content-type"], shown.content[8:12]) == ("image/webp", b"WEBP")
        assert shown.headers["x-content-type-options"] == "nosniff"
        small = await room.get(second["thumbnailUrl"], "owner")
        assert small.content[8:12] == b"WEBP" and small.content != shown.content
        path = f"/api/products/{room.kettle}/pictures/{first['id']}"
        assert (await room.http.delete(path, headers=as_user("owner"))).status_code == 204
        assert len(room.files.held) == 2 and (await room.get(first["url"], "owner")).status_code == 404


async def test_whoever_may_meet_the_clone_sees_the_picture_and_nobody_else() -> None:
    async with opened() as room:
        (picture,) = await room.given(10)
        assert (await room.get(picture["url"], "ann")).status_code == 200
        assert (await room.http.get(picture["thumbnailUrl"] + "&token=user-ann")).status_code == 200
        assert (await room.http.get(picture["url"])).status_code == 401
        for other in (stable_id("test", "x"), room.document):
            path = picture["url"].replace(picture["id"], str(other))
            assert (await room.get(path, "ann")).status_code == 404
        room.public[0] = False
        assert (await room.get(picture["url"], "ann")).status_code == 404
        assert (await room.get(picture["url"], "owner")).status_code == 200


async def test_a_visitor_may_give_and_take_nothing() -> None:
    async with opened() as room:
        (picture,) = await room.given(10)
        assert (await room.give(("a.png", drawn()), user="ann")).status_code == 403
        base = f"/api/products/{room.kettle}/pictures"
        for method, path in (
            ("GET", base),
            ("DELETE", f"{base}/{picture['id']}"),
            ("POST", f"{base}/{picture['id']}/main"),
        ):
            assert (await room.http.request(method, path, headers=as_user("ann"))).status_code == 403
        assert len(room.files.held) == 2


async def test_the_source_of_an_answer_shows_its_product() -> None:
    async with opened() as room:
        (picture,) = await room.given(10)
        _, session, _ = await room.house.call("ann")
        sources = [
            turns.Source(str(stable_id("chunk", f"{room.document}:{n}")), "Prices", "", text, 0.9, f"row {n + 2}")
            for n, text in enumerate(SAID)
        ]
        session.tell(told.ReplySources(1, tuple(sources)))
        await settle()
        base = f"/api/sessions/{session.record.id}/turns/1/sources"
        shown = (await room.get(f"{base}/{sources[0].id}", "ann")).json()["pictures"]
        names = ("url", "thumbnailUrl", "width", "height")
        assert shown == [{name: picture[name] for name in names}]
        assert (await room.get(f"{base}/{sources[1].id}", "ann")).json()["pictures"] == []
        assert (await room.get(shown[0]["thumbnailUrl"], "ann")).content[8:12] == b"WEBP"


async def test_all_of_an_upload_is_taken_or_none() -> None:
    async with opened() as room:
        refused = await room.give(("good.png", drawn()), ("C:\\me\\bad.jpg", b"<svg/>"))
        assert refused.status_code == 400 and refused.json()["error"]["message"].startswith("bad.jpg: This is not")
        empty = await room.http.post(
            f"/api/products/{room.kettle}/pictures", files=[("other", ("a", b"x"))], headers=as_user("owner")
        )
        assert empty.status_code == 400 and "JPEG" in empty.json()["error"]["message"]
        await room.given(*range(0, 240, 40))  # six
        full = await room.give(*[(f"{hue}.png", drawn(hue=hue)) for hue in (15, 55, 95)])
        assert full.status_code == 413 and str(PICTURES_MOST) in full.json()["error"]["message"]
        assert len(room.files.held) == 12
        again = await room.given(0, 40)
        assert len(again) == 6 and len(room.files.held) == 12, "the same once more is nothing new"
        for product in (stable_id("test", "none"), room.document):
            answer = await room.http.post(
                f"/api/products/{product}/pictures", files=[("files", ("a.png", drawn()))], headers=as_user("owner")
            )
            assert answer.status_code == 404
