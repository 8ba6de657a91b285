"""Jobs and workers, face models, clips; files are ordered away with the rows that name them.

Revision ID: 002
Revises: 001
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

FILES = ("002_jobs_faces_clips.sql", "002_row_level_security.sql")


def upgrade() -> None:
    """Make the tables, their policies and their triggers."""
    for name in FILES:
        statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Drop the tables, and the trigger on the one that stays."""
    op.get_bind().exec_driver_sql(
        "DROP TRIGGER files_follow ON users; DROP TABLE clips, face_models, job_workers, jobs; "
        "DROP FUNCTION order_erasure(), order_erasure_of_user()"
    )
