"""Pictures of products, whose files are ordered away with their rows; the tokens of each turn.

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
    """Make the table, its policy and its trigger; add the columns, and count them."""
    for name in ("008_product_pictures.sql", "008_tokens.sql"):
        statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop them; what counts turns is as it was in 007."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP FUNCTION usage_of_turns(timestamptz)")
    for column in ("prompt_tokens", "reply_tokens", "tokens_estimated"):
        connection.exec_driver_sql(f"ALTER TABLE conversation_turns DROP COLUMN {column}")
    connection.exec_driver_sql("DROP TABLE product_pictures")
    statements = Path(__file__).with_name("007_row_level_security.sql").read_text(encoding="utf-8")
    begin = statements.index("CREATE FUNCTION usage_of_turns")
    connection.exec_driver_sql(statements[begin : statements.index("$$;", begin) + 3].replace("%", "%%"))
