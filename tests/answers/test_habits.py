"""The embedded clone speaks as its person: the facts stay, and some replies have a habit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from selfsame.events.thought import Passage, Token
from selfsame.events.turns import Exchange
from selfsame.mind.port import Manner, Prompt
from selfsame.providers.embedded.answers import EmbeddedAnswers

BAKER = Manner("Dana", fillers=("so", "I mean"), openers=("so",), catchphrases=("trust the dough",), language="EN")
SHOP = Passage("1", "d", "Shop", "The shop opens at nine. Bread costs 3.5 euros.", 0.8, "faq", "When do you open?")


async def reply(prompt: Prompt) -> str:
    return "".join([t.text async for t in EmbeddedAnswers().stream(prompt) if isinstance(t, Token)])


@pytest.mark.anyio
async def test_the_facts_stay_and_some_replies_have_a_habit() -> None:
    framed = 0
    for turn in range(100):
        history = tuple(Exchange(number, "Hm?", "Indeed.") for number in range(turn))
        prompt = Prompt(BAKER, "when do you open", passages=(SHOP,), history=history)
        bare = await reply(replace(prompt, manner=Manner("Dana")))
        said = await reply(prompt)
        assert bare == "The shop opens at nine. Bread costs 3.5 euros."
        assert bare[1:] in said and await reply(prompt) == said
        framed += said != bare
    assert 30 <= framed <= 70


@pytest.mark.anyio
async def test_not_knowing_is_said_plainly() -> None:
    for turn in range(30):
        history = tuple(Exchange(number, "Hm?", "Indeed.") for number in range(turn))
        said = await reply(Prompt(BAKER, "what is the capital of mongolia", history=history))
        assert "rust the dough" not in said and "not know" in said
