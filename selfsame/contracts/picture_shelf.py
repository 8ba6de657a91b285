"""What every `PictureShelf` must do. Inherit, and give the fixture `bench`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from selfsame.contracts.document_shelf import KETTLE, POT, ShelfBench
from selfsame.contracts.knowledge_store import pieces
from selfsame.errors import NotFound, TooLarge
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.pictures import PICTURES_MOST, NewPicture, PictureShelf, ProductPicture
from selfsame.library.products import Product
from selfsame.library.shelf import Outcome


@dataclass(frozen=True, slots=True)
class PictureBench:
    """A shelf of documents, and the pictures of its products."""

    shelf: ShelfBench
    pictures: PictureShelf

    async def catalogue(self, *products: Product, content: str = "v1", name: str = "p.csv") -> list[UUID]:
        """Read a catalogue of these products; their ids."""
        shelved = await self.shelf.take(content, name, kind="products")
        said = pieces(*(product.name for product in products))
        outcome = Outcome({}, [(product, said[n : n + 1]) for n, product in enumerate(products)])
        done = await self.shelf.read(shelved, *(product.name for product in products), outcome=outcome)
        found = await self.shelf.shelf.products(self.shelf.owner, self.shelf.clone)
        return [each.id for each in found if each.document_id == done.document.id]

    def new(self, product_id: UUID, content: str = "a", **more: UUID) -> NewPicture:
        """A picture of a product."""
        picture_id = new_id()
        path = f"clone-knowledge/{self.shelf.owner}/{picture_id}/"
        made = NewPicture(picture_id, self.shelf.owner, product_id, 640, 480, 900, content * 64, path)
        return replace(made, **more)  # type: ignore[arg-type]

    async def put(self, product_id: UUID, content: str = "a") -> ProductPicture:
        """Shelve one."""
        self.shelf.pass_time(1)
        return (await self.pictures.put(self.new(product_id, content)))[0]

    async def listed(self, product_id: UUID) -> list[UUID]:
        """The ids of a product's pictures."""
        return [each.id for each in await self.pictures.of_product(self.shelf.owner, product_id)]


@pytest.mark.anyio
class PictureShelfContract:
    """Pictures keep their order, stay with their product through new versions of its catalogue, and go with it."""

    @pytest.fixture
    def bench(self) -> PictureBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_pictures_come_in_order_and_the_first_is_the_main_one(self, bench: PictureBench) -> None:
        kettle, pot = await bench.catalogue(KETTLE, POT)
        one, two, three = [await bench.put(kettle, each) for each in "abc"]
        other = await bench.put(pot)
        assert (one.width, one.height, one.size, one.product_id) == (640, 480, 900, kettle)
        assert await bench.listed(kettle) == [one.id, two.id, three.id]
        led = await bench.pictures.lead(bench.shelf.owner, three.id)
        assert led.id == three.id and await bench.listed(kettle) == [three.id, one.id, two.id]
        assert await bench.pictures.lead(bench.shelf.owner, three.id) == led
        await bench.pictures.remove(bench.shelf.owner, one.id)
        assert await bench.listed(kettle) == [three.id, two.id]
        last = await bench.put(kettle, "d")
        assert await bench.listed(kettle) == [three.id, two.id, last.id]
        found = await bench.pictures.of_clone(bench.shelf.owner, bench.shelf.clone)
        told = {product: [each.id for each in pictures] for product, pictures in found.items()}
        assert told == {kettle: [three.id, two.id, last.id], pot: [other.id]}
        assert await bench.pictures.of_clone(bench.shelf.owner, bench.shelf.other_clone) == {}

    async def test_the_same_upload_again_changes_nothing(self, bench: PictureBench) -> None:
        kettle, pot = await bench.catalogue(KETTLE, POT)
        first = await bench.put(kettle)
        assert await bench.pictures.put(bench.new(kettle)) == (first, False)
        again, begun = await bench.pictures.put(bench.new(pot))
        assert begun and again.id != first.id
        assert await bench.listed(kettle) == [first.id]

    async def test_a_product_has_only_so_many(self, bench: PictureBench) -> None:
        (kettle,) = await bench.catalogue(KETTLE)
        for number in range(PICTURES_MOST):
            await bench.put(kettle, "abcdef0123456789"[number])
        with pytest.raises(TooLarge, match="Remove"):
            await bench.put(kettle, "9")
        assert len(await bench.listed(kettle)) == PICTURES_MOST

    async def test_a_passage_leads_to_the_pictures_of_its_product(self, bench: PictureBench) -> None:
        kettle, pot = await bench.catalogue(KETTLE, POT)
        picture = await bench.put(pot)
        document = picture.document_id
        found = [
            await bench.pictures.of_chunk(bench.shelf.owner, stable_id("chunk", f"{document}:{number}"))
            for number in range(2)
        ]
        assert [[each.id for each in each_of] for each_of in found] == [[], [picture.id]]
        assert list(await bench.pictures.of_chunk(bench.shelf.owner, new_id())) == []
        assert list(await bench.pictures.of_chunk(bench.shelf.stranger, stable_id("chunk", f"{document}:1"))) == []

    async def test_pictures_stay_with_their_product_in_a_new_version(self, bench: PictureBench) -> None:
        twin = Product("Pot", 4, 2)
        kettle, pot, second = await bench.catalogue(KETTLE, POT, twin)
        kept = {product: (await bench.put(product)).id for product in (kettle, pot, second)}
        pan, renamed = Product("Pan", 2, 0), replace(KETTLE, name="Water kettle", row=5)
        places = await bench.catalogue(pan, POT, twin, renamed, content="v2")
        listed = [await bench.listed(each) for each in places]
        assert listed == [[], [kept[pot]], [kept[second]], [kept[kettle]]], "by number, or else by name and turn"
        (only,) = await bench.catalogue(renamed, content="v3")
        assert await bench.listed(only) == [kept[kettle]]
        for gone in (pot, second):
            with pytest.raises(NotFound):
                await bench.pictures.get(bench.shelf.owner, kept[gone])

    async def test_pictures_go_with_their_document(self, bench: PictureBench) -> None:
        (kettle,) = await bench.catalogue(KETTLE)
        picture = await bench.put(kettle)
        await bench.shelf.knowledge.delete(bench.shelf.owner, picture.document_id)
        for act in (
            bench.pictures.get(bench.shelf.owner, picture.id),
            bench.pictures.of_product(bench.shelf.owner, kettle),
            bench.pictures.put(bench.new(kettle, "b")),
        ):
            with pytest.raises(NotFound):
                await act
        assert await bench.pictures.of_clone(bench.shelf.owner, bench.shelf.clone) == {}

    async def test_a_stranger_reaches_nothing(self, bench: PictureBench) -> None:
        (kettle,) = await bench.catalogue(KETTLE)
        picture = await bench.put(kettle)
        stranger = bench.shelf.stranger
        for act in (
            bench.pictures.get(stranger, picture.id),
            bench.pictures.of_product(stranger, kettle),
            bench.pictures.put(bench.new(kettle, "b", owner_id=stranger)),
            bench.pictures.lead(stranger, picture.id),
            bench.pictures.remove(stranger, picture.id),
        ):
            with pytest.raises(NotFound):
                await act
        assert await bench.pictures.of_clone(stranger, bench.shelf.clone) == {}
        assert await bench.listed(kettle) == [picture.id]
