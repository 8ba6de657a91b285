"""Writing the audit log: requests that are logged (AUDL-02), and what routes log themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from fastapi import Request

from selfsame.channels.account_port import Account
from selfsame.channels.identity import Identity
from selfsame.channels.limits import Buckets
from selfsame.channels.peers import headers_of, peer_of, request_token
from selfsame.clones.audit import REFUSED, Entry, Result, action_of
from selfsame.clones.tokens import OWN
from selfsame.errors import SelfsameError
from selfsame.kit.clock import Clock

log = structlog.get_logger(__name__)
REFUSALS_A_MINUTE = 10.0
"""Of one address; more are not logged, so that nobody fills the log."""


async def note(account: Account, request: Request, action: str, result: Result = "success", **details: Any) -> None:
    """Log an action of the owner, or of somebody who would be. A log that cannot be written stops nothing."""
    await write(account, request.scope, account.owner_id, action, result, details)


async def write(account: Account, scope: Any, user: UUID, action: str, result: Result, details: dict[str, Any]) -> None:
    """Add an entry about a request."""
    agent = headers_of(scope).get("user-agent", "")
    entry = Entry(user, action, scope["path"], result, peer_of(scope).address, agent, details)
    try:
        await account.audit.write(entry)
    except SelfsameError as error:
        log.warning("the audit log could not be written", action=action, code=error.code)


class AuditTrail:
    """Logs those requests of the owner that change, train, delete or hand out data; and refusals of them."""

    def __init__(
        self, app: Any, account: Account, authenticate: Callable[[str], Awaitable[Identity]], clock: Clock
    ) -> None:
        self._app = app
        self._account = account
        self._authenticate = authenticate
        self._clock = clock
        self._refusals = Buckets(REFUSALS_A_MINUTE / 60, REFUSALS_A_MINUTE)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        action = action_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if action is None:
            await self._app(scope, receive, send)
            return
        identity = await self._identity(scope)  # before: the request may be the end of its sender
        status = 500

        async def noting(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            await self._log(scope, action, identity, status)

    async def _identity(self, scope: Any) -> Identity | None:
        token = request_token(scope)
        try:
            return None if token is None else await self._authenticate(token)
        except SelfsameError:
            return None

    async def _log(self, scope: Any, action: str, identity: Identity | None, status: int) -> None:
        details: dict[str, Any] = {"method": scope["method"], "status": status}
        if identity is not None and (OWN in identity.permissions or status < 400):
            result: Result = "success" if status < 400 else "failure"
            await write(self._account, scope, identity.user_id, action, result, details)
        elif status in (401, 403) and self._refusals.take(peer_of(scope).address, self._clock.now()):
            details |= {"tried": action} | ({} if identity is None else {"by": str(identity.user_id)})
            await write(self._account, scope, self._account.owner_id, REFUSED, "failure", details)
