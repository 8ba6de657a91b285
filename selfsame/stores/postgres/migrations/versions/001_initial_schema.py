"""Users, devices, clones, personas, conversations, knowledge, consents; row-level security on all of them.

Revision ID: 001
Revises:
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

FILES = ("001_initial_schema.sql", "001_row_level_security.sql")
TABLES = (
    "consents, knowledge_chunks, knowledge_documents, conversation_turns, conversation_sessions, persona_profiles, "
    "personas, clones, devices, users"
)


def upgrade() -> None:
    """Make the tables and their policies."""
    for name in FILES:
        statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop the tables; the roles stay, since other databases of the cluster may use them."""
    op.get_bind().exec_driver_sql(f"DROP TABLE {TABLES}")
