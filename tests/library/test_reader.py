"""The process that reads files: what it gives back, and that nothing that happens to it happens to us."""

from __future__ import annotations

from decimal import Decimal

import pytest

from selfsame.errors import BadInput, BadOutput, TooLarge
from selfsame.library.extract.kinds import LIMITS
from selfsame.library.extract.read import Wish, read
from selfsame.library.extract.reader import ReaderLimits, from_bytes, read_document
from selfsame.library.extract.worker import to_bytes
from tests.library import documents as made

pytestmark = pytest.mark.anyio
CATALOGUE = "name,price,colour\nKettle,24.90 €,red\nPot,,blue\n".encode()


async def test_it_gives_what_reading_gives() -> None:
    for data, wish in ((CATALOGUE, Wish("a.csv", products=True)), (made.word(), Wish("a.docx"))):
        assert await read_document(data, wish) == read(data, wish)


def test_prices_survive_the_way() -> None:
    found = from_bytes(to_bytes(read(CATALOGUE, Wish("a.csv"))))
    assert [(p.name, p.price, p.currency, p.row) for p in found.products] == [
        ("Kettle", Decimal("24.9"), "EUR", 2),
        ("Pot", None, "", 3),
    ]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"text":"a","sections":[]}', b'{"text":"","sections":[{}]}'])
def test_a_damaged_answer_is_not_believed(data: bytes) -> None:
    with pytest.raises(BadOutput):
        from_bytes(data)


async def test_a_refusal_keeps_its_words() -> None:
    with pytest.raises(BadInput, match="password"):
        await read_document(made.locked_pdf(), Wish("a.pdf"))
    with pytest.raises(TooLarge, match="MB"):
        await read_document(bytes(LIMITS.file_bytes + 1), Wish("a.pdf"))
    with pytest.raises(BadInput, match="empty"):
        await read_document(b"", Wish("a.pdf"))


SLOW = b"<html>" + b"<p>word</p>" * 200_000, "a.html"


@pytest.mark.parametrize(
    ("file", "limits"),
    [(SLOW, ReaderLimits(memory=120_000_000)), (SLOW, ReaderLimits(seconds=1))],
    ids=["memory", "time"],
)
async def test_a_file_that_eats_the_machine_ends_its_process_alone(
    file: tuple[bytes, str], limits: ReaderLimits
) -> None:
    data, name = file
    with pytest.raises((BadInput, TooLarge)):
        await read_document(data, Wish(name), limits)
    assert (await read_document(b"Words.", Wish("a.txt"))).text == "Words."


async def test_a_file_that_takes_for_ever_is_given_up() -> None:
    with pytest.raises(BadInput, match="too long"):
        await read_document(b"Words.", Wish("a.txt"), ReaderLimits(patience=0.0))
