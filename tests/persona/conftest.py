"""Fictional speakers with planted habits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selfsame.studio.persona.formats import read_transcript
from selfsame.studio.persona.transcript import Transcript, of_speaker

SPEAKERS = Path(__file__).with_name("speakers")
PLANTED: dict[str, dict[str, Any]] = json.loads((SPEAKERS / "planted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def talk(name: str) -> Transcript:
    """What a fictional speaker said."""
    return of_speaker(read_transcript((SPEAKERS / f"{name}.txt").read_bytes()), None)
