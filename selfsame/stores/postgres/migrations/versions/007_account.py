"""Signing in from other machines, providers' keys, reports and ratings of answers, the audit log; counting usage.

Revision ID: 007
Revises: 006
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, their policies and the functions that count."""
    for name in ("007_account.sql", "007_row_level_security.sql"):
        statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop them."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        "DROP FUNCTION usage_of_conversations(timestamptz), usage_of_turns(timestamptz), usage_of_clips(timestamptz)"
    )
    for table in ("conversation_sessions", "conversation_turns", "clips"):
        connection.exec_driver_sql(f"DROP POLICY counting_usage ON {table}")
    connection.exec_driver_sql(
        "DROP TABLE audit_log, conversation_ratings, answer_reports, api_keys, signed_in_devices, sign_in_codes"
    )
