"""The tables as the code sees them; the migrations are what makes them (a test compares the two).

Every row has a `user_id`. Composite foreign keys (`clone_id, user_id`) keep a child with its parent's owner.
"""

from __future__ import annotations

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR, UUID

WIDTH = 384
"""Numbers in a vector. One width for all collections; `clones.embedding_model` says which model filled them."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column:
    return Column("id", UUID, primary_key=True, server_default=text("gen_random_uuid()"))


def _owner() -> Column:
    return Column("user_id", UUID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


def _time(name: str, *, needed: bool = True) -> Column:
    default = func.now() if needed else None
    return Column(name, DateTime(timezone=True), nullable=not needed, server_default=default)


def _text(name: str, length: int | None = None, default: str | None = None) -> Column:
    kind = String(length) if length else Text()
    return Column(name, kind, nullable=default is None, server_default=default)


def _number(name: str) -> Column:
    return Column(name, Float(53), nullable=False, server_default=text("0"))


def _cost(name: str) -> Column:
    return Column(name, Numeric(12, 6), nullable=False, server_default=text("0"))


def _flag(name: str) -> Column:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def _count(name: str) -> Column:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _json(name: str, default: str = "{}") -> Column:
    return Column(name, JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


users = Table(
    "users",
    metadata,
    _id(),
    Column("email", String(255), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    _text("kind", 20, "account"),
    _text("subscription_tier", 50, "free"),
    _json("settings"),
    _time("created_at"),
    _time("updated_at"),
)

devices = Table(
    "devices",
    metadata,
    Column("device_hash", String(64), primary_key=True),
    _owner(),
    _time("created_at"),
    _time("last_seen_at"),
    Index("idx_device_users", "user_id"),
)

clones = Table(
    "clones",
    metadata,
    _id(),
    _owner(),
    Column("slug", String(100), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    _text("language", 10, "EN"),
    _flag("public"),
    _count("knowledge_version"),
    Column("embedding_model", String(255)),
    Column("embedding_width", Integer),
    _time("created_at"),
    _time("updated_at"),
    UniqueConstraint("id", "user_id", name="uq_clones_id_user_id"),
    Index("idx_clone_users", "user_id"),
)


def _clone_key(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["clone_id", "user_id"],
        ["clones.id", "clones.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name=f"fk_{table}_clone_id_user_id",
    )


personas = Table(
    "personas",
    metadata,
    _id(),
    _owner(),
    Column("clone_id", UUID, nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    _time("created_at"),
    _clone_key("personas"),
    UniqueConstraint("id", "user_id", name="uq_personas_id_user_id"),
)

persona_profiles = Table(
    "persona_profiles",
    metadata,
    _id(),
    _owner(),
    Column("persona_id", UUID, nullable=False, unique=True),
    _json("auto_extracted"),
    Column("manual_overrides", JSONB(none_as_null=True)),
    _time("updated_at"),
    ForeignKeyConstraint(
        ["persona_id", "user_id"],
        ["personas.id", "personas.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name="fk_persona_profiles_persona_id_user_id",
    ),
)

conversation_sessions = Table(
    "conversation_sessions",
    metadata,
    _id(),
    _owner(),
    Column("clone_id", UUID, ForeignKey("clones.id", ondelete="CASCADE"), nullable=False),
    _text("state", 50, "active"),
    _text("language", 10, "auto"),
    _text("mode", 20, "planning"),
    _flag("keep_transcripts"),
    _count("total_turns"),
    _time("started_at"),
    _time("last_activity_at"),
    _time("ended_at", needed=False),
    UniqueConstraint("id", "user_id", name="uq_conversation_sessions_id_user_id"),
    Index("idx_user_sessions", "user_id", "started_at"),
    Index("idx_session_clones", "clone_id"),
    Index("idx_open_sessions", "last_activity_at", postgresql_where=text("ended_at IS NULL")),
)

conversation_turns = Table(
    "conversation_turns",
    metadata,
    _id(),
    _owner(),
    Column("session_id", UUID, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("message_id", Text),
    _time("created_at"),
    _text("language", 10, "EN"),
    Column("user_transcript", Text),
    Column("llm_response", Text),
    _number("transcript_confidence"),
    _number("user_audio_ms"),
    _number("response_audio_ms"),
    _number("heard_ms"),
    _flag("interrupted"),
    _number("asr_latency_ms"),
    _number("endpointing_ms"),
    _number("rag_latency_ms"),
    _number("llm_latency_ms"),
    _number("tts_latency_ms"),
    _number("total_latency_ms"),
    _cost("asr_cost"),
    _cost("llm_cost"),
    _cost("tts_cost"),
    _cost("total_cost"),
    _text("model", None, ""),
    _flag("speculated"),
    _json("sources", "[]"),
    ForeignKeyConstraint(
        ["session_id", "user_id"],
        ["conversation_sessions.id", "conversation_sessions.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name="fk_conversation_turns_session_id_user_id",
    ),
    UniqueConstraint("session_id", "turn", name="uq_conversation_turns_session_id_turn"),
    UniqueConstraint("session_id", "message_id", name="uq_conversation_turns_session_id_message_id"),
    Index("idx_user_turns", "user_id", "created_at"),
    Index(
        "idx_kept_turns",
        "created_at",
        postgresql_where=text("user_transcript IS NOT NULL OR llm_response IS NOT NULL"),
    ),
)

knowledge_documents = Table(
    "knowledge_documents",
    metadata,
    _id(),
    _owner(),
    Column("clone_id", UUID, nullable=False),
    Column("filename", String(255), nullable=False),
    Column("title", Text, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("content_hash", String(64), nullable=False),
    _text("language", 10, "EN"),
    _text("status", 50, "pending"),
    Column("error_message", Text),
    Column("source_url", Text),
    _count("chunk_count"),
    _time("uploaded_at"),
    _time("processed_at", needed=False),
    _clone_key("knowledge_documents"),
    UniqueConstraint("id", "user_id", name="uq_knowledge_documents_id_user_id"),
    Index("idx_user_documents", "user_id", "uploaded_at"),
    Index("idx_clone_documents", "clone_id", "content_hash"),
)

_WEIGHED = """CASE language
WHEN 'EN' THEN setweight(to_tsvector('english', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('english', content)
WHEN 'ES' THEN setweight(to_tsvector('spanish', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('spanish', content)
ELSE setweight(to_tsvector('simple',
 regexp_replace(coalesce(question, '') || ' ' || heading, '([一-鿿])', ' \\1 ', 'g')), 'A')
 || to_tsvector('simple', regexp_replace(content, '([一-鿿])', ' \\1 ', 'g')) END"""
"""Chinese is written without spaces, so each ideograph becomes a word; queries ask for neighbours (`queries.py`)."""

knowledge_chunks = Table(
    "knowledge_chunks",
    metadata,
    _id(),
    _owner(),
    Column("clone_id", UUID, nullable=False),
    Column("document_id", UUID, nullable=False),
    Column("chunk_index", Integer, nullable=False),
    Column("content", Text, nullable=False),
    _text("heading", None, ""),
    _text("locator", None, ""),
    Column("question", Text),
    _text("source_type", 20, "document"),
    _text("language", 10, "EN"),
    Column("start_offset", Integer, nullable=False),
    Column("end_offset", Integer, nullable=False),
    Column("model_id", String(255), nullable=False),
    Column("embedding", HALFVEC(WIDTH), nullable=False),
    Column("tsv", TSVECTOR, Computed(_WEIGHED, persisted=True)),
    _time("created_at"),
    ForeignKeyConstraint(
        ["document_id", "user_id"],
        ["knowledge_documents.id", "knowledge_documents.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name="fk_knowledge_chunks_document_id_user_id",
    ),
    UniqueConstraint("document_id", "chunk_index", name="uq_knowledge_chunks_document_id_chunk_index"),
    Index("idx_user_chunks", "user_id", "clone_id"),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    _owner(),
    Column("subject", String(20), nullable=False),
    _time("granted_at"),
    _time("revoked_at", needed=False),
    Index("idx_user_consents", "user_id", "subject"),
)
