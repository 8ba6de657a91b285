"""The studio of the whole product, over its application: a portrait becomes a face, and the clone with it a clip."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import av
import httpx
import pytest

from selfsame.demo import portrait_file
from selfsame.face.rig_file import from_json
from selfsame.jobs.clone_desk import CloneWish
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload
from selfsame.wiring.product import Product
from tests.channels.fake_session import AsgiSocket
from tests.support.serving import link_models
from tests.wiring.test_product import QUIET, product

pytestmark = pytest.mark.anyio
LONGEST = 240
WORK = {"SELFSAME_WORK_SLOTS": "1"}


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@asynccontextmanager
async def owner(running: Product) -> AsyncIterator[httpx.AsyncClient]:
    """The person at this machine, with their token."""
    transport = httpx.ASGITransport(app=running.app, client=("127.0.0.1", 40_000))
    async with (
        running.app.router.lifespan_context(running.app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http,
    ):
        given = (await http.post("/api/sessions", json={})).json()
        assert given["owner"] is True
        http.headers["Authorization"] = f"Bearer {given['token']}"
        yield http


async def until(http: httpx.AsyncClient, url: str, *states: str) -> dict[str, Any]:
    """Poll, as a page does."""
    with anyio.fail_after(LONGEST):
        while True:
            body = (await http.get(url)).json()
            if body["status"] in states:
                return body
            await SYSTEM.sleep(0.1)


async def ready(running: Product, http: httpx.AsyncClient, clone: str) -> dict[str, Any]:
    """The `ready` message of a conversation with the clone that begins now."""
    token = http.headers["Authorization"].removeprefix("Bearer ")
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "scheme": "ws",
        "path": "/ws/chat",
        "raw_path": b"/ws/chat",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "subprotocols": ["selfsame.v1", f"bearer.{token}"],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
        "extensions": {},
    }
    socket, message = AsgiSocket(running.app, scope), {}
    async with anyio.create_task_group() as group:
        group.start_soon(socket.run)
        assert (await socket.connect())["type"] == "websocket.accept"
        socket.send({"type": "start", "clone": clone})
        message = await socket.until("ready", within=60)
        socket.drop()
    return message


async def test_a_portrait_becomes_a_face_and_the_clone_a_clip(home: Path) -> None:
    if not link_models(home) or not (home / "models" / "face-landmarks").is_dir():
        pytest.skip("the face networks are not here: selfsame models pull face-landmarks")
    portrait = await offload(portrait_file)
    files = [("files", ("me.jpg", portrait, "image/jpeg"))]
    async with product(home, **QUIET, **WORK) as running, owner(running) as http:
        clone = (await running.clones.create(running.owner_id, CloneWish("Ada", greeting="Hello."))).clone
        assert (await ready(running, http, "ada")).get("face") is None, "it has no face yet"
        refused = await http.post("/face-model/upload", files=files, data={"clone": "ada"})
        assert refused.json()["error"]["code"] == "CONSENT_MISSING"
        assert (await http.post("/api/consents", json={"granted": True})).status_code == 200
        sent = await http.post("/face-model/upload", files=files, data={"clone": "ada"})
        assert sent.status_code == 202, sent.text
        url = sent.json()["statusUrl"]
        built = await until(http, url, "ready", "failed", "cancelled")
        assert built["status"] == "ready" and built["tier"] == "basic", built
        assert built["validation"]["isValid"] and built["test"]["lipSyncScore"] > 0.4, built
        assert built["cloneId"] == str(clone.id)
        with av.open(io.BytesIO((await http.get(built["videoUrl"])).content)) as film:
            assert {stream.type for stream in film.streams} == {"audio", "video"}
        assert (await ready(running, http, "ada")).get("face") is None, "nobody accepted it yet"

        assert (await http.post(f"{url}/activate")).json()["status"] == "active"
        face = (await ready(running, http, "ada"))["face"]
        assert (await ready(running, http, "vera"))["face"]["url"] != face["url"]
        rig = await http.get(face["url"])
        assert rig.headers["cache-control"].startswith("private") and rig.headers["content-encoding"] == "gzip"
        assert face["url"].endswith(hashlib.sha256(rig.content).hexdigest()[:32])
        assert (await offload(from_json, rig.content)).texture.shape == (512, 512, 3)
        assert not list((home / "files" / "clone-uploads").rglob("*.sealed")), "the photo is gone"

        wish = {"clone": "ada", "text": "Hello there, I am Ada.", "size": 256}
        talk = (await http.post("/api/clips", json=wish)).json()
        clip = await until(http, talk["statusUrl"], "completed", "failed", "cancelled")
        assert clip["status"] == "completed", clip
        assert (await http.post("/api/clips", json=wish)).json()["talkId"] == talk["talkId"]
        with av.open(io.BytesIO((await http.get(clip["videoUrl"])).content)) as film:
            assert film.streams.video[0].width == 256 and film.streams.video[0].frames > 25

        await nobody_else_sees(running, [url, face["url"], talk["statusUrl"], clip["videoUrl"]])
        await http.post("/api/consents", json={"granted": False})
        assert (await http.get(url)).status_code == 404 and (await http.get(face["url"])).status_code == 404
        assert (await http.get(clip["videoUrl"])).status_code == 404
        assert (await ready(running, http, "ada")).get("face") is None
        assert (await ready(running, http, "vera"))["face"] is not None, "she is nobody, and stays"
        left = list((home / "files" / "clone-face-models").rglob("*.sealed"))
        assert len(left) == 1, "of Ada's face nothing is left, of Vera's the rig"


async def nobody_else_sees(running: Product, urls: list[str]) -> None:
    """A visitor with a token of their own gets nothing."""
    transport = httpx.ASGITransport(app=running.app, client=("203.0.113.9", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        token = (await http.post("/api/sessions", json={"deviceId": "device-of-a-visitor"})).json()["token"]
        for url in urls:
            assert (await http.get(url)).status_code == 401, url
            seen = await http.get(url, headers={"Authorization": f"Bearer {token}"})
            assert seen.status_code in (403, 404), (url, seen.text)


async def test_revoking_while_it_waits_erases_what_was_uploaded(home: Path) -> None:
    """Nothing works here, so the order waits; the photo goes with the consent, not a day later."""
    idle = {"SELFSAME_WORK_SLOTS": "0"}
    async with product(home, **QUIET, **idle) as running, owner(running) as http:
        await running.clones.create(running.owner_id, CloneWish("Ada"))
        await http.post("/api/consents", json={"granted": True})
        files = [("files", ("me.jpg", b"\xff\xd8\xff" + bytes(100_000), "image/jpeg"))]
        sent = await http.post("/face-model/upload", files=files, data={"clone": "ada"})
        assert sent.status_code == 202, sent.text
        uploads = home / "files" / "clone-uploads"
        assert len(list(uploads.rglob("*.sealed"))) == 1
        await http.post("/api/consents", json={"granted": False})
        assert not list(uploads.rglob("*.sealed"))
        assert (await http.get(sent.json()["statusUrl"])).status_code == 404
        report = {each["role"]: each for each in (await http.get("/api/engines")).json()["report"]["engines"]}
        assert {"face", "animator", "landmarks", "encoder"} <= report.keys()
        assert report["landmarks"]["hint"] == "selfsame models pull face-landmarks", "this home has no models"


@pytest.mark.parametrize("name", ["a%00b", "%c3%a9", "no-such", str(new_id())])
async def test_names_of_any_kind_are_not_found(home: Path, name: str) -> None:
    async with product(home, **QUIET) as running, owner(running) as http:
        assert (await http.get(f"/api/clones/{name}/face.json", params={"v": "x"})).status_code == 404
