"""Unanswered questions in memory, for tests: the same contract as Postgres, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np

from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.port import MOST_QUESTIONS, Asking, Unanswered
from selfsame.stores.memory import MemoryKnowledge


@dataclass(frozen=True, slots=True)
class _Noted:
    owner: UUID
    clone: UUID
    question: Unanswered


class MemoryQuestions:
    """`QuestionStore` in memory; what is answered is looked up in `knowledge`, which also knows whose a clone is."""

    def __init__(self, knowledge: MemoryKnowledge, now: Callable[[], datetime] = wall) -> None:
        self._knowledge = knowledge
        self._now = now
        self._noted: dict[UUID, _Noted] = {}

    async def note(self, owner_id: UUID, clone_id: UUID, asking: Asking, alike: float) -> None:
        """Count with the nearest, or keep as new; see the port."""
        if self._knowledge.owner_of(clone_id) not in (None, owner_id):
            raise NotFound("there is no such clone")
        now = self._now()
        mine = [noted.question for noted in self._of(owner_id, clone_id)]
        like = [q for q in mine if q.model_id == asking.model_id and float(q.vector @ asking.vector) >= alike]
        if like:
            nearest = max(like, key=lambda q: float(q.vector @ asking.vector))
            again = replace(nearest, times=nearest.times + 1, last_asked_at=now)
            self._noted[nearest.id] = _Noted(owner_id, clone_id, again)
            return
        key = new_id()
        vector = np.array(asking.vector, dtype=np.float32)
        answer = stable_id("answer", str(key))
        question = Unanswered(key, answer, asking.question, asking.language, 1, now, now, vector, asking.model_id)
        self._noted[key] = _Noted(owner_id, clone_id, question)
        latest = sorted(self._of(owner_id, clone_id), key=lambda noted: noted.question.last_asked_at, reverse=True)
        for noted in latest[MOST_QUESTIONS:]:
            del self._noted[noted.question.id]

    async def open(self, owner_id: UUID, clone_id: UUID) -> list[Unanswered]:
        """What waits for an answer; see the port."""
        there = {document.id for document in await self._knowledge.documents(owner_id, clone_id)}
        waiting = [n.question for n in self._of(owner_id, clone_id) if n.question.answer_id not in there]
        return sorted(waiting, key=lambda q: (-q.times, -q.last_asked_at.timestamp(), q.id))

    async def dismiss(self, owner_id: UUID, question_id: UUID) -> None:
        """Forget a question. Raises NotFound."""
        noted = self._noted.get(question_id)
        if noted is None or noted.owner != owner_id:
            raise NotFound("there is no such question")
        del self._noted[question_id]

    def _of(self, owner_id: UUID, clone_id: UUID) -> list[_Noted]:
        return [noted for noted in self._noted.values() if (noted.owner, noted.clone) == (owner_id, clone_id)]
