"""A clone on a site of somebody else: the button, the talk in its frame, and that nothing but it may be framed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.support.serving import ROOT, Server, link_models

pytestmark = pytest.mark.usefixtures("ready")


class Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@dataclass
class Site:
    """Somebody else's site, at a port and under a name of its own, and the server it shows a clone of."""

    address: str
    server: Server

    def url(self, **asked: str) -> str:
        """The page with the button."""
        wishes = "&".join(f"{name}={value}" for name, value in {"server": self.server.url, **asked}.items())
        return f"{self.address}/embed-test.html?{wishes}"


@pytest.fixture(scope="module")
def site(ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    handler = partial(Quiet, directory=str(ROOT / "web"))
    other = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=other.serve_forever, daemon=True)
    thread.start()
    address = f"http://localhost:{other.server_port}"
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    link_models(home)
    server = Server(home, {"SELFSAME_EMBED_ORIGINS": address}).start()
    yield Site(address, server)
    server.stop()
    other.shutdown()
    other.server_close()
    thread.join(10)


def talk_in(page: Page) -> Frame:
    """Open the talk; its frame."""
    page.get_by_role("button", name="Talk with us").click()
    page.wait_for_selector("iframe")
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    expect(frame.get_by_text("Connected", exact=True)).to_be_visible()
    return frame


def test_a_visitor_of_another_site_talks_with_the_clone(site: Site) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(site.url())
        assert page.frames[1:] == []  # nothing is loaded before it is wanted
        frame = talk_in(page)
        assert frame.url == f"{site.server.url}/embed/vera"
        frame.get_by_role("textbox").fill("what is the licence")
        frame.get_by_role("textbox").press("Enter")
        expect(frame.get_by_role("log")).to_contain_text("M I T license")
        assert serious(frame) == []
        frame.get_by_role("textbox").press("Escape")
        expect(page.get_by_role("button", name="Talk with us")).to_be_focused()
        assert page.locator("iframe").count() == 0


@pytest.mark.parametrize(("position", "size", "width"), [("left", "small", 320), ("right", "large", 460)])
def test_the_site_chooses_corner_and_size(site: Site, position: str, size: str, width: int) -> None:
    with chromium(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.goto(site.url(position=position, size=size))
        button = page.get_by_role("button", name="Talk with us").bounding_box()
        assert button is not None and (button["x"] < 600) is (position == "left") and button["width"] >= 44
        talk = talk_in(page)
        assert talk.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        assert talk.evaluate(
            "() => document.querySelector('textarea').getBoundingClientRect().bottom <= window.innerHeight"
        )
        frame = page.locator("iframe").bounding_box()
        assert frame is not None and frame["width"] == width and (frame["x"] < 600) is (position == "left")


def test_on_a_phone_the_talk_fills_the_screen_and_leaves_the_button(site: Site) -> None:
    with chromium(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(site.url())
        frame = talk_in(page)
        assert frame.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="Close the talk").click()
        expect(page.get_by_role("button", name="Talk with us")).to_be_visible()


def framed(context: BrowserContext, site: Site, path: str) -> bool:
    """Whether the other site can show that page of ours in a frame."""
    page = context.new_page()
    page.goto(f"{site.address}/embed-test.html?server={site.server.url}")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "frame" in message.text.lower() else None)
    page.evaluate(
        "(src) => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = src;"
        " frame.onload = done; document.body.append(frame); })",
        site.server.url + path,
    )
    page.close()
    return refused == []


def test_nothing_else_of_ours_may_be_framed(site: Site) -> None:
    with chromium() as context:
        assert framed(context, site, "/embed/vera")
        for path in ("/", "/settings/privacy", "/talk/vera", "/operations"):
            assert not framed(context, site, path), path


def test_a_site_that_is_not_named_cannot_show_it(site: Site) -> None:
    with chromium() as context:
        stranger = Site(site.address.replace("localhost", "127.0.0.1"), site.server)
        assert not framed(context, stranger, "/embed/vera")


def test_links_within_the_talk_leave_the_frame(site: Site) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(site.url())
        frame = talk_in(page)
        with context.expect_page() as opened:
            frame.get_by_role("link", name="Selfsame").click()
        assert opened.value.url.startswith(site.server.url)
        assert frame.url.endswith("/embed/vera")
