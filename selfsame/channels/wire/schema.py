"""The wire's JSON schema, for other languages: `python -m selfsame.channels.wire.schema` writes `wire/schema.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from selfsame.channels.wire.base import PROTOCOL_VERSION
from selfsame.channels.wire.client import CLIENT
from selfsame.channels.wire.server import SERVER

SCHEMA_FILE = Path(__file__).resolve().parents[3] / "wire" / "schema.json"


def schema_text() -> str:
    """The schema of both directions as stable JSON text: `{"protocol", "client", "server"}`.

    A client may leave out whatever has a default. The server always sends what has one, but leaves out what is null.
    """
    client = CLIENT.json_schema(by_alias=True)
    server = SERVER.json_schema(by_alias=True)
    for schema in (client, server):
        for name, definition in schema["$defs"].items():
            definition["required"] = _required(definition, server_side=schema is server)
            if not definition["required"]:
                raise ValueError(f"{name} has no required field")
    schema = {"protocol": PROTOCOL_VERSION, "client": client, "server": server}
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _required(definition: dict[str, Any], *, server_side: bool) -> list[str]:
    required = set(definition.get("required", ()))
    for name, field in definition.get("properties", {}).items():
        if name == "type" or (server_side and field.get("default") is not None):
            required.add(name)
    return sorted(required)


def main(path: Path = SCHEMA_FILE) -> None:
    """Write the schema file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(), encoding="utf-8")
    sys.stdout.write(f"{path.name} written\n")


if __name__ == "__main__":
    main()
