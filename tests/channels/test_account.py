"""The account over HTTP: signing in by code, devices, keys, settings, reports, usage, the log; and who may not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.channels.account_port import Account
from selfsame.channels.identity import Identity, IssuedToken
from selfsame.clones.provider_keys import KeyCheck, KeyDesk, ProviderKey
from selfsame.clones.sign_in import ADDRESS_TRIES, SignedIn, SignInDesk
from selfsame.clones.tokens import CONVERSE, OWN
from selfsame.clones.usage import Made, Storage, Talked, Tokens, Turns, Usage
from selfsame.conversation.port import SessionRecord
from selfsame.errors import Unauthenticated
from selfsame.events import audio
from selfsame.events.turns import TurnMetrics, TurnRecord
from selfsame.kit.ids import new_id
from selfsame.stores.memory import MemoryConversations
from selfsame.stores.memory_account import MemoryAudit, MemoryKeys, MemorySettings, MemorySignIns
from selfsame.stores.memory_reports import MemoryReports
from tests.channels.fake_session import House, house, settle

pytestmark = pytest.mark.anyio
OWNER, VISITOR, OTHER, CLONE = new_id(), new_id(), new_id(), new_id()
FAR = ("203.0.113.9", 40_000)
LOCAL = ("127.0.0.1", 40_000)
DEVICE = "device-0123456789"
BEARERS = {
    "owner": Identity(OWNER, frozenset({CONVERSE, OWN})),
    "other": Identity(OTHER, frozenset({CONVERSE, OWN})),
    "visitor": Identity(VISITOR, frozenset({CONVERSE})),
}


def bearing(who: str) -> dict[str, str]:
    return {"authorization": f"Bearer {who}"}


class Counting:
    """A `UsageStore` that holds what it is given, for the owner alone."""

    async def since(self, owner: UUID, since: datetime) -> Usage:
        if owner != OWNER:
            return Usage(since, {})
        day = since.date()
        older = Tokens(uncounted=100, uncounted_spoken=500.0)
        turns = [
            Turns(day, CLONE, "gpt-4o", 100, 300.0, 500.0, older),
            Turns(day, CLONE, "embedded-answers", 7, 9.0, 9.0),
        ]
        return Usage(since, {CLONE: "me"}, [Talked(day, CLONE, 3, 12.5)], turns, [Made(day, CLONE, 2)])


@dataclass
class Bench:
    """The account's stores in memory behind the real application."""

    app: Any = None
    time: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    talks: MemoryConversations = field(default_factory=MemoryConversations)
    history: dict[UUID, bool] = field(default_factory=dict)
    chosen: int = 0
    house: House | None = None

    def __post_init__(self) -> None:
        self.desk = SignInDesk(MemorySignIns(), b"p" * 32, lambda: self.time, lambda: self.time.timestamp())
        self.audit = MemoryAudit(OWNER, VISITOR, OTHER)

    async def authenticate(self, token: str) -> Identity:
        kind, _, device = token.partition(":")
        if kind == "device" and not await self.desk.is_signed_in(UUID(device), OWNER):
            raise Unauthenticated("this device was signed out; sign in again")
        found = BEARERS.get("owner" if kind == "device" else kind)
        if found is None:
            raise Unauthenticated("the token is not valid")
        return found

    async def issue_token(self, device_id: str | None) -> IssuedToken:
        who = "owner" if device_id is None else "visitor"
        return IssuedToken(who, BEARERS[who], self.time)

    async def issue_signed_in(self, device: SignedIn) -> IssuedToken:
        return IssuedToken(f"device:{device.id}", BEARERS["owner"], self.time)

    async def attempt(self, key: ProviderKey) -> KeyCheck:
        works = key.value.startswith("sk-")
        return KeyCheck("works" if works else "refused", "fine" if works else "the server refuses the key", self.time)

    async def choose(self) -> None:
        self.chosen += 1

    async def keeps(self, user: UUID) -> bool:
        return self.history.get(user, False)

    async def set_history(self, user: UUID, granted: bool) -> None:
        self.history[user] = granted

    async def storage(self, user: UUID) -> Storage:
        return Storage(1, 2, 3, 4)

    def account(self) -> Account:
        return Account(
            owner_id=OWNER,
            sign_in=self.desk,
            keys=KeyDesk(MemoryKeys(lambda: self.time), self.attempt, self.choose, lambda: self.time),
            settings=MemorySettings(OWNER, VISITOR, OTHER),
            reports=MemoryReports(self.talks, {CLONE: OWNER}),
            audit=self.audit,
            usage=Counting(),
            issue_signed_in=self.issue_signed_in,
            keeps_history=self.keeps,
            set_history=self.set_history,
            settings_changed=self.choose,
            storage=self.storage,
        )

    @asynccontextmanager
    async def browser(self, peer: tuple[str, int] = FAR, base: str = "http://clone.example") -> AsyncIterator[Any]:
        transport = httpx.ASGITransport(app=self.app, client=peer)
        async with httpx.AsyncClient(transport=transport, base_url=base) as http:
            yield http

    async def code(self) -> str:
        return (await self.desk.make_code(OWNER))[0]

    async def logged(self) -> list[tuple[str, str]]:
        return [(line.entry.action, line.entry.result) for line in reversed(await self.audit.read(OWNER))]


