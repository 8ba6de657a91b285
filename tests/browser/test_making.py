"""Somebody who has never seen it makes a clone from files in the page, talks with it, takes it along, and ends it.

The person is a voice of the embedded synthesiser that is not the guide's, and the drawn portrait.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import soxr
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from selfsame.face.rig_file import from_json
from selfsame.kit.pcm import from_float
from selfsame.models.check import status
from selfsame.models.manifest import SPEAKER
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.studio.voice.sentences import sentences
from tests.browser.browsers import chromium
from tests.browser.camera import portrait
from tests.browser.ears import recognised, word_errors
from tests.browser.lips import Box, Lips, mouth_of
from tests.browser.owner import ask, until_ears_know
from tests.browser.pages import RECORDER, give, heard_by, log_of, start_listening, turns_of
from tests.browser.person import GUIDE, RATE, Voice, recorded, sound_of
from tests.support.serving import ROOT, Server, link_models

pytestmark = pytest.mark.usefixtures("ready")
NAME, VOICE = "Alice Green", Voice("+f2", 1.1)
MAKING = 300_000
"""Milliseconds that a voice or a face may take on a busy machine, and hearing a consent."""
HOURS = "The workshop is open from Tuesday to Saturday, from ten in the morning to six in the evening."
REPAIR = (
    "A repair takes two weeks as a rule. Old church clocks take longer, because their wheels are cut by hand. "
    "I write to you when the clock is ready, and you pay when you collect it. Nothing is ever repaired without a price "
    "that you have agreed to beforehand."
)
OTHER = "The red kettle boils a litre of water in two minutes, and its guarantee lasts three years."
CLOCKS = f"# When is the workshop open?\n\n{HOURS}\n\n# How many weeks does a repair take?\n\n{REPAIR}\n"
LIST = "name,price,currency,category\nKitchen clock,49.50,EUR,Clocks\nAlarm clock,19.90,EUR,Clocks\n"
TALK = (ROOT / "tests" / "persona" / "speakers" / "dana.txt").read_text()
PHRASE = "you know"
PHONE = {"width": 390, "height": 844}
SECRET = "seven green clocks"


@dataclass
class Alice:
    """The person, and the server on which her clone is made."""

    server: Server
    folder: Path
    encoder: Ge2eSpeakerEncoder

    def says(self, *pieces: float | str, voice: Voice = VOICE) -> Path:
        return recorded(self.folder / "microphone.wav", *pieces, voice=voice)

    def readings(self) -> list[Path]:
        """Recordings such as somebody has lying about."""
        return [
            recorded(self.folder / f"reading-{number}.wav", 0.4, text, 0.4, voice=VOICE)
            for number, text in enumerate(sentences("EN")[:8], 1)
        ]

    def likeness(self, samples: np.ndarray, rate: int, voice: Voice) -> float:
        """How like a voice of the synthesiser some speech is: the cosine of the speaker network's vectors."""
        heard = from_float(soxr.resample(samples, rate, 16_000))
        known = from_float(soxr.resample(sound_of(*sentences("EN")[:4], voice=voice), RATE, 16_000))
        return float(self.encoder.embed(heard) @ self.encoder.embed(known))


@pytest.fixture
def alice(server: Server, tmp_path: Path) -> Alice:
    found = status(SPEAKER, server.home / "models")
    if found.state != "ready":
        pytest.skip("the speaker network is not here; get it with: selfsame models pull speaker")
    return Alice(server, tmp_path, Ge2eSpeakerEncoder(found.folder))


@pytest.mark.timeout(1800)
def test_a_clone_is_made_from_files_talks_and_ends(alice: Alice) -> None:
    sentence = ask(alice.server, "GET", "/api/consents/spoken?name=Alice%20Green")["text"]
    with chromium(alice.says(0.8, sentence, 20.0), viewport=PHONE) as context:
        page = context.new_page()
        begin(page, alice)
        agree(page)
        order_voice(page, alice)
        order_face(page, alice)
        teach(page)
        learn_manner(page)
        take_voice_and_face(page)
        try_it(page)
    until_ears_know(alice.server, "alice-green")
    with chromium(alice.says(1.0, "When is the workshop open?", 40.0, voice=GUIDE)) as context:
        hear_and_see(context, alice)
    pieces = (1.0, "How many weeks does a repair take?", 5.0, "When is the workshop open?", 30.0)
    with chromium(alice.says(*pieces, voice=GUIDE)) as context:
        interrupt(context, alice)
    with chromium(accept_downloads=True) as context:
        page = context.new_page()
        archive = take_along(page, alice)
        erase(page, alice)
        bring(page, alice, archive)
        revoke(context, alice)


def begin(page: Page, alice: Alice) -> None:
    """From the first page to a clone with a name."""
    page.goto(alice.server.url)
    page.get_by_role("link", name="Make your own").click()
    page.get_by_role("button", name="New clone").click()
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_role("button", name="Begin").click()
    step(page, "Consent")


