"""The demonstration clone's own face, from the real server to the page's pixels."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from selfsame.demo import DEMO
from selfsame.events.shown import CHANNELS
from selfsame.face.articulation import write
from selfsame.face.rig_file import from_json
from selfsame.face.visemes import LETTERS
from tests.browser.browsers import chromium
from tests.browser.lips import SIZE, Box, Lips, mouth_of
from tests.browser.pages import ask, finish, open_page
from tests.browser.pictures import Pixels, changed, picture_of, posed
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
SOUNDS = {"aah": "ɑ", "ee": "i", "oh": "o", "oo": "u", "mm": "m", "ff": "f", "ss": "s"}
QUESTION = "How do I make a clone?"


def folder() -> Path | None:
    """Where pictures are left for a person to look at, if anywhere."""
    wanted = os.environ.get("SELFSAME_TEST_PICTURES")
    return Path(wanted) if wanted else None


def keep(name: str, picture: Pixels) -> None:
    if (where := folder()) is not None:
        where.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(where / name), picture[..., ::-1].astype(np.uint8))


def mouth_box() -> Box:
    """Where Vera's mouth is."""
    assert DEMO.face is not None
    return mouth_of(from_json(DEMO.face))


def open_vera(page: Page) -> None:
    expect(page.locator(".portrait[data-face=moving]")).to_be_visible()


def test_every_sound_has_a_mouth_of_its_own(server: Server) -> None:
    box = mouth_box()
    forehead = (SIZE // 2 - 40, box[1] - 190, 80, 40)
    with chromium() as context:
        page = open_page(context, server, "/talk/vera?measure")
        open_vera(page)
        rest = posed(page, {"mouthClose": 1.0}, SIZE)
        keep("rest.png", rest)
        mouths: dict[str, Pixels] = {}
        for name, letter in SOUNDS.items():
            mouths[name] = posed(page, channels_of(letter), SIZE)
            keep(f"{name}.png", mouths[name])
    for name, mouth in mouths.items():
        least = {"mm": 0.5, "ff": 2.0}.get(name, 4.0)
        assert changed(rest, mouth, box) > least, f"{name} looks like silence"
        assert changed(rest, mouth, forehead) < 1, f"{name} moves the forehead"
    assert changed(rest, mouths["mm"], box) < 0.5 * changed(rest, mouths["aah"], box), "lips meet on m"
    for one, two in (("aah", "ee"), ("aah", "oo"), ("ee", "oo"), ("oh", "ee"), ("ff", "aah"), ("ss", "oo")):
        assert changed(mouths[one], mouths[two], box) > 5, f"{one} and {two} look alike"


def test_vera_talks_with_a_moving_mouth(server: Server) -> None:
    lips = Lips()
    with chromium() as context:
        lips.follow(context)
        page = open_page(context, server, "/talk/vera?measure")
        open_vera(page)
        finish(page)
        seen = lips.watch(page, mouth_box(), lambda: ask(page, QUESTION))
        keep("talking.png", picture_of(page, size=SIZE))
        if (where := folder()) is not None:
            page.screenshot(path=str(where / "page.png"))
    assert seen.opening > 0.15, "the reply's motion opens and shuts the mouth"
    assert seen.agreement > 0.7, f"what is drawn does not follow the motion that was sent: {seen}"


def channels_of(letter: str) -> dict[str, float]:
    """The pose of a sound, fully reached."""
    viseme = LETTERS[letter]
    frames = np.zeros((1, len(CHANNELS)), np.float32)
    write(viseme.target[None], frames)
    return {name: float(value) for name, value in zip(CHANNELS, frames[0], strict=True) if value}
