"""What owners upload to their clone's knowledge, and products; files are ordered away with the uploads that name them.

Revision ID: 005
Revises: 002
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, their policies and their trigger."""
    statements = Path(__file__).with_name("005_uploads_and_products.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop the tables."""
    op.get_bind().exec_driver_sql("DROP TABLE product_chunks, products, knowledge_uploads")
