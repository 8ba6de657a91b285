"""The HTTP API's description (OpenAPI): `python -m selfsame.channels.api.describe` writes `wire/openapi.json`.

The page's client is made of it. It has every route, also of what a product may lack.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from selfsame.channels.deps import ChannelDeps
from selfsame.channels.http import create_app

OPENAPI_FILE = Path(__file__).resolve().parents[3] / "wire" / "openapi.json"


class _Nothing:
    """Stands for whatever routes are given: they are described here, and none is called."""

    def __getattr__(self, name: str) -> _Nothing:
        return self


def described_app() -> FastAPI:
    """The application with every route there can be; none of them works."""
    nothing: Any = _Nothing()
    needed = ("sessions", "authenticate", "issue_token", "list_clones", "engines", "components", "doctor")
    given: dict[str, Any] = dict.fromkeys(needed, nothing)
    deps = ChannelDeps(**given, static=Path("no page"))
    lacking = {field.name: nothing for field in fields(deps) if getattr(deps, field.name) is None}
    return create_app(replace(deps, **lacking))


def openapi_text() -> str:
    """The description as stable JSON text."""
    return json.dumps(described_app().openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(path: Path = OPENAPI_FILE) -> None:
    """Write the description."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(openapi_text(), encoding="utf-8")
    sys.stdout.write(f"{path.name} written\n")


if __name__ == "__main__":
    main()