def step(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), title


def go_to(page: Page, name: str) -> None:
    """By the steps at the top."""
    page.get_by_role("navigation", name="Steps").get_by_role("link", name=re.compile(f"^{name}")).click()
    step(page, name)


def agree(page: Page) -> None:
    page.get_by_label("Your full name").fill(NAME)
    page.get_by_role("button", name="Show my sentence").click()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("Sounds good.")).to_be_visible()
    page.get_by_role("button", name="Send and agree").click()
    expect(page.get_by_role("heading", name="You have agreed")).to_be_visible(timeout=MAKING)


def order_voice(page: Page, alice: Alice) -> None:
    """Recordings are sent; nobody waits for the voice."""
    page.get_by_role("link", name="Go on to the voice").click()
    step(page, "Voice")
    page.get_by_role("tab", name="Recordings").click()
    give(page, "Your recordings or videos", alice.readings())
    page.get_by_role("button", name="Make my voice").click()
    expect(page.get_by_role("progressbar", name="Making your voice")).to_be_visible()


def order_face(page: Page, alice: Alice) -> None:
    photo = alice.folder / "me.jpg"
    cv2.imwrite(str(photo), portrait())
    go_to(page, "Face")
    page.get_by_role("tab", name="Photos or a video").click()
    give(page, "One to twenty photos", [photo])
    expect(page.get_by_role("list", name="Chosen pictures")).to_contain_text("Very good.")
    page.get_by_role("button", name="Make the face").click()
    expect(page.get_by_role("heading", name="A face is being made")).to_be_visible()


def a_file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def teach(page: Page) -> None:
    """A document and a list of products, while voice and face are being made."""
    go_to(page, "Knowledge")
    give(page, "Give your clone something to read", [a_file("clocks.md", CLOCKS)])
    expect(row_of(page, "clocks.md")).to_contain_text("Known", timeout=MAKING)
    page.get_by_role("tab", name="Products").click()
    give(page, "Give your clone a list of products", [a_file("list.csv", LIST)])
    expect(row_of(page, "Kitchen clock")).to_contain_text("€49.50", timeout=MAKING)


def learn_manner(page: Page) -> None:
    go_to(page, "Manner")
    give(page, "A recording, a video or a transcript", [a_file("talk.txt", TALK)])
    expect(page.get_by_role("status").filter(has_text="Learnt anew")).to_be_visible(timeout=MAKING)
    expect(page.get_by_role("listitem").filter(has_text="Little words between")).to_contain_text(PHRASE)


def take_voice_and_face(page: Page) -> None:
    go_to(page, "Voice")
    page.get_by_role("button", name="Use this voice").click(timeout=MAKING)
    expect(page.get_by_text("Speaking now")).to_be_visible()
    page.get_by_role("link", name="Go on to the face").click()
    page.get_by_role("button", name="Use this face").click(timeout=MAKING)
    expect(page.get_by_role("heading", name="The face that is shown")).to_be_visible()
    expect(page.get_by_text("5 of 5 done")).to_be_visible()


