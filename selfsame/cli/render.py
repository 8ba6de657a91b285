"""`selfsame render`: a script becomes an MP4 file of the clone saying it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import anyio
import click

from selfsame.cli.output import emit, json_option, read_settings
from selfsame.errors import BadInput
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.studio.clips import MadeClip


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for; `language` None: the clone's own."""

    clone: str | None
    text: str
    out: Path
    size: int
    language: str | None
    as_json: bool


@click.command()
@click.option("--clone", help="The clone that speaks; default: the demonstration clone.")
@click.option("--text", help="What it says.")
@click.option("--script", type=click.Path(path_type=Path), help="A text file with what it says; - reads the input.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The MP4 file to write.")
@click.option("--size", type=click.Choice(["256", "360", "512"]), default="512", show_default=True, help="In pixels.")
@click.option("--language", type=click.Choice(["EN", "ZH", "ES"], case_sensitive=False), help="Default: the clone's.")
@click.argument("loose", nargs=-1, metavar="")
@json_option
def command(text: str | None, script: Path | None, loose: tuple[str, ...], **options: Any) -> None:
    """Make a clip: the clone says a text, as MP4 (H.264, AAC). A script may last ten minutes.

    The face and the voice are the clone's own; both need its person's consent.
    """
    if loose:
        told = quote(" ".join(loose))
        raise click.UsageError(f"what is to be said comes behind --text: selfsame render --text {told}")
    if (text is None) == (script is None):
        raise click.UsageError("say what is to be said with --text or with --script")
    out: Path = options["out"]
    if not out.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {out.parent}", param_hint="--out")
    words = text if script is None else read_script(script)
    language = options["language"].upper() if options["language"] else None
    order = Order(options["clone"], words or "", out, int(options["size"]), language, options["as_json"])
    made = anyio.run(render, read_settings(quiet=True), order)
    show(order, made)


def read_script(path: Path) -> str:
    """A script as UTF-8 text. Raises BadInput."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text") from error


async def render(settings: Settings, order: Order) -> MadeClip:
    """Make the clip and put it in its place, whole or not at all. Raises CallerError and ProviderError."""
    from selfsame.kit.clock import SYSTEM
    from selfsame.studio.clips import ClipTools, Script, check_script, make_clip
    from selfsame.wiring import filming

    check_script(Script(order.text, order.language or "EN", size=order.size))
    line = ProgressLine(quiet=order.as_json)
    async with filming.open_film_set(settings, order.clone) as scene:
        script = Script(order.text, order.language or scene.language, size=order.size)
        painter = await offload(scene.open_painter, order.size)
        tools = ClipTools(scene.voice, scene.animator, painter, scene.idle, SYSTEM)
        try:
            made = await make_clip(script, tools, line.show)
        finally:
            line.end()
    await offload(write_whole, order.out, made.video)
    return made


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it. Raises BadInput."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            part.write_bytes(data)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error


class ProgressLine:
    """One line on standard error that shows how far it is; nothing when that is not a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._percent = -1

    async def show(self, share: float, doing: str) -> None:
        """A `Progress`."""
        if not self._quiet and int(100 * share) != self._percent:
            self._percent = int(100 * share)
            click.echo(f"\r  {self._percent:3d} %  {doing:<56}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._percent >= 0:
            click.echo("", err=True)


def show(order: Order, made: MadeClip) -> None:
    """Say what was made, as one JSON object or as a line."""
    timings = made.timings
    row = {
        "out": str(order.out),
        "seconds": round(made.seconds, 2),
        "bytes": len(made.video),
        "size": made.size,
        "timings": {
            "ttsMs": round(timings.tts_ms, 1),
            "avatarRenderMs": round(timings.avatar_render_ms, 1),
            "totalGenerationMs": round(timings.total_generation_ms, 1),
        },
    }
    if order.as_json:
        emit(row)
        return
    took = timings.total_generation_ms / 1000
    click.echo(
        f"  {order.out}: {made.seconds:.1f} s at {made.size} px, {len(made.video) / 1000:.0f} kB, made in {took:.1f} s "
        f"(speech {timings.tts_ms / 1000:.1f} s, pictures {timings.avatar_render_ms / 1000:.1f} s, at the same time)"
    )
