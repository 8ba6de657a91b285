"""A person talks to the demonstration clone in Chromium, with a sound file as the microphone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import anyio
import jiwer
import numpy as np
import pytest
import soxr
from playwright.sync_api import Page, expect

from selfsame.ears.port import HearingOptions
from selfsame.kit.pcm import from_float
from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxSpeechToText
from tests.browser.conftest import chromium, heard_by
from tests.support.serving import ROOT, Server, link_models

RECORDER = (ROOT / "tests" / "browser" / "recorder.js").read_text()
QUESTION = "do-i-need-a-graphics-card-rms.flac"


def open_page(context, server: Server, path: str = "/") -> Page:
    page = context.new_page()
    page.add_init_script(RECORDER)
    page.goto(server.url + path)
    expect(page.get_by_role("heading", name="Vera")).to_be_visible()
    return page


def recognise(samples: np.ndarray, rate: int, home: Path) -> str:
    """What our own ears, adapted to the guide, make of what the page played."""
    pcm = from_float(soxr.resample(samples, rate, 16_000))
    texts = [path.read_text() for path in sorted((ROOT / "selfsame" / "demo" / "guide").glob("*.md"))
             if path.stem not in ("es", "zh")]  # fmt: skip

    async def hear() -> str:
        async with SphinxSpeechToText(home / "cache" / "hearing") as ears:
            await ears.adapt("test", Knowledge("test", texts))
            async with ears.open(HearingOptions("test", "EN")) as recognition:
                for start in range(0, len(pcm), 1600):
                    await recognition.accept(pcm[start : start + 1600])
                return (await recognition.finish()).text

    return anyio.run(hear)


def plain(text: str) -> str:
    return re.sub(r"[^a-z' ]+", " ", text.lower()).strip()


@pytest.mark.usefixtures("ready")
def test_a_spoken_question_is_heard_answered_and_the_answer_sounds(
    server: Server, microphone: Callable[..., Path], tmp_path: Path
) -> None:
    sound = microphone(1.5, QUESTION, 25.0)
    with chromium(sound) as context:
        page = open_page(context, server)
        start_listening(page)
        log = page.get_by_role("log")
        expect(log).to_contain_text(re.compile("graphics card", re.I))
        expect(log).to_contain_text("ordinary processor")
        expect(log).to_contain_text("models of your own")
        page.wait_for_function("() => window.__finished()", timeout=40_000)
        samples, rate = heard_by(page)
    assert np.abs(samples).max() > 0.05, "the page was silent"
    link_models(tmp_path / "ears")
    heard = plain(recognise(samples, rate, tmp_path / "ears"))
    answer = plain("No. Everything that is built in runs on an ordinary processor. "
                   "A graphics card helps only with bigger models of your own.")  # fmt: skip
    other = plain("Type selfsame models pull. It fetches the small model files and checks every file.")
    assert jiwer.wer(answer, heard) < 0.6, heard
    assert jiwer.wer(other, heard) > 0.8, "the check can tell answers apart"


@pytest.mark.usefixtures("ready")
def test_speaking_over_the_clone_interrupts_it(server: Server, microphone: Callable[..., Path]) -> None:
    sound = microphone(1.5, "where-is-my-data-stored-awb.flac", 4.0, QUESTION, 25.0)
    with chromium(sound) as context:
        page = open_page(context, server)
        start_listening(page)
        log = page.get_by_role("log")
        expect(log).to_contain_text(re.compile("data folder|one data", re.I))
        expect(log).to_contain_text("ordinary processor")
        expect(log).to_contain_text(re.compile("graphics card", re.I))
        assert "shows where it is" not in log.inner_text(), "the first answer was cut before its end"


def start_listening(page: Page) -> None:
    """Hands-free, with the microphone open."""
    page.get_by_role("switch", name="Hands-free").check()
    listen = page.get_by_role("button", name="Start listening")
    if listen.count():
        listen.click()


def ask(page: Page, text: str) -> None:
    """Type a question."""
    box = page.get_by_role("textbox", name=re.compile("Write to"))
    box.fill(text)
    box.press("Enter")


@pytest.mark.usefixtures("ready")
def test_what_is_typed_is_shown_as_text_and_never_run(server: Server) -> None:
    with chromium() as context:
        page = open_page(context, server)
        alarms: list[str] = []
        page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
        ask(page, '<script>alert("x")</script><img src=x onerror=alert(1)> what is the licence')
        log = page.get_by_role("log")
        expect(log).to_contain_text("<script>alert")
        expect(log).to_contain_text(re.compile("M I T|MIT|license"))
        assert alarms == [] and page.locator("[role=log] img").count() == 0


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1280, 800)])
def test_the_page_fits_its_screen(server: Server, width: int, height: int) -> None:
    with chromium(viewport={"width": width, "height": height}) as context:
        page = open_page(context, server)
        ask(page, "what are the three tiers")
        expect(page.get_by_role("log")).to_contain_text("embedded tier")
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        button = page.get_by_role("button", name=re.compile("listening|talk", re.I)).first
        box = button.bounding_box()
        assert box is not None and box["width"] >= 44 and box["height"] >= 44 and box["y"] + box["height"] <= height


@pytest.mark.usefixtures("ready")
def test_after_the_server_was_killed_the_conversation_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    link_models(home)
    server = Server(home).start()
    try:
        with chromium() as context:
            page = open_page(context, server)
            page.get_by_text("Answers", exact=True).click()
            page.get_by_role("switch", name=re.compile("remember", re.I)).check()
            page.keyboard.press("Escape")
            log = page.get_by_role("log")
            ask(page, "who are you")
            expect(log).to_contain_text("the guide to Selfsame")
            expect(page.get_by_role("button", name="Stop")).to_be_disabled(timeout=30_000)
            ask(page, "what are the three tiers")
            expect(log).to_contain_text("embedded tier")
            server.kill()
            expect(page.get_by_text(re.compile("reconnect|offline|try", re.I)).first).to_be_visible()
            server.start()
            ask(page, "which database does it use")
            expect(log).to_contain_text(re.compile("Postgres", re.I), timeout=60_000)
            text = log.inner_text()
            assert text.count("who are you") == 1, "nothing is repeated"
            assert text.count("which database does it use") == 1
    finally:
        server.stop()
