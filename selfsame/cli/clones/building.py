"""Building a face from the command line: consent, upload, progress, result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import anyio
import click

from selfsame.cli.clones.house import confirm, open_house
from selfsame.cli.render import ProgressLine, write_whole
from selfsame.clones.consent import is_live
from selfsame.errors import BadInput, NotFound, TooLarge
from selfsame.jobs.face_desk import FaceState, told
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.studio.face.model import PHOTOS_MOST
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.media.kinds import PHOTO_BYTES, VIDEO_BYTES
from selfsame.studio.media.sniff import as_media

if TYPE_CHECKING:
    from selfsame.clones.clone import Clone
    from selfsame.wiring.product import Product

CONSENT = """
  A face is biometric. Before anything is stored, please agree:

    The pictures show me, or somebody who has agreed in writing that I do this.
    Selfsame may store them until the face is built (a day at most), store the face that is
    made of them, encrypted, on this machine, and let the clone move its lips to words that
    were never said by that person.

  This is recorded. `selfsame clone face revoke` ends it at any time: then every face that was
  made, and every clip that shows one, is erased.
"""

LOOK_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for."""

    clone: str
    pictures: tuple[Path, ...]
    consented: bool
    preview: Path | None
    accept: bool
    as_json: bool


async def add_face(settings: Settings, order: Order) -> dict[str, Any]:
    """Build the face and say how it is. Raises CallerError, with the advice when no face can be made."""
    if order.preview is not None:
        await offload(check_preview, order.preview)
    media = await offload(read_pictures, order.pictures)
    async with open_house(settings) as house:
        clone = await house.workshop.mine(order.clone)
        await _agree(house, order)
        state = await _build(house, clone, media, ProgressLine(quiet=order.as_json))
        if state.status != "ready":
            message = state.job.error_message if state.job is not None else None
            await house.studio.faces.discard(house.owner_id, state.face.id)
            raise BadInput(message or "the face was not built; try it again", code="FACE_NOT_BUILT")
        if order.accept:
            state = await house.studio.faces.activate(house.owner_id, state.face.id)
        row = await as_row(house, state)
        if order.preview is not None:
            row["preview"] = await write_preview(house, state.face.id, order.preview)
        return row


def read_pictures(paths: tuple[Path, ...]) -> ReferenceMedia:
    """The files. Raises BadInput, TooLarge, before much is read."""
    if len(paths) > PHOTOS_MOST:
        raise BadInput(f"give one video, or 1 to {PHOTOS_MOST} photos; 5 to 10 photos are best")
    files: list[bytes] = []
    for path in paths:
        try:
            if path.stat().st_size > (VIDEO_BYTES if len(paths) == 1 else PHOTO_BYTES):
                raise TooLarge(f"{path.name} is too large: photos have up to 25 MB, videos up to 300 MB")
            files.append(path.read_bytes())
        except OSError as problem:
            raise BadInput(f"{path} cannot be read: {problem.strerror}") from problem
    return as_media(files)


async def as_row(house: Product, state: FaceState) -> dict[str, Any]:
    """A face as JSON, with its clone's slug."""
    clone = await house.workshop.clones.get(state.face.clone_id, house.owner_id)
    return told(state) | {"clone": clone.slug}


def face_id(text: str) -> UUID:
    """The id. Raises NotFound."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("there is no such face; `selfsame clone face list` shows the ids") from None


def check_preview(path: Path) -> None:
    """Raise BadInput unless a video may be written there."""
    if path.suffix.lower() != ".mp4" or not path.absolute().parent.is_dir():
        raise BadInput(f"{path}: the preview is an .mp4 file in a folder that exists")


async def write_preview(house: Product, face: UUID, path: Path) -> str:
    """Write the test video; where it lies. Raises NotFound when there is none, BadInput."""
    await offload(check_preview, path)
    await offload(write_whole, path, await house.studio.faces.file(house.owner_id, face, "preview.mp4"))
    return str(path)


async def _agree(house: Product, order: Order) -> None:
    """See that there is a live consent. Raises ConsentMissing."""
    if is_live(await house.studio.consents.of(house.owner_id), "face"):
        return
    if not order.consented and not order.as_json:
        click.echo(CONSENT, err=True)
    await confirm("  Do you agree?", said=order.consented, flag="--i-consent")
    await house.studio.change_face_consent(house.owner_id, True)


async def _build(house: Product, clone: Clone, media: ReferenceMedia, line: ProgressLine) -> FaceState:
    """Order the face and wait for it; when we are stopped, nothing of it stays."""
    desk = house.studio.faces
    state = await desk.order(house.owner_id, clone, media)
    try:
        while state.status in ("pending", "running"):
            if state.job is not None:
                await line.show(state.job.progress, state.job.message or "waiting for a worker")
            await SYSTEM.sleep(LOOK_EVERY)
            state = await desk.state(house.owner_id, state.face.id)
        return state
    except anyio.get_cancelled_exc_class():
        with anyio.CancelScope(shield=True):
            await desk.discard(house.owner_id, state.face.id)
        click.echo("\n  Stopped; nothing was kept.", err=True)
        raise
    finally:
        line.end()
