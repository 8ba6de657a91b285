"""Clones as files over HTTP: take one along, bring one. Only the owner of this machine's clones may (permission "own").

A passphrase travels in the header `selfsame-passphrase` or in the form, percent-encoded as UTF-8, and never in an
address, which is written down on its way.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import Header, Request
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from selfsame.channels.deps import ArchiveStudio
from selfsame.channels.door import Owner
from selfsame.channels.forms import open_form
from selfsame.channels.pages import ARCHIVE_BYTES
from selfsame.channels.routing import FILE, Routes, form, gives
from selfsame.clones.archive.kinds import Imported, ImportWish
from selfsame.errors import BadInput, Overloaded
from selfsame.kit.streams import close

PASSPHRASE = "selfsame-passphrase"
LOST = "selfsame-lost"
IMPORTS_AT_ONCE = 1
"""Imports that this process does at the same time: each may fill a gigabyte of the disk while it comes."""
SealedBy = Annotated[
    str | None, Header(alias=PASSPHRASE, description="Seals the archive: a passphrase, percent-encoded as UTF-8.")
]
_SLUG = TypeAdapter(Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")])
_TEXT = TypeAdapter(Annotated[str, StringConstraints(max_length=500)])
ARCHIVE = form(
    ["archive"], archive=FILE, slug={"type": "string"}, passphrase={"type": "string"}, iAm={"type": "string"}
)
"""The form as the API's description has it; it is read by hand, after the caller is known."""
DOWNLOAD = gives("application/octet-stream") | {"response_class": StreamingResponse}


class ImportedBody(BaseModel):
    """A clone that came: its address, how many rows of each kind, and what was left out and why."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    id: UUID
    slug: str
    name: str
    language: str
    counts: dict[str, int]
    left_out: dict[str, str]
    embedded_anew: bool


class CloneArchiveRoutes:
    """`/api/clones/{slug}/export` and `/api/clones/import`."""

    def __init__(self, studio: ArchiveStudio) -> None:
        self._archives = studio.archives
        self._find_clone = studio.find_clone
        self._imports = 0
        self.router = Routes("clones")
        self.router.add("GET", "/api/clones/{slug}/export", self.export_clone, **DOWNLOAD)
        self.router.add("POST", "/api/clones/import", self.import_clone, status_code=201, openapi_extra=ARCHIVE)

    async def export_clone(self, owner: Owner, slug: str, sealed_by: SealedBy = None) -> StreamingResponse:
        """Everything that the clone is, as one file; sealed when the header `selfsame-passphrase` has a passphrase.

        It comes as a stream. One that breaks off is no archive, and an import refuses it. The answer's header
        `selfsame-lost` counts the things that are left out because their files are lost ("voices=1, pictures=2").
        """
        clone = await self._find_clone(slug, owner)
        passphrase = header_passphrase(sealed_by)
        lost = await self._archives.lost(owner, clone)
        stream = self._archives.export(owner, clone, passphrase)
        answer = await download(stream, f"{clone.slug}.{'selfsame' if passphrase else 'zip'}")
        if lost:
            answer.headers[LOST] = ", ".join(f"{kind}={count}" for kind, count in lost.items())
        return answer

    async def import_clone(self, owner: Owner, request: Request) -> ImportedBody:
        """Make a clone of an archive: whole, or not at all.

        A form of `archive`, and where they are wanted `slug` (another address), `passphrase`, and `iAm`: the name of
        the person whose consents the archive carries, when that is you. Without a consent voice and face are left out.
        """
        if self._imports >= IMPORTS_AT_ONCE:
            raise Overloaded("another clone is just being brought; try again soon", expected_wait=10.0)
        self._imports += 1
        try:
            async with open_form(request, ARCHIVE_BYTES, 1) as sent:
                archive = sent.get("archive")
                if not isinstance(archive, UploadFile):
                    raise BadInput("choose the archive of a clone (the field `archive`)")
                wish = _wish(sent.get("slug"), sent.get("passphrase"), sent.get("iAm"))
                return _told(await self._archives.bring(owner, archive.file, wish))
        finally:
            self._imports -= 1


def header_passphrase(value: str | None) -> str | None:
    """The passphrase in the value of the header. Raises BadInput when it is no percent-encoded UTF-8."""
    if not value:
        return None
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError as error:
        raise BadInput(f"the header {PASSPHRASE} is UTF-8, percent-encoded") from error


async def download(stream: AsyncIterator[bytes], name: str) -> StreamingResponse:
    """The stream as a file. Its first piece is waited for, so that what fails at once is still an answer."""
    first = await anext(stream)

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield first
            async for piece in stream:
                yield piece
        finally:
            await close(stream)

    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)


def _wish(slug: object, passphrase: object, claim: object) -> ImportWish:
    try:
        wanted = _SLUG.validate_python(slug) if slug else None
        secret = _TEXT.validate_python(passphrase) if passphrase else None
        return ImportWish(wanted, secret, _TEXT.validate_python(claim or ""))
    except ValidationError as error:
        raise BadInput("a slug has 1 to 64 of a-z, 0-9 and dashes; names and passphrases up to 500 letters") from error


def _told(came: Imported) -> ImportedBody:
    clone = came.clone
    return ImportedBody(
        id=clone.id,
        slug=clone.slug,
        name=clone.name,
        language=clone.language,
        counts=dict(came.counts),
        left_out=dict(came.left_out),
        embedded_anew=came.embedded_anew,
    )
