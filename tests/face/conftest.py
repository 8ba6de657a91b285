"""The networks, and the shared faces where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from selfsame.providers.embedded.face_mesh import LiteFaceLandmarker

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def networks() -> LiteFaceLandmarker:
    folder = Path(os.environ.get("SELFSAME_HOME") or ROOT / ".selfsame") / "models" / "face-landmarks"
    if not folder.is_dir():
        pytest.skip(f"no face networks at {folder}; `selfsame models pull face-landmarks` (SELFSAME_HOME moves it)")
    return LiteFaceLandmarker(folder)


@pytest.fixture
def landmarker(networks: LiteFaceLandmarker) -> LiteFaceLandmarker:
    return networks


@pytest.fixture(scope="session")
def faces() -> Path:
    folder = Path(os.environ.get("SELFSAME_TEST_DATA", ROOT.parent / "shared" / "data")) / "faces"
    if not (folder / "manifest.json").is_file():
        pytest.skip(f"no faces at {folder}; set SELFSAME_TEST_DATA to a folder with faces/manifest.json")
    return folder
