"""A profile read by a model behind the chat protocol, over a real socket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from selfsame import settings
from selfsame.kit.tasks import offload
from selfsame.studio.persona.extract import Reader, extract
from selfsame.studio.persona.measure import measure
from selfsame.wiring.personas import reader_of
from tests.openai.server import Server, Wire, serving
from tests.persona.conftest import talk

pytestmark = pytest.mark.anyio
ANSWER = {
    "role": {"value": "an adviser on pensions", "quotes": ["I would like to speak about pensions this evening"]},
    "traits": [{"value": "dry", "quotes": ["the impatient investor pays for the newspaper"]}],
    "dos": [{"value": "be generous", "quotes": ["I give money away"]}],
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


async def reader(server: Server) -> Reader | None:
    named = {"SELFSAME_LLM_BASE_URL": server.url, "SELFSAME_LLM_MODEL": "small-model"}
    return await offload(lambda: reader_of(settings.load(named, Path("/nowhere/.env"))))


async def test_a_profile_is_read_over_the_chat_protocol() -> None:
    async def speak(wire: Wire) -> None:
        await wire.begin()
        text = "```json\n" + json.dumps(ANSWER) + "\n```"
        await wire.words(*(text[place : place + 40] for place in range(0, len(text), 40)))
        await wire.finish()

    async with serving(speak) as server:
        extraction = await extract(talk("howard"), None, await reader(server))
    assert extraction.engine == "small-model and statistics"
    assert extraction.profile["role"] == "an adviser on pensions" and extraction.profile["traits"] == ["dry"]
    assert extraction.profile["dos"] is None and "1 statement(s)" in extraction.notes[0]
    [asked] = server.asked
    system, user = asked["messages"]
    assert "ONE JSON object" in system["content"] and "numbers do not lie" in user["content"]
    assert asked["temperature"] == 0.0 and asked["max_tokens"] >= 1000


async def test_a_server_that_fails_leaves_what_was_measured() -> None:
    async def refuse(wire: Wire) -> None:
        await wire.refuse("500 Internal Server Error")

    async with serving(refuse) as server:
        extraction = await extract(talk("howard"), None, await reader(server))
    assert extraction.engine == "statistics" and extraction.profile == measure(talk("howard")).profile
