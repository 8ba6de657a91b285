"""Making a clone in the browser: begun by its name, its face taken with the camera or from files, resumed, deleted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from selfsame.face.rig_file import from_json
from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.camera import before_camera, film, portrait
from tests.browser.lips import Lips, mouth_of
from tests.browser.owner import ask
from tests.browser.pages import ask as type_question
from tests.browser.pages import give
from tests.support.serving import ROOT, Server

pytestmark = pytest.mark.usefixtures("ready")
QUESTION = "Who are you?"
STRANGE = "How do I bake a chocolate cake?"
LONG = "That is something which nobody has told me about so far, but I will gladly ask, and tell you another time."
MAKING = 240_000
"""Milliseconds that a face may take on a busy machine."""
FACES = Path(os.environ.get("SELFSAME_TEST_DATA", ROOT.parent / "shared" / "data")) / "faces"


@contextmanager
def a_clone(server: Server, name: str, *, agreed: bool = True) -> Iterator[str]:
    """The address of a fresh clone, deleted afterwards if it is still there."""
    ask(server, "POST", "/api/consents", {"granted": agreed})
    slug = ask(server, "POST", "/api/clones", {"name": name, "greeting": "Hello."})["slug"]
    yield slug
    if slug in [each["slug"] for each in ask(server, "GET", "/api/clones/mine")["clones"]]:
        ask(server, "DELETE", f"/api/clones/{slug}")


@contextmanager
def seen_by(server: Server, address: str, camera: Path | None = None, **context: Any) -> Iterator[Page]:
    """The page at this address; its camera shows the film, if it has one."""
    microphone = "denied" if camera is None else "allowed"
    with chromium(microphone=microphone, camera=camera, **context) as opened:
        page = opened.new_page()
        page.goto(server.url + address)
        yield page


def test_the_studio_says_what_to_do_first_and_a_clone_is_begun_by_its_name(server: Server) -> None:
    with seen_by(server, "/studio") as page:
        expect(page.get_by_role("heading", name="No clone of yours yet")).to_be_visible()
        assert serious(page) == []
        page.get_by_role("button", name="New clone").click()
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_role("alert")).to_contain_text("Write a name")
        page.get_by_label("Name", exact=True).fill("Ida Berg")
        expect(page.get_by_label("What it says first")).to_have_value(re.compile("I am Ida Berg"))
        page.get_by_label("Its language").select_option("ES")
        expect(page.get_by_label("What it says first")).to_have_value(re.compile("soy Ida Berg"))
        page.get_by_label("What it says first").fill("Buenas.")
        page.get_by_label("Name", exact=True).fill("Ida Berglund")
        expect(page.get_by_label("What it says first")).to_have_value("Buenas.")
        assert serious(page) == []
        page.get_by_role("button", name="Begin").click()
        page.wait_for_url("**/studio/ida-berglund/*")
        made = ask(server, "GET", "/api/clones/ida-berglund")
        assert (made["language"], made["greeting"]) == ("ES", "Buenas.")
        page.get_by_role("button", name=re.compile("Change name")).click()
        page.get_by_label("Who it is, in one line").fill("a potter")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("a potter")).to_be_visible()
        assert ask(server, "GET", "/api/clones/ida-berglund")["description"] == "a potter"
        page.goto(server.url + "/studio")
        page.get_by_role("button", name="More for Ida Berglund").click()
        page.get_by_role("menuitem", name="Delete").click()
        gone = page.get_by_role("button", name="Delete for good")
        expect(gone).to_be_disabled()
        page.get_by_label(re.compile("type its name")).fill("ida berglund")
        assert serious(page) == []
        gone.click()
        expect(page.get_by_text("Ida Berglund is deleted.", exact=True)).to_be_visible()
        expect(page.get_by_role("article", name="Ida Berglund")).to_have_count(0)


def test_without_consent_the_face_waits_and_says_where_to_go(server: Server) -> None:
    with a_clone(server, "Ola", agreed=False) as slug, seen_by(server, f"/studio/{slug}/face") as page:
        expect(page.get_by_role("heading", name="Your consent comes first")).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("Face.*needs your consent"))).to_be_visible()
        page.get_by_role("link", name="Go to consent").click()
        page.wait_for_url(f"**/studio/{slug}/consent")
        ask(server, "POST", "/api/consents", {"granted": True})
        page.goto(f"{server.url}/studio/{slug}/face")
        expect(page.get_by_role("heading", name="Take four photos")).to_be_visible()


def test_a_face_is_taken_with_the_camera_made_and_shown(server: Server, tmp_path: Path) -> None:
    camera = film(tmp_path / "camera.y4m", before_camera(portrait()))
    with a_clone(server, "Ada") as slug, seen_by(server, f"/studio/{slug}/face", camera) as page:
        page.get_by_role("button", name="Turn on the camera").click()
        expect(page.locator(".camera-hint")).to_have_text("Good. Take the photo")
        page.get_by_role("button", name="Take the photo").click()
        expect(page.get_by_role("list", name="Chosen pictures").get_by_text("Very good.")).to_be_visible()
        expect(page.locator(".camera-hint")).to_have_text("Turn a little to your left")
        assert serious(page) == []
        page.get_by_role("button", name="Make the face").click()
        expect(page.get_by_role("heading", name="A face is being made")).to_be_visible()
        tray = page.get_by_role("region", name="Work in hand")
        expect(tray.get_by_role("progressbar", name="Making the face")).to_be_visible()
        page.reload()  # the work goes on, and the page finds it again
        expect(page.get_by_role("heading", name="A new face is ready")).to_be_visible(timeout=MAKING)
        expect(tray).to_have_count(0)
        expect(page.locator(".portrait[data-face=moving]")).to_be_visible()
        drawn = cv2.imdecode(np.frombuffer(page.locator(".portrait").screenshot(), np.uint8), cv2.IMREAD_COLOR)
        assert drawn is not None and drawn.std() > 20, "the face is drawn"
        assert serious(page) == []
        page.get_by_role("button", name="Use this face").click()
        expect(page.get_by_role("heading", name="The face that is shown")).to_be_visible()
        assert ask(server, "GET", f"/api/clones/{slug}")["hasFace"] is True
        expect(page.get_by_role("link", name=re.compile("^Face ?done"))).to_be_visible()
        page.goto(f"{server.url}/studio/{slug}")
        page.wait_for_url(f"**/studio/{slug}/consent")  # the first step that is not done


def test_in_the_dark_the_guide_says_so(server: Server, tmp_path: Path) -> None:
    camera = film(tmp_path / "camera.y4m", before_camera(portrait(), light=0.15))
    with a_clone(server, "Eli") as slug, seen_by(server, f"/studio/{slug}/face", camera) as page:
        page.get_by_role("button", name="Turn on the camera").click()
        expect(page.locator(".camera-hint")).to_contain_text("too dark")


def test_a_small_face_is_asked_to_come_closer(server: Server, tmp_path: Path) -> None:
    camera = film(tmp_path / "camera.y4m", before_camera(portrait(), height=0.4))
    with a_clone(server, "Eli") as slug, seen_by(server, f"/studio/{slug}/face", camera) as page:
        page.get_by_role("button", name="Turn on the camera").click()
        expect(page.locator(".camera-hint")).to_have_text("Come closer")


def test_without_a_camera_files_are_offered_and_each_is_judged(server: Server, tmp_path: Path) -> None:
    good, dark, text = tmp_path / "good.jpg", tmp_path / "dark.png", tmp_path / "notes.txt"
    cv2.imwrite(str(good), portrait())
    cv2.imwrite(str(dark), (portrait() * 0.1).astype(np.uint8))
    text.write_text("no picture")
    with a_clone(server, "Uma") as slug, seen_by(server, f"/studio/{slug}/face", color_scheme="dark") as page:
        page.get_by_role("button", name="Turn on the camera").click()
        expect(page.get_by_role("heading", name="The camera is not allowed")).to_be_visible()
        assert serious(page) == []
        page.get_by_role("button", name="Choose photos instead").click()
        give(page, "One to twenty photos", [text])
        expect(page.get_by_role("alert")).to_contain_text("notes.txt is not of a kind")
        give(page, "One to twenty photos", [good, dark])
        shots = page.get_by_role("list", name="Chosen pictures").get_by_role("listitem")
        expect(shots.nth(0)).to_contain_text("Very good.")
        expect(shots.nth(1)).to_contain_text("Not used.")
        expect(shots.nth(1)).to_contain_text("Too dark")
        assert serious(page) == []
        page.get_by_role("button", name="Remove dark.png").click()
        expect(shots).to_have_count(1)
        page.get_by_role("button", name="Make the face").click()
        page.get_by_role("button", name="Stop: Making the face").click()
        expect(page.get_by_role("region", name="Work in hand")).to_have_count(0)
        expect(page.get_by_role("heading", name="Take four photos")).to_be_visible()


@pytest.mark.skipif(not FACES.is_dir(), reason=f"no faces at {FACES}; set SELFSAME_TEST_DATA")
def test_a_real_portrait_becomes_a_face_that_speaks(server: Server) -> None:
    bad = sorted((FACES / "bad").glob("*.jpg")) + sorted((FACES / "bad").glob("*.png"))
    with a_clone(server, "Kim") as slug, seen_by(server, f"/studio/{slug}/face") as page:
        page.get_by_role("tab", name="Photos or a video").click()
        give(page, "One to twenty photos", [FACES / "cgi_woman_a.jpg", *bad[:2]])
        shots = page.get_by_role("list", name="Chosen pictures").get_by_role("listitem")
        expect(shots.nth(0)).to_contain_text(re.compile("Very good|Will do"))
        expect(shots.nth(len(bad[:2]))).not_to_contain_text("Being looked at")
        page.get_by_role("button", name="Make the face").click()
        expect(page.get_by_role("heading", name="A new face is ready")).to_be_visible(timeout=MAKING)
        page.get_by_role("button", name="Discard").click()
        page.get_by_role("button", name="Undo").click()
        page.get_by_role("button", name="Use this face").click()
        expect(page.get_by_role("heading", name="The face that is shown")).to_be_visible()
        ask(server, "PUT", f"/api/clones/{slug}/answering", {"adherence": "strict", "noAnswer": {"EN": LONG}})
        lips = Lips()
        lips.follow(page.context)
        talk = page.context.new_page()
        with talk.expect_response(re.compile("/face.json")) as face:
            talk.goto(f"{server.url}/talk/{slug}?measure")
        expect(talk.locator(".portrait[data-face=moving]")).to_be_visible()
        seen = lips.watch(talk, mouth_of(from_json(face.value.body())), lambda: type_question(talk, STRANGE))
        assert seen.opening > 0.15 and seen.agreement > 0.7, seen


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_path_is_for_everyone(server: Server, theme: str) -> None:
    with a_clone(server, "Noor") as slug, seen_by(server, f"/studio/{slug}/try", color_scheme=theme) as page:
        expect(page.get_by_role("heading", name="What would make it better")).to_be_visible()
        page.get_by_role("textbox", name="Ask Noor something").fill("Who are you?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".try-asked")).to_have_text("Who are you?")
        assert serious(page) == []
        page.goto(server.url + "/studio")
        expect(page.get_by_role("article", name="Noor")).to_be_visible()
        assert serious(page) == []
        page.goto(f"{server.url}/studio/nobody-here")
        expect(page.get_by_role("heading", name="There is no such clone", level=1)).to_be_visible()
