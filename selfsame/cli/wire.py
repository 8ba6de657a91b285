"""`selfsame wire`: write the schema of the messages."""

from __future__ import annotations

from pathlib import Path

import click

from selfsame.cli.output import emit, json_option


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write; default wire/schema.json of the checkout."
)
@json_option
def command(out: Path | None, as_json: bool) -> None:
    """Write the JSON Schema of everything that passes between client and server."""
    from selfsame.channels.wire.base import PROTOCOL_VERSION
    from selfsame.channels.wire.schema import SCHEMA_FILE, schema_text

    path = out or SCHEMA_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(), encoding="utf-8")
    if as_json:
        emit({"schema": str(path), "protocol": PROTOCOL_VERSION})
    else:
        click.echo(f"protocol {PROTOCOL_VERSION}: {path}")
