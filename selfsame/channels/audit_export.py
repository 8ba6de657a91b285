"""The audit log as files (AUDL-03): a line of JSON for each entry, as BigQuery loads it, or a table for spreadsheets.

BigQuery's load format is newline-delimited JSON with a schema: `SCHEMA` is that, and every line keeps to it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC
from typing import Any, Literal
from uuid import UUID

import orjson

from selfsame.clones.audit import AuditLog, Cursor, Entry, Logged
from selfsame.library.extract.rows_file import csv_text

Format = Literal["jsonl", "csv"]
PAGE = 500
_TEXT = "STRING"
SCHEMA: tuple[dict[str, str], ...] = (
    {"name": "id", "type": _TEXT, "mode": "REQUIRED", "description": "The entry's id; no two are the same."},
    {"name": "timestamp", "type": "TIMESTAMP", "mode": "REQUIRED", "description": "When it was written, in UTC."},
    {"name": "userId", "type": _TEXT, "mode": "REQUIRED", "description": "Whose log it stands in."},
    {"name": "action", "type": _TEXT, "mode": "REQUIRED", "description": "What was done: sign_in, data_access, ..."},
    {"name": "resource", "type": _TEXT, "mode": "REQUIRED", "description": "What it was done to, as a path."},
    {"name": "result", "type": _TEXT, "mode": "REQUIRED", "description": "success or failure"},
    {"name": "ipAddress", "type": _TEXT, "mode": "REQUIRED", "description": "Where it came from."},
    {"name": "userAgent", "type": _TEXT, "mode": "REQUIRED", "description": "What its browser calls itself."},
    {"name": "metadata", "type": "JSON", "mode": "REQUIRED", "description": "More, by action; no content, no secret."},
)
"""Columns as `bq load --source_format=NEWLINE_DELIMITED_JSON` takes them."""
NAMES = tuple(column["name"] for column in SCHEMA)


def row(line: Logged) -> dict[str, Any]:
    """An entry under the names of the schema."""
    entry: Entry = line.entry
    return {
        "id": str(line.id),
        "timestamp": line.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "userId": str(entry.user_id),
        "action": entry.action,
        "resource": entry.resource,
        "result": entry.result,
        "ipAddress": entry.ip_address,
        "userAgent": entry.user_agent,
        "metadata": dict(entry.details),
    }


def written(lines: Sequence[Logged], form: Format) -> bytes:
    """Entries as lines of the file. In a table no cell is a formula, and `metadata` is JSON."""
    if form == "jsonl":
        return b"".join(orjson.dumps(row(line)) + b"\n" for line in lines)
    return csv_text([[_cell(row(line)[name]) for name in NAMES] for line in lines]).encode()


async def exported(log: AuditLog, form: Format, user: UUID | None) -> AsyncIterator[bytes]:
    """The whole log of a user, newest first, piece by piece; of all users, one after the other, when it is None.

    Raises Unavailable.
    """
    if form == "csv":
        yield "\ufeff".encode() + csv_text([list(NAMES)]).encode()
    for each in await log.users() if user is None else [user]:
        last: Cursor | None = None
        while lines := await log.page(each, PAGE, last):
            yield written(lines, form)
            last = Cursor(lines[-1].at, lines[-1].id)


def file_name(form: Format, user: UUID | None) -> str:
    """What a browser saves it as."""
    return f"selfsame-audit-{'all' if user is None else str(user)[:8]}.{form}"


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
