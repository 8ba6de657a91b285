"""The demonstration clone: Vera, a fictional guide to Selfsame. Her knowledge is the user documentation."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

_LANGUAGES = {"es.md": "ES", "zh.md": "ZH"}


@dataclass(frozen=True, slots=True)
class DemoClone:
    """A clone that ships with the product. `documents` are (file name, Markdown text, language).

    `face` is the rig's file of its drawn portrait.
    """

    slug: str
    name: str
    persona: dict[str, Any]
    documents: tuple[tuple[str, str, str], ...]
    face: bytes | None = None


def load() -> DemoClone:
    """Read the demonstration clone from the package."""
    here = resources.files(__name__)
    persona = json.loads(here.joinpath("persona.json").read_text(encoding="utf-8"))
    files = sorted((f for f in here.joinpath("guide").iterdir() if f.name.endswith(".md")), key=lambda f: f.name)
    documents = tuple((f.name, f.read_text(encoding="utf-8"), _LANGUAGES.get(f.name, "EN")) for f in files)
    return DemoClone(slug="vera", name=persona["name"], persona=persona, documents=documents, face=_face(here))


def portrait_file() -> bytes:
    """The committed portrait, a JPEG file."""
    return resources.files(__name__).joinpath("vera.jpg").read_bytes()


def _face(here: Traversable) -> bytes | None:
    rig = here.joinpath("vera.face.json.gz")
    return gzip.decompress(rig.read_bytes()) if rig.is_file() else None


DEMO = load()
