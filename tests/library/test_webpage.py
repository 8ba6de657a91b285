"""Fetching pages: which addresses are refused, and what real servers may and may not do to us."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import BadInput, SelfsameError, TooLarge, Unavailable
from selfsame.library.addresses import is_public, parse_address
from selfsame.library.extract.read import Wish, read
from selfsame.library.webpage import Policy, WebPage, fetch_page

PAGE = b"<html><body><h1>About</h1><p>We are clockmakers in Ulm.</p></body></html>"
Answer = tuple[int, dict[str, str], bytes]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("2002:a00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("fd00:ec2::254", False),
        ("not an address", False),
        ("", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("example.org", "https://example.org/"),
        ("http://Example.ORG:80/a b".replace(" ", "%20"), "http://example.org/a%20b"),
        ("https://bücher.example/ü?q=ä", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4"),
        ("https://example.org:8443/x#part", "https://example.org:8443/x"),
        ("https://[2606:2800::1]/", "https://[2606:2800::1]/"),
    ],
)
def test_addresses_that_people_type(text: str, whole: str) -> None:
    assert parse_address(text).text == whole


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "ftp://example.org", "file:///etc/passwd", "javascript:alert(1)", "https://", "http://user:pw@example.org",
        "https://example.org:22/", "https://example.org:99999/", "https://exa mple.org", "https://example.org/\r\nX: y",
        "https://[::1", "gopher://x", "data:text/html,x", "https://" + "a" * 3000, "http://\x00",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_address(text)


@given(st.text(max_size=60) | st.text(max_size=30).map(lambda text: f"http://{text}"))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except BadInput:
        return
    assert address.text.isascii() and address.text.isprintable() and " " not in address.text
    assert parse_address(address.text).host == address.host


class Site:
    """A real server on this machine; `answers` maps a path to what it says."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[], Answer]] = {}
        self.asked: list[tuple[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.headers["host"], self.path))
                found = site.answers.get(self.path, (404, {}, b""))
                status, headers, body = found() if callable(found) else found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # whoever asked has heard enough
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def page(self, path: str, body: bytes = PAGE, kind: str = "text/html", **headers: str) -> None:
        self.answers[path] = (200, {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}, body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def policy(*addresses: str, allowed: Callable[[str], bool] = lambda _: True, **more: object) -> Policy:
    """Every name is at these addresses, and any port may be asked."""

    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses or ("127.0.0.1",))

    return Policy(resolve, allowed, None, **more)  # type: ignore[arg-type]


