"""Tables of the work and of what it makes: jobs, workers, face models, voice models, clips.

A job without a user is the house's own. Whenever a row of `face_models`, `voice_models` or `clips` goes away, by
whatever way, a trigger orders the deletion of the files below its path in the same transaction (migrations 002, 004).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from selfsame.stores.postgres.columns import (
    clone_key,
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

jobs = Table(
    "jobs",
    metadata,
    row_id(),
    Column("user_id", UUID, ForeignKey("users.id", ondelete="CASCADE")),
    Column("kind", String(50), nullable=False),
    words("state", 20, "pending"),
    document("args"),
    document("steps"),
    Column("result", JSONB(none_as_null=True)),
    number("progress"),
    words("message", None, ""),
    Column("error_code", String(50)),
    Column("error_message", Text),
    Column("consent", String(20)),
    Column("idempotency_key", String(200)),
    count("attempt"),
    count("tries"),
    flag("cancel_requested"),
    Column("worker", String(300)),
    time("run_at"),
    time("lease_until", needed=False),
    time("created_at"),
    time("started_at", needed=False),
    time("finished_at", needed=False),
    CheckConstraint("state IN ('pending', 'running', 'completed', 'failed', 'cancelled')", name="ck_jobs_state"),
    UniqueConstraint("user_id", "kind", "idempotency_key", name="uq_jobs_user_id_kind_idempotency_key"),
    Index("idx_user_jobs", "user_id", "created_at"),
    Index("idx_pending_jobs", "run_at", postgresql_where=text("state = 'pending'")),
    Index("idx_running_jobs", "kind", "user_id", postgresql_where=text("state = 'running'")),
    Index("idx_finished_jobs", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
)

job_workers = Table(
    "job_workers",
    metadata,
    Column("id", String(300), primary_key=True),
    Column("host", String(255), nullable=False),
    Column("process", Integer, nullable=False),
    document("kinds", "[]"),
    count("slots"),
    count("running"),
    time("started_at"),
    time("seen_at"),
)

face_models = Table(
    "face_models",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    words("status", 20, "draft"),
    words("tier", 50, ""),
    count("resolution"),
    number("quality_score"),
    Column("model_path", Text, nullable=False),
    document("details"),
    words("rig_hash", 64, ""),
    flag("fictional"),
    time("created_at"),
    CheckConstraint("status IN ('draft', 'active', 'replaced')", name="ck_face_models_status"),
    clone_key("face_models"),
    Index("idx_active_faces", "clone_id", unique=True, postgresql_where=text("status = 'active'")),
    Index("idx_user_faces", "user_id", "created_at"),
)

voice_models = Table(
    "voice_models",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    words("status", 20, "draft"),
    words("provider", 50, ""),
    count("sample_rate"),
    number("quality_score"),
    Column("model_path", Text, nullable=False),
    document("details"),
    time("created_at"),
    CheckConstraint("status IN ('draft', 'active', 'replaced')", name="ck_voice_models_status"),
    clone_key("voice_models"),
    Index("idx_active_voices", "clone_id", unique=True, postgresql_where=text("status = 'active'")),
    Index("idx_user_voices", "user_id", "created_at"),
)

clips = Table(
    "clips",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, ForeignKey("clones.id", ondelete="CASCADE"), nullable=False),
    Column("content_key", String(128), nullable=False),
    Column("job_id", UUID),
    words("state", 20, "pending"),
    Column("script", Text, nullable=False),
    words("language", 10, "EN"),
    count("width"),
    count("height"),
    Column("path", Text, nullable=False),
    document("files"),
    document("timings"),
    number("progress"),
    words("message", None, ""),
    Column("error_message", Text),
    time("created_at"),
    time("expires_at"),
    CheckConstraint("state IN ('pending', 'ready', 'failed')", name="ck_clips_state"),
    UniqueConstraint("user_id", "content_key", name="uq_clips_user_id_content_key"),
    Index("idx_clip_clones", "clone_id"),
    Index("idx_clip_expiry", "expires_at"),
)
