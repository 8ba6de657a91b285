"""Clones and their personas in Postgres."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.answering import checked_adherence, checked_no_answer
from selfsame.clones.clone import Clone
from selfsame.clones.persona import Persona, PersonaProfile
from selfsame.errors import BadInput, NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import clones, persona_profiles, personas

_SIGNS = text(
    """
    WITH agreed AS (SELECT subject FROM consents WHERE user_id = :owner AND revoked_at IS NULL)
    SELECT c.id, c.knowledge_version,
           concat_ws(' ', c.updated_at, p.updated_at, v.id,
               EXISTS (SELECT FROM agreed WHERE subject = 'voice')
           ) AS speech,
           CASE WHEN f.fictional OR EXISTS (SELECT FROM agreed WHERE subject = 'face') THEN f.id END AS face,
           CASE WHEN EXISTS (SELECT FROM agreed WHERE subject = 'voice') THEN v.id END AS voice
    FROM clones AS c
    LEFT JOIN personas AS n ON n.clone_id = c.id
    LEFT JOIN persona_profiles AS p ON p.persona_id = n.id
    LEFT JOIN voice_models AS v ON v.clone_id = c.id AND v.status = 'active'
    LEFT JOIN face_models AS f ON f.clone_id = c.id AND f.status = 'active'
    WHERE c.user_id = :owner
    """
)


@dataclass(frozen=True, slots=True)
class CloneSigns:
    """What tells that a clone has changed: its knowledge version, and `speech`, which changes whenever its persona, the
    way it answers, its voice, or the consent to that does. `likeness` is the face and the voice that it may
    use now."""

    clone_id: UUID
    knowledge: int
    speech: str
    likeness: tuple[UUID | None, UUID | None] = (None, None)


class PostgresClones:
    """Clones as their owner and their visitors see them."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def get(self, key: UUID | str, user_id: UUID) -> Clone:
        """The clone by id or slug, when it is the user's own or public. Raises NotFound for both lacks."""
        wanted = clones.c.id == key if isinstance(key, UUID) else clones.c.slug == key
        async with self._database.session(user_id) as db:
            row = (await db.execute(select(clones).where(wanted, _visible(user_id)))).one_or_none()
        if row is None:
            raise NotFound("there is no such clone")
        return _clone(row)

    async def list(self, user_id: UUID) -> list[Clone]:
        """The user's own clones and all public ones, by name."""
        async with self._database.session(user_id) as db:
            rows = await db.execute(select(clones).where(_visible(user_id)).order_by(clones.c.name, clones.c.id))
            return [_clone(row) for row in rows]

    async def signs(self, owner_id: UUID) -> list[CloneSigns]:
        """The signs of all the owner's clones."""
        async with self._database.session(owner_id) as db:
            rows = await db.execute(_SIGNS, {"owner": owner_id})
            return [CloneSigns(row.id, row.knowledge_version, row.speech, (row.face, row.voice)) for row in rows]

    async def put(self, clone: Clone, profile: PersonaProfile | None = None) -> Clone:
        """Create or change a clone of its owner, with its persona when given. Its knowledge version
        and how it answers stay as they are.

        Raises BadInput when the slug or the id belongs to another clone.
        """
        values = {
            "id": clone.id,
            "user_id": clone.owner_id,
            "slug": clone.slug,
            "name": clone.name,
            "language": clone.language,
            "public": clone.public,
            "updated_at": self._now(),
        }
        changed = {name: values[name] for name in ("slug", "name", "language", "public", "updated_at")}
        mine = (clones.c.id == clone.id) & (clones.c.user_id == clone.owner_id)
        try:
            async with self._database.session(clone.owner_id) as db:
                row = (await db.execute(update(clones).where(mine).values(changed).returning(clones))).one_or_none()
                if row is None:
                    row = (await db.execute(insert(clones).values(values).returning(clones))).one()
                if profile is not None:
                    await self._put_profile(db, clone, profile)
                return _clone(row)
        except IntegrityError as error:
            raise BadInput("this name is taken by another clone") from error

    async def set_answering(
        self, clone_id: UUID, owner_id: UUID, adherence: str | None = None, no_answer: Mapping[str, str] | None = None
    ) -> Clone:
        """Change how the clone keeps to its sources, and what it says without an answer; None leaves as it is.

        Raises BadInput (`clones.answering`) and NotFound.
        """
        values: dict[str, Any] = {"updated_at": self._now()}
        if adherence is not None:
            values["adherence"] = checked_adherence(adherence)
        if no_answer is not None:
            values["no_answer"] = checked_no_answer(no_answer)
        mine = (clones.c.id == clone_id) & (clones.c.user_id == owner_id)
        async with self._database.session(owner_id) as db:
            row = (await db.execute(update(clones).where(mine).values(values).returning(clones))).one_or_none()
        if row is None:
            raise NotFound("there is no such clone")
        return _clone(row)

    async def persona(self, clone: Clone) -> Persona:
        """The clone's merged persona (PERS-04), read on its owner's behalf: visitors never see the halves."""
        return (await self.profile(clone)).merged(clone.name)

    async def profile(self, clone: Clone) -> PersonaProfile:
        """The two halves of the persona; empty ones when none is stored."""
        query = (
            select(persona_profiles)
            .join(personas, personas.c.id == persona_profiles.c.persona_id)
            .where(personas.c.clone_id == clone.id, personas.c.user_id == clone.owner_id)
        )
        async with self._database.session(clone.owner_id) as db:
            row = (await db.execute(query)).one_or_none()
        return PersonaProfile() if row is None else PersonaProfile(row.auto_extracted, row.manual_overrides)

    async def delete(self, clone_id: UUID, owner_id: UUID) -> None:
        """Delete a clone with its persona, its knowledge and all conversations with it. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            gone = await db.execute(
                delete(clones).where(clones.c.id == clone_id, clones.c.user_id == owner_id).returning(clones.c.id)
            )
            if gone.first() is None:
                raise NotFound("there is no such clone")

    async def _put_profile(self, db: AsyncSession, clone: Clone, profile: PersonaProfile) -> None:
        persona_id = stable_id("persona", str(clone.id))
        persona = {"id": persona_id, "user_id": clone.owner_id, "clone_id": clone.id, "name": clone.name}
        await db.execute(
            upsert(personas)
            .values(persona)
            .on_conflict_do_update(index_elements=[personas.c.clone_id], set_={"name": clone.name})
        )
        halves = {
            "auto_extracted": profile.auto_extracted,
            "manual_overrides": profile.manual_overrides,
            "updated_at": self._now(),
        }
        await db.execute(
            upsert(persona_profiles)
            .values(id=persona_id, user_id=clone.owner_id, persona_id=persona_id, **halves)
            .on_conflict_do_update(index_elements=[persona_profiles.c.persona_id], set_=halves)
        )


def _visible(user_id: UUID) -> ColumnElement[bool]:
    return or_(clones.c.user_id == user_id, clones.c.public == true())


def _clone(row: Row[Any]) -> Clone:
    return Clone(
        row.id,
        row.user_id,
        row.slug,
        row.name,
        row.language,
        row.public,
        row.knowledge_version,
        row.adherence,
        dict(row.no_answer),
        row.created_at,
    )
