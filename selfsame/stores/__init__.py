"""The truth: Postgres rows and files."""
