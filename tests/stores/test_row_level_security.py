"""Nothing of one user reaches another, whatever the SQL says."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from selfsame.contracts.conversation_store import turn
from selfsame.contracts.knowledge_store import MODEL, along, pieces
from selfsame.conversation.port import SessionRecord
from selfsame.kit.ids import new_id
from selfsame.library.port import Document
from selfsame.stores.postgres.account_tables import audit_log
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.tables import (
    clones,
    consents,
    conversation_sessions,
    conversation_turns,
    knowledge_chunks,
    knowledge_documents,
    knowledge_words,
    metadata,
    users,
)
from selfsame.stores.postgres.work_tables import jobs
from tests.stores.conftest import People, settle
from tests.stores.test_users import furnish

pytestmark = pytest.mark.anyio
OWNED = [table.name for table in metadata.sorted_tables if table is users or "user_id" in table.c]


async def seen(database: Database, user: UUID, meeting: UUID | None = None) -> dict[str, int]:
    """How many rows of each table raw SQL of the app's role sees for a user, without any filter."""
    async with database.session(user, meeting=meeting) as db:
        counts = {name: (await db.execute(text(f"select count(*) from {name}"))).scalar_one() for name in OWNED}
    return {name: count for name, count in counts.items() if count}


async def with_private_knowledge(database: Database) -> People:
    """Furnished, and the owner's private clone has knowledge too."""
    people = await furnish(database)
    document = Document(new_id(), people.owner, people.clone.id, "p.md", "P", "text/markdown", "1" * 64)
    await PostgresKnowledge(database).put(document, pieces("secret"), along(0), MODEL)
    return people


async def test_raw_sql_sees_only_the_users_own_rows_and_public_clones(database: Database) -> None:
    people = await with_private_knowledge(database)
    assert await seen(database, people.other) == {"users": 1, "devices": 1, "clones": 1}
    mine = {"conversation_sessions": 1, "conversation_turns": 1, "consents": 1, "clips": 1, "jobs": 1}
    sent = {"answer_reports": 1, "conversation_ratings": 1}
    assert await seen(database, people.visitor) == {"users": 1, "devices": 1, "clones": 1} | mine | sent


async def test_whoever_meets_a_public_clone_reads_its_knowledge_and_nothing_else_of_the_owner(
    database: Database,
) -> None:
    people = await with_private_knowledge(database)
    alone = {"users": 1, "devices": 1, "clones": 1}
    met = await seen(database, people.other, meeting=people.public.id)
    assert met == alone | {"knowledge_documents": 1, "knowledge_chunks": 2}
    assert await seen(database, people.other, meeting=people.clone.id) == alone
    assert await seen(database, people.other, meeting=new_id()) == alone
    await PostgresClones(database).put(replace(people.public, public=False))
    assert await seen(database, people.other, meeting=people.public.id) == {"users": 1, "devices": 1}


async def test_without_a_user_there_are_no_rows(database: Database) -> None:
    await with_private_knowledge(database)
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("select current_user"))).scalar_one() == "selfsame_app"
        for name in OWNED:
            count = (await connection.execute(text(f"select count(*) from {name}"))).scalar_one()
            assert count == (1 if name == "clones" else 0), name  # the public clone may be known to all


async def test_the_user_does_not_outlast_the_transaction(database: Database) -> None:
    people = await furnish(database)
    for _ in range(12):  # more than the pool holds
        async with database.session(people.visitor) as db:
            assert (await db.execute(select(func.count()).select_from(conversation_sessions))).scalar_one() == 1
        async with database.engine.connect() as connection:
            setting = text("select coalesce(current_setting('app.user_id', true), ''), current_user")
            assert (await connection.execute(setting)).one() == ("", "selfsame_app")


async def test_raw_updates_and_deletes_touch_nothing_of_others(database: Database) -> None:
    people = await with_private_knowledge(database)
    async with database.session(people.other, meeting=people.public.id) as db:
        assert (await db.execute(text("update conversation_sessions set state = 'x' returning id"))).all() == []
        assert (await db.execute(text("update knowledge_chunks set content = 'x' returning id"))).all() == []
        assert (await db.execute(text("update clones set name = 'x' returning id"))).all() == []
        for table in metadata.sorted_tables:
            if table not in (users, knowledge_words, audit_log) and "user_id" in table.c:
                gone = await db.execute(text(f"delete from {table.name} returning user_id"))
                assert {row.user_id for row in gone} <= {people.other}


async def test_the_counts_of_words_follow_the_chunks_and_nobody_writes_them(database: Database) -> None:
    people = await with_private_knowledge(database)
    for act in ("delete from knowledge_words", "update knowledge_words set chunks = 9", "select count_words()"):
        with pytest.raises(DBAPIError):
            async with database.session(people.owner) as db:
                await db.execute(text(act))


async def test_words_of_a_private_clone_are_told_to_its_owner_alone(database: Database) -> None:
    people = await with_private_knowledge(database)
    queries = (
        "select count(*) from words_known(:clone, 'english', 'a secret')",
        "select count(*) from chunks_worded(:clone, 'secret'::tsquery, '{secret}', '{1}', 9, null, null, null, null)",
    )
    for query in map(text, queries):
        for who, sees in ((people.owner, True), (people.other, False)):
            async with database.session(who, meeting=people.clone.id) as db:
                assert bool((await db.execute(query, {"clone": people.clone.id})).scalar_one()) is sees
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.keeper() as db:
                await db.execute(query, {"clone": people.clone.id})


