"""Voice models, and the evidence of a spoken consent.

Revision ID: 004
Revises: 002
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, its policies and its trigger, and the new column."""
    statements = Path(__file__).with_name("004_voices.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop them."""
    op.get_bind().exec_driver_sql("DROP TABLE voice_models; ALTER TABLE consents DROP COLUMN evidence")
