"""`selfsame search` and the commands about unanswered questions, on stores in memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import anyio
import pytest
from click.testing import CliRunner

from selfsame.cli.clones import questions
from selfsame.cli.search import command as search
from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound
from selfsame.kit.ids import new_id
from selfsame.library.answers import AnswerDesk
from selfsame.library.ingest import SourceFile, ingest
from selfsame.library.search import HybridRetriever
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.memory_questions import MemoryQuestions
from tests.library.test_ingest_and_search import GUIDE, WordHashes


@dataclass
class Shop:
    """A product with a library in memory and nothing else."""

    clone: Clone
    retriever: HybridRetriever
    answers: AnswerDesk

    @property
    def library(self) -> Shop:
        return self

    @property
    def owner_id(self) -> UUID:
        return self.clone.owner_id

    async def find_clone(self, name: str | None, user: UUID) -> Clone:
        if name not in (None, "me"):
            raise NotFound("there is no such clone")
        return self.clone

    async def set_answering(
        self, clone: UUID, owner: UUID, adherence: str | None, no_answer: Mapping[str, str] | None
    ) -> Clone:
        changes = {"adherence": adherence, "no_answer": no_answer}
        self.clone = replace(self.clone, **{k: v for k, v in changes.items() if v is not None})  # type: ignore[arg-type]
        return self.clone


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    owner, clone = new_id(), new_id()
    knowledge, embedder = MemoryKnowledge(), WordHashes()

    async def owner_of(_clone: UUID) -> UUID:
        return owner

    async def find_turn(_user: UUID, _conversation: UUID, _turn: int) -> tuple[UUID, str]:
        return clone, "what is baked in the kitchen"

    desk = AnswerDesk(knowledge, MemoryQuestions(knowledge), embedder, find_turn)
    made = Shop(Clone(clone, owner, "me", "Me"), HybridRetriever(knowledge, embedder, owner_of), desk)

    async def fill() -> None:
        await ingest(knowledge, embedder, owner, clone, SourceFile("guide.md", GUIDE))
        await desk.collect(owner, clone, "do you have a dog", "EN")

    anyio.run(fill)

    @asynccontextmanager
    async def opened(_settings: object) -> AsyncIterator[Shop]:
        yield made

    for module in ("search", "clones.questions"):
        monkeypatch.setattr(f"selfsame.cli.{module}.open_product", opened)
        monkeypatch.setattr(f"selfsame.cli.{module}.read_settings", lambda **_: None)
    return made


def run(command: Any, *words: str) -> str:
    ran = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_search_prints_the_hits_and_why(shop: Shop) -> None:
    shown = run(search, "how long must a recording be")
    assert "yes" in shown and "recording" in shown and "cosine" in shown and "all vectors compared" in shown
    found = json.loads(run(search, "--json", "--clone", "me", "how long must a recording be"))
    assert found["hits"][0]["question"] == "How long must a recording be?" and found["hits"][0]["given"]
    assert "Nothing was found." in run(search, "--kind", "product", "bread")
    assert "Nothing was found." in run(search, "--until", "2001-01-01", "bread")


def test_a_question_is_listed_answered_and_taken_back(shop: Shop) -> None:
    assert "do you have a dog" in run(questions.command, "list")
    (waiting,) = json.loads(run(questions.command, "list", "--json"))["unanswered"]
    assert "From now on" in run(questions.command, "answer", waiting["id"], "Yes, two.")
    listed = json.loads(run(questions.command, "list", "--json"))
    assert listed["unanswered"] == [] and listed["answers"][0]["answer"] == "Yes, two."
    assert json.loads(run(search, "--json", "do you have a dog"))["hits"][0]["kind"] == "correction"
    run(questions.command, "undo", listed["answers"][0]["id"])
    run(questions.command, "dismiss", waiting["id"])
    assert "No question waits" in run(questions.command, "list")


def test_a_wrong_answer_is_corrected_by_its_question_or_its_turn(shop: Shop) -> None:
    run(questions.command, "correct", "Cake.", "--question", "what is baked in the kitchen")
    run(questions.command, "correct", "Pies.", "--conversation", str(new_id()), "--turn", "1")
    (only,) = json.loads(run(questions.command, "list", "--json"))["answers"]
    assert only["answer"] == "Pies."
    for words in (
        ["x"],
        ["x", "--question", "q", "--conversation", str(new_id()), "--turn", "1"],
        ["x", "--turn", "1"],
    ):
        with pytest.raises(BadInput):
            run(questions.command, "correct", *words)


def test_rules_are_shown_and_changed(shop: Shop) -> None:
    assert "adaptive" in run(questions.command, "rules")
    changed = json.loads(
        run(questions.command, "rules", "--adherence", "strict", "--no-answer", "ES", "Ni idea.", "--json")
    )
    assert changed == {"adherence": "strict", "noAnswer": {"ES": "Ni idea."}}
    assert "ES: Ni idea." in run(questions.command, "rules")