@pytest.mark.anyio
class TestFetching:
    async def fetch(self, site: Site, path: str, rules: Policy | None = None, host: str = "example.org") -> WebPage:
        return await fetch_page(f"http://{host}:{site.port}{path}", rules or policy())

    async def test_a_page(self, site: Site) -> None:
        site.page("/about.html")
        page = await self.fetch(site, "/about.html")
        assert (page.name, page.content) == ("about.html", PAGE)
        assert site.asked == [(f"example.org:{site.port}", "/robots.txt"), (f"example.org:{site.port}", "/about.html")]
        assert read(page.content, Wish(page.name)).text == "About\n\nWe are clockmakers in Ulm."

    async def test_our_own_network_is_refused_before_anything_is_sent(self, site: Site) -> None:
        site.page("/")
        for rules in (policy(allowed=is_public), policy("93.184.216.34", "10.0.0.1", allowed=is_public)):
            with pytest.raises(BadInput, match="not a public website"):
                await self.fetch(site, "/", rules)
        with pytest.raises(BadInput, match="not a public website"):
            await fetch_page("http://localhost/")
        with pytest.raises(BadInput, match="not a public website"):
            await fetch_page("http://169.254.169.254/latest/meta-data/")
        with pytest.raises(BadInput, match="not a public website"):
            await fetch_page("http://2130706433/")  # 127.0.0.1 as one number
        assert site.asked == []

    async def test_a_redirect_into_our_network_is_refused(self, site: Site) -> None:
        site.answers["/"] = (302, {"Location": f"http://inside.example:{site.port}/secret"}, b"")
        site.page("/secret")

        async def resolve(host: str, port: int) -> list[str]:
            return ["127.0.0.1"] if host == "example.org" else ["127.0.0.2"]

        rules = Policy(resolve, lambda ip: ip == "127.0.0.1", None)
        with pytest.raises(BadInput, match=r"inside\.example is not a public website"):
            await self.fetch(site, "/", rules)
        assert ("/secret") not in [path for _, path in site.asked]

    async def test_a_name_that_changes_its_mind_gains_nothing(self, site: Site) -> None:
        site.page("/")
        answers = iter([["127.0.0.1"], ["192.0.2.1"]])

        async def resolve(host: str, port: int) -> list[str]:
            return next(answers)

        page = await self.fetch(site, "/", Policy(resolve, lambda ip: ip == "127.0.0.1", None))
        assert page.content == PAGE  # asked once, and connected to what was checked

    async def test_redirects_are_followed_for_a_while(self, site: Site) -> None:
        site.answers["/old"] = (301, {"Location": "/new?x=1"}, b"")
        site.page("/new?x=1")
        assert (await self.fetch(site, "/old")).address == f"http://example.org:{site.port}/new?x=1"
        site.answers["/round"] = (302, {"Location": "/round"}, b"")
        with pytest.raises(BadInput, match="without end"):
            await self.fetch(site, "/round")
        site.answers["/away"] = (302, {"Location": "file:///etc/passwd"}, b"")
        with pytest.raises(BadInput, match="http"):
            await self.fetch(site, "/away")

    async def test_a_site_may_ask_programs_to_stay_away(self, site: Site) -> None:
        site.page("/robots.txt", b"User-agent: *\nDisallow: /private\n", "text/plain")
        site.page("/private/a")
        site.page("/public")
        with pytest.raises(BadInput, match="asks programs"):
            await self.fetch(site, "/private/a")
        assert (await self.fetch(site, "/public")).content == PAGE

    async def test_pages_have_a_size(self, site: Site) -> None:
        site.page("/large", b"x" * 300_000)
        site.page("/bomb", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
        for path in ("/large", "/bomb"):
            with pytest.raises(TooLarge, match="MB"):
                await self.fetch(site, path, policy(most_bytes=200_000))

    async def test_packed_pages(self, site: Site) -> None:
        site.page("/packed", gzip.compress(PAGE), Content_Encoding="gzip")
        site.page("/odd", PAGE, Content_Encoding="br")
        site.page("/broken", PAGE, Content_Encoding="gzip")
        assert (await self.fetch(site, "/packed")).content == PAGE
        for path in ("/odd", "/broken"):
            with pytest.raises(BadInput):
                await self.fetch(site, path)

    async def test_old_encodings_by_what_the_server_says(self, site: Site) -> None:
        site.page("/", "<p>žluťoučký kůň</p>".encode("iso8859-2"), "text/html; charset=ISO-8859-2")
        assert (await self.fetch(site, "/")).content.decode() == "<p>žluťoučký kůň</p>"
        site.page("/x", b"<p>x</p>", "text/html; charset=nonsense")
        assert (await self.fetch(site, "/x")).content == b"<p>x</p>"

    @pytest.mark.parametrize(
        ("answer", "kind", "words"),
        [
            ((404, {}, b""), BadInput, "no such page"),
            ((403, {}, b""), BadInput, "log in"),
            ((418, {}, b""), BadInput, "418"),
            ((503, {}, b""), Unavailable, "now"),
            ((429, {}, b""), Unavailable, "now"),
            ((200, {"Content-Type": "image/png"}, b"x"), BadInput, "no text"),
        ],
    )
    async def test_answers_that_are_no_page(
        self, site: Site, answer: Answer, kind: type[SelfsameError], words: str
    ) -> None:
        site.answers["/"] = answer
        with pytest.raises(kind, match=words):
            await self.fetch(site, "/")

    async def test_a_site_that_is_not_there(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(Unavailable, match="does not answer"):
            await fetch_page(f"http://example.org:{port}/", policy())

        async def nobody(host: str, port: int) -> list[str]:
            raise socket.gaierror

        with pytest.raises(BadInput, match="no website"):
            await fetch_page("http://example.org/", Policy(nobody))

    async def test_a_site_that_never_ends(self, site: Site) -> None:
        waiting = threading.Event()

        def slow() -> Answer:
            waiting.wait(5)
            return 200, {}, b""

        site.answers["/"] = slow
        try:
            with pytest.raises(Unavailable, match="took longer"):
                await self.fetch(site, "/", policy(seconds=0.2, robots=False))
        finally:
            waiting.set()
