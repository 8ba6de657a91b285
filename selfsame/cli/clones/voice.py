"""`selfsame clone voice`: agree by voice, enrol, listen, accept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import anyio
import click

from selfsame.cli.clones.house import open_house
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.errors import BadInput, ConsentMissing, NotFound
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.studio.voice.enrolment import Upload
    from selfsame.studio.voice.kinds import Wish as Manner
    from selfsame.wiring.product import Product

T = TypeVar("T")
LANGUAGES = click.Choice(["EN", "ES", "ZH"], case_sensitive=False)
POLL = 0.5
MANNERS = ("own", "clear", "automatic")


@click.group()
def command() -> None:
    """Give a clone its person's voice: agree, record, listen, accept.

    Two minutes of clean speech make a good voice: `selfsame clone voice sentences` lists what to read.
    """


@command.command("sentences")
@click.option("--language", type=LANGUAGES, default="EN", show_default=True)
@json_option
def list_sentences(language: str, as_json: bool) -> None:
    """List the sentences to read, in the order of their worth."""
    from selfsame.studio.voice.sentences import sentences

    texts = sentences(language.upper())
    emit({"sentences": list(texts)}) if as_json else click.echo("\n".join(texts))


@command.command("consent")
@click.argument("recording", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="Your full name, as you say it.")
@click.option("--language", type=LANGUAGES, default="EN", show_default=True)
@click.option("--revoke", is_flag=True, help="End your consent: your voice and your face stop at once and are erased.")
@json_option
def consent(recording: Path | None, name: str | None, language: str, revoke: bool, as_json: bool) -> None:
    """Agree to a clone of your voice and face: RECORDING of you saying the sentence; without it, see what to say."""

    async def act(product: Product) -> Any:
        from selfsame.channels.voice_models import shown

        studio = product.voices.studio
        if revoke:
            return {"consents": shown(await studio.revoke(product.owner_id))}
        if recording is None:
            return {"say": studio.consents.statement(name or "", language.upper()).text}
        data = await _read(recording)
        records = await studio.consents.take(product.owner_id, name or "", language.upper(), data)
        return {"consents": shown(records)}

    if not revoke and not name:
        raise click.UsageError("say who agrees with --name")
    told = _run(act)
    if as_json:
        emit(told)
    elif "say" in told:
        click.echo(f"Record yourself saying this, then pass the recording:\n\n  {told['say']}\n")
    else:
        rows = [(c["subject"], c["grantedAt"][:19], (c["revokedAt"] or "")[:19]) for c in told["consents"]]
        click.echo(table(rows, ("consent", "granted", "ended")))


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for: recordings, or the address of a video. `language` None: as it shows."""

    recordings: tuple[Path, ...]
    clone: str
    language: str | None
    texts: tuple[str, ...]
    url: str | None = None


@command.command("enrol")
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path))
@click.option("--clone", required=True, help="The clone that gets the voice: its slug or id.")
@click.option("--url", help="A YouTube video in which you speak most, instead of RECORDINGS.")
@click.option("--texts", type=click.Path(path_type=Path), help="What was read: one line for each recording, in order.")
@click.option("--language", type=LANGUAGES, help="Default: EN, for a video its own.")
@json_option
def enrol(recordings: tuple[Path, ...], clone: str, as_json: bool, **options: Any) -> None:
    """Make a voice of RECORDINGS: sentences with their --texts, or talks and videos in which you speak."""
    url, texts, language = options["url"], options["texts"], options["language"]
    if bool(recordings) == bool(url):
        raise click.UsageError("give RECORDINGS, or a video with --url")
    lines = () if texts is None else tuple(line for line in _lines(texts) if line.strip())
    if lines and len(lines) != len(recordings):
        raise click.UsageError(f"there are {len(recordings)} recordings and {len(lines)} lines of text")
    wish = Wish(recordings, clone, language.upper() if language else None, lines, url)

    async def act(product: Product) -> Any:
        return await _enrol(product, wish)

    told = _run(act)
    if as_json:
        emit(told)
        return
    click.echo(f"  {told['status']}   {told['voiceModelId']}   quality {told['qualityScore']:.2f}")
    for note in told.get("notes", ()):
        click.echo(f"  - {note}")
    if told.get("errorMessage"):
        raise BadInput(told["errorMessage"])
    click.echo(f"  Listen:  selfsame clone voice test {told['voiceModelId']} --out voice.wav")


