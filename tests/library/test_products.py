"""Catalogues: columns by their names in three languages, prices as people write them, sentences that can be spoken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.library.extract.read import Wish, read
from selfsame.library.extract.rows_file import csv_cell, csv_rows, csv_text
from selfsame.library.products import Product, amount, columns_of, fold, is_catalogue, price_of, product_of, sentence


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [
        ("24.90", "24.9", ""),
        ("24,90 €", "24.9", "EUR"),
        ("€ 1.299,00", "1299", "EUR"),
        ("$1,299.00", "1299", "USD"),
        ("1,299", "1299", ""),
        ("1.234.567", "1234567", ""),
        ("0.125", "0.125", ""),
        ("1 299,5 EUR", "1299.5", "EUR"),
        ("CHF 1'200.50", "1200.5", "CHF"),
        ("￥99", "99", "CNY"),
        ("99元", "99", "CNY"),
        ("12 dólares", "12", ""),
        ("12 euros", "12", "EUR"),
        ("from 3000", "3000", ""),
        ("0", "0", ""),
        ("free", None, ""),
        ("-5", None, ""),
        ("", None, ""),
        ("9" * 30, None, ""),
    ],
)
def test_prices_as_people_write_them(text: str, price: str | None, currency: str) -> None:
    assert price_of(text) == (None if price is None else Decimal(price), currency)


@given(st.text(max_size=40))
def test_any_price_is_a_number_or_none(text: str) -> None:
    price, currency = price_of(text)
    assert price is None or (0 <= price < Decimal(10) ** 12 and price == price)
    assert currency == currency.upper() and len(currency) in (0, 3)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["SKU", "Product_Name", "Price (EUR)"], {"sku": 0, "name": 1, "price": 2}),
        (["Referencia", "Nombre", "Descripción", "Precio"], {"sku": 0, "name": 1, "description": 2, "price": 3}),
        (["编号", "产品名称", "描述", "价格"], {"sku": 0, "name": 1, "description": 2, "price": 3}),
        (["貨號", "商品名稱", "售價"], {"sku": 0, "name": 1, "price": 2}),
        (["Handle", "Title", "Body (HTML)", "Vendor"], {"sku": 0, "name": 1, "description": 2, "brand": 3}),
        (["name", "Name", "other"], {"name": 0}),
    ],
)  # fmt: skip
def test_columns_by_their_names(names: list[str], found: dict[str, int]) -> None:
    assert columns_of(names) == found


@pytest.mark.parametrize(
    ("names", "so"),
    [
        (["name", "price"], True),
        (["Título", "Precio"], True),
        (["name", "sku", "image"], True),
        (["name", "email"], False),
        (["question", "answer"], False),
        (["price", "currency"], False),
        ([], False),
    ],
)
def test_what_is_a_catalogue(names: list[str], so: bool) -> None:
    assert is_catalogue(names) is so


KETTLE = Product(
    "Red kettle", 2, 0, "K1", "Boils a litre", Decimal("24.9"), "EUR", brand="Acme", more={"Colour": "red"}
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("EN", "Red kettle, by Acme, costs 24.90 euros. Boils a litre. Colour: red. Product number: K1."),
        ("ES", "Red kettle, de Acme, cuesta 24,90 euros. Boils a litre. Colour: red. Referencia: K1."),
        ("ZH", "Acme的Red kettle，价格24.90欧元。Boils a litre。Colour：red。编号：K1。"),
        ("FR", "Red kettle, by Acme, costs 24.90 euros. Boils a litre. Colour: red. Product number: K1."),
    ],
)
def test_what_the_clone_says(language: str, said: str) -> None:
    assert sentence(KETTLE, language) == said


def test_a_product_of_a_name_alone() -> None:
    assert sentence(Product("Pot", 1)) == "Pot."
    assert sentence(Product("Pot", 1, category="Kitchen")) == "Pot. Category: Kitchen."
    assert (
        sentence(Product("Acme pot", 1, brand="Acme", price=Decimal(1), currency="USD")) == "Acme pot costs 1 dollar."
    )
    assert product_of(["name", "price"], ["", "3"], 2) is None
    assert product_of(["name"], [], 2) is None


@pytest.mark.parametrize(
    ("price", "currency", "said"),
    [
        ("3", "EUR", "3 euros"),
        ("1", "EUR", "1 euro"),
        ("2.5", "GBP", "2.50 pounds"),
        ("7", "XYZ", "7 XYZ"),
        ("7", "", "7"),
    ],
)
def test_amounts(price: str, currency: str, said: str) -> None:
    assert amount(Decimal(price), currency) == said


def test_a_price_that_cannot_be_read_stays_a_word() -> None:
    product = product_of(["name", "price"], ["Pot", "on request"], 2)
    assert product is not None and product.price is None and dict(product.more) == {"price": "on request"}


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        (
            [",3", "Pot,about ten", "Kettle,24"],
            (
                "1 row has no name and was left out: row 2.",
                "The price is no number in row 3; it is kept as it is written.",
            ),
        ),
        ([",1", "Pot,2", ",3", ",,"], ("2 rows have no name and were left out: rows 2, 4.",)),
        (["A,x", "B,y"], ("The price is no number in rows 2, 3; it is kept as it is written.",)),
        (["A,1", "B,"], ()),
        (
            ["A,1", *[",7"] * 25],
            (f"25 rows have no name and were left out: rows {', '.join(map(str, range(3, 23)))}, ….",),
        ),
    ],
)
def test_owners_are_told_which_rows_need_a_look(rows: list[str], notes: tuple[str, ...]) -> None:
    data = "\n".join(["name,price", *rows]).encode()
    assert read(data, Wish("list.csv", products=True)).notes == notes


def test_a_spanish_catalogue_speaks_spanish() -> None:
    source = "Nombre;Descripción;Precio;Moneda\nTetera;Es de acero y hierve el agua en tres minutos;24,90;EUR\n"
    found = read(source.encode("cp1252"), Wish("catalogo.csv"))
    assert found.text == "Tetera cuesta 24,90 euros. Es de acero y hierve el agua en tres minutos."
    assert found.language == "ES" and found.products[0].price == Decimal("24.9")


def test_one_product_is_one_passage_and_a_long_one_keeps_its_section() -> None:
    source = "name,price,description\nPot,3," + "word " * 900 + "\nPan,4,small\n"
    found = read(source.encode(), Wish("a.csv"))
    assert [product.section for product in found.products] == [0, 1]
    assert [section.locator for section in found.sections] == ["row 2", "row 3"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_cells_that_look_like_formulas_are_made_harmless(cell: str) -> None:
    assert csv_cell(cell) == "'" + cell


@given(st.lists(st.lists(st.text(max_size=10), min_size=2, max_size=3), min_size=1, max_size=4))
def test_no_exported_cell_is_a_formula(rows: list[list[str]]) -> None:
    for cells in csv_rows(csv_text(rows)):
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


@given(st.text(max_size=30))
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
