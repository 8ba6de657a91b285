"""Durable work: one queue on the database, whose jobs go on where they were when a process is killed."""
