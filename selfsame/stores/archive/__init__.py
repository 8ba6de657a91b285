"""Clones out of the database and the file store into archives, and back: rows as lines of JSON, files as they are."""
