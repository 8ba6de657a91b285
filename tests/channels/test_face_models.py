"""A face over HTTP: who may, what is taken, how much, and what is told; on the memory twins with a real worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.channels.deps import FaceStudio
from selfsame.channels.face_models import CHECKS_BURST, UPLOADS_AT_ONCE
from selfsame.channels.identity import Identity
from selfsame.channels.pages import UPLOAD_BYTES
from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.clones.tokens import OWN
from selfsame.errors import NotFound, Unauthenticated
from selfsame.kit.ids import new_id
from selfsame.studio.face.model import PHOTOS_MOST
from tests.channels.fake_session import house
from tests.channels.whole_house import WholeHouse
from tests.jobs.conftest import Time
from tests.jobs.studio import StudioBench

pytestmark = pytest.mark.anyio
OWNER = {"Authorization": "Bearer owner"}
OTHER = {"Authorization": "Bearer other-owner"}
VISITOR = {"Authorization": "Bearer visitor"}
PHOTO = ("files", ("a.jpg", b"\xff\xd8\xffpicture", "image/jpeg"))
NO_STORE = {"private, no-store", "no-store"}


class Front:
    """The application, its studio, and who holds which token."""

    def __init__(self) -> None:
        self.bench = StudioBench(Time())
        self.people = {"owner": self.bench.owner, "other-owner": new_id(), "visitor": self.bench.visitor}

    async def authenticate(self, token: str) -> Identity:
        if token not in self.people:
            raise Unauthenticated("the token is not valid")
        return Identity(self.people[token], frozenset() if token == "visitor" else frozenset({OWN}))

    async def find_clone(self, name: str | None, user: UUID) -> Clone:
        if user not in (self.bench.owner, self.bench.visitor):
            raise NotFound("there is no such clone")
        return await self.bench.meet(name, user)

    async def change_consent(self, user: UUID, granted: bool) -> tuple[Consent, ...]:
        self.bench.revoke()
        if granted:
            self.bench.consents += (Consent(new_id(), user, "face", self.bench.time()),)
        return self.bench.consents

    @asynccontextmanager
    async def open(self, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        studio = FaceStudio(self.bench.faces, self.find_clone, self.change_consent)
        async with house(face_studio=studio, authenticate=self.authenticate, **changes) as inside:
            transport = httpx.ASGITransport(app=inside.app, client=("203.0.113.9", 40_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
                yield http


@pytest.fixture
def front() -> Front:
    return Front()


async def test_from_upload_to_activation(front: Front) -> None:
    async with front.open() as http, front.bench.working():
        sent = await http.post("/face-model/upload", files=[PHOTO, PHOTO], data={"clone": "ada"}, headers=OWNER)
        assert sent.status_code == 202 and sent.headers["cache-control"] in NO_STORE
        url = sent.json()["statusUrl"]
        face = sent.json()["faceModelId"]
        await front.bench.face_is(UUID(face), "ready")
        one = await http.get(url, headers=OWNER)
        body = one.json()
        assert (body["status"], body["progress"]) == ("ready", 1.0) and one.headers["cache-control"] in NO_STORE
        video = await http.get(body["videoUrl"], headers=OWNER)
        assert (video.content, video.headers["content-type"]) == (b"video", "video/mp4")
        for name in ("preview.jpg", "neutral_pose.jpg", "preview.mp4"):
            got = await http.get(f"{url}/{name}", headers=OWNER)
            assert got.status_code == 200 and got.headers["cache-control"] == "private, no-store"
            assert got.headers["x-content-type-options"] == "nosniff" and "etag" not in got.headers
        assert (await http.post(f"{url}/activate", headers=OWNER)).json()["status"] == "active"
        listed = await http.get("/face-models", headers=OWNER)
        assert [each["faceModelId"] for each in listed.json()["faceModels"]] == [face]
        assert listed.headers["cache-control"] in NO_STORE
        assert (await http.delete(url, headers=OWNER)).status_code == 204
        assert (await http.get(url, headers=OWNER)).status_code == 404
        assert front.bench.held("clone-uploads") == []


async def test_more_than_small_bodies_are_taken(front: Front) -> None:
    """Photos are larger than all other requests."""
    async with front.open() as http:
        large = ("files", ("a.jpg", b"\xff\xd8\xff" + bytes(3_000_000), "image/jpeg"))
        assert (await http.post("/face-model/upload", files=[large] * 2, headers=OWNER)).status_code == 202
        sizes = [len(data) for key, data in front.bench.files.held.items() if key.startswith("clone-uploads")]
        assert sizes == [3_000_003] * 2


# --- who may ---------------------------------------------------------------------------------------------------------

FACE = str(new_id())
ROUTES = [
    ("POST", "/face-model/upload"), ("GET", "/face-models"), ("GET", f"/face-model/{FACE}"),
    ("DELETE", f"/face-model/{FACE}"), ("POST", f"/face-model/{FACE}/activate"),
    ("GET", f"/face-model/{FACE}/preview.jpg"), ("POST", "/api/consents"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_who_may(front: Front, method: str, path: str) -> None:
    async with front.open() as http:
        body: dict[str, Any] = {"json": {"granted": True}} if path == "/api/consents" else {}

        async def ask(**headers: str) -> tuple[int, str]:
            answer = await http.request(method, path, headers=headers, **body)
            return answer.status_code, answer.json()["error"]["code"]

        assert await ask() == (401, "UNAUTHENTICATED")
        assert await ask(Authorization="Bearer stolen") == (401, "UNAUTHENTICATED")
        assert await ask(**VISITOR) == (403, "FORBIDDEN")
        assert await ask(**OWNER, Origin="https://evil.example") == (403, "ORIGIN_REFUSED")
    assert len(front.bench.consents) == 1


async def test_another_owner_finds_nothing(front: Front) -> None:
    async with front.open() as http, front.bench.working():
        sent = (await http.post("/face-model/upload", files=[PHOTO], headers=OWNER)).json()
        url = sent["statusUrl"]
        await front.bench.face_is(UUID(sent["faceModelId"]), "ready")
        for method, path in [
            ("GET", url), ("DELETE", url), ("POST", f"{url}/activate"), ("GET", f"{url}/preview.jpg"),
            ("GET", f"{url}/preview.mp4"),
        ]:  # fmt: skip
            assert (await http.request(method, path, headers=OTHER)).status_code == 404, (method, path)
        assert (await http.get("/face-models", headers=OTHER)).json() == {"faceModels": []}
        mine = await http.post("/face-model/upload", files=[PHOTO], data={"clone": "ada"}, headers=OTHER)
        assert mine.status_code == 404
        assert (await http.get(url, headers=OWNER)).json()["status"] == "ready"


async def test_our_page_and_listed_ones_may(front: Front) -> None:
    async with front.open(origins=("https://page.example",)) as http:
        for origin in ("http://127.0.0.1:8000", "https://page.example"):
            assert (await http.get("/face-models", headers={**OWNER, "Origin": origin})).status_code == 200


@pytest.mark.parametrize(
    "name", ["rig.json", "embeddings.npy", "metadata.json", "..%2f..%2fx", "%00", "preview.jpg%00"]
)
async def test_only_what_is_meant_to_be_seen_is_given(front: Front, name: str) -> None:
    async with front.open() as http, front.bench.working():
        sent = (await http.post("/face-model/upload", files=[PHOTO], headers=OWNER)).json()
        await front.bench.face_is(UUID(sent["faceModelId"]), "ready")
        assert (await http.get(f"{sent['statusUrl']}/{name}", headers=OWNER)).status_code in (404, 503)


@pytest.mark.parametrize("face", ["x", "1", "%2e%2e", "0" * 400, "%00"])
async def test_an_id_that_is_none(front: Front, face: str) -> None:
    async with front.open() as http:
        assert (await http.get(f"/face-model/{face}", headers=OWNER)).status_code in (404, 422, 503)


# --- consent ---------------------------------------------------------------------------------------------------------


async def test_without_consent_nothing_is_taken_and_with_it_all_is(front: Front) -> None:
    async with front.open() as http:
        ended = await http.post("/api/consents", json={"subject": "face", "granted": False}, headers=OWNER)
        assert ended.json()["consents"][-1]["revokedAt"] is not None
        refused = await http.post("/face-model/upload", files=[PHOTO], headers=OWNER)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "CONSENT_MISSING")
        assert front.bench.files.held == {}
        granted = await http.post("/api/consents", json={"granted": True}, headers=OWNER)
        assert granted.json()["consents"][-1]["revokedAt"] is None and len(granted.json()["consents"]) == 2
        assert (await http.post("/face-model/upload", files=[PHOTO], headers=OWNER)).status_code == 202


@pytest.mark.parametrize("body", [{}, {"granted": "yes"}, {"granted": 1}, {"granted": True, "subject": "voice"}, []])
async def test_consent_is_said_clearly_or_not_at_all(front: Front, body: Any) -> None:
    async with front.open() as http:
        assert (await http.post("/api/consents", json=body, headers=OWNER)).status_code == 422
    assert len(front.bench.consents) == 1


# --- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("files", "data", "status", "word"), [
    ([], {"clone": "ada"}, 400, "Choose"),
    ([("files", ("a.jpg", b"", "image/jpeg"))], {}, 400, "empty"),
    ([PHOTO, ("files", ("a.mp4", b"\0\0\0\x18ftypisom", "video/mp4"))], {}, 400, "not both"),
    ([PHOTO] * (PHOTOS_MOST + 1), {}, 400, "1 to 20 photos"),
    ([PHOTO] * 60, {}, 400, "Too many files"),
    ([PHOTO], {"clone": "nobody"}, 404, "no such clone"),
    ([PHOTO], {"clone": "a\0b"}, 400, "name"),
    ([PHOTO], {"clone": "a" * 65}, 400, "name"),
    ([("clone", ("a.jpg", b"x", "image/jpeg")), PHOTO], {}, 400, "name"),
])  # fmt: skip
async def test_what_cannot_be_used_is_said(
    front: Front, files: list[Any], data: dict[str, str], status: int, word: str
) -> None:
    async with front.open() as http:
        kind = {"files": files or [("none", (None, "x"))], "data": data}
        sent = await http.post("/face-model/upload", headers=OWNER, **kind)
    assert sent.status_code == status and word in sent.json()["error"]["message"]
    assert front.bench.files.held == {}


async def endless(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize(("headers", "status"), [
    ({"Content-Length": str(UPLOAD_BYTES + 1)}, 413), ({"Content-Length": "1" + "0" * 30}, 413),
    ({"Transfer-Encoding": "chunked"}, 413), ({"Content-Length": "-1"}, 413), ({"Content-Length": "1e3"}, 413),
    ({"Content-Length": "100"}, 400), ({}, 400),
])  # fmt: skip
async def test_the_size_is_known_before_anything_is_read(front: Front, headers: dict[str, str], status: int) -> None:
    async with front.open() as http:
        sent = await http.post("/face-model/upload", content=endless([b"x"] * 3), headers={**OWNER, **headers})
        if "Transfer-Encoding" not in headers and not headers:
            status = 413  # the client itself says that it sends in pieces
        assert sent.status_code == status, sent.text


async def test_a_body_longer_than_it_said_is_cut_off(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfsame.channels.face_models.UPLOAD_BYTES", 10_000)
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        yield head
        for _ in range(1000):
            taken += 1
            yield bytes(1000)

    async with front.open() as http:
        kind = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "500"}
        sent = await http.post("/face-model/upload", content=body(), headers={**OWNER, **kind})
    assert (sent.status_code, sent.json()["error"]["code"]) == (413, "TOO_LARGE")
    assert front.bench.files.held == {}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.sampled_from(["b", "", "\xff", "b; charset=utf-7", "b; charset=idna", 'b; x="']))
async def test_forms_of_any_kind_are_answered(data: bytes, boundary: str) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}".encode("latin-1")}
    async with Front().open() as http:
        for body in (data, head + data, head + data + b"\r\n--b--\r\n"):
            sent = await http.post("/face-model/upload", content=body, headers={**OWNER, **kind})  # type: ignore[dict-item]
            assert sent.status_code in (202, 400)


async def test_only_so_many_uploads_at_once(front: Front) -> None:
    go_on = anyio.Event()
    started = 0

    async def slowly() -> AsyncIterator[bytes]:
        nonlocal started
        started += 1
        yield b"--b\r\n"
        await go_on.wait()
        yield b'Content-Disposition: form-data; name="files"; filename="a"\r\n\r\nx\r\n--b--\r\n'

    kind = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "80"}
    answers: list[int] = []

    async with front.open() as http, anyio.create_task_group() as group:

        async def upload() -> None:
            sent = await http.post("/face-model/upload", content=slowly(), headers={**OWNER, **kind})
            answers.append(sent.status_code)

        for _ in range(UPLOADS_AT_ONCE):
            group.start_soon(upload)
        await anyio.wait_all_tasks_blocked()
        more = await http.post("/face-model/upload", files=[PHOTO], headers=OWNER)
        assert (more.status_code, more.headers["retry-after"]) == (503, "10")
        go_on.set()
    assert answers == [202] * UPLOADS_AT_ONCE
    async with front.open() as http:
        assert (await http.post("/face-model/upload", files=[PHOTO], headers=OWNER)).status_code == 202


async def test_the_description_of_the_api_has_it(front: Front) -> None:
    async with front.open() as http:
        paths = (await http.get("/api/openapi.json")).json()["paths"]
    upload = paths["/face-model/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert upload["required"] == ["files"] and "clone" in upload["properties"]
    assert {"/face-models", "/face-model/{face_id}", "/face-model/{face_id}/activate", "/api/consents"} <= paths.keys()


# --- what is said of a photo before it is uploaded -------------------------------------------------------------------


async def test_photos_are_judged_for_owners_and_not_without_end() -> None:
    whole = WholeHouse()
    photo = {"photo": PHOTO[1]}
    async with whole.open() as http:
        for _ in range(int(CHECKS_BURST)):
            assert (await http.post("/face-model/check", files=photo)).status_code == 200
        answer = await http.post("/face-model/check", files=photo)
        assert answer.json()["error"]["code"] == "RATE_LIMITED" and "wait" in answer.json()["error"]["message"]
        assert whole.bench.files.held == {}, "nothing is kept"


@pytest.mark.parametrize(("content", "status"), [
    ({"data": {"photo": "text"}}, 400), ({"json": {}}, 400), ({"files": {"other": PHOTO[1]}}, 400),
    ({"files": {"photo": ("a.jpg", bytes(27_000_000), "image/jpeg")}}, 413),
])  # fmt: skip
async def test_only_one_photo_of_bounded_size_is_judged(content: Any, status: int) -> None:
    async with WholeHouse().open() as http:
        answer = await http.post("/face-model/check", **content)
        assert answer.status_code == status and answer.json()["error"]["message"]
