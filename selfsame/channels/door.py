"""Who may call a route. The one place where tokens and origins of requests are checked.

A route says whom it is for by the type of an argument: `caller: Caller` any bearer of a token, `owner: Owner` owners
alone, asked from our own pages. That checks it before a byte of an upload is read, and describes it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.security import APIKeyQuery, HTTPBearer

from selfsame.channels.identity import Identity
from selfsame.channels.peers import Peer, peer_of, request_token, socket_token
from selfsame.clones.tokens import OWN, READ_METRICS
from selfsame.errors import Forbidden, Unauthenticated

BEARER = HTTPBearer(scheme_name="bearer", description="A token of POST /api/sessions.", auto_error=False)
IN_QUERY = APIKeyQuery(
    name="token", scheme_name="token", description="The same, for elements that send no headers.", auto_error=False
)


@dataclass(frozen=True, slots=True)
class Door:
    """`authenticate(token)` gives the identity or raises Unauthenticated; `origins`: pages of others that may ask."""

    authenticate: Callable[[str], Awaitable[Identity]]
    origins: tuple[str, ...] = ()

    def opened(self, app: FastAPI) -> FastAPI:
        """The application, whose routes ask at this door from now on."""
        app.state.door = self
        return app

    def same_origin(self, request: Request) -> Peer:
        """Who asks. Raises Forbidden (ORIGIN_REFUSED) for pages of others."""
        peer = peer_of(request.scope)
        if not peer.may_speak(self.origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        return peer

    async def identity(self, token: str | None) -> Identity:
        """Whose token it is. Raises Unauthenticated."""
        if token is None:
            raise Unauthenticated("a token is needed: get one from POST /api/sessions")
        return await self.authenticate(token)

    async def owner(self, request: Request) -> Identity:
        """The owner who asks. Raises Unauthenticated, Forbidden."""
        self.same_origin(request)
        identity = await self.identity(request_token(request.scope))
        if OWN not in identity.permissions:
            raise Forbidden("only the owner of the clone may do this")
        return identity


async def _door(request: Request) -> Door:  # async: others would be run in a thread
    return request.app.state.door


_Door = Annotated[Door, Depends(_door)]
_Bearer = Annotated[Any, Depends(BEARER)]
_Either = Annotated[Any, Depends(IN_QUERY)]


async def _page(request: Request, door: _Door) -> Peer:
    return door.same_origin(request)


async def _caller(request: Request, door: _Door, _: _Bearer) -> Identity:
    return await door.identity(request_token(request.scope))


async def _owner(request: Request, door: _Door, _: _Bearer) -> UUID:
    return (await door.owner(request)).user_id


async def _admin(request: Request, door: _Door, _: _Bearer) -> UUID:
    identity = await door.owner(request)
    if READ_METRICS not in identity.permissions:
        raise Forbidden("only the owner of this machine may see its operations")
    return identity.user_id


async def _viewer(request: Request, door: _Door, _: _Bearer, __: _Either) -> UUID:
    return (await door.identity(socket_token(request.scope))).user_id


async def _actor(request: Request, door: _Door, _: _Bearer, __: _Either) -> UUID:
    door.same_origin(request)
    return (await door.identity(socket_token(request.scope))).user_id


OwnPage = Annotated[Peer, Depends(_page)]
"""Whoever asks from one of our pages, or from none."""
Caller = Annotated[Identity, Depends(_caller)]
"""Whoever bears a token."""
Owner = Annotated[UUID, Depends(_owner)]
"""The id of an owner (permission "own"), asked from one of our pages."""
Admin = Annotated[UUID, Depends(_admin)]
"""The id of an owner who may see how the whole server does (permission "read_metrics"), asked from one of our pages."""
Viewer = Annotated[UUID, Depends(_viewer)]
"""The id of whoever bears a token, which may be in the address: for elements of a page that show files."""
Actor = Annotated[UUID, Depends(_actor)]
"""The same, asked from one of our pages: for what changes something."""
