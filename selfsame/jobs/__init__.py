"""Durable work: one queue on the database, whose jobs go on where they were when a process is killed.

`job` holds the rules (pure), `port` what a queue must do, `work` what a handler gets, `worker` the shell that runs
handlers, `erase` the one job that the house orders itself.
"""