@asynccontextmanager
async def opened() -> AsyncIterator[Bench]:
    bench = Bench()
    parts = {"authenticate": bench.authenticate, "issue_token": bench.issue_token, "account": bench.account()}
    async with house(**parts) as h:
        bench.app, bench.house = h.app, h
        yield bench


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


# --- signing in ------------------------------------------------------------------------------------------------------


async def test_a_browser_signs_in_by_code_stays_signed_in_and_signs_out() -> None:
    async with opened() as bench, bench.browser() as http:
        me = {"deviceId": DEVICE}
        assert (await http.post("/api/sessions", json=me)).json()["owner"] is False
        answer = await http.post("/api/sign-in", json={"code": await bench.code(), **me})
        assert answer.status_code == 201 and answer.json()["owner"] is True
        names = {"token", "wsUrl", "expiresAt", "clone", "owner", "permissions", "signedIn"}
        assert set(answer.json()) == names and answer.json()["signedIn"] is True
        assert answer.json()["permissions"] == ["converse", "own"]
        cookie = answer.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/api")) and "Secure" not in cookie
        token = answer.json()["token"]
        assert (await http.get("/api/devices", headers=bearing(token))).status_code == 200

        again = await http.post("/api/sessions", json=me)
        assert again.status_code == 201 and again.json()["owner"] is True and again.json()["token"] == token
        assert again.json()["signedIn"] is True
        elsewhere = await http.post("/api/sessions", json={"deviceId": "another-device"})
        assert elsewhere.json()["owner"] is False, "a cookie is of no use without the device it was given to"

        answer = await http.post("/api/sign-in", json={"code": await bench.code(), **me})
        token = answer.json()["token"]
        out = await http.post("/api/sign-out")
        assert out.status_code == 204 and 'selfsame_device=""' in out.headers["set-cookie"]
        left = (await http.post("/api/sessions", json=me)).json()
        assert left["owner"] is False and left["signedIn"] is False
        assert error(await http.get("/api/devices", headers=bearing(token))) == (401, "UNAUTHENTICATED")
        assert (await http.post("/api/sign-out")).status_code == 204
        assert await bench.logged() == [("sign_in", "success"), ("sign_in", "success"), ("sign_out", "success")]


