"""`selfsame clone face`: from photos or a video to an accepted face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import click

from selfsame.cli.clones.house import confirm, open_house
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.settings import Settings

SAID = "Say without being asked that the pictures show you, or somebody who agreed in writing, and may be animated."


@click.group()
def command() -> None:
    """Give a clone a face, look at it, and accept it.

    Five to ten sharp photos from the front, or 30 to 60 seconds of video in which you talk and smile, work best.
    """


@command.command("add")
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--clone", required=True, help="The clone that gets the face: its slug or id.")
@click.option("--i-consent", "consented", is_flag=True, help=SAID)
@click.option("--preview", type=click.Path(path_type=Path, dir_okay=False), help="Write the test video (.mp4) here.")
@click.option("--accept", is_flag=True, help="Show it from now on, without looking at it first.")
@json_option
def add(pictures: tuple[Path, ...], clone: str, consented: bool, as_json: bool, **rest: Any) -> None:
    """Build a face from PICTURES: one video, or 1 to 20 photos of the person's face.

    Until it is accepted nobody sees it. Ctrl-C stops it and keeps nothing.
    """
    from selfsame.cli.clones.building import Order, add_face

    order = Order(clone, pictures, consented, rest["preview"], rest["accept"], as_json)
    made = anyio.run(add_face, read_settings(quiet=True), order)
    emit(made) if as_json else click.echo(report(made))


@command.command("list")
@click.option("--clone", help="Of this clone alone.")
@json_option
def list_faces(clone: str | None, as_json: bool) -> None:
    """List your faces, newest first."""
    rows = anyio.run(_rows, read_settings(quiet=True), clone)
    if as_json:
        emit({"faceModels": rows})
        return
    shown = [(r["faceModelId"], r["clone"], r["status"], r["tier"] or "-", f"{r['qualityScore']:.0f}") for r in rows]
    click.echo(table(shown, ("face", "clone", "status", "tier", "quality")))


@command.command("show")
@click.argument("face")
@click.option("--preview", type=click.Path(path_type=Path, dir_okay=False), help="Write the test video (.mp4) here.")
@json_option
def show(face: str, preview: Path | None, as_json: bool) -> None:
    """Say how FACE (its id, as `list` shows it) is, and what would make it better."""
    told = anyio.run(_show, read_settings(quiet=True), face, preview)
    emit(told) if as_json else click.echo(report(told))


@command.command("accept")
@click.argument("face")
@json_option
def accept(face: str, as_json: bool) -> None:
    """Let the clone show FACE from now on, in conversations that begin later."""
    told = anyio.run(_accept, read_settings(quiet=True), face)
    emit(told) if as_json else click.echo(f"Accepted: {told['clone']} shows this face from now on.")


@command.command("discard")
@click.argument("face")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def discard(face: str, yes: bool, as_json: bool) -> None:
    """Forget FACE and all its files. A clone that shows it has no face then."""
    anyio.run(_discard, read_settings(quiet=True), face, yes)
    emit({"discarded": face}) if as_json else click.echo("Discarded; its files are erased.")


@command.command("revoke")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def revoke(yes: bool, as_json: bool) -> None:
    """End your consent to faces: every face that was built, and every clip that shows one, is erased."""
    gone = anyio.run(_revoke, read_settings(quiet=True), yes)
    emit({"revoked": True, "facesErased": gone}) if as_json else click.echo(f"Revoked; {gone} face(s) erased.")


def report(told: dict[str, Any]) -> str:
    """A face in words, for its owner."""
    lines = [f"  {told['clone']}: {told['status']}   {told['faceModelId']}"]
    if told.get("errorMessage"):
        lines.append(f"\n  {told['errorMessage']}")
    if told["tier"]:
        quality = f"  tier {told['tier']}, quality {told['qualityScore']:.0f} of 100"
        lines.append(quality + (f", {told['good']} of {told['pictures']} pictures used" if "good" in told else ""))
    if "test" in told:
        test = told["test"]
        lines.append(
            f"  test sentence: lips {test['lipSyncScore']:.2f}, likeness {test['faceQuality']:.2f} (both of 1)"
        )
    if "testError" in told:
        lines.append(f"  The test sentence could not be made: {told['testError']}")
    advice = dict.fromkeys((*told.get("notes", ()), *told.get("validation", {}).get("recommendations", ())))
    lines += [f"  - {sentence}" for sentence in advice]
    if told.get("preview"):
        lines.append(f"  preview: {told['preview']}")
    if told["status"] == "ready":
        face = told["faceModelId"]
        if "preview" not in told:
            lines.append(f"\n  Look at it:  selfsame clone face show {face} --preview preview.mp4")
        lines.append(f"  Accept it:   selfsame clone face accept {face}")
        lines.append(f"  Or not:      selfsame clone face discard {face}")
    return "\n".join(lines)


async def _rows(settings: Settings, clone: str | None) -> list[dict[str, Any]]:
    from selfsame.cli.clones.building import as_row

    async with open_house(settings) as house:
        only = None if clone is None else (await house.workshop.mine(clone)).id
        states = await house.studio.faces.of(house.owner_id)
        return [await as_row(house, state) for state in states if only in (None, state.face.clone_id)]


async def _show(settings: Settings, face: str, preview: Path | None) -> dict[str, Any]:
    from selfsame.cli.clones.building import as_row, face_id, write_preview

    async with open_house(settings) as house:
        state = await house.studio.faces.state(house.owner_id, face_id(face))
        row = await as_row(house, state)
        if preview is not None:
            row["preview"] = await write_preview(house, state.face.id, preview)
        return row


async def _accept(settings: Settings, face: str) -> dict[str, Any]:
    from selfsame.cli.clones.building import as_row, face_id

    async with open_house(settings) as house:
        return await as_row(house, await house.studio.faces.activate(house.owner_id, face_id(face)))


async def _discard(settings: Settings, face: str, yes: bool) -> None:
    from selfsame.cli.clones.building import face_id

    async with open_house(settings) as house:
        state = await house.studio.faces.state(house.owner_id, face_id(face))
        await confirm(f"Forget this face ({state.status}) for good?", said=yes, flag="--yes")
        await house.studio.faces.discard(house.owner_id, state.face.id)


async def _revoke(settings: Settings, yes: bool) -> int:
    async with open_house(settings) as house:
        faces = [s for s in await house.studio.faces.of(house.owner_id) if not s.face.fictional]
        question = f"End your consent, and erase {len(faces)} face(s) and all clips that show them?"
        await confirm(question, said=yes, flag="--yes")
        await house.studio.change_face_consent(house.owner_id, False)
        return len(faces)
