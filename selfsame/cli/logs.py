"""Logs: structured, on standard error, as JSON for machines or coloured lines for people (LOG-01 to LOG-03).

Messages are static text; values are fields. A line has `timestamp`, `level`, `service`, `message`, `sessionId`,
`userId`, `metadata` with the other fields, and `stackTrace` where something was raised.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

SERVICE = "selfsame"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
_NAMES = {"warning": "WARN", "critical": "ERROR", "exception": "ERROR"}
_TOP = {"session_id": "sessionId", "user_id": "userId", "service": "service"}


def set_up(level: str = "info", shape: str = "auto") -> None:
    """Configure structlog and the standard library's logging. `shape` auto means console on a terminal, else JSON."""
    console = shape == "console" or (shape == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if console
        else [structlog.processors.format_exc_info, as_entry, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level])
    for noisy in ("httpx", "httpcore", "uvicorn", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(max(LEVELS[level], logging.WARNING))
    # It warns of every query that is cut off when a command ends; what fails, we say ourselves.
    logging.getLogger("psycopg").setLevel(max(LEVELS[level], logging.ERROR))


def as_entry(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """The fields of a LogEntry (LOG-02)."""
    level = str(event.pop("level", "info"))
    entry: EventDict = {
        "timestamp": event.pop("timestamp", None),
        "level": _NAMES.get(level, level.upper()),
        "service": event.pop("service", SERVICE),
        "message": event.pop("event", ""),
    }
    stack = event.pop("exception", None) or event.pop("stack", None)
    for name, title in _TOP.items():
        if name in event:
            entry[title] = event.pop(name)
    if event:
        entry["metadata"] = dict(event)
    if stack:
        entry["stackTrace"] = stack
    return entry