async def test_wrong_used_and_old_codes_are_refused_alike_and_an_address_is_locked_out() -> None:
    async with opened() as bench, bench.browser() as http:
        used = await bench.code()
        assert (await http.post("/api/sign-in", json={"code": used, "deviceId": DEVICE})).status_code == 201
        old = await bench.code()
        bench.time += timedelta(minutes=10)
        told = set()
        for code in ("AAAA-BBBB-CCCC", used, old):
            answer = await http.post("/api/sign-in", json={"code": code, "deviceId": DEVICE})
            assert error(answer) == (401, "SIGN_IN_REFUSED") and "set-cookie" not in answer.headers
            told.add(answer.text)
        assert len(told) == 1
        for _ in range(ADDRESS_TRIES - 3):
            await http.post("/api/sign-in", json={"code": "x", "deviceId": DEVICE})
        right = {"code": await bench.code(), "deviceId": DEVICE}
        assert error(await http.post("/api/sign-in", json=right)) == (429, "RATE_LIMITED")
        async with bench.browser(("198.51.100.7", 1)) as other:
            assert (await other.post("/api/sign-in", json=right)).status_code == 201
        assert [result for _, result in await bench.logged()].count("failure") == ADDRESS_TRIES


@pytest.mark.parametrize(
    ("base", "headers"), [("https://clone.example", {}), ("http://clone.example", {"x-forwarded-proto": "https"})]
)
async def test_over_tls_the_cookie_is_for_tls_alone(base: str, headers: dict[str, str]) -> None:
    async with opened() as bench, bench.browser(base=base) as http:
        answer = await http.post("/api/sign-in", json={"code": await bench.code(), "deviceId": DEVICE}, headers=headers)
        assert answer.status_code == 201 and "Secure" in answer.headers["set-cookie"]


async def test_pages_of_other_origins_neither_sign_in_nor_use_the_cookie() -> None:
    async with opened() as bench, bench.browser() as http:
        evil = {"origin": "https://evil.example"}
        body = {"code": await bench.code(), "deviceId": DEVICE}
        assert error(await http.post("/api/sign-in", json=body, headers=evil)) == (403, "ORIGIN_REFUSED")
        assert (
            await http.post("/api/sign-in", json=body, headers={"origin": "http://clone.example"})
        ).status_code == 201
        for path in ("/api/sign-out", "/api/sessions"):
            refused = await http.post(path, json={"deviceId": DEVICE}, headers=evil)
            assert error(refused) == (403, "ORIGIN_REFUSED")
        port = {"origin": "http://clone.example:8080"}  # the same host: the browser sends the cookie along
        assert error(await http.post("/api/sessions", json={"deviceId": DEVICE}, headers=port)) == (
            403,
            "ORIGIN_REFUSED",
        )
        assert (await http.post("/api/sessions", json={"deviceId": DEVICE})).json()["owner"] is True


async def test_devices_are_listed_and_signed_out_from_afar() -> None:
    async with opened() as bench, bench.browser() as http:
        agent = {"user-agent": "Firefox on the kitchen table"}
        await http.post("/api/sign-in", json={"code": await bench.code(), "deviceId": DEVICE}, headers=agent)
        (mine,) = (await http.get("/api/devices", headers=bearing("owner"))).json()["devices"]
        assert (mine["name"], mine["address"], mine["current"]) == (agent["user-agent"], FAR[0], True)
        assert not {"secretHash", "deviceHash"} & mine.keys()
        async with bench.browser(LOCAL, "http://127.0.0.1:8000") as here:
            (seen,) = (await here.get("/api/devices", headers=bearing("owner"))).json()["devices"]
            assert seen["current"] is False
            gone = f"/api/devices/{mine['id']}"
            assert error(await here.delete(gone, headers=bearing("other"))) == (404, "NOT_FOUND")
            assert (await here.delete(gone, headers=bearing("owner"))).status_code == 204
            assert error(await here.delete(gone, headers=bearing("owner"))) == (404, "NOT_FOUND")
        answer = await http.post("/api/sessions", json={"deviceId": DEVICE})
        assert answer.json()["owner"] is False and 'selfsame_device=""' in answer.headers["set-cookie"]


