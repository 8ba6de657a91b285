"""The face on the page: it moves with the sound and stops with it; where it cannot move, the page does its best."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from selfsame.events.shown import CHANNELS, MOTION_FPS, still
from tests.browser.browsers import chromium
from tests.browser.pictures import Pixels, changed, picture_of, posed
from tests.browser.stage import FACE_PATH, Stage, stage
from tests.support.drawn_face import EYES, MIDDLE, SIZE

pytestmark = pytest.mark.usefixtures("ready")

NO_WEBGL = """
const kinds = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : kinds.call(this, kind, ...rest);
};
"""
MOUTH = (MIDDLE[0] - 24, MIDDLE[1] - 14, 48, 40)
EYE = (*EYES["left"], 16, 12)
CLOSED = {"mouthClose": 1.0}
OPEN = {"jawOpen": 0.8}


def until(page: Page, holds: Callable[[Pixels], bool], why: str, canvas: str = ".face-live") -> None:
    """Wait until the picture on the canvas is as wanted."""
    for _ in range(300):
        if holds(picture_of(page, canvas)):
            return
        page.wait_for_timeout(50)
    pytest.fail(why)


def face_of(page: Page, look: str) -> None:
    expect(page.locator(f".portrait[data-face={look}]")).to_be_visible()


def open_face(page: Page, own: Stage) -> list[str]:
    """The page with its face drawn. The list gathers what the browser complains of."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    own.open(page)
    face_of(page, "moving")
    return complaints


def test_every_pose_is_drawn_where_it_belongs() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        complaints = open_face(page, own)
        expect(page.get_by_role("img", name="Vera", exact=True)).to_be_visible()
        assert own.heard[0]["video"] == "motion"
        assert (FACE_PATH, "Bearer tok") in own.asked
        rest = posed(page, CLOSED)
        open_mouth = posed(page, OPEN)
        pucker = posed(page, {"mouthPucker": 1.0})
        blink = posed(page, {"eyeBlinkLeft": 1.0})
        again = posed(page, CLOSED)
        assert changed(rest, again, (0, 0, SIZE, SIZE)) == 0, "the same pose is the same picture"
        assert changed(rest, open_mouth, MOUTH) > 10 and changed(rest, open_mouth, EYE) < 0.5
        assert changed(rest, pucker, MOUTH) > 4 and changed(pucker, open_mouth, MOUTH) > 10
        assert changed(rest, blink, EYE) > 15 and changed(rest, blink, MOUTH) < 0.5
        assert changed(rest, posed(page, {"jawOpen": 0.8, "mouthClose": 1.0}), (40, 80, 48, 8)) < 12, "closed is closed"
        assert complaints == [], "neither the page nor its own security policy is in the way"


def speaking(seconds: int) -> npt.NDArray[np.float32]:
    frames = still(seconds * MOTION_FPS)
    frames[:, CHANNELS.index("jawOpen")] = 0.8
    return frames


def test_the_mouth_moves_with_the_sound_and_shuts_when_it_is_stopped() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        open_face(page, own)
        rest, open_mouth = posed(page, CLOSED), posed(page, OPEN)
        page.evaluate("() => selfsameFace.pose(null)")
        apart = changed(rest, open_mouth, MOUTH)
        until(page, lambda now: changed(now, rest, MOUTH) < 0.3 * apart, "it does not idle with its mouth shut")
        own.begin()
        own.motion(speaking(60))
        own.sound(60)
        until(page, lambda now: changed(now, open_mouth, MOUTH) < 0.3 * apart, "the mouth does not open")
        page.wait_for_function("() => selfsameFaceSamples().filter((each) => each.shownFrameMs > 500).length > 5")
        shown = page.evaluate(
            "() => selfsameFaceSamples().filter((each) => each.playoutMs > 0 && each.shownFrameMs > 0)"
        )
        assert max(abs(each["playoutMs"] - each["shownFrameMs"]) for each in shown) < 40
        own.say(type="playback", turnId=1, action="pause")
        until(page, lambda now: changed(now, rest, MOUTH) < 0.3 * apart, "it goes on speaking when paused")
        own.say(type="playback", turnId=1, action="resume")
        until(page, lambda now: changed(now, open_mouth, MOUTH) < 0.3 * apart, "it does not go on")
        own.say(type="playback", turnId=1, action="stop")
        until(page, lambda now: changed(now, rest, MOUTH) < 0.3 * apart, "it goes on speaking when stopped")


def test_without_webgl_the_photo_is_shown_and_the_servers_pictures_over_it() -> None:
    green = cv2.imencode(".jpg", np.full((64, 64, 3), (0, 200, 0), np.uint8))[1].tobytes()
    with stage() as own, chromium() as context:
        page = context.new_page()
        page.add_init_script(NO_WEBGL)
        own.open(page)
        face_of(page, "photo")
        assert own.heard[0]["video"] == "jpeg"
        photo = picture_of(page, ".face-photo")
        assert photo[70, 64, 0] > 200, "the photo is there: skin"
        own.begin()
        own.picture(b"no picture", 64)
        own.picture(green, 64, 100)
        own.sound(3)
        until(page, lambda now: bool(np.abs(now[64, 64] - (0, 200, 0)).max() < 12), "no picture", ".face-photo")
        until(page, lambda now: changed(now, photo, (0, 0, SIZE, SIZE)) == 0, "no photo again", ".face-photo")


def test_when_the_graphics_fail_the_photo_stays_until_they_are_back() -> None:
    with stage() as own, chromium() as context:
        page = context.new_page()
        open_face(page, own)
        rest = posed(page, CLOSED)
        page.evaluate(
            """() => {
              const gl = document.querySelector(".face-live").getContext("webgl2");
              window.loss = gl.getExtension("WEBGL_lose_context");
              loss.loseContext();
            }"""
        )
        face_of(page, "photo")
        assert picture_of(page, ".face-photo")[70, 64, 0] > 200
        page.evaluate("() => loss.restoreContext()")
        face_of(page, "moving")
        assert changed(posed(page, CLOSED), rest, (0, 0, SIZE, SIZE)) == 0
        assert changed(posed(page, OPEN), rest, MOUTH) > 10


@pytest.mark.parametrize("rig", [b"{}", b'{"format": "selfsame-face/1"}', b"<h1>no</h1>"])
def test_a_spoilt_face_leaves_the_stand_in_and_the_conversation(rig: bytes) -> None:
    with stage(rig) as own, chromium() as context:
        page = context.new_page()
        own.open(page)
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        expect(page.get_by_role("img", name="Vera, drawn")).to_be_visible()
        for _ in range(100):
            if "set_video" in own.types():
                break
            page.wait_for_timeout(50)
        assert own.heard[-1] == {"type": "set_video", "video": "jpeg"} or "set_video" in own.types()
        own.begin()
        expect(page.get_by_role("log")).to_contain_text("Here I am.")
