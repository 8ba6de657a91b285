"""Clones, jobs and the bearer over HTTP, on the whole product with a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from selfsame.demo import DEMO
from tests.wiring.test_studio import home as home
from tests.wiring.test_studio import owner, product

pytestmark = pytest.mark.anyio
QUIET = {"SELFSAME_ASR": "fake", "SELFSAME_EMBEDDER": "fake", "SELFSAME_VAD": "energy", "SELFSAME_WORK_SLOTS": "0"}


async def test_a_clone_is_made_filled_stopped_changed_and_deleted(home: Path) -> None:
    async with product(home, **QUIET) as running, owner(running) as http:
        me = (await http.get("/api/me")).json()
        assert (me["userId"], me["owner"], me["name"]) == (str(running.owner_id), True, "Owner")
        made = await http.post("/api/clones", json={"name": "Jo", "description": "a potter", "greeting": "Hello."})
        assert made.status_code == 201 and made.json()["createdAt"]
        page = await http.post("/api/documents", data={"clone": "jo"}, files=[("files", ("a.txt", b"We make pots."))])
        assert page.status_code == 202
        shown = (await http.get("/api/clones/jo")).json()
        assert shown["documents"] == {"total": 1, "reading": 1, "failed": 0}
        (job,) = (await http.get("/api/jobs", params={"clone": "jo", "active": True})).json()["jobs"]
        assert (job["kind"], job["status"], job["cloneId"]) == ("ingest", "pending", shown["id"])
        assert (job["documentId"], job["about"]) == (page.json()["documents"][0]["id"], "a.txt")
        assert (await http.delete(f"/api/jobs/{job['id']}")).json()["status"] == "cancelled"
        assert (await http.get("/api/clones/jo")).json()["documents"] == {"total": 1, "reading": 0, "failed": 1}
        changed = (await http.patch("/api/clones/jo", json={"name": "Jo Clay", "greeting": "", "public": True})).json()
        assert (changed["name"], changed["greeting"], changed["description"]) == ("Jo Clay", "", "a potter")
        listed = {each["slug"]: each for each in (await http.get("/api/clones/mine")).json()["clones"]}
        assert listed["jo"] == changed and listed[DEMO.slug]["demonstration"] and listed[DEMO.slug]["hasFace"]
        assert (await http.delete("/api/clones/jo")).status_code == 204
        assert (await http.get("/api/clones/jo")).status_code == 404
        assert (await http.delete(f"/api/clones/{DEMO.slug}")).status_code == 400
