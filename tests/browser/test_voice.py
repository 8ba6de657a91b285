"""A person agrees with their voice, reads sentences, and hears the voice that was made of them; all in the page.

The person is the embedded synthesiser, played into Chromium's microphone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from selfsame.models.check import status
from selfsame.models.manifest import SPEAKER
from selfsame.studio.voice.sentences import sentences
from tests.browser.browsers import chromium
from tests.browser.owner import ask
from tests.browser.person import recorded
from tests.support.serving import ROOT, Server

pytestmark = pytest.mark.usefixtures("ready")
NAME = "Alice Green"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def alice(server: Server) -> Server:
    """A server with a clone that is begun."""
    if status(SPEAKER, server.home / "models").state != "ready":
        pytest.skip("the speaker network is not here; get it with: selfsame models pull speaker")
    ask(server, "POST", "/api/clones", {"name": NAME, "slug": "alice"})
    return server


def serious(page: Page) -> list[str]:
    """What axe finds that is serious or critical, in both themes."""
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another is no finding
    page.evaluate(AXE.read_text())
    found: list[str] = []
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        results = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        found += [
            f"{theme}: {each['id']}: {[node['html'] for node in each['nodes']][:3]}"
            for each in results["violations"]
            if each["impact"] in ("serious", "critical")
        ]
    return found


def open_step(page: Page, url: str, step: str, title: str) -> None:
    page.goto(f"{url}/studio/alice/{step}")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def say_the_sentence(page: Page, url: str) -> None:
    """As far as the recorded sentence, which stops by itself."""
    open_step(page, url, "consent", "Consent")
    page.get_by_label("Your full name").fill(NAME)
    page.get_by_role("button", name="Show my sentence").click()
    expect(page.locator("blockquote")).to_contain_text(f"I, {NAME}, agree that Selfsame makes a clone")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible()
    expect(page.get_by_text("Sounds good.")).to_be_visible()
    page.get_by_role("button", name="Send and agree").click()


def test_a_person_agrees_reads_and_hears_their_voice(alice: Server, tmp_path: Path) -> None:
    today = ask(alice, "GET", "/api/consents/spoken?name=Alice%20Green")
    wrong = "I, Robert Wilson, agree that Selfsame makes a clone of my voice and face."
    with chromium(recorded(tmp_path / "wrong.wav", 0.8, wrong, 20.0), viewport=PHONE) as context:
        page = context.new_page()
        open_step(page, alice.url, "voice", "Voice")
        expect(page.get_by_role("link", name="Go to the consent")).to_be_visible()
        say_the_sentence(page, alice.url)
        refused = page.get_by_role("alert").filter(has_text="Not quite yet")
        expect(refused).to_contain_text("Your name was not understood")
        expect(refused).to_contain_text("date was not understood")
        expect(refused).to_contain_text("agree that Selfsame makes a clone")
        assert all(each["revokedAt"] for each in ask(alice, "GET", "/api/consents")["consents"])
        assert serious(page) == []
    with chromium(recorded(tmp_path / "right.wav", 0.8, today["text"], 20.0), viewport=PHONE) as context:
        page = context.new_page()
        say_the_sentence(page, alice.url)
        expect(page.get_by_role("heading", name="You have agreed")).to_be_visible()
        expect(page.get_by_text(f"spoken by {NAME}")).to_have_count(2)  # voice and face
        assert serious(page) == []
    read_and_hear(alice, tmp_path)
    end_it(alice)


def read_and_hear(alice: Server, tmp_path: Path) -> None:
    """Eight sentences, one after the other by itself; a reload between; the voice is made, heard and taken."""
    pieces: list[float | str] = [0.8]
    for sentence in sentences("EN")[:8]:
        pieces += [sentence, 3.5]
    with chromium(recorded(tmp_path / "reading.wav", *pieces, 30.0), viewport=PHONE) as context:
        page = context.new_page()
        open_step(page, alice.url, "voice", "Voice")
        expect(page.get_by_text("Sentence 1 of 40")).to_be_visible()
        expect(page.get_by_role("button", name="Make my voice")).to_have_count(0)
        page.get_by_role("switch", name="Go on by itself").check()
        page.get_by_role("heading", name="Make your voice").click()  # nothing that wants the space bar
        page.keyboard.press("Space")
        expect(page.get_by_text("Sentence 9 of 40")).to_be_visible(timeout=120_000)
        page.reload()
        expect(page.get_by_text("8 sentences recorded")).to_be_visible()
        expect(page.get_by_text("Sentence 9 of 40")).to_be_visible()
        assert serious(page) == []
        page.get_by_role("button", name="Make my voice").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_role("button", name="Use this voice")).to_be_visible(timeout=180_000)
        hear(page)
        expect(page.get_by_role("meter", name="Likeness")).to_be_visible()
        assert serious(page) == []
        page.get_by_role("button", name="Use this voice").click()
        expect(page.get_by_text("Speaking now")).to_be_visible()
    voices = ask(alice, "GET", "/voice-models")
    assert list(voices["activeVoiceModelId"].values()) == [voices["voiceModels"][0]["voiceModelId"]]
    assert voices["voiceModels"][0]["recordings"] == 8


def hear(page: Page) -> None:
    """Both play: the person's own recording, and the voice."""
    for name in ("You", "The clone"):
        page.get_by_role("button", name=f"Play: {name}").click()
        expect(page.get_by_role("button", name=f"Stop: {name}")).to_be_visible()
        expect(page.get_by_role("button", name=f"Play: {name}")).to_be_visible()  # it came to its end


def end_it(alice: Server) -> None:
    """The consent ends; the voice goes with it."""
    with chromium(viewport=PHONE) as context:
        page = context.new_page()
        open_step(page, alice.url, "consent", "Consent")
        page.get_by_role("button", name="End the consent").click()
        dialog = page.get_by_role("alertdialog")
        expect(dialog).to_contain_text("All voices and faces made of you are erased")
        dialog.get_by_role("button", name="End and erase").click()
        expect(page.get_by_role("heading", name="Agree with your voice")).to_be_visible()
        expect(page.get_by_label("Your full name")).to_have_value(NAME)
    assert ask(alice, "GET", "/voice-models")["voiceModels"] == []


@pytest.mark.parametrize(
    ("state", "words"), [("denied", "microphone is blocked"), ("missing", "No microphone was found")]
)
def test_without_a_microphone_it_is_said_what_to_do(alice: Server, state: Any, words: str) -> None:
    with chromium(microphone=state, viewport=PHONE) as context:
        page = context.new_page()
        open_step(page, alice.url, "consent", "Consent")
        page.get_by_label("Your full name").fill(NAME)
        page.get_by_role("button", name="Show my sentence").click()
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        assert serious(page) == []
