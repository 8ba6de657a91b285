"""Every main page in three languages, on a phone: its own words, none of another language, and nothing sticks out."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.browsers import chromium
from tests.browser.owner import ask
from tests.support.serving import ROOT, Server

pytestmark = pytest.mark.usefixtures("ready")
FEATURES = ROOT / "web" / "src" / "features"
PAGES = (
    ("/", "home", "title"),
    ("/studio", "studio-path", "title"),
    ("/studio/ida/consent", "consent", "title"),
    ("/studio/ida/voice", "voice", "title"),
    ("/studio/ida/face", "face-model", "title"),
    ("/studio/ida/knowledge", "knowledge", "title"),
    ("/studio/ida/manner", "manner", "title"),
    ("/studio/ida/try", "studio-path", "try.title"),
    ("/settings/privacy", "settings", "privacy.kept"),
    ("/operations", "operations", "title"),
)
LANGUAGES = {"en": "en-GB", "zh": "zh-CN", "es": "es-MX"}


def words_of(feature: str, key: str, language: str) -> str:
    """What the page says for a key."""
    words: Any = json.loads((FEATURES / feature / "words" / f"{language}.json").read_text())
    for part in key.split("."):
        words = words[part]
    return str(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_language_of_the_browser(server: Server, language: str) -> None:
    ask(server, "POST", "/api/clones", {"name": "Ida", "slug": "ida"})
    with chromium(locale=LANGUAGES[language], viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        for path, feature, key in PAGES:
            page.goto(server.url + path)
            title = words_of(feature, key, language)
            expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible()
            expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
            for other in LANGUAGES.keys() - {language}:
                foreign = words_of(feature, key, other)
                assert foreign == title or page.get_by_role("heading", name=foreign, exact=True).count() == 0, path


def test_the_language_can_be_changed_and_stays(server: Server) -> None:
    with chromium(locale="en-GB") as context:
        page = context.new_page()
        page.goto(server.url + "/settings")
        page.get_by_role("radio", name="Español").click(force=True)  # its words come first
        expect(page.get_by_role("heading", name=words_of("settings", "title", "es"), level=1)).to_be_visible()
        page.goto(server.url + "/studio")
        expect(page.get_by_role("heading", name=words_of("studio-path", "title", "es"), level=1)).to_be_visible()
