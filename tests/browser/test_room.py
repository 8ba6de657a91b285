"""Where there is little room: one of face and words at a time, rows that show there is more; and who is signed in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Response, ViewportSize, expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.owner import ask
from tests.browser.pages import ask as type_question
from tests.browser.pages import box_of, log_of, open_page
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
PHONE: ViewportSize = {"width": 390, "height": 844}
MORE = "document.querySelector('{}').dataset.more"


def code_of(server: Server) -> str:
    """A code that lets another browser in."""
    return ask(server, "POST", "/api/sign-in/codes", {"minutes": 10})["code"]


def changes(response: Response) -> bool:
    """Whether it is the answer to a change of a setting."""
    return response.request.method == "PATCH" and response.url.endswith("/api/settings")


def is_seen(page: Page) -> bool:
    """Whether the log takes room on the screen."""
    box = log_of(page).bounding_box()
    return box is not None and box["height"] > 50


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_words_are_over_the_face_or_in_the_log(server: Server, scheme: str) -> None:
    with chromium(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme) as context:
        page = open_page(context, server)
        caption = page.locator(".caption")
        expect(caption).to_contain_text("guide to Selfsame")
        assert not is_seen(page)
        type_question(page, "what are the three tiers")
        expect(log_of(page)).to_contain_text("embedded tier")
        expect(caption).to_contain_text(re.compile("tier"))
        # Once for those who listen: the log says it, the caption does not.
        expect(page.get_by_role("log")).to_have_count(1)
        assert caption.get_attribute("aria-hidden") == "true"
        face = page.locator(".portrait-disc").bounding_box()
        words = caption.bounding_box()
        assert face is not None and words is not None
        assert words["y"] > face["y"] + 0.8 * face["height"], "the mouth stays free"
        assert serious(page) == []

        page.get_by_role("button", name="Show the conversation").click()
        expect(caption).to_have_count(0)
        assert is_seen(page) and serious(page) == []
        back = page.get_by_role("button", name="Show the face")
        expect(back).to_be_focused()
        back.click()
        expect(caption).to_be_visible()
        assert not is_seen(page)


def test_whoever_goes_to_the_log_by_keyboard_sees_it(server: Server) -> None:
    with chromium(viewport=PHONE) as context:
        page = open_page(context, server)
        assert not is_seen(page)
        log_of(page).focus()
        expect(page.get_by_role("button", name="Show the face")).to_be_visible()
        expect(log_of(page)).to_be_focused()
        assert is_seen(page)


def test_without_captions_and_on_larger_screens_the_log_is_there(server: Server) -> None:
    with chromium(viewport={"width": 820, "height": 1180}) as context:
        page = open_page(context, server)
        assert is_seen(page)
        page.evaluate("() => localStorage.setItem('selfsame.captions', 'off')")
        page.set_viewport_size(PHONE)
        page.reload()
        expect(box_of(page)).to_be_visible()
        assert is_seen(page) and page.locator(".caption").count() == 0


def test_rows_of_steps_show_where_one_is_and_that_there_is_more(server: Server) -> None:
    ask(server, "POST", "/api/clones", {"name": "Row"})
    with chromium(viewport=PHONE) as context:
        page = context.new_page()
        for step, more in (("consent", "end"), ("face", "both"), ("try", "start")):
            page.goto(f"{server.url}/studio/row/{step}")
            expect(page.locator(".step.active")).to_be_in_viewport(ratio=1)
            page.wait_for_function(f"() => {MORE.format('.stepper')} === '{more}'")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.wait_for_function(f"() => {MORE.format('.stepper')} === 'none'")


def test_signing_in_brings_ones_looks_along_and_signing_out_is_in_the_menu(server: Server) -> None:
    ask(server, "PATCH", "/api/settings", {"theme": "dark", "pageLanguage": "es"})
    afar = {"x-forwarded-for": "203.0.113.20"}
    try:
        with chromium(extra_http_headers=afar, color_scheme="light", locale="en-GB") as context:
            page = context.new_page()
            page.goto(f"{server.url}/sign-in#{code_of(server)}")
            page.get_by_role("button", name="Menu").click()
            expect(page.get_by_role("menuitem", name="Operations")).to_have_count(0)
            expect(page.get_by_role("menuitem", name="Sign out")).to_have_count(0)
            page.keyboard.press("Escape")
            page.locator("form button[type=submit]").click()
            expect(page).to_have_url(re.compile("/studio$"))
            expect(page.get_by_role("heading", name="Estudio")).to_be_focused()
            assert page.evaluate("document.documentElement.dataset.theme") == "dark"
            page.reload()
            expect(page.get_by_role("heading", name="Estudio")).to_be_visible()
            page.get_by_role("button", name="Menú").click()
            expect(page.get_by_role("menuitem", name="Operación")).to_be_visible()
            assert serious(page) == []
            page.get_by_role("menuitem", name="Cerrar sesión").click()
            expect(page).to_have_url(server.url + "/")
            expect(page.locator(".toast")).to_contain_text("You are signed out")
            page.goto(server.url + "/operations")
            expect(page.get_by_text("For the owner of this server")).to_be_visible()
        with chromium(extra_http_headers=afar, color_scheme="light") as context:
            context.add_init_script("localStorage.setItem('selfsame.theme', 'light')")
            context.add_init_script("localStorage.setItem('selfsame.language', 'zh')")
            page = context.new_page()
            page.goto(f"{server.url}/sign-in#{code_of(server)}")
            page.locator("form button[type=submit]").click()
            expect(page).to_have_url(re.compile("/studio$"))
            expect(page.get_by_role("heading", name="工作室")).to_be_visible()
            assert page.evaluate("document.documentElement.dataset.theme") == "light", "this browser has chosen"
    finally:
        ask(server, "PATCH", "/api/settings", {"theme": "system", "pageLanguage": ""})


def test_who_thinks_is_chosen_beside_the_keys(server: Server) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(server.url + "/settings/keys")
        choice = page.get_by_role("combobox", name="Answers are formed by")
        with page.expect_response(changes):
            choice.select_option(label="This machine alone")
        assert ask(server, "GET", "/api/settings")["preferredLLMProvider"] == "embedded"
        page.reload()
        expect(choice).to_have_value("embedded")
        with page.expect_response(changes):
            choice.select_option(value="auto")
