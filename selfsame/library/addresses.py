"""Which addresses of the web may be read on an owner's behalf: pure.

A page is fetched by our machine, so an address must not lead into our own network (server-side request forgery,
CWE-918): no private, loopback, link-local or otherwise special address, in whatever way it is written or wrapped.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from selfsame.errors import BadInput

PORTS = frozenset({80, 443, 8080, 8443})
LONGEST = 2000
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,251}[a-z0-9])?")
_WRAPPED = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64 (RFC 6052): the last 32 bits
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4 (RFC 3056): the 32 bits after the prefix
)
_SPECIAL = (
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("fec0::/10"),
    ipaddress.ip_network("2001::/32"),
)
"""Retired relays, site-local addresses and Teredo, which `ipaddress` calls global or which wrap another address."""


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address. `host` is in ASCII (IDNA), `target` the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_address(text: str, ports: frozenset[int] | None = PORTS) -> Address:
    """The address that somebody typed; `https` when they left it out. Raises BadInput."""
    text = text.strip()
    if not text or len(text) > LONGEST or any(mark.isspace() or not mark.isprintable() for mark in text):
        raise BadInput(f"Give the address of a page, like https://example.org/about, of at most {LONGEST} letters.")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        if ":" not in host and not host.isascii():
            host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise BadInput("This is no address of a web page. It looks like https://example.org/about.") from error
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise BadInput("Only pages of the web can be read: the address must begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise BadInput("The address holds a name or a password. Give it without.")
    if not _HOST.fullmatch(host) and not _is_ipv6(host):
        raise BadInput("The address names no website. It looks like https://example.org/about.")
    port = port or (443 if scheme == "https" else 80)
    if ports is not None and port not in ports:
        raise BadInput(f"Pages at port {port} are not read. Copy the page's text into a file, and upload that.")
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return Address(scheme, host, port, _escaped(target))


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return "%" not in host


def _escaped(target: str) -> str:
    return quote(target, safe="/?%&=+$,;:@!~*'()-._[]|")


def is_public(text: str) -> bool:
    """Whether an IP address is one that anybody on the internet may reach."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        for network, shift in _WRAPPED:
            if address in network:
                return is_public(str(ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)))
    if any(address.version == network.version and address in network for network in _SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
