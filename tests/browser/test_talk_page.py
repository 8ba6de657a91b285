"""What the talk page offers beside talking: sources, files, sound, languages; and that everybody can use it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.owner import begin_clone
from tests.browser.pages import ask, box_of, finish, log_of, open_page, turns_of
from tests.browser.stage import stage
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
SCRIPT = '<script>document.title = "run"</script><img src=x onerror="document.title = \'run\'">'


def answered(page: Page) -> None:
    ask(page, "what are the three tiers")
    expect(log_of(page)).to_contain_text("embedded tier")


def settled(page: Page) -> None:
    """No fade or drift is half way, which would be read as too little contrast."""
    page.emulate_media(reduced_motion="reduce")


def test_a_source_opens_at_the_passage_in_its_document(server: Server) -> None:
    with chromium() as context:
        page = open_page(context, server)
        answered(page)
        chip = page.get_by_role("button", name=re.compile("three tiers"))
        chip.focus()
        page.keyboard.press("Enter")
        panel = page.get_by_role("dialog", name="Engines")
        mark = panel.locator("mark")
        expect(mark).to_contain_text("The embedded tier is built in")
        expect(mark).to_be_in_viewport()
        expect(panel.get_by_role("region")).to_contain_text(
            "A graphics card helps only"
        )  # the owner sees what is around
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(chip).to_be_focused()


def test_the_conversation_can_be_taken_along(server: Server, tmp_path: Path) -> None:
    with chromium(accept_downloads=True) as context:
        page = open_page(context, server)
        answered(page)
        finish(page)

        def saved(item: str) -> str:
            page.get_by_role("button", name="This conversation").click()
            with page.expect_download() as download:
                page.get_by_role("menuitem", name=item).click()
            assert re.fullmatch(r"vera-\d{4}-\d\d-\d\d\.(txt|vtt|json)", download.value.suggested_filename)
            path = tmp_path / download.value.suggested_filename
            download.value.save_as(path)
            return path.read_text()

        text = saved("Download as text")
        assert "You: what are the three tiers" in text and "Vera: The embedded tier" in text
        cues = re.findall(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})\n<v (\w+)>", saved("subtitles"))
        assert [who for _, _, who in cues] == ["You", "Vera"] and all(begin < end for begin, end, _ in cues)
        whole = json.loads(saved("data"))
        assert whole["clone"] == "Vera" and whole["turns"][0]["sources"][0]["title"] == "Engines"


def test_the_microphone_is_tried_without_anybody_listening(server: Server, microphone: Callable[..., Path]) -> None:
    with chromium(microphone(0.5, "do-i-need-a-graphics-card-rms.flac", 20.0)) as context:
        page = open_page(context, server)
        page.get_by_role("button", name=re.compile("^Sound")).click()
        sheet = page.get_by_role("dialog", name="Sound")
        sheet.get_by_role("button", name="Try the microphone").click()
        expect(sheet.get_by_text("the bar should move")).to_be_visible()
        page.wait_for_function("() => document.querySelector('.level-bar span').getBoundingClientRect().width > 20")
        choices = sheet.get_by_label("Microphone").locator("option")
        assert choices.count() >= 2 and choices.first.inner_text() == "As set on this device"
        sheet.get_by_label("Microphone").select_option(index=1)
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        assert turns_of(page) == [], "what was said is nobody's business"
        page.reload()
        page.get_by_role("button", name=re.compile("^Sound")).click()
        expect(page.get_by_label("Microphone")).not_to_have_value("")


def test_an_answer_with_markup_is_shown_as_text() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        own.open(page)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        own.begin()
        own.say(type="response_text", turnId=1, text=SCRIPT)
        source = {"id": "1", "title": SCRIPT, "heading": "", "excerpt": SCRIPT, "locator": "", "score": 1, "url": None}
        own.say(type="response_sources", turnId=1, sources=[source])
        expect(log_of(page)).to_contain_text("<script>document.title")
        page.locator(".source").click()
        expect(page.get_by_role("dialog").locator("mark")).to_contain_text("<img src=x")
        assert page.locator("main script, main img, dialog script, dialog img").count() == 0
        assert page.title() != "run"


@pytest.mark.parametrize(
    ("locale", "talk", "keeping", "sheet"),
    [
        ("en", "Hold to talk", "Nothing of this is kept", "Sound"),
        ("zh-CN", "按住说话", "不会保留", "声音"),
        ("es", "Mantén pulsado para hablar", "Nada de esto se guarda", "Sonido"),
    ],
)
def test_three_languages(server: Server, locale: str, talk: str, keeping: str, sheet: str) -> None:
    with chromium(locale=locale) as context:
        page = context.new_page()
        page.goto(server.url + "/talk/vera")
        expect(page.get_by_role("button", name=talk)).to_be_visible()
        expect(page.locator(".keeping")).to_contain_text(keeping)
        page.get_by_role("button", name=re.compile("^" + sheet)).click()
        expect(page.get_by_role("dialog", name=sheet)).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_anybodys_way(server: Server, scheme: str) -> None:
    with chromium(color_scheme=scheme) as context:
        page = open_page(context, server)
        settled(page)
        answered(page)
        finish(page)
        assert serious(page) == []
        for name in ("Answers", "Sound", "Timing"):
            page.get_by_role("button", name=re.compile("^" + name)).click()
            expect(page.get_by_role("dialog", name=name)).to_be_visible()
            assert serious(page) == [], name
            page.keyboard.press("Escape")
        page.locator(".source").first.click()
        expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
        assert serious(page) == [], "source"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (390, 640), (820, 1180), (1280, 720), (1440, 900)])
def test_everything_is_in_reach(server: Server, width: int, height: int) -> None:
    touch = width < 900
    with chromium(viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch) as context:
        page = open_page(context, server)
        answered(page)
        for control in ("Hold to talk", "Stop", "New conversation", "This conversation", "Menu"):
            expect(page.get_by_role("button", name=control)).to_be_in_viewport(ratio=1)
        for control in (page.get_by_role("switch", name="Hands-free"), box_of(page), page.locator(".portrait-disc")):
            expect(control).to_be_in_viewport(ratio=1)
        face = page.locator(".portrait-disc").bounding_box()
        assert face is not None and face["height"] > (60 if height < 700 else 200)
        assert page.evaluate("() => document.documentElement.scrollHeight <= window.innerHeight")
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        small = page.evaluate(
            "() => [...document.querySelectorAll('.screen button, .screen select')].filter(e => e.checkVisibility())"
            ".map(e => [e.getAttribute('aria-label') ?? e.textContent, e.getBoundingClientRect()])"
            ".filter(([, box]) => box.height > 0 && box.height < 44).map(([name, box]) => `${name} ${box.height}`)"
        )
        assert not touch or small == [], "fingers need 44 pixels"


def test_two_tabs_with_two_clones_never_mix(server: Server) -> None:
    begin_clone(server, "Bo", {"What colour is the garden door?": "The garden door is blue."})
    with chromium() as context:
        vera = open_page(context, server)
        bo = context.new_page()
        bo.goto(server.url + "/talk/bo")
        expect(bo.get_by_role("heading", name="Bo", exact=True)).to_be_visible()
        for page in (bo, vera):
            ask(page, "what colour is the garden door")
        expect(log_of(bo)).to_contain_text("The garden door is blue")
        finish(bo)
        finish(vera)
        assert "blue" not in log_of(vera).inner_text()
        ask(vera, "what are the three tiers")
        expect(log_of(vera)).to_contain_text("embedded tier")
        assert "tier" not in log_of(bo).inner_text()
        for page, name in ((bo, "Bo"), (vera, "Vera")):
            page.reload()
            expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(log_of(bo)).to_contain_text("blue")
        assert "tier" not in log_of(bo).inner_text() and "blue" not in log_of(vera).inner_text()
