"""The demonstration clone's own face, from the real server to the page's pixels."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, WebSocket, expect

from selfsame.channels.wire.binary import MotionFrame, decode
from selfsame.demo import DEMO
from selfsame.events.shown import CHANNELS, MOTION_FPS, dequantise
from selfsame.face.articulation import write
from selfsame.face.rig_file import from_json
from selfsame.face.visemes import LETTERS
from tests.browser.conftest import chromium
from tests.browser.pages import ask, finish, open_page
from tests.browser.pictures import Pixels, changed, picture_of, posed
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
SIZE = 512
SOUNDS = {"aah": "ɑ", "ee": "i", "oh": "o", "oo": "u", "mm": "m", "ff": "f", "ss": "s"}
QUESTION = "How do I make a clone?"
SNAPSHOTS = """async ([size, box, count]) => {
  const copy = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true });
  const canvas = document.querySelector(".face-live");
  const seen = [];
  for (let last = NaN; seen.length < count; ) {
    await new Promise((done) => requestAnimationFrame(done));
    await new Promise((done) => setTimeout(done));
    const at = selfsameFaceSamples().at(-1)?.shownFrameMs;
    if (!(at > 0) || at === last) continue;
    last = at;
    copy.drawImage(canvas, 0, 0, size, size);
    seen.push([at, Array.from(copy.getImageData(...box).data)]);
  }
  return seen;
}"""


def folder() -> Path | None:
    """Where pictures are left for a person to look at, if anywhere."""
    wanted = os.environ.get("SELFSAME_TEST_PICTURES")
    return Path(wanted) if wanted else None


def keep(name: str, picture: Pixels) -> None:
    if (where := folder()) is not None:
        where.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(where / name), picture[..., ::-1].astype(np.uint8))


def mouth_box() -> tuple[int, int, int, int]:
    """Where Vera's mouth is: (x, y, width, height), with room for an open jaw."""
    assert DEMO.face is not None
    rig = from_json(DEMO.face)
    scale = SIZE / rig.texture.shape[0]
    lips = rig.vertices[sorted({number for ring in rig.lips.values() for number in ring})] * scale
    low, high = lips.min(0), lips.max(0)
    wide = high[0] - low[0]
    x, y = int(low[0] - 0.1 * wide), int(low[1] - 0.1 * wide)
    return x, y, int(1.2 * wide), int(high[1] - low[1] + 0.5 * wide)


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
    x, y, width, height = mouth_box()
    track: dict[int, float] = {}

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: note(data, track))

    with chromium() as context:
        context.on("page", lambda page: page.on("websocket", listen))
        page = open_page(context, server, "/talk/vera?measure")
        open_vera(page)
        finish(page)
        rest = posed(page, {"mouthClose": 1.0}, SIZE)[y : y + height, x : x + width]
        page.evaluate("() => selfsameFace.pose(null)")
        ask(page, QUESTION)
        seen = page.evaluate(SNAPSHOTS, [SIZE, [x, y, width, height], 60])
        keep("talking.png", picture_of(page, size=SIZE))
        if (where := folder()) is not None:
            page.screenshot(path=str(where / "page.png"))
    opened, shown = [], []
    for at, data in seen:
        frame = min(track, key=lambda number: abs(1000 * number / MOTION_FPS - at))
        opened.append(track[frame])
        picture = np.array(data, np.int16).reshape(height, width, 4)[..., :3]
        shown.append(float(np.abs(picture - rest).mean()))
    assert max(opened) - min(opened) > 0.15, "the reply's motion opens and shuts the mouth"
    agreement = np.corrcoef(opened, shown)[0, 1]
    assert agreement > 0.5, f"what is drawn does not follow the motion that was sent: {agreement:.2f}"


def channels_of(letter: str) -> dict[str, float]:
    """The pose of a sound, fully reached."""
    viseme = LETTERS[letter]
    frames = np.zeros((1, len(CHANNELS)), np.float32)
    write(viseme.target[None], frames)
    return {name: float(value) for name, value in zip(CHANNELS, frames[0], strict=True) if value}


def note(data: str | bytes, track: dict[int, float]) -> None:
    """Remember how far each frame of motion opens the jaw."""
    if isinstance(data, str):
        return
    frame = decode(data)
    if isinstance(frame, MotionFrame):
        rows = dequantise(np.frombuffer(frame.rows, np.int8).reshape(-1, frame.channels))
        track.update((frame.first + k, float(row[CHANNELS.index("jawOpen")])) for k, row in enumerate(rows))