async def test_codes_are_made_at_the_machine_alone() -> None:
    async with opened() as bench, bench.browser() as far, bench.browser(LOCAL, "http://127.0.0.1:8000") as here:
        assert error(await far.post("/api/sign-in/codes", json={}, headers=bearing("owner"))) == (403, "FORBIDDEN")
        assert error(await here.post("/api/sign-in/codes", json={}, headers=bearing("visitor"))) == (403, "FORBIDDEN")
        made = await here.post("/api/sign-in/codes", json={"minutes": 5}, headers=bearing("owner"))
        assert made.status_code == 201
        code = made.json()["code"]
        assert made.json()["link"] == f"http://127.0.0.1:8000/sign-in#{code}"
        assert (await far.post("/api/sign-in", json={"code": code, "deviceId": DEVICE})).status_code == 201
        for minutes in (0, 61, "x"):
            bad = await here.post("/api/sign-in/codes", json={"minutes": minutes}, headers=bearing("owner"))
            assert bad.status_code == 422


# --- keys ------------------------------------------------------------------------------------------------------------


async def test_a_key_is_kept_tried_used_and_never_told() -> None:
    async with opened() as bench, bench.browser() as http:
        mine = bearing("owner")
        body = {"key": "sk-very-secret-1234", "baseUrl": "https://models.example/v1/", "model": "small"}
        put = await http.put("/api/keys/openai", json=body, headers=mine)
        assert put.status_code == 200 and bench.chosen == 1
        assert put.json()["check"]["state"] == "works"
        assert (put.json()["baseUrl"], put.json()["model"]) == ("https://models.example/v1", "small")
        listed = await http.get("/api/keys", headers=mine)
        told = {key["provider"]: key for key in listed.json()["keys"]}
        assert told["openai"]["isSet"] and told["openai"]["usedFor"] == "llm" and told["openai"]["setAt"]
        assert not told["groq"]["isSet"] and told["groq"]["check"] is None
        log = (await http.get("/api/audit", headers=mine)).text
        assert all(part not in text for part in ("secret", "1234") for text in (put.text, listed.text, log))

        kept = await http.put("/api/keys/elevenlabs", json={"key": "el-1"}, headers=mine)
        assert kept.json()["check"] == {
            "state": "unused",
            "message": "kept, no engine uses it yet",
            "at": kept.json()["check"]["at"],
        }
        wrong = await http.put("/api/keys/openai", json={"key": "bad-key"}, headers=mine)
        assert wrong.json()["check"]["state"] == "refused" and wrong.json()["isSet"]
        checked = await http.post("/api/keys/openai/check", headers=mine)
        assert checked.json()["check"]["message"] == "the server refuses the key"
        assert (await http.delete("/api/keys/openai", headers=mine)).status_code == 204 and bench.chosen == 4
        assert error(await http.delete("/api/keys/openai", headers=mine)) == (404, "NOT_FOUND")
        assert error(await http.post("/api/keys/openai/check", headers=mine)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("provider", "body", "status"),
    [
        ("nobody", {"key": "sk-12345"}, 404),
        ("openai", {"key": "a b c d e"}, 400),
        ("openai", {"key": "   "}, 400),
        ("openai", {"key": "sk-12345", "baseUrl": "ftp://x"}, 400),
        ("openai", {"key": "sk-12345", "baseUrl": "https://user:word@x/"}, 400),
        ("groq", {"key": "sk-12345", "baseUrl": "https://x/"}, 400),
        ("openai", {"key": "x" * 2000}, 422),
        ("openai", {}, 422),
        ("openai", {"key": "sk-12345", "more": 1}, 422),
    ],
)
async def test_what_cannot_be_a_key_is_refused_without_repeating_it(provider: str, body: Any, status: int) -> None:
    async with opened() as bench, bench.browser() as http:
        answer = await http.put(f"/api/keys/{provider}", json=body, headers=bearing("owner"))
        assert answer.status_code == status and answer.json()["error"]["message"]
        assert "12345" not in answer.text and "word@" not in answer.text


