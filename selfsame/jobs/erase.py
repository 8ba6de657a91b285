"""Deleting files for good. The database orders it whenever a row that names files goes away, and when a user does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from selfsame.errors import BadInput
from selfsame.jobs.job import JobKind
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.studio.folders import FOLDERS, folder_of, is_erasable
from selfsame.studio.port import FileStore

ERASE = JobKind("erase-files", max_running=2, max_attempts=1000)
"""It is tried again for days: what somebody wanted deleted is deleted."""


def erasing(files: FileStore) -> Handler:
    """The handler of `ERASE`. Its arguments name a `prefix` (a folder of one user), or a `user` who was erased.

    Each order comes twice, at once and five minutes later, when every writer that was still at work has stopped.
    """

    async def erase(work: Work) -> Any:
        removed = 0
        for prefix in _prefixes(work.args.get("prefix"), work.args.get("user")):
            removed += await files.delete(prefix)
        return {"files": removed}

    return erase


def _prefixes(prefix: Any, user: Any) -> list[str]:
    if isinstance(user, str) and prefix is None:
        try:
            return [folder_of(purpose, UUID(user)) for purpose in FOLDERS]
        except ValueError:
            raise BadInput("the order names no user") from None
    if not isinstance(prefix, str) or not is_erasable(prefix):
        raise BadInput("the order names no folder of a single user")
    return [prefix]
