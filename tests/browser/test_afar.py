"""What needs the internet says so where there is none, and leaves the rest as it was."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.owner import ask
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
ADDRESS = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def test_the_manner_cannot_be_learnt_from_a_video_that_cannot_be_reached(server: Server) -> None:
    ask(server, "POST", "/api/clones", {"name": "Ida", "slug": "ida"})
    with chromium() as context:
        page = context.new_page()
        page.goto(server.url + "/studio/ida/manner")
        page.get_by_label("Or an address on YouTube").fill("youtube")
        page.get_by_role("button", name="Learn from the video").click()
        expect(page.get_by_text("Enter a whole address, beginning with https://.")).to_be_visible()
        page.get_by_label("Or an address on YouTube").fill("https://example.org/film")
        page.get_by_role("button", name="Learn from the video").click()
        expect(page.get_by_role("alert")).to_contain_text("YouTube")
        page.get_by_label("Or an address on YouTube").fill(ADDRESS)
        page.get_by_role("button", name="Learn from the video").click()
        outcome = page.get_by_role("status").filter(has_text="That did not work.")
        expect(outcome).to_contain_text(re.compile("internet|reach|network|pip install yt-dlp", re.I), timeout=90_000)
        expect(outcome).not_to_contain_text(re.compile("traceback|urlopen|errno|proxy", re.I))
        assert serious(page) == []
        outcome.get_by_role("button", name="Learn from something else").click()
        expect(page.get_by_label("Or an address on YouTube")).to_be_visible()
    assert ask(server, "GET", "/api/persona?clone=ida")["history"] == []
