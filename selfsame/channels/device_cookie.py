"""The cookie by which a signed-in browser is known again. Scripts cannot read it, other sites cannot send it."""

from __future__ import annotations

from fastapi import Request, Response

from selfsame.channels.peers import headers_of, peer_of
from selfsame.clones.sign_in import LONGEST_DAYS, Caller

NAME = "selfsame_device"
PATH = "/api"
LONGEST = 200


def secret_of(request: Request) -> str | None:
    """The secret that the browser brings, if the page that asks is our own.

    A cookie of this host comes along from pages of other ports too, so the origin is looked at again, without the
    origins that are allowed beside our own.
    """
    secret = request.cookies.get(NAME)
    if not secret or len(secret) > LONGEST or not peer_of(request.scope).may_speak(()):
        return None
    return secret


def remember(response: Response, request: Request, secret: str) -> None:
    """Let the browser keep the secret: for this host alone, and over TLS alone where the page came by it."""
    response.set_cookie(
        NAME,
        secret,
        max_age=LONGEST_DAYS * 86_400,
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=is_secure(request),
    )


def forget(response: Response, request: Request) -> None:
    """Let the browser drop it."""
    response.delete_cookie(NAME, path=PATH, httponly=True, samesite="strict", secure=is_secure(request))


def is_secure(request: Request) -> bool:
    """Whether the page came over TLS, also as a proxy says; a proxy's lie only keeps the cookie from being sent."""
    forwarded = headers_of(request.scope).get("x-forwarded-proto", "")
    return peer_of(request.scope).scheme == "https" or forwarded.split(",")[0].strip().lower() == "https"


def caller_of(request: Request, device_id: str) -> Caller:
    """Who tries to sign in."""
    agent = headers_of(request.scope).get("user-agent", "")
    return Caller(device_id, peer_of(request.scope).address, agent)
