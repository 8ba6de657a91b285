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


def answers(page: Page):
    return page.locator(".turn.clone, [data-speaker=clone]")


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
        page.get_by_role("switch", name="Hands-free").check()
        listen = page.get_by_role("button", name="Start listening")
        if listen.count():
            listen.click()
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
