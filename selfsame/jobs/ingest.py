"""The job that reads what an owner uploaded, and puts it into what the clone knows (DOC-04)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from selfsame.errors import BadInput, CallerError, NotFound, ProviderError, SelfsameError, TooLarge
from selfsame.jobs.job import JobKind
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.kit.tasks import offload
from selfsame.library.extract.kinds import LIMITS, MEGABYTE, Extracted
from selfsame.library.extract.read import Wish
from selfsame.library.extract.reader import from_bytes
from selfsame.library.extract.worker import to_bytes
from selfsame.library.ingest import Shelf, chunks_of_sections, content_hash, index, title_of
from selfsame.library.port import Chunk, Document, Embedder
from selfsame.library.products import Product
from selfsame.library.shelf import DocumentShelf, Outcome, Shelved, Upload
from selfsame.library.webpage import WebPage
from selfsame.studio.port import FileStore

INGEST = JobKind("ingest", max_running=4, max_per_user=3)
ORIGINAL, EXTRACTED = "original", "extracted"
"""Names of an upload's files, below its path."""

ReadDocument = Callable[[bytes, Wish], Awaitable[Extracted]]
FetchPage = Callable[[str], Awaitable[WebPage]]
Changed = Callable[[UUID, UUID], None]
"""Told of the owner and the clone whose knowledge has changed."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the job needs."""

    shelf: DocumentShelf
    knowledge: Shelf
    files: FileStore
    embedder: Embedder
    read: ReadDocument
    fetch: FetchPage
    changed: Changed


def ingesting(intake: Intake) -> Handler:
    """The handler of `INGEST`; its argument is `upload`."""

    async def ingest(work: Work) -> Any:
        upload_id = _upload_id(work)
        shelved = await intake.shelf.start(work.user_id, upload_id)
        try:
            return await _ingest(intake, work, shelved)
        except SelfsameError as error:
            passing = isinstance(error, ProviderError) and error.retryable
            if isinstance(error, CallerError) or not passing:
                message = error.message
                if shelved.chunk_count:
                    message += " Until then the version from before is used."
                await intake.shelf.fail(work.user_id, upload_id, error.code, message)
            raise

    return ingest


def _upload_id(work: Work) -> UUID:
    try:
        return UUID(str(work.args.get("upload")))
    except ValueError:
        raise BadInput("the order names no upload") from None


async def _ingest(intake: Intake, work: Work, shelved: Shelved) -> dict[str, Any]:
    upload = shelved.upload
    assert upload is not None
    name = upload.filename
    if upload.kind == "address":
        await work.progress(0.02, "Fetching the page")
        name = await work.step("fetch", _fetch, intake, upload)
    await work.progress(0.1, "Reading")
    await work.step("read", _read, intake, upload, name)
    result = await work.step("index", _index, intake, work, shelved)
    intake.changed(work.user_id, upload.clone_id)
    await work.progress(1.0, "Done")
    return result


async def _fetch(intake: Intake, upload: Upload) -> str:
    page = await intake.fetch(upload.source_url or upload.filename)
    await intake.files.put(upload.path + ORIGINAL, page.content)
    return page.name


async def _read(intake: Intake, upload: Upload, name: str) -> dict[str, Any]:
    """Extract and clean; the text waits, sealed, for the next step, also for that of another attempt."""
    if upload.size > LIMITS.file_bytes:
        had = upload.size // MEGABYTE
        raise TooLarge(f"The file has {had} MB; at most {LIMITS.file_bytes // MEGABYTE} MB are read. Split it.")
    try:
        data = await intake.files.get(upload.path + ORIGINAL)
    except NotFound:
        raise BadInput("The uploaded file is gone. Upload it again.") from None
    wish = Wish(name, products=upload.kind == "products", pairs=upload.kind == "pairs")
    found = await intake.read(data, wish)
    await intake.files.put(upload.path + EXTRACTED, await offload(to_bytes, found))
    return {"letters": len(found.text)}


async def _index(intake: Intake, work: Work, shelved: Shelved) -> dict[str, Any]:
    upload = shelved.upload
    assert upload is not None
    found = await offload(from_bytes, await intake.files.get(upload.path + EXTRACTED))
    document = _document(shelved.document, upload, found)
    await _refuse_twin(intake.knowledge, document)
    show = work.part(0.3, 0.95)

    async def embedded(done: int, total: int) -> None:
        await show(done / total, f"Understanding {done} of {total} passages")
        if done == total:  # it may have been deleted meanwhile, or another upload of its name may have come
            await intake.shelf.start(upload.owner_id, upload.id)

    await work.progress(0.3, "Understanding")
    chunks = await index(intake.knowledge, intake.embedder, document, found, embedded=embedded)
    details = {
        "notes": list(found.notes),
        "letters": len(found.text),
        "pages": sum(name.startswith("page ") for _, name in found.places),
        "products": len(found.products),
    }
    outcome = Outcome(details, spoken_of(found, chunks))
    try:
        await intake.shelf.finish(upload.owner_id, upload.id, outcome)
    except NotFound:
        await _forget_ghost(intake, document)
        raise
    return {"document": str(document.id), "chunks": len(chunks), "products": len(found.products)}


async def _forget_ghost(intake: Intake, document: Document) -> None:
    """Take away what was stored in the moment in which its owner deleted it."""
    shelved = await intake.shelf.get(document.owner_id, document.id)
    if shelved.upload is None:
        await intake.knowledge.delete(document.owner_id, document.id)


def _document(known: Document, upload: Upload, found: Extracted) -> Document:
    return replace(
        known,
        title=title_of(found, upload.filename),
        content_type=found.content_type,
        content_hash=content_hash(found),
        language=found.language or "EN",
        status="completed",
        source_url=upload.source_url,
        kind="product" if found.products else "document",
    )


async def _refuse_twin(knowledge: Shelf, document: Document) -> None:
    """Raise BadInput when another document says the same, letter by letter."""
    for other in await knowledge.documents(document.owner_id, document.clone_id):
        same = other.content_hash == document.content_hash and other.id != document.id
        if same and other.status == "completed":
            raise BadInput(
                f"This says the same as {other.filename}, which the clone knows already. If this is to take its place, "
                "delete that one first.",
                code="DUPLICATE",
            )


def spoken_of(found: Extracted, chunks: Sequence[Chunk]) -> list[tuple[Product, list[Chunk]]]:
    """The products, each with the chunks of its section."""
    sections = chunks_of_sections(found, chunks)
    return [(product, sections.get(product.section, [])) for product in found.products]