def try_it(page: Page) -> None:
    """The last step: it says in its own manner what the list says."""
    go_to(page, "Try it")
    expect(page.locator(".portrait[data-face=moving]")).to_be_visible()
    page.get_by_role("textbox", name=f"Ask {NAME} something").fill("How much is the kitchen clock?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".try-words")).to_contain_text("49.50")


def open_talk(context: BrowserContext, alice: Alice) -> tuple[Page, Box]:
    """The talk page, with a tape recorder at its loudspeaker; and where the mouth of the face is that came."""
    page = context.new_page()
    page.add_init_script(RECORDER)
    with page.expect_response(re.compile("/face.json")) as face:
        page.goto(alice.server.url + "/talk/alice-green?measure")
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    expect(page.locator(".portrait[data-face=moving]")).to_be_visible()
    return page, mouth_of(from_json(face.value.body()))


def hear_and_see(context: BrowserContext, alice: Alice) -> None:
    """A spoken question is answered from the document, in her voice, by her mouth."""
    lips = Lips()
    lips.follow(context)
    page, mouth = open_talk(context, alice)
    seen = lips.watch(page, mouth, lambda: start_listening(page))
    assert seen.opening > 0.15 and seen.agreement > 0.7, seen
    expect(log_of(page)).to_contain_text("Tuesday to Saturday")
    page.wait_for_function("() => window.__finished()", timeout=60_000)
    samples, rate = heard_by(page)
    assert len(turns_of(page)) == 1 and re.search("workshop open", turns_of(page)[0], re.I), turns_of(page)
    link_models(alice.folder / "ears")
    heard = recognised(samples, rate, alice.folder / "ears", [CLOCKS, OTHER])
    assert word_errors(HOURS, heard) < word_errors(OTHER, heard) - 0.1, heard


def interrupt(context: BrowserContext, alice: Alice) -> None:
    """In the manner that is most like her, which is heard; and cut short by the next question."""
    page = context.new_page()
    page.goto(alice.server.url + "/studio/alice-green/voice")
    page.get_by_role("radio", name="Like me").click(force=True)
    expect(page.get_by_text("In your own sounds: most alike")).to_be_visible()
    page, _ = open_talk(context, alice)
    start_listening(page)
    expect(log_of(page)).to_contain_text("You interrupted here")
    expect(log_of(page)).to_contain_text("Tuesday to Saturday")
    page.wait_for_function("() => window.__finished()", timeout=60_000)
    hers, guides = (alice.likeness(*heard_by(page), voice) for voice in (VOICE, GUIDE))
    assert hers > guides + 0.05, f"it sounds like the guide: {hers:.2f} to {guides:.2f}"
    first, second = turns_of(page)
    assert re.search("two weeks", first) and "beforehand" not in first, first
    assert "interrupted" not in second


def take_along(page: Page, alice: Alice) -> Path:
    page.goto(alice.server.url + "/studio")
    page.get_by_role("button", name=f"More for {NAME}").click()
    page.get_by_role("menuitem", name="Take it along").click()
    page.get_by_label("Passphrase").fill("short")
    page.get_by_role("button", name="Save the file").click()
    expect(page.get_by_role("alert")).to_contain_text("A passphrase has")
    page.get_by_label("Passphrase").fill(SECRET)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save the file").click()
    assert coming.value.suggested_filename == "alice-green.selfsame"
    path = alice.folder / coming.value.suggested_filename
    coming.value.save_as(path)
    assert HOURS.encode() not in path.read_bytes(), "it is sealed"
    return path


def erase(page: Page, alice: Alice) -> None:
    """Everything goes, and only with the sentence typed."""
    page.goto(alice.server.url + "/settings/privacy")
    page.get_by_role("button", name="Erase everything").click()
    gone = page.get_by_role("dialog").get_by_role("button", name=re.compile("Erase"))
    expect(gone).to_be_disabled()
    page.get_by_label(re.compile("erase everything")).fill("Erase everything")
    gone.click()
    expect(page.locator(".toast").filter(has_text="Everything")).to_be_visible(timeout=MAKING)
    assert [each["slug"] for each in ask(alice.server, "GET", "/api/clones/mine")["clones"]] == ["vera"]
    assert ask(alice.server, "GET", "/api/consents") == {"consents": []}
    assert ask(alice.server, "GET", "/voice-models")["voiceModels"] == []
    page.goto(alice.server.url + "/studio")
    expect(page.get_by_role("heading", name="No clone of yours yet")).to_be_visible()


def bring(page: Page, alice: Alice, archive: Path) -> None:
    page.get_by_role("button", name="Bring a clone").click()
    give(page, "The file that another Selfsame gave you", [archive])
    page.get_by_label("Passphrase, if it has one").fill("eight green clocks")
    page.get_by_label("Your name, if this clone is of you").fill(NAME)
    page.get_by_role("button", name="Bring it").click()
    expect(page.get_by_role("alert")).to_contain_text("passphrase is not the one of this archive")
    page.get_by_label("Passphrase, if it has one").fill(SECRET)
    page.get_by_role("button", name="Bring it").click()
    expect(page.locator(".toast").filter(has_text=f"{NAME} is here.")).to_be_visible(timeout=MAKING)
    page.wait_for_url("**/studio/alice-green/**")
    expect(page.get_by_text("Speaks with its own voice")).to_be_visible()
    expect(page.get_by_text("shows its face")).to_be_visible()


def revoke(context: BrowserContext, alice: Alice) -> None:
    """Voice and face are gone for whoever talks with it; what it knows stays."""
    talk, _ = open_talk(context, alice)
    studio = context.new_page()
    studio.goto(alice.server.url + "/settings/privacy")
    talk.bring_to_front()
    talk.get_by_role("textbox").fill("How many weeks does a repair take?")
    talk.get_by_role("textbox").press("Enter")
    expect(log_of(talk)).to_contain_text("two weeks")
    studio.get_by_role("button", name="Take back: A voice like yours").click()
    studio.get_by_role("alertdialog").get_by_role("button", name="Take back").click()
    expect(studio.locator(".toast")).to_contain_text("Your consent is taken back.")
    assert ask(alice.server, "GET", "/voice-models")["voiceModels"] == []
    facts = ask(alice.server, "GET", "/api/clones/alice-green")
    assert (facts["hasVoice"], facts["hasFace"], facts["documents"]["total"]) == (False, False, 2)
    talk.bring_to_front()
    expect(talk.get_by_role("img", name=f"{NAME}, drawn")).to_be_visible()
    expect(talk.locator(".portrait[data-face=moving]")).to_have_count(0)
    talk.get_by_role("textbox").fill("When is the workshop open?")
    talk.get_by_role("textbox").press("Enter")
    expect(log_of(talk)).to_contain_text("Tuesday")
