"""Pictures of products, whose files are ordered away with their rows.

Revision ID: 008
Revises: 007
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, its policy and its trigger."""
    statements = Path(__file__).with_name("008_product_pictures.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop the table."""
    op.get_bind().exec_driver_sql("DROP TABLE product_pictures")
