"""A person talks to the demonstration clone in Chromium, with a sound file as the microphone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsers import chromium
from tests.browser.ears import recognised, word_errors
from tests.browser.pages import heard_by, log_of, open_page, start_listening, state_of, turns_of
from tests.support.serving import ROOT, Server, link_models

pytestmark = pytest.mark.usefixtures("ready")
QUESTION = "do-i-need-a-graphics-card-rms.flac"
ANSWER = (
    "No. Everything that is built in runs on an ordinary processor. "
    "A graphics card helps only with bigger models of your own."
)
OTHER = "Type selfsame models pull. It fetches the small model files and checks every file."
WORDS = re.compile("graphics card", re.I)


def guide_texts() -> list[str]:
    """What Vera knows, in English."""
    pages = (ROOT / "selfsame" / "demo" / "guide").glob("*.md")
    return [path.read_text() for path in sorted(pages) if path.stem not in ("es", "zh")]


def test_a_spoken_question_is_heard_answered_and_the_answer_sounds(
    server: Server, microphone: Callable[..., Path], tmp_path: Path
) -> None:
    with chromium(microphone(1.0, QUESTION, 25.0)) as context:
        page = open_page(context, server)
        start_listening(page)
        expect(log_of(page)).to_contain_text(WORDS)
        expect(log_of(page)).to_contain_text("models of your own")
        page.wait_for_function("() => window.__finished()", timeout=40_000)
        samples, rate = heard_by(page)
    assert np.abs(samples).max() > 0.05, "the page was silent"
    link_models(tmp_path / "ears")
    heard = recognised(samples, rate, tmp_path / "ears", guide_texts())
    assert word_errors(ANSWER, heard) < 0.6, heard
    assert word_errors(OTHER, heard) > 0.8, "the check can tell answers apart"


def test_speaking_over_the_clone_interrupts_it(server: Server, microphone: Callable[..., Path]) -> None:
    with chromium(microphone(1.0, "where-is-my-data-stored-awb.flac", 4.0, QUESTION, 25.0)) as context:
        page = open_page(context, server)
        start_listening(page)
        expect(log_of(page)).to_contain_text("You interrupted here")
        expect(log_of(page)).to_contain_text("ordinary processor")
        first, second = turns_of(page)
    assert re.search("data folder|one data", first, re.I), first
    assert "shows where it is" not in first, "the first answer was cut before its end"
    assert WORDS.search(second) and "interrupted" not in second


def hold_until_said(page: Page, press: Callable[[], None], release: Callable[[], None]) -> None:
    """Press, let the file speak, release when the page hears that it is quiet again."""
    expect(state_of(page)).to_have_text("Ready when you are")
    press()
    expect(state_of(page)).to_have_text("Listening to you\u2026")
    expect(state_of(page)).to_have_text("Listening")
    release()
    expect(page.get_by_role("button", name="Hold to talk")).to_be_visible()


def is_answered(page: Page) -> None:
    expect(log_of(page)).to_contain_text("ordinary processor")
    assert len(turns_of(page)) == 1 and WORDS.search(turns_of(page)[0])


def test_push_to_talk_with_the_mouse(server: Server, microphone: Callable[..., Path]) -> None:
    with chromium(microphone(0.6, QUESTION, 20.0)) as context:
        page = open_page(context, server)
        page.get_by_role("button", name="Hold to talk").hover()
        hold_until_said(page, page.mouse.down, page.mouse.up)
        is_answered(page)


def test_push_to_talk_with_the_space_bar(server: Server, microphone: Callable[..., Path]) -> None:
    with chromium(microphone(0.6, QUESTION, 20.0)) as context:
        page = open_page(context, server)
        keys = page.keyboard
        hold_until_said(page, lambda: keys.down("Space"), lambda: keys.up("Space"))
        is_answered(page)
