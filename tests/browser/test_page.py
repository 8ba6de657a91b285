"""The page without a voice: typing, keys, screens, a refused microphone, two conversations at once."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.browsers import chromium
from tests.browser.pages import ask, box_of, finish, log_of, open_page, turns_of
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")


def test_what_is_typed_is_shown_as_text_and_never_run(server: Server) -> None:
    with chromium() as context:
        page = open_page(context, server)
        alarms: list[str] = []

        def alarmed(dialog: Dialog) -> None:
            alarms.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", alarmed)
        ask(page, '<script>alert("x")</script><img src=x onerror=alert(1)> what is the licence')
        expect(log_of(page)).to_contain_text("<script>alert")
        expect(log_of(page)).to_contain_text(re.compile("M I T|MIT|license"))
        assert alarms == [] and page.locator("[role=log] img").count() == 0
        assert len(turns_of(page)) == 1


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1280, 800)])
def test_the_page_fits_its_screen(server: Server, width: int, height: int) -> None:
    with chromium(viewport={"width": width, "height": height}) as context:
        page = open_page(context, server)
        ask(page, "what are the three tiers")
        expect(log_of(page)).to_contain_text("embedded tier")
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        button = page.get_by_role("button", name=re.compile("listening|talk", re.I)).first
        box = button.bounding_box()
        assert box is not None and box["width"] >= 44 and box["height"] >= 44 and box["y"] + box["height"] <= height


def test_everything_can_be_done_with_the_keyboard(server: Server) -> None:
    with chromium() as context:
        page = open_page(context, server)
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.tagName") == "TEXTAREA":
                break
        expect(box_of(page)).to_be_focused()
        page.keyboard.type("who are you")
        page.keyboard.press("Enter")
        expect(log_of(page)).to_contain_text("guide to Selfsame")
        expect(box_of(page)).to_have_value("")
        page.keyboard.type("a space bar types a space here")
        expect(box_of(page)).to_have_value("a space bar types a space here")
        expect(page.get_by_role("button", name="Hold to talk")).to_be_visible()


@pytest.mark.parametrize(
    ("microphone", "words"),
    [("denied", "The microphone is blocked for this page"), ("missing", "No microphone was found")],
)
def test_without_a_microphone_the_page_says_so_and_typing_still_works(
    server: Server, microphone: Literal["denied", "missing"], words: str
) -> None:
    with chromium(microphone=microphone) as context:
        page = open_page(context, server)
        page.get_by_role("switch", name="Hands-free").check()
        expect(page.get_by_text(words)).to_be_visible()
        expect(page.get_by_role("button", name="Start listening")).to_be_visible()
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("guide to Selfsame")


def test_two_pages_hold_two_conversations(server: Server) -> None:
    with chromium() as context:
        one, two = open_page(context, server), open_page(context, server)
        ask(one, "what are the three tiers")
        ask(two, "what is the licence")
        expect(log_of(one)).to_contain_text("embedded tier")
        expect(log_of(two)).to_contain_text(re.compile("M I T|MIT|license"))
        assert len(turns_of(one)) == len(turns_of(two)) == 1
        assert "licence" not in turns_of(one)[0] and "tiers" not in turns_of(two)[0]


def test_a_reload_goes_on_with_the_conversation(server: Server) -> None:
    with chromium() as context:
        page = open_page(context, server)
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("guide to Selfsame")
        finish(page)
        page.reload()
        expect(log_of(page)).to_contain_text("guide to Selfsame")
        ask(page, "what is the licence")
        expect(log_of(page)).to_contain_text(re.compile("M I T|MIT|license"))
        assert [turn.split("\n")[1] for turn in turns_of(page)] == ["who are you", "what is the licence"]
        page.get_by_role("button", name="New conversation").click()
        expect(log_of(page).get_by_role("article")).to_have_count(1)
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("guide to Selfsame")
        page.wait_for_function("() => window.__finished()")
