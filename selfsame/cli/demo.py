"""`selfsame demo`: make what the demonstration clone is made of."""

from __future__ import annotations

import gzip
from pathlib import Path

import click

from selfsame.cli.output import emit, json_option, read_settings
from selfsame.errors import BadInput
from selfsame.models.manifest import FACE

SAYS = "Hello, I am Vera. Ask me how you make a clone."
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
    from selfsame.demo.portrait import draw, encoded

    data = encoded(draw(size), path.suffix.lower())
    _write(path, data)
    if as_json:
        emit({"file": str(path), "size": size, "bytes": len(data)})
    else:
        click.echo(f"{path}: {size} x {size} pixels, {len(data) / 1000:.0f} kB")


@command.command("face")
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .json.gz file.")
@json_option
def face(path: Path, as_json: bool) -> None:
    """Make Vera's portrait movable: the rig that pages and the server draw."""
    if not path.name.endswith(".json.gz"):
        raise BadInput(f"{path.name}: the rig is written as .json.gz; name the file so")
    data = vera_rig(read_settings().models_dir / FACE.name)
    _write(path, gzip.compress(data, 9, mtime=0))
    if as_json:
        emit({"file": str(path), "bytes": path.stat().st_size})
    else:
        click.echo(f"{path}: {path.stat().st_size / 1000:.0f} kB")


@command.command("strip")
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .jpg or .png.")
@click.option("--text", default=SAYS, show_default=True, help="What she says.")
@json_option
def strip(path: Path, text: str, as_json: bool) -> None:
    """Draw a strip of pictures of Vera as she says something."""
    if path.suffix.lower() not in _KINDS:
        raise BadInput(f"{path.name}: the strip is written as {', '.join(_KINDS)}; name the file so")
    from selfsame.cli.demo_strip import speaking_strip
    from selfsame.demo.portrait import encoded

    _write(path, encoded(speaking_strip(text), path.suffix.lower()))
    if as_json:
        emit({"file": str(path), "text": text})
    else:
        click.echo(f"{path}: Vera says: {text}")


def vera_rig(networks: Path) -> bytes:
    """The rig's file of the committed portrait. Raises Unavailable without the face networks."""
    import cv2
    import numpy as np

    from selfsame.demo import portrait_file
    from selfsame.face.rig_file import to_json
    from selfsame.face.rigging import build_rig
    from selfsame.providers.embedded.face_mesh import LiteFaceLandmarker

    picture = cv2.imdecode(np.frombuffer(portrait_file(), np.uint8), cv2.IMREAD_COLOR)
    image = np.asarray(picture, np.uint8)
    found = LiteFaceLandmarker(networks).find(image)
    return to_json(build_rig(image, found[0].points, size=512))


def _write(path: Path, data: bytes) -> None:
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent} is no folder; make it first, or choose another place")
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}; choose another place") from problem
