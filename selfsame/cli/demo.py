"""`selfsame demo`: make what the demonstration clone is made of."""

from __future__ import annotations

from pathlib import Path

import click

from selfsame.cli.output import emit, json_option
from selfsame.errors import BadInput

_KINDS = (".jpg", ".jpeg", ".png")


@click.group()
def command() -> None:
    """Make what the demonstration clone is made of."""


@command.command("portrait")
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .jpg or .png.")
@click.option("--size", type=click.IntRange(64, 2048), default=1024, show_default=True, help="Its edge in pixels.")
@json_option
def portrait(path: Path, size: int, as_json: bool) -> None:
    """Draw Vera's portrait, the same every time."""
    if path.suffix.lower() not in _KINDS:
        raise BadInput(f"{path.name}: the portrait is written as {', '.join(_KINDS)}; name the file so")
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent} is no folder; make it first, or choose another place")
    from selfsame.demo.portrait import draw, encoded

    data = encoded(draw(size), path.suffix.lower())
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}; choose another place") from problem
    if as_json:
        emit({"file": str(path), "size": size, "bytes": len(data)})
    else:
        click.echo(f"{path}: {size} x {size} pixels, {len(data) / 1000:.0f} kB")
