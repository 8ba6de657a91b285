"""Alembic's entry: runs the steps on the connection that `schema.py` hands over."""

from __future__ import annotations

from alembic import context

from selfsame.stores.postgres.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