# --- settings --------------------------------------------------------------------------------------------------------


async def test_everybody_has_settings_of_their_own() -> None:
    async with opened() as bench, bench.browser() as http:
        change = {"interruptionSensitivity": 0.8, "enableConversationHistory": True, "theme": "dark"}
        changed = await http.patch("/api/settings", json=change, headers=bearing("visitor"))
        assert changed.status_code == 200 and bench.history == {VISITOR: True}
        assert (await http.get("/api/settings", headers=bearing("visitor"))).json() == changed.json()
        assert changed.json() == {
            "enableConversationHistory": True,
            "autoLanguageDetection": True,
            "language": "auto",
            "videoQuality": "auto",
            "interruptionSensitivity": 0.8,
            "preferredLLMProvider": "auto",
            "preferredTTSProvider": "auto",
            "theme": "dark",
            "pageLanguage": "",
        }
        usual = (await http.get("/api/settings", headers=bearing("owner"))).json()
        assert usual["interruptionSensitivity"] == 0.5 and not usual["enableConversationHistory"]
        await http.patch("/api/settings", json={"preferredLLMProvider": "embedded"}, headers=bearing("visitor"))
        assert bench.chosen == 0, "a visitor's wish does not change the owner's engines"
        await http.patch("/api/settings", json={"preferredLLMProvider": "embedded"}, headers=bearing("owner"))
        assert bench.chosen == 1


@pytest.mark.parametrize(
    "change",
    [
        {"interruptionSensitivity": 1.01},
        {"interruptionSensitivity": "NaN"},
        {"videoQuality": "huge"},
        {"preferredLLMProvider": "nobody"},
        {"preferredTTSProvider": "openai"},
        {"language": "FR"},
        {"autoLanguageDetection": False},
        {"unknown": 1},
    ],
)
async def test_settings_have_bounds(change: dict[str, Any]) -> None:
    async with opened() as bench, bench.browser() as http:
        answer = await http.patch("/api/settings", json=change, headers=bearing("visitor"))
        assert answer.status_code in (400, 422) and answer.json()["error"]["message"]


async def test_a_conversation_opens_as_its_user_set_it_unless_the_client_says_otherwise() -> None:
    async with opened() as bench, bench.browser() as http:
        change = {"interruptionSensitivity": 0.9, "autoLanguageDetection": False, "language": "ES"}
        await http.patch("/api/settings", json=change, headers=bearing("visitor"))
        assert bench.house is not None
        for said, language, sensitivity in (
            ({}, "ES", 0.9),
            ({"language": "EN", "sensitivity": 0.1}, "EN", 0.1),
        ):
            socket = bench.house.socket(None, authorization="Bearer visitor")
            assert (await socket.connect())["type"] == "websocket.accept"
            socket.send({"type": "start", **said})
            ready = await socket.until("ready")
            await settle()
            session = bench.house.sessions.live[UUID(ready["sessionId"])]
            assert ready["language"] == language
            assert audio.ChangeHearing(talk_mode="hands_free", sensitivity=sensitivity) in session.received


# --- reports, ratings, usage, the log --------------------------------------------------------------------------------


async def talk(bench: Bench, who: UUID, *, keep: bool = False) -> str:
    record = await bench.talks.open(SessionRecord(new_id(), who, CLONE, keep_transcripts=keep))
    said = TurnRecord(1, "m", "When do you open?", "Never.", "EN", False, 0.9, 1000, 1000, 1000, TurnMetrics())
    await bench.talks.commit(record.id, who, said)
    return str(record.id)


