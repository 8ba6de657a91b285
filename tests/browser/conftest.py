"""A real server, a real Chromium, and a file as its microphone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from playwright.sync_api import expect

from tests.browser.browsers import BROWSERS, CHROMIUM
from tests.browser.owner import erase_everything, tidy
from tests.support.serving import ROOT, Server, link_models

QUESTIONS = ROOT / "tests" / "data" / "questions"
OFFLINE: dict[str, str] = dict.fromkeys(
    ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"
)
"""Nobody answers on the port of discard."""
expect.set_options(timeout=30_000)


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """The product runs in another process here; the browser driver's own loop is not ours to judge."""


@pytest.fixture(scope="module", autouse=True)
def browsers() -> Iterator[None]:
    """Browsers live as long as their module: no longer, for tests elsewhere run event loops in this thread."""
    yield
    BROWSERS.close()


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
def house(ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that tests share, from where nothing outside this machine can be reached."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    link_models(home)
    server = Server(home, OFFLINE).start()
    yield server
    server.stop()


@pytest.fixture
def server(house: Server) -> Server:
    """The server without what other tests have left: clones, consents, settings."""
    tidy(house)
    return house


@pytest.fixture
def emptied(house: Server) -> Server:
    """The server as at its first start. It takes longer: what the demonstration clone knows is read anew."""
    erase_everything(house)
    return house


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
