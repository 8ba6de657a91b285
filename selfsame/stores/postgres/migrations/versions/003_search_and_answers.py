"""Words and vectors of knowledge indexed for search; adherence to it; unanswered questions.

Revision ID: 003
Revises: 002
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

FILES = ("003_search_and_answers.sql", "003_row_level_security.sql")
_BACK = """
DROP TRIGGER words_come ON knowledge_chunks;
DROP TRIGGER words_go ON knowledge_chunks;
DROP POLICY searching ON knowledge_chunks;
DROP POLICY searching ON clones;
DROP FUNCTION chunks_worded, words_known, may_search, count_words;
DROP TABLE knowledge_words, unanswered_questions;
DROP INDEX idx_chunk_words, idx_chunk_vectors, idx_user_chunks;
CREATE INDEX idx_user_chunks ON knowledge_chunks (user_id, clone_id);
ALTER TABLE clones DROP COLUMN adherence, DROP COLUMN no_answer;
ALTER TABLE knowledge_documents DROP COLUMN kind;
ALTER TABLE knowledge_chunks DROP COLUMN tsv;
DROP FUNCTION chinese_pairs, plain_spanish;
ALTER TABLE knowledge_chunks ADD COLUMN tsv TSVECTOR GENERATED ALWAYS AS (CASE language
WHEN 'EN' THEN setweight(to_tsvector('english', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('english', content)
WHEN 'ES' THEN setweight(to_tsvector('spanish', coalesce(question, '') || ' ' || heading), 'A')
 || to_tsvector('spanish', content)
ELSE setweight(to_tsvector('simple',
 regexp_replace(coalesce(question, '') || ' ' || heading, '([一-鿿])', ' \\1 ', 'g')), 'A')
 || to_tsvector('simple', regexp_replace(content, '([一-鿿])', ' \\1 ', 'g')) END) STORED
"""


def upgrade() -> None:
    """Make the columns, indexes, tables, policies and functions."""
    for name in FILES:
        statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))  # the driver takes % for a placeholder


def downgrade() -> None:
    """Go back to the words as they were indexed before; answers that owners wrote stay as documents."""
    op.get_bind().exec_driver_sql(_BACK)
