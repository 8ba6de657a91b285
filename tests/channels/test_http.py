"""The HTTP side: tokens, clones, health, measures, the page and its headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from selfsame.channels.deps import ComponentHealth
from selfsame.channels.health import COMPONENTS, overall
from selfsame.channels.limits import Limits
from selfsame.channels.pages import SECURITY_HEADERS
from selfsame.channels.peers import is_loopback, peer_of
from tests.channels.fake_session import HEALTHY, House, house

pytestmark = pytest.mark.anyio

DEVICE = "device-0123456789"
LOCAL = ("127.0.0.1", 40_000)
FAR = ("203.0.113.9", 40_000)


@asynccontextmanager
async def client(
    peer: tuple[str, int] = LOCAL, base: str = "http://127.0.0.1:8000", **kwargs: Any
) -> AsyncIterator[tuple[httpx.AsyncClient, House]]:
    async with house(**kwargs) as h:
        transport = httpx.ASGITransport(app=h.app, client=peer)
        async with httpx.AsyncClient(transport=transport, base_url=base) as http:
            yield http, h


async def test_the_person_at_the_machine_is_the_owner() -> None:
    async with client() as (http, _):
        answer = await http.post("/api/sessions", json={"deviceId": DEVICE})
        assert answer.status_code == 201
        body = answer.json()
        assert body["owner"] is True and body["signedIn"] is False, "known without signing in"
        assert body["token"] == "user-owner"
        assert body["wsUrl"] == "ws://127.0.0.1:8000/ws/chat"
        assert body["clone"] == {
            "slug": "guide",
            "name": "Ada Guide",
            "greeting": "Hello, I am the guide.",
            "language": "EN",
        }
        assert body["expiresAt"].endswith("Z")


@pytest.mark.parametrize(
    ("peer", "base", "headers"),
    [
        (FAR, "http://127.0.0.1:8000", {}),
        (LOCAL, "http://evil.example:8000", {}),
        (LOCAL, "http://127.0.0.1:8000", {"X-Forwarded-For": "203.0.113.9"}),
        (LOCAL, "http://127.0.0.1:8000", {"Forwarded": "for=203.0.113.9"}),
    ],
)
async def test_everyone_else_is_a_visitor(peer: Any, base: str, headers: dict[str, str]) -> None:
    async with client(peer, base) as (http, _):
        answer = await http.post("/api/sessions", json={"deviceId": DEVICE}, headers=headers)
        assert answer.json()["owner"] is False
        assert answer.json()["token"] == f"user-{DEVICE}"
        without = await http.post("/api/sessions", json={}, headers=headers)
        assert without.status_code == 401
        assert without.json()["error"]["code"] == "UNAUTHENTICATED"


async def test_https_pages_get_a_wss_address() -> None:
    async with client(FAR, "https://clone.example") as (http, _):
        body = (await http.post("/api/sessions", json={"deviceId": DEVICE})).json()
        assert body["wsUrl"] == "wss://clone.example/ws/chat"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 422, "BAD_REQUEST"),
        (b"[]", 422, "BAD_REQUEST"),
        (b'{"deviceId": "short"}', 422, "BAD_REQUEST"),
        (b'{"deviceId": "with a space and \\u0000"}', 422, "BAD_REQUEST"),
        (b'{"clone": "unknown"}', 404, "NOT_FOUND"),
        (b" " * 70_000, 413, "TOO_LARGE"),
    ],
)
async def test_bad_requests_get_a_clear_body(content: bytes, status: int, code: str) -> None:
    async with client() as (http, _):
        headers = {"content-type": "application/json"}
        answer = await http.post("/api/sessions", content=content, headers=headers)
        assert answer.status_code == status
        assert answer.json()["error"]["code"] == code
        assert answer.json()["error"]["message"]


async def test_other_origins_get_no_token() -> None:
    async with client() as (http, _):
        answer = await http.post("/api/sessions", json={}, headers={"origin": "https://evil.example"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "ORIGIN_REFUSED")
        assert "access-control-allow-origin" not in answer.headers


async def test_listed_origins_get_one_with_cors() -> None:
    async with client(origins=("https://friend.example",)) as (http, _):
        answer = await http.post("/api/sessions", json={}, headers={"origin": "https://friend.example"})
        assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == "https://friend.example"


async def test_a_full_house_answers_at_once_with_the_expected_wait() -> None:
    async with client(limits=Limits(connections=1)) as (http, h):
        await h.call()
        answer = await http.post("/api/sessions", json={})
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "OVERLOADED"
        assert 1 <= answer.json()["error"]["expectedWait"] <= 60
        assert int(answer.headers["retry-after"]) >= 1


async def test_tokens_are_not_handed_out_without_end() -> None:
    for peer, last in ((FAR, 429), (LOCAL, 201)):
        async with client(peer, limits=Limits(sessions_per_minute=2)) as (http, _):
            body = {"deviceId": DEVICE}
            statuses = [(await http.post("/api/sessions", json=body)).status_code for _ in range(3)]
            assert statuses == [201, 201, last]


async def test_clones_and_engines_need_a_token() -> None:
    async with client() as (http, _):
        for path in ("/api/clones", "/api/engines"):
            assert (await http.get(path)).status_code == 401
        headers = {"authorization": "Bearer user-ann"}
        assert (await http.get("/api/clones", headers=headers)).json()["clones"][0]["slug"] == "guide"
        engines = (await http.get("/api/engines", headers=headers)).json()
        assert engines["engines"][0]["name"] == "pocketsphinx"
        assert engines["report"] == {"asr": "pocketsphinx"}


@pytest.mark.parametrize("path", ["/health", "/api/health", "/health/components"])
async def test_health_has_the_shape_of_the_list(path: str) -> None:
    async with client() as (http, _):
        body = (await http.get(path)).json()
        assert set(body) == {"status", "components", "timestamp"}
        assert body["status"] == "healthy"
        assert set(body["components"]) == set(COMPONENTS)
        assert body["components"]["asr"] == {"status": "up"}


async def test_something_vital_down_is_unhealthy() -> None:
    async def broken() -> dict[str, ComponentHealth]:
        return {**HEALTHY, "llm": ComponentHealth("down", latency=12.5, error_rate=0.5, message="no answer")}

    async with client(components=broken) as (http, _):
        assert (await http.get("/health")).status_code == 503
        assert (await http.get("/health/ready")).status_code == 503
        assert (await http.get("/health/live")).status_code == 200
        detail = await http.get("/health/components")
        assert detail.status_code == 200
        assert detail.json()["components"]["llm"] == {
            "status": "down",
            "latency": 12.5,
            "errorRate": 0.5,
            "message": "no answer",
        }


async def test_overall_health() -> None:
    assert overall({"asr": ComponentHealth("up")}) == "healthy"
    assert overall({"cache": ComponentHealth("down")}) == "degraded"
    assert overall({"asr": ComponentHealth("degraded")}) == "degraded"
    assert overall({"database": ComponentHealth("down"), "asr": ComponentHealth("up")}) == "unhealthy"


async def test_measures_are_for_this_machine() -> None:
    async with client() as (http, h):
        await h.call()
        text = (await http.get("/metrics")).text
        assert "selfsame_sessions 1.0" in text
        assert "selfsame_loop_lag_seconds_bucket" in text
        assert "selfsame_audio_frames_total 0.0" in text
    async with client(FAR) as (http, _):
        assert (await http.get("/metrics")).status_code == 403


async def test_the_page_and_its_headers(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<h1>Selfsame</h1>")
    (tmp_path / "assets" / "app.js").write_text("1")
    async with client(static=tmp_path) as (http, _):
        page = await http.get("/")
        assert page.text == "<h1>Selfsame</h1>"
        assert page.headers["cache-control"] == "no-cache"
        for name, value in SECURITY_HEADERS.items():
            assert page.headers[name] == value
        assert "unsafe-inline" not in page.headers["content-security-policy"]
        asset = await http.get("/assets/app.js")
        assert "immutable" in asset.headers["cache-control"]
        for name, kind in (("sw.js", "text/javascript"), ("app.webmanifest", "application/manifest+json")):
            (tmp_path / name).write_text("{}")
            fresh = await http.get(f"/{name}")
            assert fresh.headers["content-type"].startswith(kind)
            assert fresh.headers["cache-control"] == "no-cache", "an older one would keep older pages"
            assert fresh.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]
        missing = await http.get("/assets/none.js")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "NOT_FOUND")
        outside = await http.get("/%2e%2e/%2e%2e/etc/passwd")
        assert outside.status_code == 404


@pytest.mark.parametrize(
    ("takes", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"zipped"),
        ("zstd", None, b"plain"),
        ("", None, b"plain"),
    ],
)
async def test_files_of_the_page_come_as_small_as_the_browser_takes_them(
    tmp_path: Path, takes: str, encoding: str | None, body: bytes
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<h1>Selfsame</h1>")
    for name, data in (("app.js", b"plain"), ("app.js.br", b"brotli"), ("app.js.gz", b"zipped"), ("one.css", b"plain")):
        (tmp_path / "assets" / name).write_bytes(data)
    async with client(static=tmp_path) as (http, _):
        async with http.stream("GET", "/assets/app.js", headers={"accept-encoding": takes}) as answer:
            assert b"".join([part async for part in answer.aiter_raw()]) == body
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
        assert answer.headers["vary"] == "accept-encoding" and "immutable" in answer.headers["cache-control"]
        async with http.stream("GET", "/assets/one.css", headers={"accept-encoding": takes}) as bare:
            assert b"".join([part async for part in bare.aiter_raw()]) == b"plain"
        assert "content-encoding" not in bare.headers


async def test_only_the_page_for_other_sites_may_be_framed_and_only_by_those_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Selfsame</h1>")
    async with client(static=tmp_path, embed_origins=("https://shop.example",)) as (http, _):
        embed = await http.get("/embed/vera")
        assert embed.status_code == 200 and "x-frame-options" not in embed.headers
        assert "frame-ancestors 'self' https://shop.example" in embed.headers["content-security-policy"]
        for address in ("/", "/settings", "/talk/vera", "/embed.js", "/embed", "/api/embed/vera", "/talk/embed/vera"):
            page = await http.get(address)
            assert page.headers["x-frame-options"] == "DENY", address
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"], address
    async with client(static=tmp_path) as (http, _):
        assert "frame-ancestors 'self'" in (await http.get("/embed/vera")).headers["content-security-policy"]
        assert (await http.get("/embed/vera")).headers["content-security-policy"].endswith("frame-ancestors 'self'")


async def test_the_pages_addresses_give_the_page_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Selfsame</h1>")
    async with client(static=tmp_path) as (http, _):
        for address in ("/talk/vera", "/studio/ada-rowe/voice", "/settings/keys", "/sign-in"):
            page = await http.get(address)
            assert (page.status_code, page.text) == (200, "<h1>Selfsame</h1>"), address
            assert page.headers["cache-control"] == "no-cache"
        for address in ("/assets/none.js", "/talk/none.png", "/api/none", "/ws/none", "/voice-model-none"):
            missing = await http.get(address)
            assert (missing.status_code, missing.json()["error"]["code"]) == (404, "NOT_FOUND"), address


async def test_without_a_build_the_page_says_so() -> None:
    async with client() as (http, _):
        answer = await http.get("/")
        assert answer.status_code == 503
        assert "not built yet" in answer.text


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("::ffff:127.0.0.1", True)]
    + [("10.0.0.1", False), ("localhost.evil.example", False), ("", False), ("0.0.0.0", False)],
)
async def test_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


async def test_a_malformed_host_is_not_local() -> None:
    scope = {"client": ("127.0.0.1", 1), "headers": [(b"host", b"[::1")], "scheme": "http"}
    assert peer_of(scope).is_local is False
