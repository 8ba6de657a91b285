"""What every `KnowledgeStore` must do. Inherit, and give the fixture `shelf`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest

from selfsame.errors import BadInput, NotFound
from selfsame.events.thought import Passage
from selfsame.kit.ids import new_id
from selfsame.library.port import Chunk, Document, Filters, KnowledgeStore, Search, Vectors

MODEL = "contract-384"
WIDTH = 384


@dataclass(frozen=True, slots=True)
class KnowledgeBench:
    """A fresh store, two users, and two empty clones of `owner`: one private, one that everyone may meet."""

    store: KnowledgeStore
    owner: UUID
    stranger: UUID
    clone: UUID
    public_clone: UUID

    def document(self, clone: UUID | None = None, name: str = "guide.md") -> Document:
        """A new document of `owner`."""
        return Document(new_id(), self.owner, clone or self.clone, name, "Guide", "text/markdown", "0" * 64)

    async def find(self, text: str, towards: int, clone: UUID | None = None, who: UUID | None = None) -> list[Passage]:
        """Search with a vector that points to `towards`."""
        vector = direction(towards)
        found = await self.store.search(Search(who or self.owner, clone or self.clone, text, vector, MODEL))
        return found.passages


def direction(number: int) -> Vectors:
    """The unit vector along one axis."""
    vector = np.zeros(WIDTH, dtype=np.float32)
    vector[number] = 1.0
    return vector


def pieces(*contents: str) -> list[Chunk]:
    """Chunks with plausible offsets."""
    return [Chunk(index, text, index * 100, index * 100 + len(text)) for index, text in enumerate(contents)]


def along(*numbers: int) -> Vectors:
    """One unit vector for each number, shape (len(numbers), WIDTH)."""
    return np.stack([direction(number) for number in numbers])


@pytest.mark.anyio
class KnowledgeStoreContract:
    """Documents are replaced whole, found by meaning and by word, and only by those who may."""

    @pytest.fixture
    def shelf(self) -> KnowledgeBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_an_empty_clone_has_nothing(self, shelf: KnowledgeBench) -> None:
        assert await shelf.find("anything", 0) == []

    async def test_the_nearest_vector_comes_first_and_the_score_is_the_cosine(self, shelf: KnowledgeBench) -> None:
        document = shelf.document()
        half = (direction(1) + direction(2)) / np.sqrt(2.0)
        vectors = np.stack([direction(0), half, direction(2)])
        await shelf.store.put(document, pieces("alpha", "beta", "gamma"), vectors, MODEL)
        found = await shelf.find("", 2)
        assert [p.text for p in found] == ["gamma", "beta", "alpha"]
        assert [p.score for p in found] == pytest.approx([1.0, 0.7071, 0.0], abs=1e-3)

    async def test_a_vector_that_is_still_being_made_is_waited_for(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(shelf.document(), pieces("alpha", "beta"), along(0, 1), MODEL)
        known = Search(shelf.owner, shelf.clone, "alpha", direction(1), MODEL)

        async def made() -> Vectors | None:
            return direction(1)

        async def failed() -> Vectors | None:
            return None

        async def broken() -> Vectors | None:
            raise BadInput("broken")

        search = shelf.store.search
        assert (await search(replace(known, vector=None, later=made))).hits == (await search(known)).hits
        alone = replace(known, vector=None)
        assert (await search(replace(alone, later=failed))).hits == (await search(alone)).hits
        with pytest.raises(BadInput, match="broken"):
            await search(replace(alone, later=broken))

    async def test_a_word_finds_what_the_vector_does_not(self, shelf: KnowledgeBench) -> None:
        texts = [f"filler {number} about nothing" for number in range(60)] + ["the zanzibar exception"]
        vectors = along(*([0] * 60 + [5]))
        await shelf.store.put(shelf.document(), pieces(*texts), vectors, MODEL)
        found = await shelf.find("is zanzibar special", 0)
        assert "the zanzibar exception" in [p.text for p in found[:3]]

    async def test_hits_of_both_kinds_win(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(
            shelf.document(), pieces("voices need minutes", "faces need photos", "kitchens"), along(0, 0, 1), MODEL
        )
        found = await shelf.find("photos of faces", 0)
        assert found[0].text == "faces need photos"

    async def test_quotes_and_operators_in_the_text_are_harmless(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(shelf.document(), pieces("it's a test"), along(0), MODEL)
        for text in (
            "it's & | ! :* <-> ('",
            "'; drop table users; --",
            "\\",
            "%s %(x)s :name",
            "…",
            "?!",
            "the of and",
        ):
            assert [p.text for p in await shelf.find(text, 0)] == ["it's a test"]

    async def test_the_limit_holds(self, shelf: KnowledgeBench) -> None:
        texts = [f"voice {number}" for number in range(30)]
        await shelf.store.put(shelf.document(), pieces(*texts), along(*range(30)), MODEL)
        search = Search(shelf.owner, shelf.clone, "voice", direction(0), MODEL, limit=7)
        assert len((await shelf.store.search(search)).hits) == 7

    async def test_a_passage_carries_where_it_is_from(self, shelf: KnowledgeBench) -> None:
        document = replace(shelf.document(), source_url="https://example.org/g")
        chunk = Chunk(0, "Thirty seconds.", 3, 18, "Guide > Voice", "#voice", "How long?")
        await shelf.store.put(document, [chunk], along(0), MODEL)
        (found,) = await shelf.find("seconds", 0)
        assert found.id
        assert replace(found, id="", score=1.0) == Passage(
            "", str(document.id), "Guide", "Thirty seconds.", 1.0, "faq", "How long?", "Guide > Voice", "#voice",
            "https://example.org/g",
        )  # fmt: skip

    async def test_putting_a_document_again_replaces_all_of_it(self, shelf: KnowledgeBench) -> None:
        document = shelf.document()
        await shelf.store.put(document, pieces("old one", "old two"), along(0, 1), MODEL)
        await shelf.store.put(document, pieces("new"), along(3), MODEL)
        assert [p.text for p in await shelf.find("old", 0)] == ["new"]

    async def test_a_deleted_document_is_gone(self, shelf: KnowledgeBench) -> None:
        document, other = shelf.document(), shelf.document(name="other.md")
        await shelf.store.put(document, pieces("gone"), along(0), MODEL)
        await shelf.store.put(other, pieces("stays"), along(1), MODEL)
        await shelf.store.delete(shelf.owner, document.id)
        assert [p.text for p in await shelf.find("gone", 0)] == ["stays"]
        with pytest.raises(NotFound):
            await shelf.store.delete(shelf.owner, document.id)

    async def test_a_collection_is_of_one_model(self, shelf: KnowledgeBench) -> None:
        document = shelf.document()
        await shelf.store.put(document, pieces("one"), along(0), MODEL)
        with pytest.raises(BadInput):
            await shelf.store.put(shelf.document(name="b.md"), pieces("two"), along(0), "another-384")
        with pytest.raises(BadInput):
            await shelf.store.search(Search(shelf.owner, shelf.clone, "one", direction(0), "another-384"))
        assert [p.text for p in await shelf.find("one", 0)] == ["one"]

    async def test_a_collection_that_is_replaced_whole_may_change_its_model(self, shelf: KnowledgeBench) -> None:
        document = shelf.document()
        await shelf.store.put(document, pieces("one"), along(0), "another-384")
        await shelf.store.put(document, pieces("one"), along(0), MODEL)
        assert [p.text for p in await shelf.find("one", 0)] == ["one"]

    async def test_vectors_of_a_wrong_shape_are_refused(self, shelf: KnowledgeBench) -> None:
        with pytest.raises(BadInput):
            await shelf.store.put(shelf.document(), pieces("one", "two"), along(0), MODEL)
        await shelf.store.put(shelf.document(name="a.md"), pieces("one"), along(0), MODEL)
        with pytest.raises(BadInput):
            wide = np.zeros((1, 1536), dtype=np.float32)
            await shelf.store.put(shelf.document(name="b.md"), pieces("two"), wide, MODEL)

    async def test_clones_do_not_mix(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(shelf.document(), pieces("private"), along(0), MODEL)
        await shelf.store.put(shelf.document(shelf.public_clone), pieces("public"), along(0), MODEL)
        assert [p.text for p in await shelf.find("private public", 0)] == ["private"]

    async def test_a_stranger_searches_public_clones_only(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(shelf.document(), pieces("private"), along(0), MODEL)
        await shelf.store.put(shelf.document(shelf.public_clone), pieces("public"), along(0), MODEL)
        assert await shelf.find("private", 0, who=shelf.stranger) == []
        found = await shelf.find("public", 0, clone=shelf.public_clone, who=shelf.stranger)
        assert [p.text for p in found] == ["public"]

    async def test_a_stranger_can_neither_add_nor_replace_nor_delete(self, shelf: KnowledgeBench) -> None:
        document = shelf.document(shelf.public_clone)
        await shelf.store.put(document, pieces("mine"), along(0), MODEL)
        with pytest.raises(NotFound):
            await shelf.store.put(replace(document, owner_id=shelf.stranger), pieces("theirs"), along(0), MODEL)
        with pytest.raises(NotFound):
            forged = replace(document, id=new_id(), owner_id=shelf.stranger)
            await shelf.store.put(forged, pieces("theirs"), along(0), MODEL)
        with pytest.raises(NotFound):
            await shelf.store.delete(shelf.stranger, document.id)
        assert [p.text for p in await shelf.find("mine", 0, clone=shelf.public_clone)] == ["mine"]

    async def test_filters_limit_to_kinds_documents_and_dates(self, shelf: KnowledgeBench) -> None:
        plain, answered = shelf.document(), replace(shelf.document(name="b.md"), kind="correction")
        faq = [Chunk(0, "a faq", 0, 5, question="What?")]
        await shelf.store.put(plain, [*pieces("a text"), replace(faq[0], index=1)], along(0, 0), MODEL)
        await shelf.store.put(answered, faq, along(0), MODEL)
        cases: list[tuple[Filters, list[str]]] = [
            (Filters(), ["correction", "document", "faq"]),
            (Filters(kinds=frozenset({"document"})), ["document"]),
            (Filters(kinds=frozenset({"faq", "correction"})), ["correction", "faq"]),
            (Filters(documents=frozenset({plain.id})), ["document", "faq"]),
            (Filters(kinds=frozenset({"faq"}), documents=frozenset({answered.id})), []),
            (Filters(since=datetime(2000, 1, 1, tzinfo=UTC)), ["correction", "document", "faq"]),
            (Filters(since=datetime(2999, 1, 1, tzinfo=UTC)), []),
            (Filters(until=datetime(2000, 1, 1, tzinfo=UTC)), []),
        ]
        for filters, kinds in cases:
            for text in ("", "a faq text"):  # by vector, and by both
                search = Search(shelf.owner, shelf.clone, text, direction(0), MODEL, filters=filters)
                found = await shelf.store.search(search)
                assert sorted(passage.kind for passage in found.passages) == kinds, (filters, text)
            by_words = Search(shelf.owner, shelf.clone, "a faq text", None, MODEL, filters=filters)
            found = await shelf.store.search(by_words)
            assert sorted(passage.kind for passage in found.passages) == kinds, filters

    async def test_each_hit_says_why_it_was_found(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(
            shelf.document(),
            pieces("zanzibar", "zebra zanzibar", "common", "common", "common"),
            along(0, 1, 2, 3, 4),
            MODEL,
        )
        found = await shelf.store.search(Search(shelf.owner, shelf.clone, "zebra zanzibar common", direction(0), MODEL))
        assert found.exact and not found.unchanged and found.version == 1
        by_text = {hit.passage.text: hit.why for hit in found.hits if hit.why.words}
        first, second = by_text["zanzibar"], by_text["zebra zanzibar"]
        assert (first.near, second.worded) == (1, 1)
        assert first.cosine == pytest.approx(1.0, abs=1e-3) and second.cosine == pytest.approx(0.0, abs=1e-3)
        assert (first.words, set(second.words)) == (("zanzibar",), {"zebra", "zanzibar"})
        assert found.words["zebra"] > found.words["zanzibar"] > found.words["common"]
        assert second.weight == pytest.approx(found.words["zebra"] + found.words["zanzibar"], rel=1e-4)
        assert [hit.why.score for hit in found.hits] == sorted((hit.why.score for hit in found.hits), reverse=True)

    async def test_words_alone_are_searched_without_a_vector(self, shelf: KnowledgeBench) -> None:
        await shelf.store.put(shelf.document(), pieces("zanzibar", "other"), along(0, 1), MODEL)
        (hit,) = (await shelf.store.search(Search(shelf.owner, shelf.clone, "zanzibar", None, MODEL))).hits
        assert (hit.passage.text, hit.passage.score, hit.why.near, hit.why.worded) == ("zanzibar", 0.0, None, 1)

    async def test_knowledge_that_has_not_changed_is_not_searched_again(self, shelf: KnowledgeBench) -> None:
        document = shelf.document()
        await shelf.store.put(document, pieces("one"), along(0), MODEL)
        search = Search(shelf.owner, shelf.clone, "one", direction(0), MODEL)
        known = replace(search, known=(await shelf.store.search(search)).version)
        again = await shelf.store.search(known)
        assert again.unchanged and again.version == known.known and not again.hits
        for change in (
            shelf.store.put(document, pieces("two"), along(0), MODEL),
            shelf.store.delete(shelf.owner, document.id),
        ):
            await change
            newer = await shelf.store.search(known)
            assert not newer.unchanged and newer.version != known.known
            known = replace(known, known=newer.version)