@command.command("list")
@json_option
def list_voices(as_json: bool) -> None:
    """List your voices, newest first."""

    async def act(product: Product) -> Any:
        from selfsame.jobs.voice_desk import told

        return [told(state) for state in await product.voices.studio.desk.of(product.owner_id)]

    rows = _run(act)
    if as_json:
        emit({"voiceModels": rows})
        return
    shown = [
        (r["voiceModelId"], r["status"], r["provider"] or "-", f"{r['qualityScore']:.2f}", r["speaks"]) for r in rows
    ]
    click.echo(table(shown, ("voice", "status", "made by", "quality", "speaks")))


@command.command("test")
@click.argument("voice")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The WAV file to write.")
@json_option
def test(voice: str, out: Path, as_json: bool) -> None:
    """Write the test sentence of VOICE (its id, as `list` shows it) to a file."""

    async def act(product: Product) -> Any:
        data = await product.voices.studio.desk.preview(product.owner_id, _id(voice))
        await anyio.Path(out).write_bytes(data)
        return {"voice": voice, "file": str(out), "bytes": len(data)}

    told = _run(act)
    emit(told) if as_json else click.echo(f"Written: {out}")


@command.command("activate")
@click.argument("voice")
@click.option(
    "--manner",
    type=click.Choice(MANNERS),
    help="own: the person's sounds; clear: the synthesiser's in their pitch, no word is lost; automatic: the better.",
)
@json_option
def activate(voice: str, manner: Manner | None, as_json: bool) -> None:
    """Let the clone speak with VOICE from now on. Without --manner it keeps the one that was chosen before."""

    async def act(product: Product) -> Any:
        from selfsame.jobs.voice_desk import told

        return told(await product.voices.studio.desk.activate(product.owner_id, _id(voice), manner))

    told = _run(act)
    how = {"own": "in the person's own sounds", "clear": "in the clear manner"}
    emit(told) if as_json else click.echo(f"The clone speaks with this voice from now on, {how[told['speaks']]}.")


@command.command("discard")
@click.argument("voice")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def discard(voice: str, yes: bool, as_json: bool) -> None:
    """Forget VOICE and all its files."""
    if not yes and not click.confirm("Forget this voice for good?", err=True):
        raise ConsentMissing("nothing was done")

    async def act(product: Product) -> Any:
        await product.voices.studio.desk.discard(product.owner_id, _id(voice))

    _run(act)
    emit({"discarded": voice}) if as_json else click.echo("Discarded; its files are erased.")


async def _enrol(product: Product, wish: Wish) -> dict[str, Any]:
    from selfsame.jobs.voice_desk import told
    from selfsame.kit.clock import SYSTEM

    studio = product.voices.studio
    clone = await studio.find_clone(wish.clone, product.owner_id)
    if wish.url is not None:
        state = await studio.desk.order_address(product.owner_id, clone, wish.url, wish.language)
    else:
        state = await studio.desk.order(product.owner_id, clone, await _uploads(wish))
    shown = ""
    while state.status in ("pending", "running"):
        await SYSTEM.sleep(POLL)
        state = await studio.desk.state(product.owner_id, state.voice.id)
        message = state.job.message if state.job is not None else ""
        if message != shown:
            shown = message
            click.echo(f"  {message}", err=True)
    return told(state)


async def _uploads(wish: Wish) -> list[Upload]:
    from selfsame.studio.voice.enrolment import Upload

    texts, language = wish.texts or ("",) * len(wish.recordings), wish.language or "EN"
    return [Upload(await _read(p), t, language) for p, t in zip(wish.recordings, texts, strict=True)]


def _run(act: Callable[[Product], Awaitable[T]]) -> T:
    """Do something in the product of the settings, which does its ordered work itself."""

    async def main(settings: Settings) -> T:
        async with open_house(settings) as product:
            return await act(product)

    return anyio.run(main, read_settings(quiet=True))


async def _read(path: Path) -> bytes:
    try:
        return await anyio.Path(path).read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read") from error


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text") from error


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("there is no such voice; `selfsame clone voice list` shows their ids") from None
