import os
from pathlib import Path

import pytest

from tests.ears.sounds import Recording, recordings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def silero_path() -> Path:
    home = Path(os.environ.get("SELFSAME_HOME") or Path(__file__).parents[2] / ".selfsame")
    path = home / "models" / "silero-vad-6.2.3" / "silero_vad.onnx"
    if not path.is_file():
        pytest.skip(f"Silero's model file is not at {path}; `selfsame models pull` brings it (SELFSAME_HOME moves it)")
    return path


@pytest.fixture(scope="session")
def speech() -> list[Recording]:
    folder = Path(os.environ.get("SELFSAME_TEST_DATA", ROOT.parent / "shared" / "data")) / "speech"
    if not (folder / "manifest.json").is_file():
        pytest.skip(f"no recordings at {folder}; set SELFSAME_TEST_DATA to a folder with speech/manifest.json")
    return recordings(folder)