async def test_a_visitor_reports_an_answer_and_the_owner_deals_with_it() -> None:
    async with opened() as bench, bench.browser() as http:
        body = {"sessionId": await talk(bench, VISITOR, keep=True), "turnId": 1, "reason": "wrong", "words": "At nine."}
        sent = await http.post("/api/reports", json=body, headers=bearing("visitor"))
        assert sent.status_code == 201
        (report,) = (await http.get("/api/reports?status=open", headers=bearing("owner"))).json()["reports"]
        assert (report["clone"], report["question"], report["answer"]) == ("me", "When do you open?", "Never.")
        assert str(VISITOR) not in str(report)
        resolve = f"/api/reports/{sent.json()['id']}/resolve"
        assert error(await http.post(resolve, json={}, headers=bearing("visitor"))) == (403, "FORBIDDEN")
        assert error(await http.post(resolve, json={}, headers=bearing("other"))) == (404, "NOT_FOUND")
        done = await http.post(resolve, json={"note": "Corrected."}, headers=bearing("owner"))
        assert (done.json()["status"], done.json()["note"]) == ("resolved", "Corrected.")
        assert (await http.get("/api/reports?status=open", headers=bearing("owner"))).json() == {"reports": []}
        assert (await http.get("/api/reports", headers=bearing("other"))).json() == {"reports": []}


async def test_only_ones_own_conversation_is_reported_and_rated_and_not_without_end() -> None:
    async with opened() as bench, bench.browser() as http:
        session = await talk(bench, VISITOR)
        body = {"sessionId": session, "turnId": 1, "reason": "rude"}
        assert error(await http.post("/api/reports", json=body, headers=bearing("other"))) == (404, "NOT_FOUND")
        assert error(await http.post("/api/reports", json=body)) == (401, "UNAUTHENTICATED")
        rating = {"sessionId": session, "rating": 4, "words": "Nice."}
        assert error(await http.post("/api/feedback", json=rating, headers=bearing("other"))) == (404, "NOT_FOUND")
        assert (await http.post("/api/feedback", json=rating, headers=bearing("visitor"))).status_code == 201
        told = (await http.get("/api/feedback", headers=bearing("owner"))).json()
        assert (told["average"], told["count"], told["ratings"][0]["words"]) == (4.0, 1, "Nice.")
        for bad in ({"rating": 0}, {"rating": 6}, {"rating": 4.5}, {"sessionId": "x"}):
            answer = await http.post("/api/feedback", json=rating | bad, headers=bearing("visitor"))
            assert answer.status_code == 422
        answers = [await http.post("/api/feedback", json=rating, headers=bearing("visitor")) for _ in range(12)]
        assert error(answers[-1]) == (429, "RATE_LIMITED")


async def test_usage_is_added_up_and_priced() -> None:
    async with opened() as bench, bench.browser() as http:
        usage = (await http.get("/api/usage?days=7", headers=bearing("owner"))).json()
        assert usage["total"] == {
            "conversations": 3,
            "minutes": 12.5,
            "turns": 107,
            "clips": 2,
            "heardSeconds": 309.0,
            "spokenSeconds": 509.0,
        }
        assert len(usage["perDay"]) == 7 and usage["perDay"][0]["turns"] == 107 and usage["perDay"][6]["turns"] == 0
        assert usage["perClone"] == [{"clone": "me", **usage["total"]}]
        assert usage["storage"] == {"documents": 1, "voices": 2, "faces": 3, "clips": 4, "total": 10}
        own, cloud = usage["costs"]
        assert (own["provider"], own["dollars"]) == ("embedded", 0.0)
        assert cloud["dollars"] == pytest.approx((100 * 2000 * 2.5 + 500 * 3.5 * 10) / 1e6, abs=1e-4)
        assert usage["cost"]["totalCost"] == cloud["dollars"]
        nobody = (await http.get("/api/usage", headers=bearing("other"))).json()
        assert nobody["total"]["turns"] == 0 and nobody["perClone"] == []
        for days in (0, 367, "x"):
            assert (await http.get(f"/api/usage?days={days}", headers=bearing("owner"))).status_code == 422


