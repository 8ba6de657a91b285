"""The schema's history, run by `selfsame.stores.postgres.schema`."""
