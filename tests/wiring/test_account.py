"""The account in the whole product: signing in, a key that the mind takes at once, settings, what is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from selfsame import settings
from selfsame.clones.provider_keys import ProviderKey
from selfsame.conversation.port import OpenRequest
from selfsame.errors import BadInput
from selfsame.kit.tasks import offload
from selfsame.wiring.account import open_desk
from selfsame.wiring.product import Product
from tests.openai.server import Wire, serving
from tests.wiring.test_answers import ask, bearer, browser
from tests.wiring.test_product import QUIET, answer, home, product

pytestmark = pytest.mark.anyio
__all__ = ["home"]
DEVICE = "device-0123456789"
QUESTION = "how do I make a clone"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server is on this machine; a proxy of the environment must not stand between."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


async def vendor(wire: Wire) -> None:
    """Takes one key alone; lists its models, and says the same to everything."""
    if wire.headers.get("authorization") != "Bearer sk-good":
        await wire.refuse("401 Unauthorized")
    elif wire.request["path"].endswith("/models"):
        await wire.begin(kind="application/json")
        await wire.send('{"object": "list", "data": []}')
        await wire.socket.send(b"0\r\n\r\n")
    else:
        await wire.begin()
        await wire.words("The vendor", " says hello.")
        await wire.finish()


def afar(running: Product) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(running.app, client=("203.0.113.9", 5555))
    return httpx.AsyncClient(transport=transport, base_url="http://clone.example")


async def thinker(client: httpx.AsyncClient, owner: dict[str, str]) -> dict[str, Any]:
    engines = (await client.get("/api/engines", headers=owner)).json()["engines"]
    return next(engine for engine in engines if engine["role"] == "llm")


async def test_signing_in_from_another_machine_and_signing_it_out_at_home(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as here, afar(running) as there:
        owner = await bearer(here)
        code = (await here.post("/api/sign-in/codes", json={}, headers=owner)).json()["code"]
        signed = await there.post("/api/sign-in", json={"code": code, "deviceId": DEVICE})
        assert signed.status_code == 201, signed.text
        token = {"Authorization": f"Bearer {signed.json()['token']}"}
        assert (await there.get("/api/documents", headers=token)).status_code == 200
        (device,) = (await there.get("/api/devices", headers=token)).json()["devices"]
        assert device["current"] and device["address"] == "203.0.113.9"
        again = await there.post("/api/sessions", json={"deviceId": DEVICE})
        assert again.json()["owner"] is True
        assert (await here.delete(f"/api/devices/{device['id']}", headers=owner)).status_code == 204
        refused = await there.get("/api/documents", headers=token)
        assert refused.status_code == 401 and "signed out" in refused.json()["error"]["message"]
        assert (await there.post("/api/sessions", json={"deviceId": DEVICE})).json()["owner"] is False
        actions = [e["action"] for e in (await here.get("/api/audit", headers=owner)).json()["entries"]]
        assert actions[:3] == ["device_revoked", "sign_in", "sign_in_code_made"]


async def test_a_key_serves_the_next_reply_and_its_removal_ends_that(home: Path) -> None:
    async with serving(vendor) as server, product(home, **QUIET) as running, browser(running) as client:
        owner = await bearer(client)
        session = await running.sessions.open(OpenRequest(running.owner_id))
        assert (await thinker(client, owner))["tier"] == "embedded"
        own = answer(await ask(session, QUESTION))
        bad = await client.put("/api/keys/openai", json={"key": "sk-bad", "baseUrl": server.url}, headers=owner)
        assert bad.json()["check"]["state"] == "refused" and "revoked" in bad.json()["check"]["message"]
        body = {"key": "sk-good", "baseUrl": server.url, "model": "small-model"}
        good = await client.put("/api/keys/openai", json=body, headers=owner)
        assert good.json()["check"]["state"] == "works", good.text
        found = await thinker(client, owner)
        assert (found["name"], found["tier"]) == ("small-model", "neural")
        assert answer(await ask(session, QUESTION)) == "The vendor says hello."
        await client.patch("/api/settings", json={"preferredLLMProvider": "embedded"}, headers=owner)
        assert answer(await ask(session, QUESTION)) == own
        await client.patch("/api/settings", json={"preferredLLMProvider": "auto"}, headers=owner)
        assert answer(await ask(session, QUESTION)) == "The vendor says hello."
        assert (await client.delete("/api/keys/openai", headers=owner)).status_code == 204
        assert answer(await ask(session, QUESTION)) == own


async def test_a_key_that_a_command_stored_is_there_at_the_start_and_one_that_is_out_of_reach_is_said(
    home: Path,
) -> None:
    values = {"SELFSAME_HOME": str(home), **QUIET}
    wanted = await offload(settings.load, values, Path("/nowhere/.env"))
    async with open_desk(wanted) as desk:
        key = ProviderKey("openai", "sk-any", "http://127.0.0.1:9/v1", "far-model")
        entry = await desk.keys.put(desk.owner_id, key)
        assert (
            entry.check is not None and entry.check.state == "unreachable" and "the key is kept" in entry.check.message
        )
    async with product(home, **QUIET) as running, browser(running) as client:
        assert (await thinker(client, await bearer(client)))["name"] == "far-model"
    async with product(home, **QUIET, SELFSAME_LLM="openai") as running, browser(running) as client:
        owner = await bearer(client)
        assert (await thinker(client, owner))["name"] == "far-model"
        assert (await client.delete("/api/keys/openai", headers=owner)).status_code == 204
        assert (await thinker(client, owner))["tier"] == "embedded"
    with pytest.raises(BadInput, match="SELFSAME_LLM=openai needs"):
        async with product(home, **QUIET, SELFSAME_LLM="openai"):
            pass
    async with open_desk(wanted) as desk:
        await desk.keys.put(desk.owner_id, key)
    await offload((home / "files.key").unlink)  # another key will be made: what was sealed cannot be read
    async with product(home, **QUIET) as running, browser(running) as client:
        owner = await bearer(client)
        assert (await thinker(client, owner))["tier"] == "embedded"
        checked = await client.post("/api/keys/openai/check", headers=owner)
        assert checked.status_code == 503 and "files.key" in checked.json()["error"]["message"]
        assert (await client.delete("/api/keys/openai", headers=owner)).status_code == 204


async def test_a_visitor_reports_without_consent_and_the_owner_sees_usage(home: Path) -> None:
    async with product(home, **QUIET) as running, browser(running) as client:
        owner, visitor = await bearer(client), await bearer(client, deviceId=DEVICE)
        me = (await client.get("/api/settings", headers=visitor)).json()
        assert me["enableConversationHistory"] is False
        session = await running.sessions.open(OpenRequest(running.owner_id))
        await ask(session, QUESTION)
        body = {"sessionId": str(session.record.id), "turnId": 1, "reason": "wrong", "words": "Not so."}
        assert (await client.post("/api/reports", json=body, headers=visitor)).status_code == 404, "not their own"
        assert (await client.post("/api/reports", json=body, headers=owner)).status_code == 201
        (report,) = (await client.get("/api/reports", headers=owner)).json()["reports"]
        assert (report["clone"], report["words"], report["question"]) == ("vera", "Not so.", None)
        await session.close()
        usage = (await client.get("/api/usage?days=1", headers=owner)).json()
        assert usage["total"]["conversations"] == 1 and usage["total"]["turns"] == 1
        assert usage["cost"]["totalCost"] == 0.0 and usage["storage"]["faces"] > 0
        assert usage["perDay"][0]["turns"] == 1
        on = await client.patch("/api/settings", json={"enableConversationHistory": True}, headers=owner)
        assert on.json()["enableConversationHistory"] is True
        kept = await running.sessions.open(OpenRequest(running.owner_id))
        assert kept.record.keep_transcripts is True
