"""Looking at the face that a page has drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from tests.support.drawn_face import SIZE

Pixels = npt.NDArray[np.int16]


def picture_of(page: Page, canvas: str = ".face-live", size: int = SIZE) -> Pixels:
    """What is drawn on a canvas, RGB, shape (size, size, 3)."""
    data = page.evaluate(
        """([selector, size]) => {
          const copy = new OffscreenCanvas(size, size).getContext("2d");
          copy.drawImage(document.querySelector(selector), 0, 0, size, size);
          return Array.from(copy.getImageData(0, 0, size, size).data);
        }""",
        [canvas, size],
    )
    return np.array(data, np.int16).reshape(size, size, 4)[..., :3]


def changed(one: Pixels, two: Pixels, box: tuple[int, int, int, int]) -> float:
    """The mean difference of two pictures within (x, y, width, height), in steps of 0..255."""
    x, y, width, height = box
    return float(np.abs(one - two)[y : y + height, x : x + width].mean())


def drawn(page: Page) -> None:
    """Wait until a frame that begins now has been drawn."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )
    seen = page.evaluate("() => selfsameFaceSamples().at(-1)?.displayTimeMs ?? 0")
    page.wait_for_function("(seen) => (selfsameFaceSamples().at(-1)?.displayTimeMs ?? 0) > seen", arg=seen)


def posed(page: Page, pose: dict[str, float], size: int = SIZE) -> Pixels:
    """The face in this pose."""
    page.evaluate("(pose) => selfsameFace.pose(pose)", pose)
    drawn(page)
    return picture_of(page, size=size)
