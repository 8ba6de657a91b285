"""A real server, a real Chromium, and a file as its microphone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import soundfile as sf
from playwright.sync_api import BrowserContext, expect, sync_playwright

from tests.support.serving import ROOT, Server, link_models

QUESTIONS = ROOT / "tests" / "data" / "questions"
CHROMIUM = os.environ.get("SELFSAME_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
expect.set_options(timeout=30_000)
FLAGS = [
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
]
MICROPHONE = {
    "allowed": ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
    "denied": ["--deny-permission-prompts", "--use-fake-device-for-media-stream"],
    "missing": ["--use-fake-ui-for-media-stream"],
}


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """The product runs in another process here; the browser driver's own loop is not ours to judge."""


def missing() -> str | None:
    """Why browser tests cannot run here, if they cannot."""
    if CHROMIUM is None:
        return "Chromium is not installed (Debian: apt-get install chromium)"
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        return "the page is not built (./dev setup builds it)"
    return None


@pytest.fixture(scope="session")
def ready() -> None:
    why = missing()
    if why and os.environ.get("CI") == "true":
        pytest.fail(why)
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def server(ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    link_models(home)
    server = Server(home).start()
    yield server
    server.stop()


@pytest.fixture
def microphone(tmp_path: Path) -> Callable[..., Path]:
    """Builds a WAV for Chromium's microphone from (seconds of silence | question file) pieces."""

    def build(*pieces: float | str) -> Path:
        sounds = []
        for piece in pieces:
            if isinstance(piece, str):
                sounds.append(sf.read(QUESTIONS / piece, dtype="float32")[0])
            else:
                noise = np.random.default_rng(1).normal(0, 0.0005, int(piece * 16000))
                sounds.append(noise.astype(np.float32))
        sound = np.repeat(np.concatenate(sounds), 3)
        path = tmp_path / "microphone.wav"
        sf.write(path, sound, 48_000, subtype="PCM_16")
        return path

    return build


@contextmanager
def chromium(
    sound: Path | None = None,
    *,
    microphone: Literal["allowed", "denied", "missing"] = "allowed",
    **context: object,
) -> Iterator[BrowserContext]:
    """A fresh browser whose microphone, if it has one, plays `sound` once, from the moment the page opens it."""
    flags = [*FLAGS, *MICROPHONE[microphone]]
    if sound is not None:
        flags.append(f"--use-file-for-fake-audio-capture={sound}%noloop")
    permissions = ["microphone"] if microphone == "allowed" else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags, headless=True)
        try:
            # Without the service worker, unless a test is about it: requests can be looked at, and each page is fresh.
            options = {"service_workers": "block"} | context
            page_context = browser.new_context(permissions=permissions, **options)  # type: ignore[arg-type]
            page_context.set_default_timeout(30_000)
            yield page_context
        finally:
            browser.close()
