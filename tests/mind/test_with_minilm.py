"""How well the embedded thinker answers about the guide with the product's own embedder (skipped without its files)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from selfsame.mind.think import Thinking
from selfsame.providers.embedded.answers import EmbeddedAnswers
from tests.mind.hybrid import HybridIndex, embedder
from tests.mind.support import StepClock, answer, guide, question

HERE = Path(__file__).parent


async def judge(engines: Thinking, cases: list[dict]) -> Counter[str]:
    """How each case ended: right, wrong, guessed right or wrong, offered, unknown, small talk."""
    ends: Counter[str] = Counter()
    for case in cases:
        said, sources, ended = await answer(question(case["q"], language="auto"), engines)
        kind = ended.extra.get("answer", "small talk")
        if sources:
            right = sources[0].question in case["expect"]
            ends[("guessed " if kind == "guess" else "") + ("right" if right else "wrong")] += 1
        elif kind == "unknown" and any(asked in said for asked in case["expect"]):
            ends["offered"] += 1
        else:
            ends[kind] += 1
    return ends


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "right", "wrong"), [("questions.json", 0.75, 0.06), ("questions_held_out.json", 0.45, 0.16)]
)
async def test_accuracy(name: str, right: float, wrong: float) -> None:
    """Run with -s to see the figures of docs/decisions/0015."""
    engines = Thinking(await HybridIndex(await embedder(), guide()).build(), EmbeddedAnswers(), StepClock())
    cases = json.loads((HERE / name).read_text(encoding="utf-8"))
    known = await judge(engines, cases["answerable"])
    strange = await judge(engines, [{"q": text, "expect": []} for text in cases["unanswerable"]])
    print(f"\n{name}: answerable {dict(known)}; strange {dict(strange)}")
    assert known["right"] >= right * len(cases["answerable"])
    assert known["wrong"] <= wrong * len(cases["answerable"])
    assert strange["wrong"] <= 0.05 * len(cases["unanswerable"])
