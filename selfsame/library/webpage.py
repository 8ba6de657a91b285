"""Fetching a page by its address, for its owner, without being led into our own network.

Every step, redirects included, resolves the name, checks all its addresses, and connects to the address that was
checked, so that a name which changes its mind (DNS rebinding) gains nothing. Size, time and kinds are limited, and a
site's wish that programs stay away from a page (robots.txt, RFC 9309) is respected.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import anyio
import httpx

from selfsame.errors import BadInput, TooLarge, Unavailable
from selfsame.kit.tasks import offload
from selfsame.library.addresses import PORTS, Address, is_public, parse_address

AGENT = "Selfsame/0.1 (reads single pages for their owners)"
MOST_REDIRECTS = 5
MEGABYTE = 1_000_000
_MOVED = (301, 302, 303, 307, 308)
_MEDIA = ("image/", "video/", "audio/", "font/")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a name. Raises OSError."""
    found = await anyio.getaddrinfo(host, port, type=1)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be fetched. `allowed` judges an IP address; `ports` None: any. Seconds and bytes are of one page."""

    resolve: Resolve = resolve
    allowed: Callable[[str], bool] = is_public
    ports: frozenset[int] | None = PORTS
    most_bytes: int = 10 * MEGABYTE
    seconds: float = 30.0
    robots: bool = True


USUAL = Policy()


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page that came. `name` is the last part of its address; text is UTF-8 when the server said its encoding."""

    address: str
    content: bytes
    name: str = ""


async def fetch_page(text: str, policy: Policy = USUAL) -> WebPage:
    """Fetch a page. Raises BadInput or TooLarge with what to do, Unavailable when the site does not answer now."""
    address = parse_address(text, policy.ports)
    context = await offload(ssl.create_default_context)
    try:
        with anyio.fail_after(policy.seconds):
            async with httpx.AsyncClient(verify=context, trust_env=False, timeout=policy.seconds) as client:
                return await _Visit(client, policy).page(address)
    except TimeoutError as error:
        raise _away(f"{address.host} took longer than {policy.seconds:.0f} seconds.") from error
    except httpx.HTTPError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(error):
            raise BadInput(f"{address.host} cannot prove who it is (its certificate is not valid).") from error
        raise _away(f"{address.host} does not answer.") from error


def _away(what: str) -> Unavailable:
    return Unavailable(
        f"{what} Try again later, or copy the page's text into a file and upload that.", role="files", provider="web"
    )


class _Visit:
    """One page, its redirects, and what their sites ask of programs."""

    def __init__(self, client: httpx.AsyncClient, policy: Policy) -> None:
        self._client = client
        self._policy = policy

    async def page(self, address: Address) -> WebPage:
        for _ in range(MOST_REDIRECTS + 1):
            ip = await self._checked(address)
            if self._policy.robots and not await self._welcome(address, ip):
                raise BadInput(
                    f"{address.host} asks programs not to read this page. Copy its text into a file, and upload that."
                )
            status, headers, content = await self._get(address, ip, self._policy.most_bytes)
            if status in _MOVED and "location" in headers:
                address = parse_address(urljoin(address.text, headers["location"]), self._policy.ports)
                continue
            self._check(address, status, headers)
            return WebPage(
                address.text, _as_utf8(content, headers), address.target.partition("?")[0].rpartition("/")[2]
            )
        raise BadInput("The page leads from one address to another without end. Give the address that it ends at.")

    async def _checked(self, address: Address) -> str:
        """An IP address of the site to connect to. Raises BadInput when any of its addresses is not public."""
        try:
            found = await self._policy.resolve(address.host, address.port)
        except (OSError, UnicodeError) as error:
            raise BadInput(f"There is no website {address.host}. Check the address.") from error
        if not found or not all(map(self._policy.allowed, found)):
            raise BadInput(
                f"{address.host} is not a public website, so its pages are not read. Copy the page's text into a file, "
                "and upload that."
            )
        return found[0]

    async def _welcome(self, address: Address, ip: str) -> bool:
        """Whether the site lets programs read this page; a site that says nothing does."""
        robots = Address(address.scheme, address.host, address.port, "/robots.txt")
        try:
            status, _, content = await self._get(robots, ip, 500_000)
        except (httpx.HTTPError, BadInput, TooLarge):
            return True
        if status != 200:
            return True
        rules = RobotFileParser()
        rules.parse(content.decode("utf-8", "replace").splitlines())
        return rules.can_fetch("Selfsame", address.text)

    async def _get(self, address: Address, ip: str, most: int) -> tuple[int, httpx.Headers, bytes]:
        host = f"[{ip}]" if ":" in ip else ip
        request = self._client.build_request(
            "GET",
            f"{address.scheme}://{host}:{address.port}{address.target}",
            headers={
                "host": address.authority,
                "user-agent": AGENT,
                "accept": "text/html, application/xhtml+xml, text/*, application/pdf, */*;q=0.5",
                "accept-encoding": "gzip",
                "connection": "close",
            },
            extensions={"sni_hostname": address.host},
        )
        response = await self._client.send(request, stream=True)
        try:
            if response.status_code in _MOVED:
                return response.status_code, response.headers, b""
            packed = response.headers.get("content-encoding", "").strip().lower()
            return response.status_code, response.headers, await _body(response, packed, most)
        finally:
            await response.aclose()

    def _check(self, address: Address, status: int, headers: httpx.Headers) -> None:
        if status in (401, 403, 407):
            raise BadInput(
                f"{address.host} shows this page only to those who log in. Save it as a file, and upload that."
            )
        if status in (404, 410):
            raise BadInput(f"{address.host} has no such page. Check the address.")
        if status == 429 or status >= 500:
            raise _away(f"{address.host} cannot show the page now ({status}).")
        if status != 200:
            raise BadInput(f"{address.host} answered {status} instead of the page. Check the address.")
        kind = headers.get("content-type", "").strip().lower()
        if kind.startswith(_MEDIA):
            raise BadInput("There is a picture, a sound or a video at this address, no text. Upload a description.")


async def _body(response: httpx.Response, packed: str, most: int) -> bytes:
    """The body, unpacked by us so that it cannot grow beyond `most` bytes."""
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise BadInput(
            "The site sends the page packed in a way that was not asked for. Save it as a file, and upload that."
        )
    opener = zlib.decompressobj(31) if packed.endswith("gzip") else None
    out = bytearray()
    try:
        async for piece in response.aiter_raw():
            out += piece if opener is None else opener.decompress(piece, most + 1 - len(out))
            if len(out) > most or (opener is not None and opener.unconsumed_tail):
                raise TooLarge(f"The page has more than {most // MEGABYTE} MB. Save the part that matters as a file.")
    except zlib.error as error:
        raise BadInput("The page came damaged. Try again, or save it as a file and upload that.") from error
    return bytes(out)


def _as_utf8(content: bytes, headers: httpx.Headers) -> bytes:
    """Text in another encoding than UTF-8, if the server named one that is known, in UTF-8."""
    kind = headers.get("content-type", "")
    found = _CHARSET.search(kind) if kind.startswith(("text/", "application/xhtml")) else None
    if found is None or found.group(1).lower() in ("utf-8", "utf8", "us-ascii", "ascii"):
        return content
    try:
        return content.decode(found.group(1)).encode("utf-8")
    except (LookupError, UnicodeError):
        return content
