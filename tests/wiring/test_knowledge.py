"""Knowledge in the running product: real database, real jobs, real HTTP routes; the ears that learn."""

from __future__ import annotations

from pathlib import Path

import anyio
import httpx
import pytest

from selfsame.errors import Unavailable
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background
from selfsame.wiring.learning import Learner
from tests.conftest import VirtualClock
from tests.library import documents as made
from tests.wiring.test_product import QUIET, home, product

pytestmark = pytest.mark.anyio
assert home  # a fixture


async def test_an_upload_is_answered_from_and_survives_a_restart(home: Path) -> None:
    async with product(home, **QUIET) as running, _client(running.app) as http:
        files = [("files", ("clocks.docx", made.word())), ("files", ("locked.pdf", made.locked_pdf()))]
        answer = await http.post("/api/documents", files=files)
        assert answer.status_code == 202, answer.text
        good, bad = answer.json()["documents"]
        assert (await _ended(http, good["id"]))["chunkCount"] == 4
        failed = await _ended(http, bad["id"])
        assert failed["status"] == "failed" and "password" in failed["errorMessage"]
        stored = list((home / "files" / "clone-knowledge").rglob("*.sealed"))
        assert stored and not any(b"mechanical" in path.read_bytes() for path in stored)
        gone = await http.delete(f"/api/documents/{bad['id']}")
        assert gone.status_code == 204
    async with product(home, **QUIET) as running, _client(running.app) as http:
        listed = (await http.get("/api/documents")).json()["documents"]
        assert [each["filename"] for each in listed if each["kind"] == "file"] == ["clocks.docx"]
        guide = [each for each in listed if each["kind"] == "built-in"]
        assert guide and all(each["status"] == "completed" for each in guide)
        await http.delete(f"/api/documents/{good['id']}")
        with anyio.fail_after(20):
            while list((home / "files" / "clone-knowledge").rglob("*.sealed")):
                await SYSTEM.sleep(0.05)  # the worker is waited for


def _client(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))  # type: ignore[arg-type]

    async def sign(request: httpx.Request) -> None:
        if request.url.path != "/api/sessions":
            issued = await client.post("/api/sessions", json={})
            request.headers["authorization"] = f"Bearer {issued.json()['token']}"

    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", event_hooks={"request": [sign]})
    return client


async def _ended(http: httpx.AsyncClient, document: str) -> dict:
    with anyio.fail_after(60):
        while True:
            told = (await http.get(f"/api/documents/{document}")).json()
            if told["status"] in ("completed", "failed"):
                return told
            await SYSTEM.sleep(0.05)  # the worker is waited for


async def test_the_ears_learn_once_for_many_changes(clock: VirtualClock) -> None:
    learnt: list[object] = []
    owner, one, two = new_id(), new_id(), new_id()

    async def learn(owner_id: object, clone_id: object) -> None:
        learnt.append(clone_id)
        if clone_id == one:
            raise Unavailable("busy", role="asr", provider="x")

    learner = Learner(learn, clock)
    async with background() as tasks:
        for clone in (one, two, one):
            learner.changed(owner, clone)
        tasks.start_soon(learner.run)
        with anyio.fail_after(5):
            while len(learnt) < 2:
                await anyio.lowlevel.checkpoint()
        assert learnt == [one, two]
        learner.changed(owner, two)
        with anyio.fail_after(5):
            while len(learnt) < 3:
                await anyio.lowlevel.checkpoint()
    assert learnt == [one, two, two]
