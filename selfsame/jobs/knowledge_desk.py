"""Where owners add to what their clone knows, look at it, and take away (KNOW-25, DOC-08, PROD-07)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound, TooLarge
from selfsame.events.turns import Source
from selfsame.jobs.ingest import EXTRACTED, INGEST, ORIGINAL, Changed
from selfsame.jobs.job import FINISHED, Job
from selfsame.jobs.port import JobQueue
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload
from selfsame.library.addresses import parse_address
from selfsame.library.extract.clean import one_line
from selfsame.library.extract.kinds import LIMITS
from selfsame.library.extract.reader import from_bytes
from selfsame.library.port import Chunk, Document, DocumentStatus, KnowledgeStore
from selfsame.library.shelf import LONGEST_NAME, DocumentShelf, Shelved, ShelvedProduct, Upload, UploadKind
from selfsame.studio.folders import KNOWLEDGE, folder_of
from selfsame.studio.port import FileStore

MOST_PAIRS = 500
LONGEST_QUESTION = 500
LONGEST_ANSWER = 10_000
JOBS_SEEN = 500
MOST_AROUND = 20_000
"""Letters that are shown before and after a passage."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it was uploaded; neither its name nor its content is trusted."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document, and the job that reads its newest upload. `duplicate`: the upload was known, and nothing was done."""

    shelved: Shelved
    job: Job | None = None
    duplicate: bool = False

    @property
    def status(self) -> DocumentStatus:
        """As recorded, but a job that ended without a word has failed, and while one runs it is not done: between its
        passages and its products there is a moment in which the record says so already."""
        recorded = self.shelved.document.status
        if recorded == "completed" and self.job is not None and self.job.state == "running":
            return "processing"
        if recorded in ("pending", "processing") and self.job is not None and self.job.state in FINISHED:
            return "completed" if self.job.state == "completed" else "failed"
        return recorded

    @property
    def error(self) -> str | None:
        """Why it failed, and what to do."""
        if self.status != "failed":
            return None
        if self.shelved.error_message:
            return self.shelved.error_message
        if self.job is not None and self.job.state == "cancelled":
            return "The reading was stopped. Start it again when you like."
        return (self.job.error_message if self.job is not None else None) or "It could not be read. Try again."


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage in its document: the text before and after it, as far as the asker may see it."""

    document: Document
    chunk: Chunk
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class KnowledgeDesk:
    """For owners only: whatever is not the user's is NotFound. `changed` hears when a document was taken away."""

    shelf: DocumentShelf
    knowledge: KnowledgeStore
    files: FileStore
    jobs: JobQueue
    changed: Changed

    async def add_files(
        self, user_id: UUID, clone: Clone, files: Sequence[NewFile], *, products: bool = False
    ) -> list[DocumentState]:
        """Take files in; each is read by a job of its own, and one bad file harms no other. In the order given.

        `products`: they are catalogues. Raises NotFound (not their clone), BadInput when there is no file.
        """
        _check(user_id, clone)
        if not files:
            raise BadInput("Choose at least one file.")
        kind: UploadKind = "products" if products else "file"
        return [await self._add(clone, file_name(file.name), kind, file.data) for file in files]

    async def add_address(self, user_id: UUID, clone: Clone, address: str) -> DocumentState:
        """Read a page of the web; the same address again reads it anew. Raises NotFound, BadInput."""
        _check(user_id, clone)
        text = parse_address(address).text
        name = (
            text
            if len(text) <= LONGEST_NAME
            else text[: LONGEST_NAME - 9] + hashlib.sha256(text.encode()).hexdigest()[:9]
        )
        return await self._add(clone, name, "address", None, text)

    async def add_pairs(
        self, user_id: UUID, clone: Clone, pairs: Sequence[tuple[str, str]], name: str = ""
    ) -> DocumentState:
        """Take in questions with their answers as one document; under a name that is known they replace what it said.

        Without a name, that is the first question. Raises NotFound, BadInput, TooLarge.
        """
        _check(user_id, clone)
        kept = [(one_line(question), answer.strip()) for question, answer in pairs]
        kept = [(question, answer) for question, answer in kept if question and answer]
        if not kept:
            raise BadInput("Give at least one question with its answer.")
        if len(kept) > MOST_PAIRS or any(len(q) > LONGEST_QUESTION or len(a) > LONGEST_ANSWER for q, a in kept):
            raise TooLarge(
                f"At once at most {MOST_PAIRS} pairs, questions of {LONGEST_QUESTION} and answers of {LONGEST_ANSWER} "
                "letters. Split them."
            )
        body = [{"question": question, "answer": answer} for question, answer in kept]
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return await self._add(clone, (one_line(name) or f"FAQ: {kept[0][0]}")[:LONGEST_NAME], "pairs", data)

    async def of(self, user_id: UUID, clone: Clone) -> list[DocumentState]:
        """The clone's documents, newest first. Raises NotFound."""
        _check(user_id, clone)
        jobs = {job.id: job for job in await self.jobs.of(user_id, JOBS_SEEN) if job.kind == INGEST.name}
        found = await self.shelf.of(user_id, clone.id)
        return [DocumentState(each, jobs.get(each.job_id) if each.job_id else None) for each in found]

    async def state(self, user_id: UUID, document_id: UUID) -> DocumentState:
        """A document and how far it is. Raises NotFound."""
        shelved = await self.shelf.get(user_id, document_id)
        return DocumentState(shelved, await self._job(user_id, shelved))

    async def remove(self, user_id: UUID, document_id: UUID) -> None:
        """Forget a document: its vectors, products, cached answers and files. Raises NotFound."""
        state = await self.state(user_id, document_id)
        await self._stop(user_id, state.shelved)
        await self.knowledge.delete(user_id, document_id)
        self.changed(user_id, state.shelved.document.clone_id)

    async def cancel(self, user_id: UUID, document_id: UUID) -> DocumentState:
        """Stop its reading; a version from before stays. Harmless when it is read. Raises NotFound."""
        state = await self.state(user_id, document_id)
        if state.status in ("pending", "processing") and state.shelved.upload is not None:
            await self._stop(user_id, state.shelved)
            message = "The reading was stopped. Start it again when you like."
            await self.shelf.fail(user_id, state.shelved.upload.id, "CANCELLED", message)
        return await self.state(user_id, document_id)

    async def retry(self, user_id: UUID, document_id: UUID) -> DocumentState:
        """Read it once more, from the file that was kept. Raises NotFound, BadInput while it is being read."""
        state = await self.state(user_id, document_id)
        if state.status in ("pending", "processing"):
            raise BadInput("It is being read already. Wait for that, or stop it first.")
        await self.shelf.again(user_id, document_id)
        return await self.state(user_id, document_id)

    async def original(self, user_id: UUID, document_id: UUID) -> tuple[str, bytes]:
        """The name and the bytes that were uploaded. Raises NotFound."""
        shelved = await self.shelf.get(user_id, document_id)
        if shelved.upload is None:
            raise NotFound("this document came with the product; there is no file of it")
        return shelved.document.filename, await self.files.get(shelved.upload.path + ORIGINAL)

    async def content(self, user_id: UUID, document_id: UUID) -> tuple[str, list[Chunk]]:
        """The text of a document as it was understood, and its chunks. Raises NotFound."""
        shelved = await self.shelf.get(user_id, document_id)
        chunks = await self.shelf.chunks(user_id, document_id)
        try:
            if shelved.upload is not None and shelved.document.status == "completed":
                data = await self.files.get(shelved.upload.path + EXTRACTED)
                return (await offload(from_bytes, data)).text, chunks
        except NotFound:
            pass  # an older upload, or one that is just being replaced: its chunks still say it
        return "\n\n".join(chunk.content for chunk in chunks), chunks

    async def quoted(self, owner_id: UUID, clone_id: UUID, source: Source, *, whole: bool) -> Quoted:
        """The passage that an answer rested on, in its document; `whole` adds the text around it.

        Raises NotFound when it is gone, or says something else by now: the caller may see what they were told alone.
        """
        document, chunk = await self.shelf.holder(owner_id, _uuid(source.id))
        if document.clone_id != clone_id or not chunk.content.startswith(source.excerpt.rstrip("…").rstrip()):
            raise NotFound("this document has changed since the answer was given")
        quoted = Quoted(document, chunk)
        if not whole:
            return quoted
        text, chunks = await self.content(owner_id, document.id)
        if text[chunk.start : chunk.end] == chunk.content:
            before, after = text[: chunk.start], text[chunk.end :]
        else:  # only its chunks are kept
            before = "".join(each.content + "\n\n" for each in chunks if each.index < chunk.index)
            after = "".join("\n\n" + each.content for each in chunks if each.index > chunk.index)
        return replace(quoted, before=before[-MOST_AROUND:], after=after[:MOST_AROUND])

    async def products(self, user_id: UUID, clone: Clone) -> list[ShelvedProduct]:
        """The clone's products. Raises NotFound."""
        _check(user_id, clone)
        return await self.shelf.products(user_id, clone.id)

    async def _add(
        self, clone: Clone, name: str, kind: UploadKind, data: bytes | None, url: str | None = None
    ) -> DocumentState:
        upload_id = new_id()
        path = f"{folder_of(KNOWLEDGE, clone.owner_id)}{upload_id}/"
        digest = await offload(_digest, name.encode() if data is None else data)
        size = 0 if data is None else len(data)
        upload = Upload(upload_id, clone.owner_id, clone.id, name, kind, digest, size, path, url)
        older = await self._of_name(clone, name)
        if data is not None and size <= LIMITS.file_bytes:  # what is too large is refused by its job, without its bytes
            await self.files.put(path + ORIGINAL, data)
        shelved, begun = await self.shelf.begin(upload)
        if not begun:
            await self.files.delete(path)
        elif older is not None:
            await self._stop(clone.owner_id, older)
        return DocumentState(shelved, await self._job(clone.owner_id, shelved), duplicate=not begun)

    async def _of_name(self, clone: Clone, name: str) -> Shelved | None:
        for each in await self.shelf.of(clone.owner_id, clone.id):
            if each.document.filename == name:
                return each
        return None

    async def _job(self, user_id: UUID, shelved: Shelved) -> Job | None:
        try:
            return None if shelved.job_id is None else await self.jobs.get(shelved.job_id, user_id)
        except NotFound:  # finished long ago, and swept away
            return None

    async def _stop(self, user_id: UUID, shelved: Shelved) -> None:
        job = await self._job(user_id, shelved)
        if job is not None and job.state not in FINISHED:
            await self.jobs.cancel(job.id, user_id)


def file_name(name: str) -> str:
    """The last part of a name that a browser sent, without what is no letter, at most 200 long with its ending."""
    bare = one_line(name.replace("\\", "/").rpartition("/")[2]).strip(". ") or "document"
    if len(bare) <= 200:
        return bare
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[: 190 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else bare[:200]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("there is no such passage") from None


def _check(user_id: UUID, clone: Clone) -> None:
    if clone.owner_id != user_id:
        raise NotFound("there is no such clone of yours")
