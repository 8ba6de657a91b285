"""What a person does on the page, and what they can read there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.support.serving import ROOT, Server

RECORDER = (ROOT / "tests" / "browser" / "recorder.js").read_text()


def open_page(context: BrowserContext, server: Server, path: str = "/talk/vera") -> Page:
    """The page of the demonstration clone, connected, with a tape recorder at its loudspeaker."""
    page = context.new_page()
    page.add_init_script(RECORDER)
    page.goto(server.url + path)
    expect(page.get_by_role("heading", name="Vera")).to_be_visible()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    return page


def log_of(page: Page) -> Locator:
    """The conversation."""
    return page.get_by_role("log")


def turns_of(page: Page, *, greeting: bool = False) -> list[str]:
    """The text of every turn on the page, in order."""
    texts = log_of(page).get_by_role("article").all_inner_texts()
    return texts if greeting else texts[1:]


def state_of(page: Page) -> Locator:
    """The line under the clone's name: what it is doing."""
    return page.locator(".state-line")


def box_of(page: Page) -> Locator:
    """Where one types."""
    return page.get_by_role("textbox", name=re.compile("Write to"))


def ask(page: Page, text: str) -> None:
    """Type a question."""
    box_of(page).fill(text)
    box_of(page).press("Enter")


def finish(page: Page) -> None:
    """Wait until the clone has begun to answer and has nothing more to say."""
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_disabled()


def give(page: Page, place: str, files: Sequence[Path] | Sequence[FilePayload]) -> None:
    """Files for the place of that name. Another tab's place, which is about to go, would lose them."""
    page.get_by_role("group", name=place).locator("input[type=file]").set_input_files(files)


def start_listening(page: Page) -> None:
    """Hands-free, with the microphone open."""
    page.get_by_role("switch", name="Hands-free").check()
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()


def remember(page: Page) -> None:
    """Agree that this conversation is kept."""
    page.get_by_role("button", name=re.compile("^Answers")).click()
    page.get_by_role("switch", name="Remember this conversation").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("remembered"))).to_be_visible()


def heard_by(page: Page) -> tuple[np.ndarray, int]:
    """Everything the page has played so far: float samples and their rate."""
    taps = page.evaluate("() => window.__heard()")
    sounds = [(np.array(tap["samples"], np.float32), int(tap["rate"])) for tap in taps]
    return max(sounds, key=lambda sound: float(np.dot(sound[0], sound[0])))
