"""The page in a real browser, asked one question after the other, and what it showed and played meanwhile.

Needs Playwright and Chromium, which the product itself does not: `missing` says what is not there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np

from selfsame.channels.wire.binary import SoundFrame, decode
from selfsame.errors import BadInput, Unavailable
from selfsame.evaluator.face_sync import BIN, Recording, Reply
from selfsame.kit.clock import Clock

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
_TAP = """
registerProcessor("measure-tap", class extends AudioWorkletProcessor {
  constructor() { super(); this.values = []; this.from = currentFrame; }
  process(inputs) {
    const sound = inputs[0][0];
    if (this.values.length === 0) this.from = currentFrame;
    for (let first = 0; first < 128; first += BIN) {
      let sum = 0;
      if (sound) for (let k = first; k < first + BIN; k += 1) sum += Math.abs(sound[k]);
      this.values.push(sum / BIN);
    }
    if (this.values.length >= 400) { this.port.postMessage({from: this.from, values: this.values}); this.values = []; }
    return true;
  }
});
""".replace("BIN", str(BIN))
_WATCH = """
(() => {
  const log = {loud: [], stamps: [], rate: 0};
  const connect = AudioNode.prototype.connect;
  async function tap(node) {
    const context = node.context;
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([TAP], {type: "text/javascript"})));
    const ear = new AudioWorkletNode(context, "measure-tap");
    ear.measures = true;
    ear.port.onmessage = ({data}) => log.loud.push(data);
    connect.call(node, ear);
    connect.call(ear, context.destination);
    log.rate = context.sampleRate;
    setInterval(() => {
      const {contextTime, performanceTime} = context.getOutputTimestamp();
      if (performanceTime > 0) log.stamps.push([performanceTime, contextTime]);
    }, 100);
  }
  AudioNode.prototype.connect = function (target, ...rest) {
    const made = connect.call(this, target, ...rest);
    if (target === this.context.destination && !this.measures) {
      this.measures = true;
      void tap(this);
    }
    return made;
  };
  let seen = 0;
  window.measurePull = () => {
    const frames = window.selfsameFaceSamples().filter((one) => one.displayTimeMs > seen);
    seen = frames.at(-1)?.displayTimeMs ?? seen;
    const rows = frames.map((one) => [one.displayTimeMs, one.shownFrameMs, one.costMs]);
    return {frames: rows, loud: log.loud.splice(0), stamps: log.stamps.splice(0), rate: log.rate};
  };
})();
""".replace("TAP", json.dumps(_TAP))


def missing() -> str | None:
    """Why no browser can be driven here, if so."""
    if find_spec("playwright") is None:
        return "Playwright is not installed: pip install playwright"
    if browser() is None:
        return "Chromium is not installed (Debian: apt-get install chromium)"
    return None


def browser() -> str | None:
    """The browser's program."""
    return os.environ.get("SELFSAME_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@dataclass  # without slots: Playwright keeps a note on whoever listens
class _Log:
    """What was gathered so far."""

    frames: list[list[float]] = field(default_factory=list)
    stamps: list[list[float]] = field(default_factory=list)
    loud: list[tuple[int, list[float]]] = field(default_factory=list)
    rate: int = 0
    rates: dict[int, int] = field(default_factory=dict)
    sounds: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def received(self, payload: str | bytes) -> None:
        """A message that the page received."""
        if isinstance(payload, str):
            message = json.loads(payload)
            if message.get("type") == "response_start":
                self.rates[message["turnId"]] = message["sampleRate"]
            return
        try:
            frame = decode(payload)
        except BadInput as error:
            self.faults.append(error.message)
            return
        if isinstance(frame, SoundFrame):
            self.sounds.setdefault(frame.turn, []).append((frame.timestamp, frame.pcm))

    def take(self, pulled: dict[str, Any]) -> None:
        """What the page has noted since it was last asked."""
        self.frames += [[float("nan") if x is None else x for x in row] for row in pulled["frames"]]
        self.stamps += pulled["stamps"]
        self.loud += [(piece["from"], piece["values"]) for piece in pulled["loud"]]
        self.rate = int(pulled["rate"]) or self.rate

    def replies(self) -> list[Reply]:
        """The replies in order. A gap in what came is silence."""
        found = []
        for turn in sorted(self.sounds):
            rate = self.rates.get(turn)
            if rate is None:
                continue
            pieces = [(round(ms * rate / 1000), np.frombuffer(pcm, "<i2")) for ms, pcm in self.sounds[turn]]
            whole = np.zeros(max(at + len(pcm) for at, pcm in pieces), np.int16)
            for at, pcm in pieces:
                whole[at : at + len(pcm)] = pcm
            found.append(Reply(turn, whole, rate))
        return found

    def recording(self) -> Recording:
        """All of it. Raises Unavailable when the page played or drew nothing."""
        if not self.rate or not self.loud or not self.frames or not self.stamps:
            raise Unavailable("the page played or drew nothing", role="face", provider="page")
        end = max(first // BIN + len(values) for first, values in self.loud)
        loud = np.zeros(end)
        for first, values in self.loud:
            loud[first // BIN : first // BIN + len(values)] = values
        frames, stamps = np.array(self.frames, np.float64), np.array(self.stamps, np.float64)
        return Recording(frames, stamps[np.argsort(stamps[:, 0])], loud, self.rate)


@dataclass(frozen=True, slots=True)
class Visit:
    """How to visit: the face's canvas has `edge` pixels; questions are asked in turn for `seconds`."""

    url: str
    seconds: float
    edge: int
    questions: Sequence[str]
    clone: str | None = None


async def visit(wish: Visit, clock: Clock) -> tuple[Recording, list[Reply], int]:
    """Ask for as long as wished; what was shown and played, the replies, and the canvas's edge in pixels.

    Raises Unavailable when there is no browser or no page, and playwright's errors when the page does not do its part.
    """
    why = missing()
    if why is not None:
        raise Unavailable(why, role="face", provider="browser")
    from playwright.async_api import async_playwright

    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=browser(), args=list(FLAGS), headless=True)
        try:
            width = await _width(chromium, wish)
            log = _Log()
            page = await _open(chromium, wish, wish.edge / width)
            page.on("websocket", lambda socket: socket.on("framereceived", log.received))
            await _enter(page, wish)
            edge = await page.evaluate("() => document.querySelector('.face-live').width")
            await _ask(page, wish.questions[-1], clock)  # the first reply opens the way to the loudspeaker
            log.take(await page.evaluate("() => measurePull()"))
            log.frames.clear()
            log.sounds.clear()
            began = clock.now()
            number = 0
            while clock.now() - began < wish.seconds:
                await _ask(page, wish.questions[number % len(wish.questions)], clock)
                log.take(await page.evaluate("() => measurePull()"))
                number += 1
            return log.recording(), log.replies(), int(edge)
        finally:
            await chromium.close()


async def _width(chromium: Any, wish: Visit) -> float:
    """The canvas's width in CSS pixels."""
    page = await _open(chromium, wish, 1.0)
    await _enter(page, wish)
    width = float(await page.evaluate("() => document.querySelector('.face-live').clientWidth"))
    await page.context.close()
    return width


async def _open(chromium: Any, wish: Visit, scale: float) -> Any:
    context = await chromium.new_context(
        viewport={"width": 1280, "height": 800},
        device_scale_factor=scale,
        permissions=["microphone"],
        locale="en-US",
        bypass_csp=True,  # the page's own policy would not let the tap in
    )
    context.set_default_timeout(60_000)
    page = await context.new_page()
    await page.add_init_script(_WATCH)
    return page


async def _enter(page: Any, wish: Visit) -> None:
    who = "" if wish.clone is None else f"/{wish.clone}"
    await page.goto(f"{wish.url}/talk{who}?measure")
    await page.get_by_text("Connected", exact=True).wait_for()
    await page.locator(".portrait[data-face=moving]").wait_for()


async def _ask(page: Any, question: str, clock: Clock) -> None:
    """Type a question and wait until its answer has been heard."""
    box = page.get_by_role("textbox", name=re.compile("Write to"))
    await box.fill(question)
    await box.press("Enter")
    stop = "() => [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Stop')"
    await page.wait_for_function(f"{stop}?.disabled === false")
    await page.wait_for_function(f"{stop}?.disabled === true")
    await clock.sleep(0.8)
