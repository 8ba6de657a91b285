"""From an upload to an answer: the desk, the job and the stores together, in memory and on Postgres."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound, TooLarge, Unavailable
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.ingest import INGEST, Intake, ingesting
from selfsame.jobs.job import completed, outcome_of
from selfsame.jobs.knowledge_desk import DocumentState, KnowledgeDesk, NewFile, file_name
from selfsame.jobs.port import JobDesk
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.library.extract.kinds import LIMITS
from selfsame.library.extract.reader import read_document
from selfsame.library.search import HybridRetriever, RetrievalOptions
from selfsame.library.webpage import WebPage
from selfsame.mind.port import Query
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_shelf import MemoryShelf
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.stores.postgres.users import PostgresUsers
from tests.library import documents as made
from tests.library.test_ingest_and_search import WordHashes
from tests.support.database import fresh_database, shared_server

pytestmark = pytest.mark.anyio
CATALOGUE = "name,price,colour\nKettle,24.90 €,red\nPot,12 €,blue\n".encode()

PRODUCTS = [("Kettle", "24.90 €", "red"), ("Pot", "12 €", "blue")]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Bench:
    clone: Clone
    stranger: UUID
    desk: KnowledgeDesk
    intake: Intake
    workers: JobDesk
    files: MemoryFiles
    changes: list[tuple[UUID, UUID]] = field(default_factory=list)

    @property
    def owner(self) -> UUID:
        return self.clone.owner_id

    async def add(self, name: str, data: bytes, **more: bool) -> DocumentState:
        return (await self.desk.add_files(self.owner, self.clone, [NewFile(name, data)], **more))[0]

    async def work(self) -> None:
        """Do all jobs that are due."""
        handlers = {INGEST: ingesting(self.intake), ERASE: erasing(self.files)}
        while claim := await self.workers.claim("w", list(handlers), 30):
            kind = next(kind for kind in handlers if kind.name == claim.job.kind)
            try:
                outcome = completed(await handlers[kind](Work(claim, self.workers, SYSTEM)))
            except Exception as error:
                outcome = outcome_of(error, claim.tries, kind.max_attempts)
            await self.workers.finish(claim, outcome)

    async def done(self, state: DocumentState) -> DocumentState:
        await self.work()
        return await self.desk.state(self.owner, state.shelved.document.id)

    async def ask(self, question: str) -> list[str]:
        async def owner_of(_clone: UUID) -> UUID:
            return self.owner

        retriever = HybridRetriever(
            self.intake.knowledge, self.intake.embedder, owner_of, RetrievalOptions(min_score=0.01)
        )
        return [passage.text for passage in await retriever.retrieve(Query(question, str(self.clone.id)))]


@pytest.fixture(params=["memory", "postgres"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    changes: list[tuple[UUID, UUID]] = []
    files = MemoryFiles()

    async def fetch(address: str) -> WebPage:
        if "away" in address:
            raise Unavailable("away", role="files", provider="web")
        return WebPage(address, b"<html><body><h1>About</h1><p>We are clockmakers in Ulm.</p></body></html>", "about")

    def changed(owner: UUID, clone: UUID) -> None:
        changes.append((owner, clone))

    if request.param == "memory":
        clone, jobs = Clone(new_id(), new_id(), "me", "Me"), MemoryJobs()
        shelf = MemoryShelf(jobs, INGEST, {clone.id: clone.owner_id})
        desk = KnowledgeDesk(shelf, shelf, files, jobs, changed)
        intake = Intake(shelf, shelf, files, WordHashes(), read_document, fetch, changed)
        yield Bench(clone, new_id(), desk, intake, jobs, files, changes)
        return
    async with fresh_database(shared_server()) as database:
        owner = (await PostgresUsers(database).owner()).id
        stranger = (await PostgresUsers(database).device("device-1")).id
        clone = await PostgresClones(database).put(Clone(new_id(), owner, "me", "Me"))
        knowledge, shelf = PostgresKnowledge(database), PostgresShelf(database, INGEST)
        desk = KnowledgeDesk(shelf, knowledge, files, PostgresJobs(database), changed)
        intake = Intake(shelf, knowledge, files, WordHashes(), read_document, fetch, changed)
        yield Bench(clone, stranger, desk, intake, PostgresJobDesk(database), files, changes)


async def test_a_file_becomes_something_that_the_clone_knows(bench: Bench) -> None:
    state = await bench.add("clocks.docx", made.word())
    assert (state.status, state.duplicate) == ("pending", False)
    done = await bench.done(state)
    assert (done.status, done.error, done.shelved.chunk_count) == ("completed", None, 4)
    assert done.shelved.document.title == "Clock repair" and done.job is not None
    assert (done.job.progress, done.job.message) == (1.0, "Done")
    assert (await bench.ask("do you mend watches"))[0] == "Yes, but only mechanical ones."
    assert bench.changes == [(bench.owner, bench.clone.id)]
    text, chunks = await bench.desk.content(bench.owner, done.shelved.document.id)
    assert text.startswith("Clock repair") and len(chunks) == 4
    name, data = await bench.desk.original(bench.owner, done.shelved.document.id)
    assert name == "clocks.docx" and data.startswith(b"PK")


async def test_one_bad_file_harms_no_other(bench: Bench) -> None:
    files = [
        NewFile("good.md", b"# Good\n\nFirst words."),
        NewFile("locked.pdf", made.locked_pdf()),
        NewFile("empty.txt", b""),
        NewFile("../../etc/evil\x00.html", b"<html><p>Second words.</p></html>"),
        NewFile("picture.docx", b"\x89PNG\r\n\x1a\n" + bytes(90)),
    ]
    await bench.desk.add_files(bench.owner, bench.clone, files)
    await bench.work()
    found = {s.shelved.document.filename: s for s in await bench.desk.of(bench.owner, bench.clone)}
    assert {name: state.status for name, state in found.items()} == {
        "good.md": "completed",
        "locked.pdf": "failed",
        "empty.txt": "failed",
        "evil.html": "completed",
        "picture.docx": "failed",
    }
    assert "password" in (found["locked.pdf"].error or "") and "empty" in (found["empty.txt"].error or "")
    assert found["locked.pdf"].shelved.details["errorCode"] == "BAD_INPUT"
    assert await bench.ask("second words") == ["Second words.", "First words."]


async def test_the_same_file_again_is_recognised(bench: Bench) -> None:
    first = await bench.done(await bench.add("a.md", b"# A\n\nWords."))
    kept = set(bench.files.held)
    again = await bench.add("b.md", b"# A\n\nWords.")
    assert again.duplicate and again.shelved.document.id == first.shelved.document.id
    assert set(bench.files.held) == kept
    twin = await bench.done(await bench.add("c.txt", b"A\n\nWords."))
    assert twin.status == "failed" and "a.md" in (twin.error or "")
    assert twin.shelved.details["errorCode"] == "DUPLICATE"


async def test_a_new_version_replaces_the_old_one_when_it_is_read(bench: Bench) -> None:
    first = await bench.done(await bench.add("a.md", b"The shop opens at nine."))
    second = await bench.add("a.md", b"The shop opens at ten.")
    assert second.shelved.document.id == first.shelved.document.id
    assert await bench.ask("when does the shop open") == ["The shop opens at nine."]
    await bench.done(second)
    assert await bench.ask("when does the shop open") == ["The shop opens at ten."]


async def test_a_version_that_cannot_be_read_leaves_the_old_one(bench: Bench) -> None:
    await bench.done(await bench.add("a.pdf", b"The shop opens at nine."))
    failed = await bench.done(await bench.add("a.pdf", made.scanned_pdf()))
    assert failed.status == "failed" and (failed.error or "").endswith("Until then the version from before is used.")
    assert await bench.ask("when does the shop open") == ["The shop opens at nine."]


async def test_what_is_deleted_is_forgotten(bench: Bench) -> None:
    done = await bench.done(await bench.add("a.md", b"The shop opens at nine."))
    bench.changes.clear()
    await bench.desk.remove(bench.owner, done.shelved.document.id)
    assert await bench.ask("when does the shop open") == []
    assert bench.changes == [(bench.owner, bench.clone.id)]
    with pytest.raises(NotFound):
        await bench.desk.state(bench.owner, done.shelved.document.id)


async def test_what_is_deleted_while_it_is_read_does_not_come_back(bench: Bench) -> None:
    state = await bench.add("a.md", b"The shop opens at nine.")
    inner = bench.intake.knowledge

    class Late:
        """Its owner deletes the document in the very moment in which it is stored."""

        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        async def put(self, *args: object) -> None:
            await inner.delete(bench.owner, state.shelved.document.id)
            await inner.put(*args)  # type: ignore[arg-type]

    bench.intake = replace(bench.intake, knowledge=Late())  # type: ignore[arg-type]
    await bench.work()
    bench.intake = replace(bench.intake, knowledge=inner)
    assert await bench.desk.of(bench.owner, bench.clone) == []
    assert await bench.ask("when does the shop open") == []


async def test_reading_may_be_stopped_and_started_again(bench: Bench) -> None:
    state = await bench.add("a.md", b"The shop opens at nine.")
    document_id = state.shelved.document.id
    with pytest.raises(BadInput, match="already"):
        await bench.desk.retry(bench.owner, document_id)
    stopped = await bench.desk.cancel(bench.owner, document_id)
    assert stopped.status == "failed" and "stopped" in (stopped.error or "")
    await bench.work()
    assert (await bench.desk.state(bench.owner, document_id)).status == "failed"
    again = await bench.done(await bench.desk.retry(bench.owner, document_id))
    assert (again.status, again.error) == ("completed", None)
    assert (await bench.desk.cancel(bench.owner, document_id)).status == "completed"


async def test_a_page_of_the_web(bench: Bench) -> None:
    state = await bench.desk.add_address(bench.owner, bench.clone, "example.org/about")
    done = await bench.done(state)
    document = done.shelved.document
    assert (done.status, document.filename, document.source_url) == (
        "completed",
        "https://example.org/about",
        "https://example.org/about",
    )
    assert await bench.ask("clockmakers") == ["We are clockmakers in Ulm."]
    again = await bench.desk.add_address(bench.owner, bench.clone, "https://example.org/about")
    assert again.shelved.document.id == document.id and not again.duplicate
    with pytest.raises(BadInput):
        await bench.desk.add_address(bench.owner, bench.clone, "ftp://example.org")


async def test_a_site_that_is_away_is_tried_again_later(bench: Bench) -> None:
    state = await bench.desk.add_address(bench.owner, bench.clone, "example.org/away")
    waiting = await bench.done(state)
    assert waiting.status == "processing" and waiting.job is not None and waiting.job.state == "pending"


async def test_pairs_of_the_owner(bench: Bench) -> None:
    pairs = [("When do you open?", "At nine."), ("Do you ship?", "Yes, everywhere."), ("", "x")]
    state = await bench.desk.add_pairs(bench.owner, bench.clone, pairs)
    done = await bench.done(state)
    assert done.shelved.document.filename == "FAQ: When do you open?" and done.shelved.chunk_count == 2
    assert (await bench.ask("do you ship"))[0] == "Yes, everywhere."
    changed = await bench.desk.add_pairs(bench.owner, bench.clone, [("When do you open?", "At ten.")])
    assert changed.shelved.document.id == done.shelved.document.id
    await bench.done(changed)
    assert await bench.ask("when do you open") == ["At ten."]
    with pytest.raises(BadInput):
        await bench.desk.add_pairs(bench.owner, bench.clone, [("", "")])
    with pytest.raises(TooLarge):
        await bench.desk.add_pairs(bench.owner, bench.clone, [("Why?", "x" * 20_000)])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("p.csv", CATALOGUE),
        ("p.xlsx", made.book([["name", "price", "colour"], *PRODUCTS])),
        ("p.json", json.dumps([{"name": n, "price": p, "colour": c} for n, p, c in PRODUCTS]).encode()),
    ],
    ids=["csv", "xlsx", "json"],
)
async def test_a_catalogue(bench: Bench, name: str, data: bytes) -> None:
    done = await bench.done(await bench.add(name, data, products=True))
    assert (done.status, done.shelved.details["products"]) == ("completed", 2), done.error
    found = [each.product for each in await bench.desk.products(bench.owner, bench.clone)]
    assert [(p.name, str(p.price), p.currency, dict(p.more), p.row) for p in found] == [
        ("Kettle", "24.9", "EUR", {"colour": "red"}, 2),
        ("Pot", "12", "EUR", {"colour": "blue"}, 3),
    ]
    assert (await bench.ask("what does the kettle cost"))[0] == "Kettle costs 24.90 euros. colour: red."


async def test_a_table_that_is_no_catalogue_says_so(bench: Bench) -> None:
    done = await bench.done(await bench.add("p.csv", b"day,hours\nMonday,9\n", products=True))
    assert done.status == "failed" and "day, hours" in (done.error or "")


async def test_files_that_are_too_large_are_not_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(LIMITS, file_bytes=10)
    monkeypatch.setattr("selfsame.jobs.ingest.LIMITS", small)
    monkeypatch.setattr("selfsame.jobs.knowledge_desk.LIMITS", small)
    done = await bench.done(await bench.add("a.txt", b"far too many words"))
    assert done.status == "failed" and "Split it" in (done.error or "") and bench.files.held == {}


async def test_nobody_else_reaches_any_of_it(bench: Bench) -> None:
    state = await bench.done(await bench.add("a.md", b"Words."))
    document_id, who = state.shelved.document.id, bench.stranger
    for act in (
        bench.desk.state(who, document_id),
        bench.desk.remove(who, document_id),
        bench.desk.cancel(who, document_id),
        bench.desk.retry(who, document_id),
        bench.desk.original(who, document_id),
        bench.desk.content(who, document_id),
        bench.desk.of(who, bench.clone),
        bench.desk.products(who, bench.clone),
        bench.desk.add_files(who, bench.clone, [NewFile("b.md", b"Words.")]),
        bench.desk.add_address(who, bench.clone, "example.org"),
        bench.desk.add_pairs(who, bench.clone, [("a", "b")]),
    ):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(BadInput):
        await bench.desk.add_files(bench.owner, bench.clone, [])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.md", "a.md"),
        ("C:\\docs\\a.md", "a.md"),
        ("../../etc/passwd", "passwd"),
        ("", "document"),
        ("..", "document"),
        ("a\x00\u202eb.md", "ab.md"),
        ("x" * 300 + ".docx", "x" * 186 + ".docx"),
    ],
)
def test_names_of_files_are_made_harmless(given: str, name: str) -> None:
    assert file_name(given) == name
