"""Postgres: the one database. `supervisor` runs the private server, `database` opens any, the rest are the ports."""
