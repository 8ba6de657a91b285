"""What visitors say of a clone reaches its owner: a report of an answer, and a rating of the conversation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.pages import ask, finish, log_of, open_page
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
AFAR = {"x-forwarded-for": "203.0.113.9"}
"""Whoever comes through a proxy is a visitor, not the owner at the machine."""


def report(page: Page) -> None:
    page.get_by_role("button", name="Report").last.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Send")).to_be_disabled()
    dialog.get_by_role("radio", name="It is out of date").check(force=True)
    dialog.get_by_label("In your words").fill("There are four by now.")
    dialog.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("The owner of this clone will see it.")
    expect(dialog).to_have_count(0)


def rate(page: Page, stars: int, words: str) -> None:
    page.get_by_role("button", name="This conversation").click()
    page.get_by_role("menuitem", name="Rate this conversation").click()
    dialog = page.get_by_role("dialog", name="How was talking with Vera?")
    expect(dialog).to_contain_text("The owner of this clone reads it, without your name.")
    assert serious(page) == []
    dialog.get_by_role("radio", name=f"{stars} star").check(force=True)
    dialog.get_by_label("What was good").fill(words)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)


def test_a_report_and_a_rating_of_a_visitor_arrive_at_the_owner(emptied: Server) -> None:
    with chromium(extra_http_headers=AFAR) as context:
        page = open_page(context, emptied)
        ask(page, "what are the three tiers")
        expect(log_of(page)).to_contain_text("embedded tier")
        finish(page)
        report(page)
        rate(page, 2, "A little slow.")
        rate(page, 4, "Quick after all.")
        page.goto(emptied.url + "/studio/vera/knowledge?tab=questions")
        expect(page.get_by_role("list", name="How people rated it")).to_have_count(0)
    with chromium() as context:
        page = context.new_page()
        page.goto(emptied.url + "/studio/vera/knowledge?tab=questions")
        entry = page.get_by_role("list", name="What people reported").get_by_role("listitem")
        expect(entry).to_have_count(1)
        for words in (
            "what are the three tiers",
            "Out of date",
            "There are four by now.",
            "The embedded tier is built in",
        ):
            expect(entry).to_contain_text(words)
        ratings = page.get_by_role("list", name="How people rated it").get_by_role("listitem")
        expect(ratings).to_have_count(1)  # the second took the place of the first
        expect(ratings.get_by_role("img", name="4 of 5 stars")).to_be_visible()
        expect(ratings).to_contain_text("Quick after all.")
        expect(page.get_by_text("4 of 5 stars, from one conversation.")).to_be_visible()
        assert serious(page) == []
        entry.get_by_role("button", name="Mark as dealt with").click()
        expect(page.get_by_text("Nobody has reported an answer.")).to_be_visible()
        expect(page.get_by_text(re.compile("One was dealt with"))).to_be_visible()
