"""Rows of tables and products as answers: what is said, and what is not answered from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from selfsame.events.thought import Passage, SourceKind
from selfsame.providers.embedded.answers.match import Asked
from selfsame.providers.embedded.answers.records import UNTOLD, records_of, told_by

ROWS = "Item: Oak table; Price: 420 EUR; VAT: 19 %; Stock: 3.\nItem: Oak chair; Price: 135 EUR; VAT: 19 %; Stock: 12."
FILAS = "Artículo: Mesa de roble; Precio: 420 EUR; Material: roble macizo."
HANG = "品名：橡木桌; 价格：420元; 库存：3。"
LAMP = "Bamboo lamp, by Lumen, costs 89 euros. Category: Lamps. A warm light for reading. Colour: sand."


def row(text: str, kind: SourceKind = "document") -> Passage:
    return Passage("1", "1", "Prices", text, 0.5, kind)


@pytest.mark.parametrize(
    ("text", "kind", "asked", "said"),
    [
        (ROWS, "document", "What does the Oak table cost?", "Oak table: price 420 EUR."),
        (ROWS, "document", "how much is the oak chair", "Oak chair: price 135 EUR."),
        (ROWS, "document", "how many oak chairs are in stock", "Oak chair: stock 12."),
        (ROWS, "document", "tell me about the oak table", "Oak table: price 420 EUR, VAT 19 %, stock 3."),
        (FILAS, "document", "¿cuánto cuesta la mesa de roble?", "Mesa de roble: precio 420 EUR."),
        (HANG, "document", "橡木桌多少钱", "橡木桌：价格420元。"),
        (LAMP, "product", "what is the price of the bamboo lamp", "Bamboo lamp, by Lumen, costs 89 euros."),
        (LAMP, "product", "which colour does the bamboo lamp have", "Bamboo lamp: colour sand."),
    ],
)
def test_the_row_that_is_named_says_what_is_asked(text: str, kind: SourceKind, asked: str, said: str) -> None:
    told = told_by(Asked.of(asked), records_of(row(text, kind)), "Prices")
    assert told is not None and told.confidence > 0.8 and " ".join(told.said) == said


@pytest.mark.parametrize(
    "asked",
    [
        "how heavy is the oak table",
        "who made the oak table",
        "does the oak chair have wheels",
        "when was the oak table made",
    ],
)
def test_what_a_row_does_not_tell_is_not_answered_from_it(asked: str) -> None:
    told = told_by(Asked.of(asked), records_of(row(ROWS)), "Prices")
    assert told is not None and told.confidence == UNTOLD


@pytest.mark.parametrize("asked", ["what does the pine table cost", "how much is the table", "hello", ""])
def test_a_row_that_is_not_named_says_nothing(asked: str) -> None:
    assert told_by(Asked.of(asked), records_of(row(ROWS)), "Prices") is None


@pytest.mark.parametrize(
    "text", ["A sentence: with a colon.", "We open at 9:00; we close at 17:00.", "", "One.\nTwo: 2."]
)
def test_prose_is_no_row(text: str) -> None:
    assert records_of(row(text)) == []


@given(some.text(max_size=300), some.text(max_size=60), some.sampled_from(["document", "product"]))
def test_whatever_a_passage_holds_it_is_taken_or_left(text: str, asked: str, kind: SourceKind) -> None:
    told = told_by(Asked.of(asked), records_of(row(text, kind)), "T")
    assert told is None or 0 <= told.confidence <= 1


@given(some.lists(some.tuples(some.text(max_size=12), some.text(max_size=12)), max_size=6), some.text(max_size=40))
def test_rows_of_anything_say_what_stands_in_them_and_no_more(cells: list[tuple[str, str]], asked: str) -> None:
    text = "; ".join(f"{name}: {value}" for name, value in cells) + "."
    records = records_of(row(text))
    for record in records:
        assert record.key in text and all(part.label in text and part.value in text for part in record.parts)
    for question in (asked, *(record.key for record in records)):
        told = told_by(Asked.of(question), records)
        assert told is None or all(any(said.startswith(each.key) for each in records) for said in told.said)
