"""Chromium for tests. A browser serves a whole module; one that is given files for its devices is opened for itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

CHROMIUM = os.environ.get("SELFSAME_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
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
)
Devices = Literal["allowed", "denied", "missing"]
MICROPHONE: dict[Devices, tuple[str, ...]] = {
    "allowed": ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
    "denied": ("--deny-permission-prompts", "--use-fake-device-for-media-stream"),
    "missing": ("--use-fake-ui-for-media-stream",),
}
PATIENCE_MS = 30_000


class Browsers:
    """What is open. Every test gets a context of its own, which shares nothing with others."""

    def __init__(self) -> None:
        self._driver: Playwright | None = None
        self._shared: dict[tuple[str, ...], Browser] = {}

    @contextmanager
    def lent(self, flags: tuple[str, ...], *, shared: bool) -> Iterator[Browser]:
        """A browser with these flags; one that is not shared ends with the block."""
        browser = self._shared.get(flags) if shared else None
        if browser is None or not browser.is_connected():
            self._driver = self._driver or sync_playwright().start()
            browser = self._driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags], headless=True)
        if shared:
            self._shared[flags] = browser
        try:
            yield browser
        finally:
            if not shared:
                browser.close()

    def close(self) -> None:
        """End them all. While the driver runs, no event loop can be run in this thread."""
        for browser in self._shared.values():
            browser.close()
        self._shared.clear()
        if self._driver is not None:
            self._driver.stop()
            self._driver = None


BROWSERS = Browsers()


@contextmanager
def chromium(
    sound: Path | None = None, *, microphone: Devices = "allowed", camera: Path | None = None, **context: Any
) -> Iterator[BrowserContext]:
    """A fresh context whose microphone, if it has one, plays `sound` once, from the moment the page opens it.

    `camera`: a film that the camera shows, over and over. Without one there is a camera only where there is a
    microphone, and nobody has allowed it.
    """
    files = [] if sound is None else [f"--use-file-for-fake-audio-capture={sound}%noloop"]
    files += [] if camera is None else [f"--use-file-for-fake-video-capture={camera}"]
    permissions = ["microphone"] if microphone == "allowed" else []
    permissions += [] if camera is None else ["camera"]
    with BROWSERS.lent((*MICROPHONE[microphone], *files), shared=not files) as browser:
        # Without the service worker, unless a test is about it: requests can be looked at, and each page is fresh.
        options = {"service_workers": "block"} | context
        page_context = browser.new_context(permissions=permissions, **options)
        page_context.set_default_timeout(PATIENCE_MS)
        try:
            yield page_context
        finally:
            page_context.close()
