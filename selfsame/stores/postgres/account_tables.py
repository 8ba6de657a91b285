"""Tables of the account: signing in, providers' keys, what visitors say of answers, and the audit log.

What identifies (codes, device secrets) is stored hashed, providers' keys sealed. A report and a rating belong to the
owner of the clone; `reporter_id` and `rater_id` say who sent it, and go with them.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import UUID

from selfsame.stores.postgres.columns import clone_key, count, document, flag, metadata, owner, row_id, time, words


def _sender(name: str) -> Column:
    return Column(name, UUID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


def _conversation() -> Column:
    return Column("session_id", UUID, ForeignKey("conversation_sessions.id", ondelete="CASCADE"), nullable=False)


sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    row_id(),
    owner(),
    Column("code_hash", String(64), nullable=False),
    count("tries"),
    time("created_at"),
    time("expires_at"),
    time("used_at", needed=False),
    Index("idx_user_codes", "user_id"),
)

signed_in_devices = Table(
    "signed_in_devices",
    metadata,
    row_id(),
    owner(),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("device_hash", String(64), nullable=False),
    words("name", 200, ""),
    words("address", 64, ""),
    time("created_at"),
    time("last_seen_at"),
    time("expires_at"),
    Index("idx_user_signed_in", "user_id", "last_seen_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    row_id(),
    owner(),
    Column("provider", String(30), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    words("base_url", 500, ""),
    words("model", 100, ""),
    time("set_at"),
    words("check_state", 20, ""),
    words("check_message", None, ""),
    time("checked_at", needed=False),
    UniqueConstraint("user_id", "provider", name="uq_api_keys_user_id_provider"),
)

answer_reports = Table(
    "answer_reports",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    _sender("reporter_id"),
    _conversation(),
    Column("turn", Integer, nullable=False),
    Column("reason", String(30), nullable=False),
    words("words", None, ""),
    Column("question", Text),
    Column("answer", Text),
    flag("copied"),
    words("status", 20, "open"),
    words("note", None, ""),
    time("created_at"),
    time("resolved_at", needed=False),
    CheckConstraint("status IN ('open', 'resolved')", name="ck_answer_reports_status"),
    clone_key("answer_reports"),
    UniqueConstraint("session_id", "turn", "reporter_id", name="uq_answer_reports_session_id_turn_reporter_id"),
    Index("idx_user_reports", "user_id", "created_at"),
    Index("idx_reporters", "reporter_id"),
    Index("idx_old_reports", "created_at"),
)

conversation_ratings = Table(
    "conversation_ratings",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    _sender("rater_id"),
    _conversation(),
    Column("rating", Integer, nullable=False),
    words("words", None, ""),
    time("created_at"),
    CheckConstraint("rating BETWEEN 1 AND 5", name="ck_conversation_ratings_rating"),
    clone_key("conversation_ratings"),
    UniqueConstraint("session_id", "rater_id", name="uq_conversation_ratings_session_id_rater_id"),
    Index("idx_user_ratings", "user_id", "created_at"),
    Index("idx_raters", "rater_id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    row_id(),
    owner(),
    time("created_at"),
    Column("action", String(50), nullable=False),
    words("resource", 200, ""),
    Column("result", String(10), nullable=False),
    words("ip_address", 64, ""),
    words("user_agent", 300, ""),
    document("details"),
    CheckConstraint("result IN ('success', 'failure')", name="ck_audit_log_result"),
    Index("idx_user_audit", "user_id", "created_at"),
    Index("idx_old_audit", "created_at"),
)
