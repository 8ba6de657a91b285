"""What the database holds of a user: counted, read out table by table, and erased."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Row, Table, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.privacy import Held, KeptConversation, KeptTurn, SectionName
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.stores.postgres.clips import KEPT
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.shelf_tables import knowledge_uploads, product_pictures
from selfsame.stores.postgres.tables import (
    clones,
    knowledge_chunks,
    knowledge_documents,
    knowledge_words,
    metadata,
    unanswered_questions,
    users,
)
from selfsame.stores.postgres.tables import conversation_sessions as sessions
from selfsame.stores.postgres.tables import conversation_turns as turns
from selfsame.stores.postgres.work_tables import clips, face_models, jobs, voice_models

BATCH = 200
_HAS_WORDS = or_(turns.c.user_transcript.is_not(None), turns.c.llm_response.is_not(None))


class PostgresPrivacy:
    """A user's rows. Every query acts for that user."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def held(self, user_id: UUID) -> dict[SectionName, Held]:
        """What there is of each section, files apart."""
        words = _letters(turns.c.user_transcript) + _letters(turns.c.llm_response)
        talked = select(turns.c.session_id).where(turns.c.user_id == user_id, _HAS_WORDS)
        async with self._database.session(user_id) as db:
            uploaded = await _held(db, knowledge_uploads, user_id, knowledge_uploads.c.size)
            shown = await _held(db, product_pictures, user_id, product_pictures.c.size)
            chunks = await _held(db, knowledge_chunks, user_id, _letters(knowledge_chunks.c.content))
            filmed = await _held(db, clips, user_id, None, "expires_at")
            began = None if filmed.newest is None else filmed.newest - KEPT  # asking again keeps a clip longer
            documents = await _held(db, knowledge_documents, user_id, None, "uploaded_at")
            return {
                "transcripts": await _held(db, turns, user_id, words, where=_HAS_WORDS),
                "conversationHistory": await _held(
                    db, sessions, user_id, None, "last_activity_at", where=sessions.c.id.in_(talked)
                ),
                "knowledgeBase": Held(documents.count, uploaded.size + shown.size + chunks.size, documents.newest),
                "voiceModels": await _held(db, voice_models, user_id),
                "faceModels": await _held(db, face_models, user_id),
                "clips": Held(filmed.count, 0, began),
                "unansweredQuestions": await _held(
                    db, unanswered_questions, user_id, _letters(unanswered_questions.c.question), "last_asked_at"
                ),
            }

    async def rows(self, user_id: UUID) -> AsyncIterator[tuple[str, bytes]]:
        """Every row of the user, table by table, as lines of JSON; vectors and search words are left out (PRIV-08)."""
        owned = [t for t in metadata.sorted_tables if (t is users or "user_id" in t.c) and t is not knowledge_words]
        async with self._database.session(user_id) as db:
            await db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for table in owned:
                shown = func.to_jsonb(table.table_valued()).op("-")("embedding").op("-")("tsv")
                query = select(shown).where(_owner(table) == user_id).execution_options(yield_per=BATCH)
                async for batch in (await db.stream(query)).partitions():
                    yield table.name, b"".join(orjson.dumps(row[0]) + b"\n" for row in batch)

    async def counts(self, user_id: UUID) -> dict[str, int]:
        """Rows of the user by table; tables without any are left out."""
        found = {}
        async with self._database.session(user_id) as db:
            for table in metadata.sorted_tables:
                if table is users or "user_id" in table.c:
                    query = select(func.count()).select_from(table).where(_owner(table) == user_id)
                    found[table.name] = (await db.execute(query)).scalar_one()
        return {name: count for name, count in found.items() if count}

    async def drawn(self, user_id: UUID) -> list[str]:
        """The folders of faces that are nobody's: they come back at the same place."""
        query = select(face_models.c.model_path).where(face_models.c.user_id == user_id, face_models.c.fictional)
        async with self._database.session(user_id) as db:
            return list((await db.execute(query)).scalars())

    async def withdraw_orders(self, user_id: UUID, folders: Sequence[str]) -> None:
        """Take back the orders to erase all files of a user who is gone, and those of the folders.

        For an owner, who begins anew under the same id: the later of the orders would take what they have made since.
        Rows that named files have left orders of their own, which stay.
        """
        named = or_(jobs.c.args["user"].astext == str(user_id), jobs.c.args["prefix"].astext.in_(folders))
        ours = (jobs.c.kind == "erase-files") & jobs.c.user_id.is_(None) & (jobs.c.state == "pending")
        async with self._database.keeper() as db:
            await db.execute(delete(jobs).where(ours, named))

    async def conversations(
        self, user_id: UUID, limit: int = 50, before: datetime | None = None
    ) -> Sequence[KeptConversation]:
        """The user's conversations, newest first."""
        query = _conversations(user_id).order_by(sessions.c.started_at.desc(), sessions.c.id).limit(limit)
        if before is not None:
            query = query.where(sessions.c.started_at < before)
        async with self._database.session(user_id) as db:
            rows = (await db.execute(query)).all()
            names = await self._clones(rows)
            return [_conversation(row, names) for row in rows]

    async def conversation(self, user_id: UUID, conversation_id: UUID) -> KeptConversation:
        """One conversation with its turns. Raises NotFound."""
        said = (
            select(turns)
            .where(turns.c.session_id == conversation_id, turns.c.user_id == user_id)
            .order_by(turns.c.turn)
        )
        async with self._database.session(user_id) as db:
            row = (await db.execute(_conversations(user_id).where(sessions.c.id == conversation_id))).first()
            if row is None:
                raise NotFound("there is no such conversation")
            kept = [
                KeptTurn(t.turn, t.created_at, t.user_transcript, t.llm_response, t.language, t.interrupted)
                for t in await db.execute(said)
            ]
        return _conversation(row, await self._clones([row]), kept)

    async def _clones(self, rows: Sequence[Row[Any]]) -> dict[UUID, tuple[str, str]]:
        """Slug and name of whom they talked with; by the keeper, since a clone may be private again by now."""
        met = {row.clone_id for row in rows}
        async with self._database.keeper() as db:
            found = await db.execute(select(clones.c.id, clones.c.slug, clones.c.name).where(clones.c.id.in_(met)))
            return {row.id: (row.slug, row.name) for row in found}


def _owner(table: Table) -> ColumnElement[UUID]:
    return table.c.id if table is users else table.c.user_id


def _letters(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.octet_length(column), 0)


async def _held(
    db: AsyncSession,
    table: Table,
    user_id: UUID,
    size: ColumnElement[int] | None = None,
    time: str = "created_at",
    *,
    where: ColumnElement[bool] | None = None,
) -> Held:
    total = func.coalesce(func.sum(size), 0) if size is not None else func.sum(0)
    query = select(func.count(), total, func.max(table.c[time])).where(table.c.user_id == user_id)
    count, summed, newest = (await db.execute(query if where is None else query.where(where))).one()
    return Held(count, int(summed or 0), newest)


def _conversations(user_id: UUID) -> Any:
    kept = (
        select(func.count())
        .where(turns.c.session_id == sessions.c.id, turns.c.user_id == user_id, _HAS_WORDS)
        .scalar_subquery()
    )
    return select(sessions, kept.label("kept")).where(sessions.c.user_id == user_id)


def _conversation(row: Row[Any], names: dict[UUID, tuple[str, str]], said: Sequence[KeptTurn] = ()) -> KeptConversation:
    slug, name = names.get(row.clone_id, ("", ""))
    return KeptConversation(row.id, slug, name, row.started_at, row.ended_at, row.total_turns, row.kept, said)
