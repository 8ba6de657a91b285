"""The history of what was extracted about a person: when, from what, by which engine, with which evidence.

Revision ID: 006
Revises: 002
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its policies."""
    statements = Path(__file__).with_name("006_persona_extractions.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop the table."""
    op.get_bind().exec_driver_sql("DROP TABLE persona_extractions")
