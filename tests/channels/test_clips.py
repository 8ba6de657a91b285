"""Clips over HTTP: ordered, polled, cancelled, fetched in parts; a recording answered; and nobody else's seen."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import anyio
import av
import httpx
import pytest

from selfsame.channels.clips import ORDERS_PER_MINUTE, RECORDINGS_AT_ONCE, _range
from selfsame.clones.clone import Clone
from selfsame.errors import BadInput
from selfsame.events.heard import Hypothesis
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id, stable_id
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.desk import ClipTimings, ClipWish, Talk
from selfsame.studio.record_reply import Answer, ReplyRoles, ReplyStudio
from selfsame.studio.recording import decode_recording
from tests.channels.fake_session import CLONE, house
from tests.studio.memory_desk import ListedDesk, MakingDesk
from tests.studio.test_recording import record

pytestmark = pytest.mark.anyio

ANN = {"Authorization": "Bearer user-ann"}
BEN = {"Authorization": "Bearer user-ben"}
ANN_ID = stable_id("test", "ann")
DATA = bytes(range(256)) * 4


async def decoded(recording: bytes) -> Pcm:
    return await offload(decode_recording, recording)


def answering(desk: ListedDesk, heard: str = "how are you") -> ReplyStudio:
    async def meet(_name: str | None, _user: UUID) -> Clone:
        return CLONE

    async def hear(*_: Any) -> Hypothesis:
        return Hypothesis(heard, 0.9, "EN")

    async def think(question: str, _clone: Clone, language: str) -> Answer:
        return Answer(f"{question}: fine", language)

    return ReplyStudio(ReplyRoles(meet, decoded, hear, think, desk))


@asynccontextmanager
async def client(desk: Any = None, **kwargs: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    desk = desk or ListedDesk()
    async with house(clips=desk, replies=answering(desk), **kwargs) as h:
        transport = httpx.ASGITransport(app=h.app, client=("203.0.113.9", 40_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield http, desk


async def test_an_order_is_answered_at_once_polled_and_fetched() -> None:
    async with client() as (http, desk):
        ordered = await http.post(
            "/api/clips", json={"clone": "guide", "text": "Hello there.", "size": 256}, headers=ANN
        )
        assert ordered.status_code == 202
        body = ordered.json()
        assert body["status"] == "pending" and body["statusUrl"] == f"/api/clips/{body['talkId']}"
        assert (desk.wishes[0].text, desk.wishes[0].size, desk.wishes[0].language) == ("Hello there.", 256, "auto")
        talk = UUID(body["talkId"])
        desk.talks[ANN_ID, talk] = Talk(talk, "running", 0.25, "filming")
        status = (await http.get(body["statusUrl"], headers=ANN)).json()
        assert (status["status"], status["progress"], status["message"]) == ("running", 0.25, "filming")
        assert "videoUrl" not in status
        assert (await http.get(f"{body['statusUrl']}/video.mp4", headers=ANN)).status_code == 404
        desk.talks[ANN_ID, talk] = Talk(talk, "completed", 1.0, timings=ClipTimings(100.04, 200.0, 350.0))
        desk.videos[talk] = DATA
        status = (await http.get(body["statusUrl"], headers=ANN)).json()
        assert status["timings"] == {"ttsMs": 100.0, "avatarRenderMs": 200.0, "totalGenerationMs": 350.0}
        video = await http.get(status["videoUrl"], headers=ANN)
        assert (video.status_code, video.content, video.headers["content-type"]) == (200, DATA, "video/mp4")
        assert video.headers["accept-ranges"] == "bytes"
        assert (await http.get(status["videoUrl"], params={"token": "user-ann"})).content == DATA
        head = await http.head(status["videoUrl"], headers=ANN)
        assert head.headers["content-length"] == str(len(DATA)) and not head.content


async def test_a_real_clip_is_made_and_plays() -> None:
    async with anyio.create_task_group() as group, client(MakingDesk(group)) as (http, _):
        url = (await http.post("/api/clips", json={"text": "Hello there.", "size": 256}, headers=ANN)).json()[
            "statusUrl"
        ]
        with anyio.fail_after(20):
            while (body := (await http.get(url, headers=ANN)).json())["status"] != "completed":
                assert body["status"] in ("pending", "running")
                await SYSTEM.sleep(0.05)
        with av.open(io.BytesIO((await http.get(body["videoUrl"], headers=ANN)).content)) as container:
            assert {stream.type for stream in container.streams} == {"audio", "video"}


@pytest.mark.parametrize(("range_", "expected"), [
    (None, None), ("bytes=0-", (0, 99)), ("bytes=10-19", (10, 19)), ("bytes=90-500", (90, 99)), ("bytes=-10", (90, 99)),
    ("bytes=-500", (0, 99)), ("bytes=100-", (1, 0)), ("bytes=-0", (1, 0)), ("bytes=20-10", None), ("bytes=-", None),
    ("bytes=0-1,5-6", None), ("items=0-1", None), ("bytes=a-b", None), ("bytes=" + "9" * 40 + "-", None),
])  # fmt: skip
def test_ranges(range_: str | None, expected: Any) -> None:
    assert _range(range_, 100) == expected


async def test_parts_of_a_video() -> None:
    async with client() as (http, desk):
        talk = await desk.order(ANN_ID, ClipWish(None, "x"))
        desk.videos[talk.id] = DATA
        url = f"/api/clips/{talk.id}/video.mp4"
        part = await http.get(url, headers={**ANN, "Range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, DATA[100:200])
        assert part.headers["content-range"] == f"bytes 100-199/{len(DATA)}" and part.headers["content-length"] == "100"
        none = await http.get(url, headers={**ANN, "Range": f"bytes={len(DATA)}-"})
        assert none.status_code == 416 and none.headers["content-range"] == f"bytes */{len(DATA)}"


async def test_nobody_else_sees_stops_or_plays_a_clip() -> None:
    async with client() as (http, desk):
        url = (await http.post("/api/clips", json={"text": "Hello."}, headers=ANN)).json()["statusUrl"]
        desk.videos[UUID(url.rpartition("/")[2])] = DATA
        for method, path in (("GET", url), ("DELETE", url), ("GET", f"{url}/video.mp4")):
            assert (await http.request(method, path, headers=BEN)).status_code == 404
            assert (await http.request(method, path)).status_code == 401
            assert (await http.request(method, path, headers={"Authorization": "Bearer nonsense"})).status_code == 401
        assert (await http.get(url, headers=ANN)).json()["status"] == "pending"
        assert (await http.post("/api/clips", json={"text": "Hello."})).status_code == 401
        assert (await http.get(f"/api/clips/{new_id()}", headers=ANN)).status_code == 404
        assert (await http.get("/api/clips/nonsense", headers=ANN)).status_code == 422


async def test_a_clip_is_stopped_once() -> None:
    async with client() as (http, desk):
        url = (await http.post("/api/clips", json={"text": "Hello."}, headers=ANN)).json()["statusUrl"]
        assert (await http.delete(url, headers=ANN)).json()["status"] == "cancelled"
        assert (await http.delete(url, headers=ANN)).json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/clips"), ("DELETE", "/api/clips/x"), ("POST", "/api/complete-flow")]
)
async def test_pages_of_other_origins_may_not_act(method: str, path: str) -> None:
    async with client() as (http, desk):
        path = path.replace("/x", f"/{new_id()}")
        foreign = {**ANN, "Origin": "https://evil.example"}
        answer = await http.request(
            method, path, headers=foreign, json={"text": "Hello."} if method == "POST" else None
        )
        assert answer.status_code == 403 and answer.json()["error"]["code"] == "ORIGIN_REFUSED"
        assert not desk.wishes


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x", "size": 100}, {"text": "x", "language": "FR"},
                                  {"text": "x" * 12_001}, {"text": "x", "clone": "a b"}])  # fmt: skip
async def test_bad_orders_are_explained(body: dict[str, Any]) -> None:
    async with client() as (http, desk):
        answer = await http.post("/api/clips", json=body, headers=ANN)
        assert answer.status_code == 422 and answer.json()["error"]["message"]
        assert not desk.wishes


async def test_orders_are_limited_by_user() -> None:
    async with client() as (http, _):
        codes = [(await http.post("/api/clips", json={"text": "Hi."}, headers=ANN)).status_code
                 for _ in range(int(ORDERS_PER_MINUTE) + 3)]  # fmt: skip
        assert codes.count(202) == int(ORDERS_PER_MINUTE) and codes[-1] == 429
        assert (await http.post("/api/clips", json={"text": "Hi."}, headers=BEN)).status_code == 202


async def test_where_there_are_no_clips_it_says_so() -> None:
    async with house() as h:
        transport = httpx.ASGITransport(app=h.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            assert (await http.post("/api/clips", json={"text": "Hi."}, headers=ANN)).status_code == 404
            sent = await http.post("/api/complete-flow", files={"audio": b"x"}, headers=ANN)
            assert sent.status_code == 404


# --- record and reply ------------------------------------------------------------------------------------------------


async def test_a_recording_is_answered_with_a_clip() -> None:
    async with client() as (http, desk):
        files = {"audio": ("question.webm", record("webm", "libopus", 48_000), "audio/webm")}
        for known in (False, True):
            sent = await http.post(
                "/api/complete-flow", data={"clone": "guide", "size": "256"}, files=files, headers=ANN
            )
            assert sent.status_code == 202, sent.text
            body = sent.json()
            assert (body["transcript"], body["answer"], body["known"]) == ("how are you", "how are you: fine", known)
            assert (await http.get(body["statusUrl"], headers=ANN)).json()["status"] == "pending"
        assert desk.wishes[0].size == 256


async def test_a_recording_larger_than_other_bodies_is_taken_and_not_more() -> None:
    async with client() as (http, _):
        wav = record("wav", "pcm_s16le", 48_000, 30.0)
        assert len(wav) > 2_000_000
        assert (await http.post("/api/complete-flow", files={"audio": wav}, headers=ANN)).status_code == 202
        huge = await http.post("/api/complete-flow", files={"audio": b"x" * (26 * 1024 * 1024)}, headers=ANN)
        assert huge.status_code == 413


async def test_only_so_many_recordings_are_taken_in_at_once() -> None:
    begun, let_go = anyio.Semaphore(0), anyio.Event()

    class Slow:
        async def complete_flow(self, *_: Any) -> Any:
            begun.release()
            await let_go.wait()
            raise BadInput("enough")

    codes: list[int] = []
    async with house(clips=ListedDesk(), replies=Slow()) as h, anyio.create_task_group() as group:
        transport = httpx.ASGITransport(app=h.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:

            async def send() -> None:
                codes.append((await http.post("/api/complete-flow", files={"audio": b"x"}, headers=ANN)).status_code)

            for _ in range(RECORDINGS_AT_ONCE):
                group.start_soon(send)
            for _ in range(RECORDINGS_AT_ONCE):
                await begun.acquire()
            await send()
            assert codes == [503]
            let_go.set()
            while len(codes) <= RECORDINGS_AT_ONCE:
                await SYSTEM.sleep(0.01)
            assert codes[1:] == [400] * RECORDINGS_AT_ONCE


@pytest.mark.parametrize(
    ("data", "files"),
    [
        ({}, {"audio": b"this is no sound"}),
        ({}, {"video": b"x"}),
        ({"audio": "text"}, {"other": b"x"}),
        ({"size": "9"}, {"audio": b"x"}),
        ({"size": "x"}, {"audio": b"x"}),
        ({"language": "FR"}, {"audio": b"x"}),
        ({f"f{n}": "x" for n in range(20)}, {"audio": b"x"}),
    ],
)
async def test_bad_forms_are_explained(data: dict[str, str], files: dict[str, bytes]) -> None:
    async with client() as (http, desk):
        sent = await http.post("/api/complete-flow", data=data, files=files, headers=ANN)
        assert sent.status_code == 400 and sent.json()["error"]["message"]
        assert not desk.wishes


@pytest.mark.parametrize(
    "body", [b"", b"x", b"--b\r\n", b"--b\r\n\r\n", b"\xff" * 100, b"--b\r\nContent-Disposition: x\r\n\r\n"]
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "multipart/form-data", "application/json"])
async def test_no_form_at_all(body: bytes, kind: str) -> None:
    async with client() as (http, _):
        sent = await http.post("/api/complete-flow", content=body, headers={**ANN, "Content-Type": kind})
        assert sent.status_code == 400 and sent.json()["error"]["code"] == BadInput.code