async def test_rows_cannot_be_planted_with_another_owner(database: Database) -> None:
    people = await furnish(database)
    async with database.session(people.visitor) as db:
        session = (await db.execute(select(conversation_sessions.c.id))).scalar_one()
    plants = [
        insert(consents).values(user_id=people.visitor, subject="voice"),
        insert(clones).values(user_id=people.visitor, slug="x", name="x"),
        insert(conversation_turns).values(user_id=people.visitor, session_id=session, turn=9),
        insert(conversation_turns).values(user_id=people.other, session_id=session, turn=9),
        insert(knowledge_documents).values(
            user_id=people.other, clone_id=people.public.id, filename="x", title="x", content_type="x", content_hash="x"
        ),
        update(users).where(users.c.id == people.other).values(id=people.visitor),
    ]
    for plant in plants:
        with pytest.raises(DBAPIError):
            async with database.session(people.other) as db:
                await db.execute(plant)


async def test_the_keeper_reaches_neither_knowledge_nor_personas(database: Database) -> None:
    await furnish(database)
    for name in ("knowledge_documents", "knowledge_chunks", "personas", "persona_profiles"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.keeper() as db:
                await db.execute(text(f"select count(*) from {name}"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.keeper() as db:
            await db.execute(text("delete from conversation_turns"))


async def test_of_faces_and_clips_the_keeper_sees_whose_they_are_and_not_what_they_are(database: Database) -> None:
    await furnish(database)
    async with database.keeper() as db:
        assert len((await db.execute(text("select id, user_id, clone_id, fictional from face_models"))).all()) == 1
        assert len((await db.execute(text("select id, user_id, clone_id, expires_at from clips"))).all()) == 2
    for column, table in (("details", "face_models"), ("model_path", "face_models"), ("script", "clips")):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.keeper() as db:
                await db.execute(text(f"select {column} from {table}"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.keeper() as db:
            await db.execute(text("update clips set path = 'clone-clips/'"))


async def test_nobody_orders_the_houses_own_work(database: Database) -> None:
    people = await furnish(database)
    own = insert(jobs).values(user_id=people.owner, kind="make-clip").returning(jobs.c.id)
    async with database.session(people.owner) as db:
        made = (await db.execute(own)).scalar_one()
    plants = [
        insert(jobs).values(user_id=None, kind="erase-files", args={"user": str(people.other)}),
        insert(jobs).values(user_id=people.other, kind="make-clip"),
        update(jobs).where(jobs.c.id == made).values(user_id=None),
        text("select order_erasure_of_user()"),
    ]
    for plant in plants:
        with pytest.raises(DBAPIError):
            async with database.session(people.owner) as db:
                await db.execute(plant)


async def test_what_belongs_to_no_user_is_the_keepers_alone(database: Database) -> None:
    people = await furnish(database)
    for name in set(metadata.tables) - set(OWNED):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.session(people.owner) as db:
                await db.execute(text(f"select count(*) from {name}"))


async def test_neither_role_is_owner_nor_superuser_and_all_tables_force_their_policies(database: Database) -> None:
    async with database.engine.connect() as connection:
        roles = text(
            "select rolname from pg_roles where rolname in ('selfsame_app', 'selfsame_keeper') "
            "and not rolsuper and not rolbypassrls and not rolcanlogin and not rolcreaterole"
        )
        assert len((await connection.execute(roles)).all()) == 2
        tables = text(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
            "and relrowsecurity and relforcerowsecurity "
            "and pg_get_userbyid(relowner) not in ('selfsame_app', 'selfsame_keeper')"
        )
        assert set((await connection.execute(tables)).scalars()) == set(metadata.tables)


async def test_error_messages_do_not_repeat_what_people_said(private: Database) -> None:
    people = await settle(private)
    store = PostgresConversations(private)
    record = await store.open(SessionRecord(new_id(), people.visitor, people.public.id, keep_transcripts=True))
    with pytest.raises(DBAPIError) as caught:
        async with private.session(people.other) as db:
            values = {"user_id": people.visitor, "session_id": record.id, "turn": 1, "user_transcript": "my secret"}
            await db.execute(insert(conversation_turns).values(values))
    assert "my secret" not in str(caught.value)
    assert await store.commit(record.id, people.visitor, turn(1))


async def test_the_search_of_one_clone_uses_its_index(private: Database) -> None:
    people = await furnish(private)
    query = (
        select(knowledge_chunks.c.id)
        .where(knowledge_chunks.c.user_id == people.owner, knowledge_chunks.c.clone_id == people.public.id)
        .compile(compile_kwargs={"literal_binds": True}, dialect=private.engine.dialect)
    )
    async with private.session(people.owner) as db:
        await db.execute(text("set local enable_seqscan = off"))
        plan = "\n".join((await db.execute(text(f"explain {query}"))).scalars())
    assert "idx_user_chunks" in plan
