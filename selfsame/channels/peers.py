"""Who is at the other end: address, origin, token. Pure readings of an ASGI scope."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
SUBPROTOCOL = "selfsame.v1"
_BEARER = "bearer."
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a request or socket."""

    address: str
    host: str
    origin: str | None
    scheme: str
    forwarded: bool

    @property
    def is_local(self) -> bool:
        """Whether this is the person at this machine: a loopback address, asked for by a loopback name.

        A proxy's headers rule it out, as does a foreign Host (a page that rebinds its name to 127.0.0.1).
        """
        return not self.forwarded and is_loopback(self.address) and is_loopback(_hostname(self.host))

    def may_speak(self, origins: tuple[str, ...]) -> bool:
        """Whether the page that asks is ours or listed; programs send no origin (API-06)."""
        if self.origin is None or self.origin in origins or "*" in origins:
            return True
        scheme, separator, netloc = self.origin.lower().partition("://")
        return bool(separator) and scheme in ("http", "https") and self.host != "" and netloc == self.host.lower()


def peer_of(scope: Scope) -> Peer:
    """Read the scope of an HTTP request or a WebSocket."""
    headers = headers_of(scope)
    client = scope.get("client")
    return Peer(
        address=client[0] if client else "",
        host=headers.get("host", ""),
        origin=headers.get("origin"),
        scheme="https" if scope.get("scheme") in ("https", "wss") else "http",
        forwarded=any(name in headers for name in _FORWARDED),
    )


def headers_of(scope: Scope) -> Mapping[str, str]:
    """The headers by lower-case name; the last of several wins."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine's loopback."""
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _hostname(host: str) -> str:
    try:
        return urlsplit("//" + host).hostname or ""
    except ValueError:
        return ""


def socket_token(scope: Scope) -> str | None:
    """The token a socket presents: sub-protocol `bearer.<token>`, else `?token=`, else an Authorization header."""
    for name in scope.get("subprotocols", ()):
        if name.startswith(_BEARER):
            return name[len(_BEARER) :]
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return query["token"][0] if query.get("token") else request_token(scope)


def request_token(scope: Scope) -> str | None:
    """The token of `Authorization: Bearer <token>`."""
    kind, _, token = headers_of(scope).get("authorization", "").partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None
