"""`selfsame clone persona`: learn how a person speaks, see it beside the owner's words, change it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import click

from selfsame.cli.clones.house import open_house
from selfsame.cli.output import emit, json_option, read_settings
from selfsame.errors import BadInput, Refused, SelfsameError
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from selfsame.clones.clone import Clone
    from selfsame.jobs.job import Job
    from selfsame.jobs.persona_desk import PersonaDesk

T = TypeVar("T")
COLUMN = 34
POLL = 0.3


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk, the owner, and the clone that is meant."""

    personas: PersonaDesk
    owner: UUID
    clone: Clone


clone_option = click.option("--clone", help="The clone, by its short name; default: the demonstration clone.")


@click.group("persona")
def command() -> None:
    """How a clone's person speaks: learnt from what they said, changed by hand. What you wrote always wins."""


@command.command()
@click.argument("source")
@clone_option
@click.option("--language", type=click.Choice(["EN", "ES", "ZH"], case_sensitive=False), help="Default: as it shows.")
@click.option("--speaker", help="Whose words to take, by name; default: who says most.")
@click.option("--captions", is_flag=True, help="Of a video, take its person's own captions, where it has some.")
@json_option
def extract(source: str, clone: str | None, as_json: bool, **options: Any) -> None:
    """Learn from SOURCE: a transcript (text, SRT, VTT, JSON, chat export), a recording, a video, or a YouTube address.

    The source is erased when it was read; a few short quotes stay as evidence.
    """
    from selfsame.jobs.persona_desk import PersonaWish, told, told_job

    language = options["language"].upper() if options["language"] else None
    wish = PersonaWish(language, options["speaker"], options["captions"])

    async def act(desk: Desk) -> dict[str, Any]:
        job = await _order(desk, source, wish)
        job = await _finished(desk, job, quiet=as_json)
        shown = told(desk.clone, *await desk.personas.profile(desk.owner, desk.clone))
        return shown | {"job": told_job(job)}

    _print(_run(clone, act), as_json)


@command.command()
@clone_option
@click.option("--evidence", is_flag=True, help="Also show what was counted, with quotes.")
@json_option
def show(clone: str | None, evidence: bool, as_json: bool) -> None:
    """What was learnt, what you wrote, and what holds, side by side."""
    _print(_run(clone, _shown), as_json, evidence=evidence)


@command.command()
@click.argument("changes", nargs=-1, metavar="[FIELD=VALUE]...")
@clone_option
@json_option
def edit(changes: tuple[str, ...], clone: str | None, as_json: bool) -> None:
    """Write your own words: tone="dry and kind", fillers="well, you know", closing=null; without any, in $EDITOR.

    Lists are written with commas, or as JSON. null says that there is nothing of the kind.
    """
    wanted = dict(_change(change) for change in changes)

    async def act(desk: Desk) -> dict[str, Any]:
        reset: tuple[str, ...] = ()
        mine = wanted
        if not wanted:
            mine, reset = await _in_editor(desk)
        await desk.personas.edit(desk.owner, desk.clone, mine, reset)
        return await _shown(desk)

    _print(_run(clone, act), as_json)


@command.command()
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@clone_option
@json_option
def reset(fields: tuple[str, ...], clone: str | None, as_json: bool) -> None:
    """Take back what you wrote for some FIELDs: what was learnt holds again."""

    async def act(desk: Desk) -> dict[str, Any]:
        await desk.personas.edit(desk.owner, desk.clone, {}, fields)
        return await _shown(desk)

    _print(_run(clone, act), as_json)


def _run(clone: str | None, act: Callable[[Desk], Awaitable[T]]) -> T:
    async def inside(settings: Settings) -> T:
        async with open_house(settings) as product:
            found = await product.casting.faces.meetings.meet(clone, product.owner_id)
            return await act(Desk(product.personas, product.owner_id, found))

    return anyio.run(inside, read_settings(quiet=True))


