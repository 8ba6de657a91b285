"""Whether the mouth that a page draws follows the motion that the server sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import BrowserContext, Page, WebSocket

from selfsame.channels.wire.binary import MotionFrame, decode
from selfsame.events.shown import CHANNELS, MOTION_FPS, dequantise
from selfsame.face.rig import FaceRig
from tests.browser.pictures import Pixels, posed

SIZE = 512
ENOUGH = 12
"""Fewer frames than these say nothing about the mouth; a short answer on a slow machine shows fewer."""
TRIES = 5
Box = tuple[int, int, int, int]
SNAPSHOTS = """async ([size, box, count]) => {
  const copy = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true });
  const canvas = document.querySelector(".face-live");
  const shown = () => selfsameFaceSamples().at(-1)?.shownFrameMs;
  const brightness = ({ data, width, height }) => {
    const sums = [];
    for (let y = 0; y < height; y += 2)
      for (let x = 0; x < width; x += 2) {
        const i = 4 * (y * width + x);
        sums.push(data[i] + data[i + 1] + data[i + 2]);
      }
    return sums; // of every second pixel of every second row: whole pictures take seconds on their way
  };
  const seen = [];
  let [last, since] = [shown(), performance.now()];
  while (seen.length < count && performance.now() - since < (seen.length ? 3_000 : 60_000)) {
    await new Promise((done) => (requestAnimationFrame(done), setTimeout(done, 1_000)));
    await new Promise((done) => setTimeout(done));
    const at = shown();
    // Not while the mouth still comes over from where it was; and so far apart that dozens are seconds on any machine.
    if (!(at > 200) || Math.abs(at - last) < 50) continue;
    [last, since] = [at, performance.now()];
    copy.drawImage(canvas, 0, 0, size, size);
    seen.push([at, brightness(copy.getImageData(...box))]);
  }
  return seen;
}"""


def mouth_of(rig: FaceRig) -> Box:
    """Where a face's mouth is on a canvas of SIZE: (x, y, width, height), with room for an open jaw."""
    scale = SIZE / rig.texture.shape[0]
    lips = rig.vertices[sorted({number for ring in rig.lips.values() for number in ring})] * scale
    low, high = lips.min(0), lips.max(0)
    wide = high[0] - low[0]
    return int(low[0] - 0.1 * wide), int(low[1] - 0.1 * wide), int(1.2 * wide), int(high[1] - low[1] + 0.5 * wide)


@dataclass(frozen=True)
class Seen:
    """How far the motion opens the jaw over a stretch of speech, and how well the drawn mouth goes with it."""

    opening: float
    agreement: float


@dataclass
class Lips:
    """Listens to a page's socket; `track` is how far each frame of the newest reply opens the jaw."""

    track: dict[int, float] = field(default_factory=dict)
    _turn: int = 0

    def follow(self, context: BrowserContext) -> None:
        """Every page of the context from now on."""

        def listen(socket: WebSocket) -> None:
            socket.on("framereceived", self._note)

        context.on("page", lambda page: page.on("websocket", listen))

    def watch(self, page: Page, box: Box, speak: Callable[[], Any], frames: int = 80) -> Seen:
        """Let the clone speak, again if it was short, and look at up to so many frames of its mouth.

        The page is open with `?measure`.
        """
        shut = _brightness(posed(page, {"mouthClose": 1.0}, SIZE), box)
        # What opening the jaw does to the picture: by this much of it, pictures are told from one another. The mere
        # difference from a shut mouth is as large for rounded lips.
        wide = _brightness(posed(page, {"jawOpen": 0.5}, SIZE), box) - shut
        page.evaluate("() => selfsameFace.pose(null)")
        opened: list[float] = []
        shown: list[float] = []
        for _ in range(TRIES):
            speak()
            for at, data in page.evaluate(SNAPSHOTS, [SIZE, list(box), frames - len(shown)]):
                frame = min(self.track, key=lambda number: abs(1000 * number / MOTION_FPS - at))
                opened.append(self.track[frame])
                shown.append(float((np.array(data) - shut) @ wide / (wide @ wide)))
            if len(shown) >= ENOUGH:
                return Seen(max(opened) - min(opened), float(np.corrcoef(opened, shown)[0, 1]))
        raise AssertionError(f"the page drew only {len(shown)} frames of speech")

    def _note(self, data: str | bytes) -> None:
        if isinstance(data, str):
            return
        frame = decode(data)
        if not isinstance(frame, MotionFrame):
            return
        if frame.turn != self._turn:
            self.track.clear()
            self._turn = frame.turn
        rows = dequantise(np.frombuffer(frame.rows, np.int8).reshape(-1, frame.channels))
        opening = CHANNELS.index("jawOpen")
        self.track.update((frame.first + k, float(row[opening])) for k, row in enumerate(rows))


def _brightness(picture: Pixels, box: Box) -> npt.NDArray[np.float64]:
    """Within the box, what the page tells of it: the sums of red, green and blue of every second pixel and row."""
    x, y, width, height = box
    return picture[y : y + height : 2, x : x + width : 2].sum(-1).ravel().astype(float)
