"""Pictures of the main pages: `python -m tests.browser.tour --out docs/pages` (or `./dev pictures`).

A server in a home of its own, the demonstration clone, and one clone begun from its portrait and a short document; all
that is shown is drawn or invented.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browsers import CHROMIUM, FLAGS
from tests.browser.conftest import missing
from tests.browser.owner import ask
from tests.browser.pages import ask as type_question
from tests.browser.pages import finish
from tests.support.serving import Server, link_models

PHONE, DESKTOP = (390, 844), (1440, 900)
QUALITY = 82
FACTS = (
    ("When is the workshop open?", "Tuesday to Saturday, from ten to six."),
    ("Do you repair pocket watches?", "Yes. A first look costs nothing and takes ten minutes."),
    ("How long does a repair take?", "Two weeks as a rule; old church clocks take longer."),
)


@dataclass(frozen=True)
class View:
    """One picture: its name, the address, and how the page is looked at."""

    name: str
    address: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    language: str = "en"
    question: str = ""


VIEWS = (
    View("home", "/"),
    View("talk", "/talk/vera", question="How do I make a clone of myself?"),
    View("talk-phone", "/talk/vera", PHONE, "dark", question="How do I make a clone of myself?"),
    View("voice-phone", "/studio/ada/voice", PHONE),
    View("face", "/studio/ada/face"),
    View("knowledge", "/studio/ada/knowledge"),
    View("operations", "/operations", scheme="dark"),
)


def furnish(server: Server) -> None:
    """A clone that is begun: it knows a few facts."""
    ask(server, "POST", "/api/consents", {"granted": True})
    ask(server, "POST", "/api/clones", {"name": "Ada", "description": "a clockmaker", "greeting": "Hello, I am Ada."})
    pairs = [{"question": question, "answer": answer} for question, answer in FACTS]
    ask(server, "POST", "/api/faq", {"clone": "ada", "pairs": pairs})


def open_view(browser: Browser, server: Server, view: View) -> Page:
    """The page as the view wants it, at rest."""
    width, height = view.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if view.scheme == "dark" else "light",
        locale={"en": "en-GB", "es": "es-ES", "zh": "zh-CN"}[view.language],
        reduced_motion="no-preference",
    )
    page = context.new_page()
    page.goto(server.url + view.address)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_load_state("networkidle") if not view.address.startswith(("/talk", "/operations")) else None
    if view.question:
        page.get_by_text("Connected", exact=True).wait_for()
        type_question(page, view.question)
        finish(page)
    page.wait_for_timeout(1_500)
    return page


def tour(server: Server, out: Path, views: Iterable[View] = VIEWS) -> list[Path]:
    """Take the pictures; their files."""
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for view in views:
            page = open_view(browser, server, view)
            path = out / f"{view.name}.jpg"
            page.screenshot(path=path, type="jpeg", quality=QUALITY)
            page.context.close()
            taken.append(path)
        browser.close()
    return taken


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Take pictures of the main pages.")
    parser.add_argument("--out", type=Path, default=Path("docs/pages"))
    out = parser.parse_args(arguments).out
    why = missing()
    if why:
        sys.exit(why)
    with tempfile.TemporaryDirectory(prefix="selfsame-tour-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        link_models(home)
        server = Server(home).start()
        try:
            furnish(server)
            for path in tour(server, out):
                sys.stdout.write(f"{path}\n")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
