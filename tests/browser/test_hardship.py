"""The talk page when something is missing or goes away: sound, sockets, sleep, the network, a hidden tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsers import chromium
from tests.browser.pages import ask, finish, log_of, open_page, state_of
from tests.browser.stage import Stage, stage
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
STEP_S = 4
SHOW = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def without(name: str) -> str:
    return f"delete window.{name}; delete window.webkit{name};"


def pings(own: Stage) -> int:
    return own.types().count("ping")


def until(page: Page, holds, why: str) -> None:
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail(why)


def test_without_websocket_the_page_says_so(server: Server) -> None:
    with chromium() as context:
        page = context.new_page()
        page.add_init_script(without("WebSocket"))
        page.goto(server.url + "/talk/vera")
        expect(page.get_by_role("heading", name="We cannot talk just now")).to_be_visible()
        expect(page.get_by_text("This browser has no WebSocket")).to_be_visible()


@pytest.mark.parametrize("lacks", ["AudioContext", "AudioWorkletNode"])
def test_without_sound_one_types_and_reads(server: Server, lacks: str) -> None:
    with chromium() as context:
        page = context.new_page()
        page.add_init_script(without(lacks))
        page.goto(server.url + "/talk/vera")
        expect(page.get_by_text(f"no {lacks.removesuffix('Node')}")).to_be_visible()
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("guide to Selfsame")


def test_in_a_hidden_tab_the_voice_goes_on_and_the_face_rests() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        own.open(page)
        expect(page.locator(".portrait[data-face=moving]")).to_be_visible()
        page.locator(".screen").click(position={"x": 5, "y": 5})
        own.begin()
        own.sound(6)
        until(page, lambda: "played" in own.types(), "the voice is heard")
        page.evaluate(SHOW, "hidden")
        drawn = page.evaluate("() => window.selfsameFaceSamples().length")
        heard = own.types().count("played")
        until(page, lambda: own.types().count("played") >= heard + 5, "the voice goes on in the background")
        assert page.evaluate("() => window.selfsameFaceSamples().length") <= drawn + 1, "nothing is drawn for nobody"
        before = pings(own)
        page.evaluate(SHOW, "visible")
        until(page, lambda: pings(own) > before, "coming back, the page sees at once whether its line lives")
        until(page, lambda: page.evaluate("() => window.selfsameFaceSamples().length") > drawn + 5, "the face goes on")
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()


def test_after_sleep_a_living_line_stays() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        page.clock.install()
        own.open(page)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        before = pings(own)
        page.clock.fast_forward("02:00:00")
        until(page, lambda: pings(own) > before, "the line is asked at once")
        page.clock.run_for(5000)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        assert own.types().count("start") == 1


def test_after_sleep_a_dead_line_is_opened_anew_and_the_conversation_goes_on() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        page.clock.install()
        own.open(page)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        own.begin()
        expect(log_of(page)).to_contain_text("Here I am.")
        own.dumb = True
        page.clock.fast_forward("02:00:00")
        page.clock.run_for(3500)
        expect(page.get_by_text("Connection lost")).to_be_visible()
        expect(log_of(page)).to_contain_text("Here I am.")
        own.dumb = False
        page.clock.run_for(1500)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        starts = [message for message in own.heard if message["type"] == "start"]
        assert len(starts) == 2 and starts[1]["sessionId"] == "s"


def test_the_network_goes_and_comes_back(server: Server) -> None:
    with chromium() as context:
        page = open_page(context, server)
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("guide to Selfsame")
        finish(page)
        context.set_offline(True)
        expect(page.get_by_text("You are offline")).to_be_visible()
        expect(page.get_by_text("Connection lost")).to_be_visible()
        expect(page.get_by_text(re.compile(r"again in [1-9]\d* s"))).to_be_visible()
        expect(state_of(page)).to_have_text("Reconnecting…")
        ask(page, "what are the three tiers")
        expect(log_of(page)).to_contain_text("Will be sent when the connection is back")
        assert page.evaluate("() => document.documentElement.scrollHeight <= window.innerHeight"), (
            "nothing is pushed out"
        )
        context.set_offline(False)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        expect(log_of(page)).to_contain_text("embedded tier")
        expect(page.get_by_text("You are offline")).to_be_hidden()
        expect(page.locator(".said-user", has_text="what are the three tiers")).to_have_count(1)


def test_after_a_minute_without_network_the_conversation_goes_on(server: Server) -> None:
    """The page's own clock makes the minute; the server is the real one."""
    waits: list[int] = []
    with chromium() as context:
        page = context.new_page()
        page.clock.install()
        page.goto(server.url + "/talk/vera")
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("guide to Selfsame")
        finish(page)
        context.set_offline(True)
        expect(page.get_by_text("Connection lost")).to_be_visible()
        while sum(waits) < 60:
            told = page.get_by_text(re.compile(r"again in [1-9]\d* s"))
            expect(told).to_be_visible()
            waits.append(int(re.findall(r"again in (\d+) s", told.inner_text())[0]))
            for _ in range(waits[-1] // STEP_S + 1):  # longer steps would look like sleep
                page.clock.fast_forward(1000 * STEP_S)
        assert len(waits) < 15 and max(waits) > 10, f"it asks less and less often: {waits}"
        context.set_offline(False)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        ask(page, "what is the licence")
        expect(log_of(page)).to_contain_text(re.compile("M I T|MIT|license"))
        asked = [said.split("\n")[-1] for said in page.locator(".said-user").all_inner_texts()]
        assert asked == ["who are you", "what is the licence"]