async def test_what_the_owner_does_is_logged_and_refusals_too() -> None:
    async with opened() as bench, bench.browser() as http:
        await http.patch("/api/settings", json={"theme": "dark"}, headers=bearing("owner"))
        await http.put("/api/keys/groq", json={"key": "gk-1"}, headers=bearing("owner"))
        await http.get("/api/audit", headers=bearing("visitor"))
        await http.get("/api/audit")
        entries = (await http.get("/api/audit", headers=bearing("owner"))).json()["entries"]
        assert [(e["action"], e["result"]) for e in reversed(entries)] == [
            ("configuration_changed", "success"),
            ("key_changed", "success"),
            ("security_event", "failure"),
            ("security_event", "failure"),
        ]
        assert entries[1]["metadata"]["by"] == str(VISITOR) and entries[0]["ipAddress"] == FAR[0]
        for _ in range(50):
            await http.get("/api/audit")
        refused = [entry for entry in await bench.logged() if entry[0] == "security_event"]
        assert len(refused) <= 11, "nobody fills the log"
        only = (await http.get("/api/audit?action=key_changed", headers=bearing("owner"))).json()["entries"]
        assert len(only) == 1


OWNERS = [
    ("GET", "/api/devices"),
    ("DELETE", f"/api/devices/{new_id()}"),
    ("POST", "/api/sign-in/codes"),
    ("GET", "/api/keys"),
    ("PUT", "/api/keys/openai"),
    ("DELETE", "/api/keys/openai"),
    ("POST", "/api/keys/openai/check"),
    ("GET", "/api/reports"),
    ("POST", f"/api/reports/{new_id()}/resolve"),
    ("GET", "/api/feedback"),
    ("GET", "/api/usage"),
    ("GET", "/api/audit"),
]


@pytest.mark.parametrize(("method", "path"), OWNERS)
async def test_what_is_the_owners_is_nobody_elses(method: str, path: str) -> None:
    async with opened() as bench, bench.browser() as http:
        body = {"key": "sk-12345"} if method == "PUT" else {}
        assert error(await http.request(method, path, json=body)) == (401, "UNAUTHENTICATED")
        assert error(await http.request(method, path, json=body, headers=bearing("visitor"))) == (403, "FORBIDDEN")
        evil = bearing("owner") | {"origin": "https://evil.example"}
        assert error(await http.request(method, path, json=body, headers=evil)) == (403, "ORIGIN_REFUSED")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
NAMES = ["code", "deviceId", "key", "baseUrl", "model", "theme", "language", "sessionId", "turnId", "reason", "words"]
NAMES += ["rating", "minutes", "note", "question", "answer", "interruptionSensitivity", "preferredLLMProvider", "junk"]
BODIES = st.dictionaries(st.sampled_from(NAMES), SCALARS | st.lists(SCALARS, max_size=3), max_size=6) | SCALARS
PATHS = [("POST", "/api/sign-in"), ("PATCH", "/api/settings"), ("POST", "/api/reports"), ("POST", "/api/feedback")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PATHS + OWNERS), BODIES), min_size=1, max_size=8))
async def test_any_body_gets_a_clear_answer(requests: list[tuple[tuple[str, str], Any]]) -> None:
    import orjson

    async with opened() as bench, bench.browser() as http:
        for (method, path), body in requests:
            try:
                content = orjson.dumps(body)
            except (TypeError, orjson.JSONEncodeError):  # numbers and letters that JSON has not
                continue
            headers = bearing("owner") | {"content-type": "application/json"}
            answer = await http.request(method, path, content=content, headers=headers)
            assert answer.status_code < 500
            if answer.status_code >= 400:
                assert answer.json()["error"]["code"] and answer.json()["error"]["message"]


async def test_the_link_of_a_code_leads_to_the_page(tmp_path: Any) -> None:
    (tmp_path / "index.html").write_text("the page")
    async with house(static=tmp_path) as h:
        transport = httpx.ASGITransport(app=h.app, client=FAR)
        async with httpx.AsyncClient(transport=transport, base_url="http://clone.example") as http:
            assert (await http.get("/sign-in")).text == "the page"
