"""Settings and operations in the real product, and that nobody stumbles there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
SECTIONS = ("", "/privacy", "/voices", "/keys", "/devices", "/embed", "/usage", "/log")
THEME = "localStorage.setItem('selfsame.theme', '{}')"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_every_page_fits_and_can_be_used_by_everybody(server: Server, theme: str, width: int, height: int) -> None:
    with chromium(viewport={"width": width, "height": height}) as context:
        context.add_init_script(THEME.format(theme))
        page = context.new_page()
        for path in (*(f"/settings{section}" for section in SECTIONS), "/operations", "/studio/vera/manner"):
            page.goto(server.url + path)
            expect(page.locator(".card, .empty, .settings-lead").first).to_be_visible()
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
            assert serious(page) == [], path


def test_a_setting_is_kept_and_a_key_never_shown_again(server: Server) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(server.url + "/settings")
        page.get_by_role("combobox", name="You speak").select_option(label="Spanish")
        with page.expect_response(re.compile("/api/settings$")):
            page.get_by_role("combobox", name="Picture quality").select_option(label="Low")
        page.reload()
        expect(page.get_by_role("combobox", name="You speak")).to_have_value("ES")
        page.get_by_role("combobox", name="You speak").select_option(label="As I speak")
        page.get_by_role("link", name="Keys").click()
        page.get_by_text("7 more providers").click()
        page.get_by_role("button", name="Enter a key: Groq").click()
        page.get_by_label("Key", exact=True).fill("gsk-not-a-real-key-0123456789")
        page.get_by_role("button", name="Keep and try it").click()
        expect(page.get_by_text("Kept, not used")).to_be_visible()
        assert "gsk-not-a-real" not in page.content()
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_text("Kept, not used")).to_have_count(0)


def test_a_code_lets_another_device_in_and_it_is_signed_out_again(server: Server) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(server.url + "/settings/devices")
        page.get_by_role("button", name="Make a code").click()
        expect(page.locator(".settings-big")).to_have_text(re.compile(r"\w{4}"))
        link = page.locator(".copy-text pre").inner_text()
        assert link.startswith(server.url + "/sign-in#") and context.browser is not None

        afar = context.browser.new_context(extra_http_headers={"x-forwarded-for": "203.0.113.9"})
        other = afar.new_page()
        other.goto(server.url + "/settings/keys")  # a visitor as yet
        expect(other.get_by_role("navigation", name="Parts of the settings").get_by_role("link")).to_have_count(2)
        other.goto(server.url + "/operations")
        expect(other.get_by_text("For the owner of this server")).to_be_visible()
        other.goto(link)
        other.get_by_role("button", name="Sign in").click()
        expect(other).to_have_url(re.compile("/studio$"))
        other.goto(server.url + "/settings/devices")
        expect(other.get_by_text("This device")).to_be_visible()

        page.reload()
        page.get_by_role("button", name=re.compile("^Sign out: ")).click()
        page.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("No other device is signed in.")).to_be_visible()
        other.goto(server.url + "/settings/devices")
        expect(other.get_by_role("navigation", name="Parts of the settings").get_by_role("link")).to_have_count(2)


def test_everything_can_be_taken_along(server: Server) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(server.url + "/settings/privacy")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Make the file").click()
        assert coming.value.suggested_filename == "my-data.zip"
        assert coming.value.path().stat().st_size > 200


def test_the_owner_sees_how_the_server_does(server: Server) -> None:
    with chromium() as context:
        page = context.new_page()
        page.goto(server.url + "/operations")
        expect(page.get_by_role("meter", name="Going on now")).to_be_visible()
        before = page.get_by_text(re.compile("As of")).inner_text()
        expect(page.get_by_text(re.compile("As of"))).not_to_have_text(before)
        page.get_by_role("radio", name="1 hour").check(force=True)
        chart = page.get_by_role("figure", name=re.compile("Conversations and turns"))
        chart.get_by_role("button", name="As a table").click()
        expect(chart.get_by_role("table")).to_be_visible()
