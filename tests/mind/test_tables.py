"""Questions about rows of tables, from the file to the words of the answer (skipped without MiniLM's files)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from selfsame.events.thought import Passage
from selfsame.library.extract.read import Wish, read
from selfsame.library.split import split
from selfsame.mind.think import Thinking
from selfsame.providers.embedded.answers import EmbeddedAnswers
from tests.mind.hybrid import HybridIndex, embedder
from tests.mind.support import StepClock, answer, question

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "tables.json").read_text(encoding="utf-8"))


def passages(tables: list[tuple[str, str]]) -> list[Passage]:
    """The tables as the product's reader and splitter make passages of them."""
    made = []
    for name, source in tables:
        found = read(source.encode(), Wish(name))
        kind = "product" if found.products else "document"
        for chunk in split(found.text, found.sections, places=found.places):
            number = f"{name}:{chunk.index}"
            made.append(
                Passage(number, name, name, chunk.content, 0.0, kind, heading=chunk.heading, locator=chunk.locator)
            )
    return made


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "right", "wrong"), [("fitted", 12, 0), ("held out", 11, 1)])
async def test_rows_are_answered_from_and_strangers_are_not(name: str, right: int, wrong: int) -> None:
    """Run with -s to see the figures of docs/decisions/0029."""
    cases = CASES[name]
    engines = Thinking(
        await HybridIndex(await embedder(), passages(cases["tables"])).build(), EmbeddedAnswers(), StepClock()
    )
    ends: Counter[str] = Counter()
    for asked, key, told in cases["questions"]:
        said, sources, ended = await answer(question(asked, language="auto"), engines)
        good = bool(sources) and key in said and told in said
        ends["right" if good else "wrong" if sources else "not answered"] += 1
        print(f"\n{'+' if good else '-'} {asked} [{ended.extra.get('confidence')}] {said[:150]}", end="")
    strange: Counter[str] = Counter()
    for asked in cases["strange"]:
        said, sources, ended = await answer(question(asked, language="auto"), engines)
        strange["answered" if sources else "not answered"] += 1
        print(f"\n{'!' if sources else ' '} {asked} [{ended.extra.get('confidence')}] {said[:150]}", end="")
    print(f"\n{name}: {dict(ends)}; strange {dict(strange)}")
    assert ends["right"] >= right and ends["wrong"] <= wrong
    assert strange["answered"] <= wrong
