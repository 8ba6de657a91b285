"""Unanswered questions in Postgres."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from pgvector import HalfVector
from sqlalchemy import Row, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from selfsame.clones.consent import TRANSCRIPT_RETENTION_DAYS
from selfsame.errors import BadInput, NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.port import MOST_QUESTIONS, Asking, Unanswered
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import WIDTH
from selfsame.stores.postgres.tables import knowledge_documents as documents
from selfsame.stores.postgres.tables import unanswered_questions as questions


class PostgresQuestions:
    """`QuestionStore` on Postgres."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def note(self, owner_id: UUID, clone_id: UUID, asking: Asking, alike: float) -> None:
        """Count with the nearest, or keep as new; see the port. BadInput on a vector of another width."""
        if asking.vector.shape != (WIDTH,):
            raise BadInput(f"the question's vector must have {WIDTH} numbers")
        vector, now = HalfVector(np.asarray(asking.vector, dtype=np.float32)), self._now()
        mine = (questions.c.user_id == owner_id) & (questions.c.clone_id == clone_id)
        distance = questions.c.embedding.cosine_distance(vector)
        try:
            async with self._database.session(owner_id) as db:
                # One at a time for each clone, so that the same question asked twice at once is one.
                await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(clone_id), 0))))
                nearest = (
                    select(questions.c.id)
                    .where(mine, questions.c.model_id == asking.model_id, distance <= 1.0 - alike)
                    .order_by(distance)
                    .limit(1)
                )
                counted = await db.execute(
                    update(questions)
                    .where(questions.c.id == nearest.scalar_subquery(), questions.c.user_id == owner_id)
                    .values(times=questions.c.times + 1, last_asked_at=now)
                    .returning(questions.c.id)
                )
                if counted.first() is not None:
                    return
                kept_id = new_id()
                values = {
                    "id": kept_id,
                    "user_id": owner_id,
                    "clone_id": clone_id,
                    "answer_id": stable_id("answer", str(kept_id)),
                    "question": asking.question,
                    "language": asking.language,
                    "model_id": asking.model_id,
                    "embedding": vector,
                    "times": 1,
                    "first_asked_at": now,
                    "last_asked_at": now,
                }
                await db.execute(insert(questions).values(values))
                oldest = (
                    select(questions.c.id)
                    .where(mine)
                    .order_by(questions.c.last_asked_at.desc(), questions.c.id)
                    .offset(MOST_QUESTIONS)
                )
                await db.execute(delete(questions).where(mine, questions.c.id.in_(oldest)))
        except IntegrityError as error:  # the clone is not theirs
            raise NotFound("there is no such clone") from error

    async def open(self, owner_id: UUID, clone_id: UUID) -> list[Unanswered]:
        """What waits for an answer; see the port."""
        answered = exists().where(documents.c.id == questions.c.answer_id, documents.c.user_id == owner_id)
        query = (
            select(questions)
            .where(questions.c.user_id == owner_id, questions.c.clone_id == clone_id, ~answered)
            .order_by(questions.c.times.desc(), questions.c.last_asked_at.desc(), questions.c.id)
        )
        async with self._database.session(owner_id) as db:
            return [_unanswered(row) for row in await db.execute(query)]

    async def dismiss(self, owner_id: UUID, question_id: UUID) -> None:
        """Forget a question. Raises NotFound."""
        mine = (questions.c.id == question_id) & (questions.c.user_id == owner_id)
        async with self._database.session(owner_id) as db:
            if (await db.execute(delete(questions).where(mine).returning(questions.c.id))).first() is None:
                raise NotFound("there is no such question")

    async def sweep(self) -> int:
        """Forget questions that nobody has asked for as long as transcripts are kept; how many they were."""
        old = self._now() - timedelta(days=TRANSCRIPT_RETENTION_DAYS)
        async with self._database.keeper() as db:
            gone = await db.execute(delete(questions).where(questions.c.last_asked_at <= old).returning(questions.c.id))
            return len(gone.all())


def _unanswered(row: Row[Any]) -> Unanswered:
    return Unanswered(
        row.id,
        row.answer_id,
        row.question,
        row.language,
        row.times,
        row.first_asked_at,
        row.last_asked_at,
        np.asarray(row.embedding, dtype=np.float32),
        row.model_id,
    )
