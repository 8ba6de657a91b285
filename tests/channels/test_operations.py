"""The operations page's side: who may see it, what it says, what it lets the owner do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from selfsame.channels.deps import Breaker, ComponentHealth, OperationsDesk, PoolUse
from selfsame.channels.identity import Identity
from selfsame.channels.limits import Limits
from selfsame.channels.observatory import Observatory
from selfsame.channels.wire.server import EngineItem
from selfsame.clones.tokens import OWNER_PERMISSIONS, VISITOR_PERMISSIONS
from selfsame.conversation.costs import DayCosts, Tariff
from selfsame.errors import Unavailable
from selfsame.events.told import Trouble
from selfsame.events.turns import TurnMetrics, TurnRecord
from selfsame.jobs.job import JobKind, JobOrder, Outcome
from selfsame.jobs.port import WorkerCard
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.stores.memory_jobs import MemoryJobs
from tests.channels.fake_session import HEALTHY, OWNER, House, authenticate, house, settle

pytestmark = pytest.mark.anyio
KIND = JobKind("render-clip")
PATH = "/api/operations"


async def admit(token: str) -> Identity:
    known = await authenticate(token)
    rights = OWNER_PERMISSIONS if token == "user-owner" else VISITOR_PERMISSIONS
    return replace(known, permissions=frozenset(rights))


class Past:
    """Costs of two days, or a database that is away."""

    def __init__(self) -> None:
        self.away = False

    async def costs(self, days: int) -> list[DayCosts]:
        if self.away:
            raise Unavailable("the database does not answer", role="database", provider="postgres")
        today = wall().date()
        return [
            DayCosts(date.fromordinal(today.toordinal() - 1), "vendor", 7, 90, 0.7, 0.7, 0, 0),
            DayCosts(today, "vendor", 4, 120, 1.0, 2.0, 0.5, 0.25),
        ]

    async def newcomers(self) -> tuple[int, float]:
        return 2, 1.0


class Scene:
    """The application with its desk; everything is reachable for the test."""

    def __init__(self) -> None:
        self.jobs, self.past, self.seen = MemoryJobs(), Past(), Observatory()
        self.breakers = [Breaker("llm", "vendor", "open", 5), Breaker("llm", "own", "closed", 0)]
        self.http: httpx.AsyncClient
        self.house: House

    async def get(self, path: str = PATH, user: str = "owner") -> httpx.Response:
        return await self.http.get(path, headers={"authorization": f"Bearer user-{user}"})

    async def post(self, path: str, user: str = "owner") -> httpx.Response:
        return await self.http.post(path, headers={"authorization": f"Bearer user-{user}"})

    async def failed(self, user: Any = OWNER) -> str:
        """A job that failed after its first step."""
        job = await self.jobs.enqueue(JobOrder(KIND, user, {"clip": 1}))
        claim = await self.jobs.claim("w", [KIND], 30)
        assert claim is not None
        await self.jobs.finish(claim, Outcome("failed", error_code="TTS_UNAVAILABLE", error_message="no voice"))
        return str(job.id)


@asynccontextmanager
async def scene(tmp_path: Path, **more: Any) -> AsyncIterator[Scene]:
    it = Scene()
    tariff = Tariff({"asr": 0.006}, frozenset({"asr", "llm"}))
    desk = OperationsDesk(
        it.jobs, it.jobs, it.past, lambda: PoolUse(3, 50), lambda: it.breakers, lambda: tariff, 100.0, tmp_path
    )
    engines = (EngineItem(role="llm", name="vendor", tier="cloud"), EngineItem(role="asr", name="ears", tier="cloud"))
    given = {"authenticate": admit, "operations": desk, "observatory": it.seen, "engines": lambda: engines} | more
    async with house(limits=Limits(connections=10), **given) as it.house:
        transport = httpx.ASGITransport(app=it.house.app, client=("127.0.0.1", 40_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as it.http:
            yield it


def stored(total: float = 700) -> TurnRecord:
    metrics = TurnMetrics(total, asr=90, endpointing=300, rag=20, llm=40, tts=50, model="vendor")
    return TurnRecord(1, None, None, None, "EN", False, 0.9, 2000, 3000, 3000, metrics)


@pytest.mark.parametrize("path", [PATH, f"{PATH}/series"])
async def test_visitors_see_nothing(tmp_path: Path, path: str) -> None:
    async with scene(tmp_path) as it:
        refused = await it.get(path, "visitor")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")
        assert (await it.http.get(path)).status_code == 401
        evil = {"origin": "https://evil.example", "authorization": "Bearer user-owner"}
        assert (await it.http.get(path, headers=evil)).status_code == 403
        job = await it.failed()
        assert (await it.post(f"{PATH}/jobs/{job}/retry", "visitor")).status_code == 403
        assert (await it.get(path)).status_code == 200


async def test_conversations_turns_and_troubles_appear(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        _, session, _ = await it.house.call()
        for _ in range(10):
            it.seen.turn(stored())
        session.tell(Trouble("LLM_UNAVAILABLE", "..."))
        await settle()
        body = (await it.get()).json()
        assert body["conversations"] == {"active": 1, "capacity": 10, "started": 1, "completed": 0}
        traffic, latency = body["fiveMinutes"]["traffic"], body["hour"]["latency"]
        assert (traffic["turns"], traffic["errors"], traffic["errorRate"]) == (10, 1, 0.0909)
        assert latency["endToEnd"]["count"] == 10 and latency["endToEnd"]["meanMs"] == 700
        assert abs(latency["endToEnd"]["p95Ms"] - 700) <= 0.03 * 700
        assert body["errors"] == [
            {"component": "llm", "code": "LLM_UNAVAILABLE", "ours": True, "fiveMinutes": 1, "hour": 1, "day": 1}
        ]
        found = [(alert["level"], alert["code"]) for alert in body["alerts"]]
        assert found[0] == ("critical", "ERROR_RATE")
        assert sorted(found[1:]) == [("info", "PRICE_UNKNOWN"), ("warning", "COST"), ("warning", "ENGINE_RESTS")]
        vendor = next(engine for engine in body["providers"] if engine["name"] == "vendor")
        assert (vendor["chosen"], vendor["breaker"], vendor["status"]) == (True, "open", "down")
        text = (await it.http.get("/metrics")).text
        assert 'selfsame_turn_latency_seconds_count{stage="endToEnd"} 10.0' in text
        assert 'selfsame_troubles_total{code="LLM_UNAVAILABLE",component="llm"} 1.0' in text
        buckets = [line for line in text.splitlines() if line.startswith('selfsame_turn_latency_seconds_bucket{le="')]
        ends = [float(line.rsplit(" ", 1)[1]) for line in buckets if 'stage="endToEnd"' in line]
        assert ends == sorted(ends) and ends[0] == 0 and ends[-1] == 10


async def test_the_series_has_the_turn_in_its_last_steps(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        it.seen.turn(stored())
        for minutes, step in ((1, 10), (60, 60), (360, 300), (1440, 900)):
            body = (await it.get(f"{PATH}/series?minutes={minutes}")).json()
            assert body["stepSeconds"] == step and len(body["points"]) == minutes * 60 / step
            assert sum(point["turns"] for point in body["points"]) == 1
            found = next(point for point in body["points"] if point["turns"])
            assert abs(found["p95Ms"]["endToEnd"] - 700) <= 0.03 * 700 and found["p50Ms"]["lipSync"] is None
        for wrong in ("0", "1441", "-1", "x", "1e3"):
            assert (await it.get(f"{PATH}/series?minutes={wrong}")).status_code == 422


async def test_costs_and_the_machine(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        body = (await it.get()).json()
        costs = body["costs"]
        assert (costs["today"], costs["usualDay"]) == (3.75, 0.2)
        assert costs["unpriced"] == ["llm"] and costs["byDay"][1]["total"] == 3.75
        used = body["resources"]
        assert used["rssBytes"] > 1e6 and used["cpuSeconds"] > 0 and used["diskFreeBytes"] > 0
        assert (used["poolUsed"], used["poolSize"]) == (3, 50)


async def test_jobs_are_shown_done_again_and_stopped(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        theirs = await it.failed(stable_id("test", "somebody"))
        mine = await it.failed()
        queue = (await it.get()).json()["jobs"]
        lines = {line["id"]: line for line in queue["failed"]}
        assert lines[mine]["canRetry"] and lines[mine]["errorMessage"] == "no voice"
        assert not lines[theirs]["canRetry"] and lines[theirs]["errorMessage"] is None
        assert queue["failedLastDay"] == 2 and queue["kinds"][0]["failed"] == 2
        again = (await it.post(f"{PATH}/jobs/{mine}/retry")).json()["job"]
        assert again["status"] == "pending" and again["canCancel"]
        body = (await it.get()).json()
        assert [line["id"] for line in body["jobs"]["waiting"]] == [again["id"]]
        assert "NO_WORKERS" in [alert["code"] for alert in body["alerts"]]
        assert body["health"]["components"]["workers"]["status"] == "degraded"
        stopped = (await it.post(f"{PATH}/jobs/{again['id']}/cancel")).json()["job"]
        assert stopped["status"] == "cancelled" and not stopped["canCancel"]
        refused = await it.post(f"{PATH}/jobs/{again['id']}/retry")
        assert (refused.status_code, "cancelled" in refused.json()["error"]["message"]) == (400, True)
        assert (await it.post(f"{PATH}/jobs/{theirs}/retry")).status_code == 404
        assert (await it.post(f"{PATH}/jobs/nonsense/cancel")).status_code == 422


async def test_what_runs_shows_its_progress_and_who_works(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        await it.jobs.enqueue(JobOrder(KIND, OWNER))
        claim = await it.jobs.claim("w", [KIND], 30)
        assert claim is not None
        await it.jobs.progress(claim, 0.25, "Filming")
        await it.jobs.beat(WorkerCard("w", "here", 7, ("render-clip",), 2, 1), [claim], 30)
        queue = (await it.get()).json()["jobs"]
        assert (queue["running"][0]["progress"], queue["running"][0]["message"]) == (0.25, "Filming")
        assert (queue["workers"][0]["id"], queue["workers"][0]["slots"]) == ("w", 2)
        assert queue["workers"][0]["silentSeconds"] < 60


async def test_without_its_database_the_page_still_shows(tmp_path: Path) -> None:
    async def broken() -> dict[str, ComponentHealth]:
        return {**HEALTHY, "database": ComponentHealth("down", message="no answer in time")}

    async with scene(tmp_path, components=broken) as it:
        it.past.away = True
        body = (await it.get()).json()
        assert body["costs"]["today"] is None and body["costs"]["byDay"] == []
        assert body["alerts"][0]["code"] == "DATABASE_DOWN" and body["alerts"][0]["level"] == "critical"
        it.past.away = False
        assert (await it.get()).json()["costs"]["today"] == 3.75
