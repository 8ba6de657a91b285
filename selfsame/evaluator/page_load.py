"""How fast the talk page comes in a real browser with nothing in its cache, and how much it transfers.

Needs Playwright and Chromium, as `evaluator.page_face` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from selfsame.errors import Unavailable
from selfsame.evaluator.page_face import FLAGS, browser, missing

LONG_TASK = 50.0
"""Milliseconds above which a task keeps input waiting noticeably: what is above counts as blocking (web.dev, TBT)."""
QUIET_MS = 2000
"""How long the page is watched after it can be used."""
_WATCH = """
(() => {
  const seen = {tasks: [], lcp: 0, fcp: 0, cls: 0, usable: 0, face: 0};
  window.measureLoad = seen;
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({type, buffered: true});
  watch("longtask", (one) => seen.tasks.push([one.startTime, one.duration]));
  watch("largest-contentful-paint", (one) => { seen.lcp = one.startTime; });
  watch("paint", (one) => { if (one.name === "first-contentful-paint") seen.fcp = one.startTime; });
  watch("layout-shift", (one) => { if (!one.hadRecentInput) seen.cls += one.value; });
  const look = () => {
    const open = document.querySelector('.link-pill[data-phase="open"]');
    if (!seen.usable && open && document.querySelector(".composer textarea")) seen.usable = performance.now();
    if (!seen.face && document.querySelector('.portrait[data-face="moving"]')) seen.face = performance.now();
    if (!seen.usable || !seen.face) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser told of one load, in ms since the navigation began.

    `usable`: the line is open and one can write; `face`: it is drawn and moves (0: not within the watch). `tasks` are
    (start, duration) of those over 50 ms. `sizes` are (path, bytes as they came over the wire, headers with them).
    """

    fcp: float
    lcp: float
    cls: float
    usable: float
    face: float
    tasks: Sequence[tuple[float, float]]
    sizes: Sequence[tuple[str, int]] = field(default_factory=tuple)


def row(seen: Seen) -> dict[str, float]:
    """The figures of one load. Pure.

    Interactive is when the page can be used and no long task that began before is still running; blocking is what
    tasks between the first paint and the end of the watch took beyond 50 ms each.
    """
    late = [start + length for start, length in seen.tasks if start <= seen.usable]
    blocking = sum(max(0.0, length - LONG_TASK) for start, length in seen.tasks if start + length > seen.fcp)
    page = sum(size for path, size in seen.sizes if not path.startswith("/api/"))
    return {
        "fcp": seen.fcp,
        "lcp": seen.lcp,
        "interactive": max([seen.usable, *late]),
        "face": seen.face,
        "tbt": blocking,
        "cls": round(seen.cls, 4),
        "pageBytes": float(page),
        "faceBytes": float(sum(size for path, size in seen.sizes if path.endswith("/face.json"))),
        "requests": float(len(seen.sizes)),
    }


def medians(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of every figure."""
    return {name: round(median(each[name] for each in rows), 4) for name in rows[0]}


async def load(url: str, clone: str | None, slowdown: float = 1.0) -> Seen:
    """Open the talk page once in a fresh browser. `slowdown` makes its processor so many times slower.

    Raises Unavailable when there is no browser, and playwright's errors when the page cannot be used.
    """
    why = missing()
    if why is not None:
        raise Unavailable(why, role="face", provider="browser")
    from playwright.async_api import async_playwright

    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=browser(), args=list(FLAGS), headless=True)
        try:
            page = await (await chromium.new_context(locale="en-US")).new_page()
            network = _Network()
            tools = await page.context.new_cdp_session(page)
            tools.on("Network.responseReceived", network.answered)
            tools.on("Network.loadingFinished", network.finished)
            await tools.send("Network.enable")
            await tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
            await tools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
            await page.add_init_script(_WATCH)
            await page.goto(f"{url}/talk" + (f"/{clone}" if clone else ""), wait_until="commit")
            await page.wait_for_function("() => window.measureLoad?.usable > 0", timeout=60_000)
            await page.wait_for_timeout(QUIET_MS)
            told = await page.evaluate("() => window.measureLoad")
            return Seen(**told, sizes=tuple(network.sizes))
        finally:
            await chromium.close()


@dataclass  # without slots: Playwright keeps a note on whoever listens
class _Network:
    """Bytes on the wire by path."""

    paths: dict[str, str] = field(default_factory=dict)
    sizes: list[tuple[str, int]] = field(default_factory=list)

    def answered(self, event: dict[str, Any]) -> None:
        """The head of an answer came."""
        self.paths[event["requestId"]] = urlsplit(event["response"]["url"]).path

    def finished(self, event: dict[str, Any]) -> None:
        """All of an answer came."""
        path = self.paths.get(event["requestId"])
        if path is not None:
            self.sizes.append((path, int(event["encodedDataLength"])))
