"""From a question without an answer to the owner's answer, in the whole product and over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from selfsame.conversation.port import LiveSession, OpenRequest
from selfsame.events.told import ReplySources, Told
from selfsame.events.turns import ConsentChanged, TextTyped
from selfsame.kit.ids import new_id
from selfsame.wiring.product import Product
from tests.wiring.test_product import QUIET, answer, home, product, until_ended

pytestmark = pytest.mark.anyio
__all__ = ["home"]

STRANGE = "what colour is the bicycle of your aunt"
VISITOR = {"X-Forwarded-For": "203.0.113.9"}


async def ask(session: LiveSession, text: str) -> list[Told]:
    """Ask; the same words again are a new message."""
    session.receive(TextTyped(session.now(), text, str(new_id())))
    return await until_ended(session)


def browser(running: Product) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(running.app, client=("127.0.0.1", 5555))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def bearer(client: httpx.AsyncClient, **visitor: Any) -> dict[str, str]:
    made = await client.post("/api/sessions", json=visitor, headers=VISITOR if visitor else {})
    assert made.status_code == 201
    return {"Authorization": f"Bearer {made.json()['token']}"}


async def waiting(client: httpx.AsyncClient, owner: dict[str, str], many: int) -> list[dict[str, Any]]:
    """The unanswered questions, once there are `many`: they are noted behind the turn's end."""
    with anyio.fail_after(10):
        while True:
            found = (await client.get("/api/clones/vera/unanswered", headers=owner)).json()["unanswered"]
            if len(found) == many:
                return found
            await anyio.lowlevel.checkpoint()


async def test_an_unanswered_question_is_answered_once_and_a_wrong_answer_corrected(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as client:
        owner = await bearer(client)
        session = await running.sessions.open(OpenRequest(running.owner_id))
        first = answer(await ask(session, "and which is the name of her favourite horse"))  # no consent: not noted
        session.receive(ConsentChanged(True))
        await ask(session, STRANGE)
        (noted,) = await waiting(client, owner, 1)
        assert (noted["question"], noted["times"]) == (STRANGE, 1) and first
        body = {"questionId": noted["id"], "answer": "It is green."}
        given = await client.post("/api/clones/vera/answers", json=body, headers=owner)
        assert given.status_code == 201 and given.json()["question"] == STRANGE
        told = await ask(session, STRANGE)
        assert answer(told) == "It is green."
        (sources,) = (each for each in told if isinstance(each, ReplySources))
        assert sources.sources[0].heading == STRANGE
        assert await waiting(client, owner, 0) == []

        right = {"sessionId": str(session.record.id), "turnId": 3, "answer": "It is blue."}
        wrong = await client.post("/api/clones/vera/corrections", json=right, headers=owner)
        assert wrong.status_code == 201, wrong.text
        assert answer(await ask(session, STRANGE)) == "It is blue."
        listed = (await client.get("/api/clones/vera/answers", headers=owner)).json()["answers"]
        assert [each["answer"] for each in listed] == ["It is blue."]
        undone = await client.delete(f"/api/clones/vera/answers/{listed[0]['id']}", headers=owner)
        assert undone.status_code == 204
        assert (await waiting(client, owner, 1))[0]["id"] == noted["id"]
        await client.delete(f"/api/clones/vera/unanswered/{noted['id']}", headers=owner)
        await waiting(client, owner, 0)


async def test_answers_outlast_the_renewal_of_the_guide(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as client:
        owner = await bearer(client)
        body = {"question": STRANGE, "answer": "It is red."}
        assert (await client.post("/api/clones/vera/corrections", json=body, headers=owner)).status_code == 201
    async with product(home, **QUIET) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id))
        assert answer(await ask(session, STRANGE)) == "It is red."


async def test_a_search_says_what_a_turn_would_be_given_and_why(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as client:
        owner = await bearer(client)
        query: dict[str, Any] = {"q": "Do I need a graphics card?"}
        look = (await client.get("/api/clones/vera/search", params=query, headers=owner)).json()
        best = next(hit for hit in look["hits"] if hit["question"] == query["q"])
        assert best["given"] and best["kind"] == "faq" and best["why"]["cosine"] > 0.25
        assert {"graphic", "card"} <= set(best["why"]["words"]) and best["why"]["wordsPlace"] == 1
        assert sum(hit["given"] for hit in look["hits"]) <= 5 and look["exact"] is True
        query |= {"kind": "document"}
        assert (await client.get("/api/clones/vera/search", params=query, headers=owner)).json()["hits"] == []
        query |= {"kind": "faq", "until": "2001-01-01T00:00:00Z"}
        assert (await client.get("/api/clones/vera/search", params=query, headers=owner)).json()["hits"] == []
        for bad in ({"kind": "gossip"}, {"since": "yesterday"}, {"document": "x"}, {"q": "x" * 1001}):
            refused = await client.get("/api/clones/vera/search", params={"q": "x"} | bad, headers=owner)
            assert refused.status_code in (400, 422), bad


async def test_how_a_clone_answers_is_its_owners_to_set(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as client:
        owner = await bearer(client)
        rules = {"adherence": "strict", "noAnswer": {"EN": " Please ask  my office. "}}
        changed = await client.put("/api/clones/vera/answering", json=rules, headers=owner)
        assert changed.json() == {"adherence": "strict", "noAnswer": {"EN": "Please ask my office."}}
        session = await running.sessions.open(OpenRequest(running.owner_id))
        assert answer(await ask(session, STRANGE)) == "Please ask my office."
        for bad in ({"adherence": "loose"}, {"noAnswer": {"FR": "Non."}}, {"noAnswer": {"EN": "x" * 301}}, {"x": 1}):
            assert (await client.put("/api/clones/vera/answering", json=bad, headers=owner)).status_code in (400, 422)
        assert (await client.get("/api/clones/vera/answering", headers=owner)).json()["adherence"] == "strict"


async def test_visitors_and_strangers_see_none_of_it(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as client:
        owner, visitor = await bearer(client), await bearer(client, deviceId="device-1234")
        some = "00000000-0000-4000-8000-000000000000"
        doors = [
            ("GET", "search?q=x", None),
            ("GET", "unanswered", None),
            ("DELETE", f"unanswered/{some}", None),
            ("GET", "answers", None),
            ("POST", "answers", {"questionId": some, "answer": "x"}),
            ("DELETE", f"answers/{some}", None),
            ("POST", "corrections", {"question": "x", "answer": "x"}),
            ("GET", "answering", None),
            ("PUT", "answering", {"adherence": "strict"}),
        ]
        for method, path, body in doors:
            url = f"/api/clones/vera/{path}"
            assert (await client.request(method, url, json=body)).status_code == 401, path
            assert (await client.request(method, url, json=body, headers=visitor)).status_code == 403, path
            unknown = await client.request(method, f"/api/clones/nobody/{path}", json=body, headers=owner)
            assert unknown.status_code == 404, path
        for body in ({"answer": "x"}, {"question": "q", "turnId": 1, "answer": "x"}, {"question": "q", "answer": ""}):
            refused = await client.post("/api/clones/vera/corrections", json=body, headers=owner)
            assert refused.status_code in (400, 422), body