async def _order(desk: Desk, source: str, wish: Any) -> Job:
    path = Path(source)
    if "://" in source or source.startswith(("youtu.be/", "www.youtube.com/", "youtube.com/", "m.youtube.com/")):
        return await desk.personas.order_address(desk.owner, desk.clone, source, wish)
    try:
        data = await offload(path.read_bytes)
    except OSError as error:
        raise BadInput(f"{source} cannot be read: {error.strerror}") from error
    return await desk.personas.order_file(desk.owner, desk.clone, data, path.name, wish)


async def _finished(desk: Desk, job: Job, *, quiet: bool) -> Job:
    """Wait for the job, with a line of progress. Raises what it failed of; Ctrl-C cancels it."""
    from selfsame.cli.render import ProgressLine
    from selfsame.jobs.job import FINISHED
    from selfsame.kit.clock import SYSTEM

    line = ProgressLine(quiet=quiet)
    try:
        while job.state not in FINISHED:
            await SYSTEM.sleep(POLL)
            job = await desk.personas.job(desk.owner, job.id)
            await line.show(job.progress, job.message)
    finally:
        line.end()
        if job.state not in FINISHED:
            with anyio.CancelScope(shield=True):
                await desk.personas.cancel(desk.owner, job.id)
    if job.state == "completed":
        return job
    raise _failure(job)


def _failure(job: Job) -> SelfsameError:
    message = job.error_message or "the work was cancelled"
    if job.error_code and job.error_code.startswith(("VIDEO_", "ASR_", "LLM_")):
        return Refused(message, role="video", provider="persona")
    return BadInput(message)


async def _shown(desk: Desk) -> dict[str, Any]:
    from selfsame.jobs.persona_desk import told

    return told(desk.clone, *await desk.personas.profile(desk.owner, desk.clone))


def _change(text: str) -> tuple[str, Any]:
    """FIELD=VALUE as a field and its value. Raises UsageError, BadInput by the desk."""
    from selfsame.clones.persona import LISTS

    name, equals, value = text.partition("=")
    name = name.strip().replace("-", "_")
    if not equals or not name:
        raise click.UsageError(f"write FIELD=VALUE, not {text!r}")
    value = value.strip()
    if value == "null":
        return name, None
    if name not in LISTS:
        return name, value
    if value.startswith("["):
        try:
            return name, json.loads(value)
        except ValueError:
            raise click.UsageError(f"{name} is no JSON list") from None
    return name, [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]


async def _in_editor(desk: Desk) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The owner's words as JSON in $EDITOR; those that were taken out are reset. Raises BadInput."""
    halves, _ = await desk.personas.profile(desk.owner, desk.clone)
    before = halves.manual_overrides or {}
    text = json.dumps(before, ensure_ascii=False, indent=2) + "\n"
    after = await offload(click.edit, text, extension=".json")
    if after is None:
        return {}, ()
    try:
        mine = json.loads(after)
    except ValueError as error:
        raise BadInput(f"this is no JSON: {error}; nothing was changed") from error
    if not isinstance(mine, dict):
        raise BadInput("write one JSON object of fields and values; nothing was changed")
    return mine, tuple(name for name in before if name not in mine)


def _print(shown: dict[str, Any], as_json: bool, *, evidence: bool = False) -> None:
    if as_json:
        emit(shown)
        return
    from selfsame.cli.output import table

    rows = [
        (row["field"], _cell(row["auto"]), _cell(row["mine"], cleared=row["overridden"]), _cell(row["merged"]))
        for row in shown["fields"]
    ]
    click.echo(table(rows, ("field", "learnt", "yours", "holds")))
    for entry in shown["history"][:3]:
        words = entry["figures"].get("words", 0)
        click.echo(f"  {(entry['createdAt'] or '')[:16]}  {entry['source']}: {words} words, by {entry['engine']}")
        for note in entry["notes"]:
            click.echo(f"    {note}")
    for field, findings in shown.get("evidence", {}).items() if evidence else ():
        click.echo(f"\n{field}")
        for finding in findings:
            click.echo(f"  {finding['what']} ({finding['count']}): " + " | ".join(finding["quotes"][:2]))


def _cell(value: Any, *, cleared: bool = False) -> str:
    if value is None:
        return "(none)" if cleared else "-"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= COLUMN else text[: COLUMN - 1] + "…"
