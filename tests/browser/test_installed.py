"""The app as one installs it: its manifest, what opens without the server, how it becomes a newer one."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.stage import DIST, Stage, stage
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
LANGUAGE = "localStorage.setItem('selfsame.language', '{}')"
KEPT = """async () => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""
WIDTH = "async (src) => { const icon = new Image(); icon.src = src; await icon.decode(); return icon.naturalWidth; }"
ACTIVE = "async () => (await navigator.serviceWorker.ready).active !== null"
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
UNREACHED = {
    "en": ("Your server cannot be reached", "Talking with a clone"),
    "zh": ("连不上你的服务器", "和分身对话"),
    "es": ("No se puede conectar con tu servidor", "Hablar con un clon"),
}
OFFER = """() => {
  const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
    prompt: () => { window.asked = true; return Promise.resolve({}); },
  });
  window.dispatchEvent(offer);
  return offer.defaultPrevented;
}"""


def kept(context: BrowserContext, own: Stage) -> Page:
    """The talk page, whose service worker has kept the app."""
    page = context.new_page()
    own.open(page)
    expect(page.get_by_role("heading", name="Vera")).to_be_visible()
    assert page.evaluate(ACTIVE)
    page.wait_for_function(CONTROLLED)
    return page


def renew(folder: Path, old: str, new: str) -> None:
    """What an upgrade of the server does: another build, whose worker says another version."""
    worker = folder / "sw.js"
    worker.write_text(worker.read_text().replace(old, new))


def version_of(folder: Path) -> str:
    found = re.search(r'"version":"(\w{16})"', (folder / "sw.js").read_text())
    assert found is not None
    return found[1]


def test_a_browser_takes_it_for_an_app(server: Server) -> None:
    with chromium(service_workers="allow") as context:
        page = context.new_page()
        page.goto(server.url + "/")
        assert page.evaluate(ACTIVE)
        tools = context.new_cdp_session(page)
        manifest = tools.send("Page.getAppManifest")
        assert manifest["errors"] == [] and manifest["url"].endswith("/manifest.webmanifest")
        told = json.loads(manifest["data"])
        assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
        assert {"192x192", "512x512"} <= {icon["sizes"] for icon in told["icons"]}
        # Only that the browser is a private window is held against it.
        errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [each for each in errors if each["errorId"] != "in-incognito"] == []
        for icon in (*told["icons"], {"src": "/icons/touch-180.png", "sizes": "180x180"}):
            if icon["sizes"] == "any":
                continue
            width = page.evaluate(WIDTH, icon["src"])
            assert f"{width}x{width}" == icon["sizes"], icon["src"]


@pytest.mark.parametrize(("language", "names"), [("es", ["Mi clon", "Estudio"]), ("zh", ["我的分身", "工作室"])])
def test_the_app_is_called_in_the_pages_language(server: Server, language: str, names: list[str]) -> None:
    with chromium() as context:
        context.add_init_script(LANGUAGE.format(language))
        page = context.new_page()
        page.goto(server.url + "/")
        expect(page.locator("link[rel=manifest]")).to_have_attribute("href", f"/manifest.{language}.webmanifest")
        manifest = context.new_cdp_session(page).send("Page.getAppManifest")
        assert manifest["errors"] == [] and manifest["url"].endswith(f"/manifest.{language}.webmanifest")
        told = json.loads(manifest["data"])
        assert (told["id"], told["lang"][:2]) == ("/", language)
        assert [each["name"] for each in told["shortcuts"]] == names


def test_it_keeps_the_app_and_nothing_that_the_server_says(ready: None) -> None:
    with stage() as own, chromium(service_workers="allow") as context:
        page = kept(context, own)
        names = page.evaluate(KEPT)
        assert "/" in names and len(names) > 50
        assert all(name == "/" or re.fullmatch(r"/assets/[\w.-]+\.(js|css|woff2)", name) for name in names)


@pytest.mark.parametrize("language", UNREACHED)
def test_without_its_server_it_opens_and_says_what_has_to_wait(language: str) -> None:
    title, waits = UNREACHED[language]
    with stage() as own, chromium(service_workers="allow", viewport={"width": 390, "height": 844}) as context:
        context.add_init_script(LANGUAGE.format(language))
        page = kept(context, own)
        own.away = True
        for address in ("studio", "talk/vera"):
            page.goto(own.url + address)
            expect(page.get_by_role("heading", name=title)).to_be_visible()
            expect(page.get_by_text(waits)).to_be_visible()
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
            assert serious(page) == []
        own.away = False
        expect(page.get_by_role("heading", name="Vera")).to_be_visible()


def test_a_newer_version_is_offered_but_never_in_the_midst_of_a_talk(tmp_path: Path) -> None:
    pages = tmp_path / "dist"
    shutil.copytree(DIST, pages)
    first, second = version_of(pages), "0123456789abcdef"
    with stage() as own, chromium(service_workers="allow") as context:
        own.pages = pages
        page = kept(context, own)
        other = context.new_page()
        other.goto(own.url + "studio")
        other.wait_for_function(CONTROLLED)
        offer = page.get_by_text("A new version is ready.")
        own.begin()
        own.sound(2)
        expect(page.get_by_text("Here I am.").last).to_be_visible()
        renew(pages, first, second)
        page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
        page.wait_for_function("async () => (await navigator.serviceWorker.getRegistration()).waiting !== null")
        expect(offer).to_have_count(0)
        own.say(type="response_end", turnId=1)
        own.say(type="status", state="idle")
        expect(offer).to_be_visible()
        assert serious(page) == []

        page.evaluate("() => { window.before = true; }")
        other.evaluate("() => { window.before = true; }")
        page.get_by_role("button", name="Reload", exact=True).click()
        page.wait_for_function("() => window.before === undefined")
        expect(page.get_by_role("heading", name="Vera")).to_be_visible()
        assert page.evaluate("async () => (await caches.keys()).length") == 2, "the one before stays for other windows"
        expect(other.get_by_text("A new version is ready.")).to_be_visible()
        assert other.evaluate("() => window.before") is True, "nobody else's window is loaded anew"
        expect(offer).to_have_count(0)


def test_within_other_sites_nothing_is_kept() -> None:
    with stage() as own, chromium(service_workers="allow") as context:
        page = context.new_page()
        page.clock.install()
        page.goto(own.url + "embed/vera")
        expect(page.get_by_role("heading", name="Vera")).to_be_visible()
        page.clock.fast_forward(60_000)
        assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
        assert not [path for path, _ in own.asked if path == "/sw.js"]


def test_installing_is_offered_in_the_menu() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        own.open(page)
        expect(page.get_by_role("heading", name="Vera")).to_be_visible()
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("menuitem", name="Install the app")).to_have_count(0)
        page.keyboard.press("Escape")
        assert page.evaluate(OFFER) is True
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("menuitem", name="Install the app").click()
        assert page.evaluate("() => window.asked") is True
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("menuitem", name="Install the app")).to_have_count(0)
