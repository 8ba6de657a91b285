"""A fetcher whose program is a stand-in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfsame.studio.tube import TubeOptions, VideoFetcher

FAKE = Path(__file__).with_name("fake_yt_dlp.py")
ID = "dQw4w9WgXcQ"
FACTS: dict[str, Any] = {
    "id": ID, "title": "How to\nbake", "uploader": "Dana", "duration": 120, "language": "en-US", "subtitles": {},
    "live_status": "not_live", "is_live": False,
}  # fmt: skip
MakeFetcher = Callable[..., VideoFetcher]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def fetcher(tmp_path: Path) -> MakeFetcher:
    """Makes a fetcher: the plan of the stand-in by keyword, `options` of the fetcher."""

    def make(options: dict[str, Any] | None = None, **plan: Any) -> VideoFetcher:
        plan.setdefault("facts", FACTS)
        environment = {"FAKE_TUBE": json.dumps(plan)}
        given: dict[str, Any] = {"program": (sys.executable, str(FAKE)), "folder": tmp_path / "work"}
        return VideoFetcher(TubeOptions(**given | (options or {}), environment=environment))

    return make
