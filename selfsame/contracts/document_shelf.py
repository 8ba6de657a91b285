"""What every `DocumentShelf` must do. Inherit, and give the fixture `shelf`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from selfsame.contracts.knowledge_store import MODEL, along, pieces
from selfsame.errors import NotFound
from selfsame.jobs.port import JobQueue
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.port import Document, KnowledgeStore
from selfsame.library.products import Product
from selfsame.library.shelf import DocumentShelf, Outcome, Shelved, Upload

KETTLE = Product("Kettle", 2, 0, "K1", "Boils.", Decimal("24.9"), "EUR", more={"colour": "red"})
POT = Product("Pot", 3, 1)


@dataclass(frozen=True, slots=True)
class ShelfBench:
    """A fresh shelf, the knowledge and the jobs beside it; an owner with two clones, and a stranger."""

    shelf: DocumentShelf
    knowledge: KnowledgeStore
    jobs: JobQueue
    owner: UUID
    stranger: UUID
    clone: UUID
    other_clone: UUID
    pass_time: Callable[[float], None]

    def upload(self, content: str = "words", name: str = "guide.md", **more: Any) -> Upload:
        """An upload of `owner`."""
        upload_id = new_id()
        made = Upload(
            upload_id,
            self.owner,
            self.clone,
            name,
            "file",
            hashlib.sha256(content.encode()).hexdigest(),
            len(content),
            f"clone-knowledge/{self.owner}/{upload_id}/",
        )
        return replace(made, **more)

    async def take(self, content: str = "words", name: str = "guide.md", **more: Any) -> Shelved:
        """Shelve an upload."""
        self.pass_time(1)
        return (await self.shelf.begin(self.upload(content, name, **more)))[0]

    async def read(self, shelved: Shelved, *texts: str, outcome: Outcome = Outcome()) -> Shelved:  # noqa: B008
        """Do what the job does."""
        assert shelved.upload is not None
        begun = await self.shelf.start(self.owner, shelved.upload.id)
        known = begun.document
        document = Document(
            known.id, self.owner, known.clone_id, known.filename, "T", "text/plain", texts[0], "ES", "completed"
        )
        await self.knowledge.put(document, pieces(*texts), along(*range(len(texts))), MODEL)
        return await self.shelf.finish(self.owner, shelved.upload.id, outcome)


@pytest.mark.anyio
class DocumentShelfContract:
    """Uploads become documents; versions replace one another whole; only their owner's."""

    @pytest.fixture
    def shelf(self) -> ShelfBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_an_upload_is_pending_and_its_job_is_ordered(self, shelf: ShelfBench) -> None:
        upload = shelf.upload(source_url="https://example.org/", kind="address")
        shelved, begun = await shelf.shelf.begin(upload)
        assert begun and shelved.upload == upload
        document = shelved.document
        assert (document.status, document.filename, document.source_url) == ("pending", "guide.md", upload.source_url)
        assert await shelf.shelf.get(shelf.owner, document.id) == shelved
        assert shelved.job_id is not None
        job = await shelf.jobs.get(shelved.job_id, shelf.owner)
        assert (job.state, job.args) == ("pending", {"upload": str(upload.id)})

    async def test_from_pending_to_completed(self, shelf: ShelfBench) -> None:
        shelved = await shelf.take()
        assert shelved.upload is not None
        assert (await shelf.shelf.start(shelf.owner, shelved.upload.id)).document.status == "processing"
        done = await shelf.read(shelved, "one", "two", outcome=Outcome({"notes": ["odd"]}))
        assert (done.document.status, done.chunk_count, done.details) == ("completed", 2, {"notes": ["odd"]})
        assert (done.document.title, done.document.language) == ("T", "ES")
        assert done.processed_at is not None and done.uploaded_at is not None
        assert [chunk.content for chunk in await shelf.shelf.chunks(shelf.owner, done.document.id)] == ["one", "two"]
        assert await shelf.shelf.of(shelf.owner, shelf.clone) == [done]

    async def test_a_passage_leads_to_its_document(self, shelf: ShelfBench) -> None:
        done = await shelf.read(await shelf.take(), "one", "two")
        second = stable_id("chunk", f"{done.document.id}:1")
        document, chunk = await shelf.shelf.holder(shelf.owner, second)
        assert document.id == done.document.id and document.clone_id == shelf.clone
        assert (chunk.index, chunk.content) == (1, "two")
        for owner, chunk_id in ((new_id(), second), (shelf.owner, new_id())):
            with pytest.raises(NotFound):
                await shelf.shelf.holder(owner, chunk_id)

    async def test_the_same_bytes_again_change_nothing(self, shelf: ShelfBench) -> None:
        first = await shelf.take()
        for state in ("pending", "completed"):
            again, begun = await shelf.shelf.begin(shelf.upload(name="copy.md"))
            assert not begun and again.document.id == first.document.id and again.document.status == state
            if state == "pending":
                await shelf.read(first, "one")
        elsewhere, begun = await shelf.shelf.begin(shelf.upload(clone_id=shelf.other_clone))
        assert begun and elsewhere.document.id != first.document.id

    async def test_bytes_that_failed_may_be_tried_again(self, shelf: ShelfBench) -> None:
        first = await shelf.take()
        assert first.upload is not None
        await shelf.shelf.fail(shelf.owner, first.upload.id, "BAD_INPUT", "Locked.")
        failed = await shelf.shelf.get(shelf.owner, first.document.id)
        assert (failed.document.status, failed.error_message) == ("failed", "Locked.")
        assert failed.details == {"errorCode": "BAD_INPUT"}
        again = await shelf.take()
        assert again.document.id == first.document.id and again.document.status == "pending"
        assert again.error_message is None

    async def test_another_try_of_the_same_upload(self, shelf: ShelfBench) -> None:
        first = await shelf.take()
        assert first.upload is not None
        await shelf.shelf.fail(shelf.owner, first.upload.id, "X", "Busy.")
        again = await shelf.shelf.again(shelf.owner, first.document.id)
        assert again.upload == first.upload and again.job_id != first.job_id
        assert (again.document.status, again.error_message) == ("pending", None)

    async def test_an_address_is_read_anew_each_time(self, shelf: ShelfBench) -> None:
        first = await shelf.take(kind="address")
        await shelf.read(first, "one")
        again, begun = await shelf.shelf.begin(shelf.upload(kind="address"))
        assert begun and again.document.id == first.document.id

    async def test_a_new_version_answers_only_when_it_is_read(self, shelf: ShelfBench) -> None:
        first = await shelf.take("old")
        await shelf.read(first, "old words", outcome=Outcome({}, [(KETTLE, pieces("old words"))]))
        second = await shelf.take("new")
        assert second.document.id == first.document.id and second.document.status == "pending"
        assert [c.content for c in await shelf.shelf.chunks(shelf.owner, first.document.id)] == ["old words"]
        assert first.upload is not None and second.upload is not None
        with pytest.raises(NotFound):
            await shelf.shelf.start(shelf.owner, first.upload.id)
        await shelf.shelf.fail(shelf.owner, first.upload.id, "X", "Too late.")
        assert (await shelf.shelf.get(shelf.owner, first.document.id)).document.status == "pending"
        done = await shelf.read(second, "new words")
        assert done.upload == second.upload
        assert [c.content for c in await shelf.shelf.chunks(shelf.owner, first.document.id)] == ["new words"]
        assert await shelf.shelf.products(shelf.owner, shelf.clone) == []

    async def test_products_come_and_go_with_their_document(self, shelf: ShelfBench) -> None:
        shelved = await shelf.take(kind="products")
        said = pieces("Kettle.", "Pot.")
        outcome = Outcome({}, [(KETTLE, said[:1]), (POT, said[1:])])
        done = await shelf.read(shelved, "Kettle.", "Pot.", outcome=outcome)
        found = await shelf.shelf.products(shelf.owner, shelf.clone)
        assert [each.product for each in found] == [KETTLE, POT]
        assert {each.document_id for each in found} == {done.document.id} and len({each.id for each in found}) == 2
        assert await shelf.shelf.products(shelf.owner, shelf.other_clone) == []
        await shelf.knowledge.delete(shelf.owner, done.document.id)
        assert await shelf.shelf.products(shelf.owner, shelf.clone) == []

    async def test_a_deleted_document_is_gone_with_its_upload(self, shelf: ShelfBench) -> None:
        shelved = await shelf.take()
        await shelf.knowledge.delete(shelf.owner, shelved.document.id)
        assert await shelf.shelf.of(shelf.owner, shelf.clone) == []
        assert shelved.upload is not None
        for act in (
            shelf.shelf.get(shelf.owner, shelved.document.id),
            shelf.shelf.again(shelf.owner, shelved.document.id),
            shelf.shelf.start(shelf.owner, shelved.upload.id),
            shelf.shelf.finish(shelf.owner, shelved.upload.id, Outcome()),
        ):
            with pytest.raises(NotFound):
                await act
        await shelf.shelf.fail(shelf.owner, shelved.upload.id, "X", "Harmless.")

    async def test_the_newest_come_first(self, shelf: ShelfBench) -> None:
        made = [await shelf.take(f"words {n}", f"{n}.md") for n in range(3)]
        found = await shelf.shelf.of(shelf.owner, shelf.clone)
        assert [each.document.id for each in found] == [each.document.id for each in reversed(made)]

    async def test_a_stranger_reaches_nothing(self, shelf: ShelfBench) -> None:
        shelved = await shelf.take()
        await shelf.read(shelved, "one", outcome=Outcome({}, [(POT, pieces("one"))]))
        with pytest.raises(NotFound):
            await shelf.shelf.begin(shelf.upload("theirs", owner_id=shelf.stranger))
        assert shelved.upload is not None
        for act in (
            shelf.shelf.get(shelf.stranger, shelved.document.id),
            shelf.shelf.again(shelf.stranger, shelved.document.id),
            shelf.shelf.start(shelf.stranger, shelved.upload.id),
            shelf.shelf.finish(shelf.stranger, shelved.upload.id, Outcome()),
        ):
            with pytest.raises(NotFound):
                await act
        await shelf.shelf.fail(shelf.stranger, shelved.upload.id, "X", "Mine now.")
        assert await shelf.shelf.of(shelf.stranger, shelf.clone) == []
        assert await shelf.shelf.chunks(shelf.stranger, shelved.document.id) == []
        assert await shelf.shelf.products(shelf.stranger, shelf.clone) == []
        assert (await shelf.shelf.get(shelf.owner, shelved.document.id)).document.status == "completed"
