"""The tables as the code sees them; the migrations are what makes them (a test compares the two).

Every row has a `user_id`. Composite foreign keys (`clone_id, user_id`) keep a child with its parent's owner. The tables
of the work and of what it makes are in `work_tables.py`.
"""

from __future__ import annotations

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR, UUID

from selfsame.stores.postgres import account_tables as account_tables  # so that `metadata` knows all tables
from selfsame.stores.postgres import shelf_tables as shelf_tables
from selfsame.stores.postgres import work_tables as work_tables
from selfsame.stores.postgres.columns import (
    clone_key,
    cost,
    count,
    document,
    flag,
    metadata,
    number,
    owner,
    row_id,
    time,
    words,
)

WIDTH = 384
"""Numbers in a vector. One width for all collections; `clones.embedding_model` says which model filled them."""

users = Table(
    "users",
    metadata,
    row_id(),
    Column("email", String(255), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    words("kind", 20, "account"),
    words("subscription_tier", 50, "free"),
    document("settings"),
    time("created_at"),
    time("updated_at"),
)

devices = Table(
    "devices",
    metadata,
    Column("device_hash", String(64), primary_key=True),
    owner(),
    time("created_at"),
    time("last_seen_at"),
    Index("idx_device_users", "user_id"),
)

clones = Table(
    "clones",
    metadata,
    row_id(),
    owner(),
    Column("slug", String(100), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    words("language", 10, "EN"),
    flag("public"),
    count("knowledge_version"),
    words("adherence", 20, "adaptive"),
    document("no_answer"),
    Column("embedding_model", String(255)),
    Column("embedding_width", Integer),
    time("created_at"),
    time("updated_at"),
    UniqueConstraint("id", "user_id", name="uq_clones_id_user_id"),
    Index("idx_clone_users", "user_id"),
)

personas = Table(
    "personas",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    time("created_at"),
    clone_key("personas"),
    UniqueConstraint("id", "user_id", name="uq_personas_id_user_id"),
)

persona_profiles = Table(
    "persona_profiles",
    metadata,
    row_id(),
    owner(),
    Column("persona_id", UUID, nullable=False, unique=True),
    document("auto_extracted"),
    Column("manual_overrides", JSONB(none_as_null=True)),
    time("updated_at"),
    ForeignKeyConstraint(
        ["persona_id", "user_id"],
        ["personas.id", "personas.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name="fk_persona_profiles_persona_id_user_id",
    ),
)

persona_extractions = Table(
    "persona_extractions",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    words("source", 300, ""),
    words("engine", 200, ""),
    document("profile"),
    document("measured"),
    document("evidence"),
    document("figures"),
    document("notes", "[]"),
    time("created_at"),
    clone_key("persona_extractions"),
    Index("idx_clone_extractions", "clone_id", "created_at"),
    Index("idx_user_extractions", "user_id"),
)

conversation_sessions = Table(
    "conversation_sessions",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, ForeignKey("clones.id", ondelete="CASCADE"), nullable=False),
    words("state", 50, "active"),
    words("language", 10, "auto"),
    words("mode", 20, "planning"),
    flag("keep_transcripts"),
    count("total_turns"),
    time("started_at"),
    time("last_activity_at"),
    time("ended_at", needed=False),
    UniqueConstraint("id", "user_id", name="uq_conversation_sessions_id_user_id"),
    Index("idx_user_sessions", "user_id", "started_at"),
    Index("idx_session_clones", "clone_id"),
    Index("idx_open_sessions", "last_activity_at", postgresql_where=text("ended_at IS NULL")),
)

conversation_turns = Table(
    "conversation_turns",
    metadata,
    row_id(),
    owner(),
    Column("session_id", UUID, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("message_id", Text),
    time("created_at"),
    words("language", 10, "EN"),
    Column("user_transcript", Text),
    Column("llm_response", Text),
    number("transcript_confidence"),
    number("user_audio_ms"),
    number("response_audio_ms"),
    number("heard_ms"),
    flag("interrupted"),
    number("asr_latency_ms"),
    number("endpointing_ms"),
    number("rag_latency_ms"),
    number("llm_latency_ms"),
    number("tts_latency_ms"),
    number("total_latency_ms"),
    cost("asr_cost"),
    cost("llm_cost"),
    cost("tts_cost"),
    cost("total_cost"),
    words("model", None, ""),
    flag("speculated"),
    document("sources", "[]"),
    Column("prompt_tokens", Integer),
    Column("reply_tokens", Integer),
    flag("tokens_estimated"),
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
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    Column("filename", String(255), nullable=False),
    Column("title", Text, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("content_hash", String(64), nullable=False),
    words("kind", 20, "document"),
    words("language", 10, "EN"),
    words("status", 50, "pending"),
    Column("error_message", Text),
    Column("source_url", Text),
    count("chunk_count"),
    time("uploaded_at"),
    time("processed_at", needed=False),
    clone_key("knowledge_documents"),
    UniqueConstraint("id", "user_id", name="uq_knowledge_documents_id_user_id"),
    Index("idx_user_documents", "user_id", "uploaded_at"),
    Index("idx_clone_documents", "clone_id", "content_hash"),
)

_WEIGHED = """CASE language
WHEN 'EN' THEN setweight(to_tsvector('english', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('english', content)
WHEN 'ES' THEN setweight(to_tsvector('spanish', coalesce(question, '') || ' ' || heading || ' '
 || plain_spanish(coalesce(question, '') || ' ' || heading)), 'A')
 || to_tsvector('spanish', content || ' ' || plain_spanish(content))
ELSE setweight(to_tsvector('simple', chinese_pairs(coalesce(question, '') || ' ' || heading)), 'A')
 || to_tsvector('simple', chinese_pairs(content)) END"""
"""Spanish with accents and without; Chinese in overlapping pairs. The functions are the migration's; what is asked is
prepared alike in `queries.py`."""

knowledge_chunks = Table(
    "knowledge_chunks",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    Column("document_id", UUID, nullable=False),
    Column("chunk_index", Integer, nullable=False),
    Column("content", Text, nullable=False),
    words("heading", None, ""),
    words("locator", None, ""),
    Column("question", Text),
    words("source_type", 20, "document"),
    words("language", 10, "EN"),
    Column("start_offset", Integer, nullable=False),
    Column("end_offset", Integer, nullable=False),
    Column("model_id", String(255), nullable=False),
    Column("embedding", HALFVEC(WIDTH), nullable=False),
    Column("tsv", TSVECTOR, Computed(_WEIGHED, persisted=True)),
    time("created_at"),
    ForeignKeyConstraint(
        ["document_id", "user_id"],
        ["knowledge_documents.id", "knowledge_documents.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name="fk_knowledge_chunks_document_id_user_id",
    ),
    UniqueConstraint("document_id", "chunk_index", name="uq_knowledge_chunks_document_id_chunk_index"),
    Index("idx_user_chunks", "user_id", "clone_id", postgresql_include=["id", "embedding"]),
    Index("idx_chunk_words", "tsv", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    Index(
        "idx_chunk_vectors",
        "embedding",
        postgresql_using="hnsw",
        postgresql_with={"m": 16, "ef_construction": 64},
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
    ),
)

knowledge_words = Table(
    "knowledge_words",
    metadata,
    Column("clone_id", UUID, primary_key=True),
    Column("word", Text, primary_key=True),
    owner(),
    Column("chunks", Integer, nullable=False),
    clone_key("knowledge_words"),
)

unanswered_questions = Table(
    "unanswered_questions",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    Column("answer_id", UUID, nullable=False),
    Column("question", Text, nullable=False),
    words("language", 10, "EN"),
    Column("model_id", String(255), nullable=False),
    Column("embedding", HALFVEC(WIDTH), nullable=False),
    count("times"),
    time("first_asked_at"),
    time("last_asked_at"),
    clone_key("unanswered_questions"),
    Index("idx_user_unanswered", "user_id", "clone_id", "last_asked_at"),
    Index("idx_old_unanswered", "last_asked_at"),
)

consents = Table(
    "consents",
    metadata,
    row_id(),
    owner(),
    Column("subject", String(20), nullable=False),
    time("granted_at"),
    time("revoked_at", needed=False),
    Column("evidence", JSONB(none_as_null=True)),
    Index("idx_user_consents", "user_id", "subject"),
)
