"""Products of a catalogue: columns recognised by names in three languages, a sentence that can be spoken. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import UUID

from selfsame.kit.ids import stable_id

FIELDS = ("sku", "name", "description", "price", "currency", "url", "image", "category", "brand")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sku": _names(
        "id|sku|product id|item id|article number|item number|part number|code|product code|ref|reference|handle|"
        "codigo|referencia|id producto|codigo de producto|编号|产品编号|商品编号|货号|型号|產品編號|商品編號|貨號"
    ),
    "name": _names(
        "name|title|product|product name|item|item name|article|nombre|titulo|producto|nombre del producto|articulo|"
        "名称|产品|产品名称|商品|商品名称|品名|名稱|產品名稱|商品名稱"
    ),
    "description": _names(
        "description|details|desc|long description|product description|body|body html|summary|about|descripcion|"
        "detalles|descripcion del producto|resumen|描述|说明|产品描述|商品描述|详情|介绍|簡介|说明书|描述內容|說明"
    ),
    "price": _names(
        "price|unit price|retail price|sale price|cost|amount|msrp|variant price|precio|importe|precio unitario|pvp|"
        "价格|单价|售价|价钱|價格|單價|售價"
    ),
    "currency": _names("currency|currency code|price currency|moneda|divisa|货币|币种|貨幣|幣種"),
    "url": _names("url|link|product url|product link|page|web|website|enlace|pagina|链接|网址|连结|鏈接|網址"),
    "image": _names(
        "image|image url|picture|photo|image link|image src|img|thumbnail|imagen|foto|url imagen|图片|图像|照片|圖片"
    ),
    "category": _names("category|type|product type|department|categoria|tipo|familia|类别|分类|种类|類別|分類"),
    "brand": _names("brand|vendor|manufacturer|maker|marca|fabricante|品牌|厂商|制造商|廠商"),
}
_FIELD_OF = {name: each for each, names in COLUMNS.items() for name in names}
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "dolares": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "¥": "CNY", "￥": "CNY", "cny": "CNY", "rmb": "CNY", "元": "CNY", "人民币": "CNY", "yuan": "CNY",
    "jpy": "JPY", "円": "JPY", "mxn": "MXN", "mex$": "MXN", "chf": "CHF", "twd": "TWD", "nt$": "TWD", "hkd": "HKD",
}  # fmt: skip
_SPOKEN = {
    "EN": {"EUR": "euros", "USD": "dollars", "GBP": "pounds", "CNY": "yuan", "JPY": "yen", "MXN": "Mexican pesos"},
    "ES": {"EUR": "euros", "USD": "dólares", "GBP": "libras", "CNY": "yuanes", "JPY": "yenes", "MXN": "pesos"},
    "ZH": {"EUR": "欧元", "USD": "美元", "GBP": "英镑", "CNY": "元", "JPY": "日元", "MXN": "墨西哥比索"},
}
_AMOUNT = re.compile(r"-?\d[\d.,'’\s]*")
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Product:
    """One product as its owner wrote it down. `row` counts from 1 as their program does; `section` is its section.

    `more` are the further columns, by their names. `price` is None when there was none that can be read.
    """

    name: str
    row: int
    section: int = 0
    sku: str = ""
    description: str = ""
    price: Decimal | None = None
    currency: str = ""
    url: str = ""
    image: str = ""
    category: str = ""
    brand: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


def keys_of(products: Sequence[Product]) -> list[UUID]:
    """What each product of a document is known by in the document's next version: its number, or else its name.

    Of several with the same number or name each is known by its place among them.
    """
    seen: Counter[str] = Counter()
    keys = []
    for product in products:
        known = f"sku {product.sku}" if product.sku else f"name {fold(product.name)}"
        keys.append(stable_id("product-key", f"{known}\n{seen[known]}"))
        seen[known] += 1
    return keys


def fold(name: str) -> str:
    """A column's name as it is compared: lower case, without accents, marks, and what stands in brackets."""
    text = unicodedata.normalize("NFKD", name).lower()
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    text = re.sub(r"[(\[].*?[)\]]", " ", text)
    return " ".join(re.sub(r"[_\-:./*#]+", " ", text).split())


def columns_of(names: Sequence[str]) -> dict[str, int]:
    """Which column holds which field; the first of each counts."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        known = _FIELD_OF.get(fold(name))
        if known is not None:
            found.setdefault(known, place)
    return found


def is_catalogue(names: Sequence[str]) -> bool:
    """Whether columns are those of products: a name, and what only products have."""
    found = columns_of(names)
    return "name" in found and ("price" in found or len(found.keys() & {"sku", "description", "image", "brand"}) >= 2)


def product_of(names: Sequence[str], cells: Sequence[str], row: int) -> Product | None:
    """The product of a row; None when it has neither name nor number."""
    columns = columns_of(names)
    known = {each: cells[place].strip() for each, place in columns.items() if place < len(cells)}
    name = known.get("name") or known.get("sku") or ""
    if not name:
        return None
    price, currency = price_of(known.get("price", ""))
    given = known.get("currency", "")
    header = names[columns["price"]] if "price" in columns else ""
    taken = set(columns.values())
    more = {
        " ".join(names[place].split()): cell.strip()
        for place, cell in enumerate(cells)
        if place not in taken and place < len(names) and names[place].strip() and cell.strip()
    }
    if price is None and known.get("price"):
        more[" ".join(header.split())] = known["price"]
    return Product(
        name=name[:LONGEST_NAME],
        row=row,
        sku=known.get("sku", "")[:LONGEST_NAME],
        description=known.get("description", ""),
        price=price,
        currency=_currency(given) or currency or _currency_in(header),
        url=known.get("url", ""),
        image=known.get("image", ""),
        category=known.get("category", "")[:LONGEST_NAME],
        brand=known.get("brand", "")[:LONGEST_NAME],
        more=more,
    )


def price_of(text: str) -> tuple[Decimal | None, str]:
    """Amount and currency of a price as people write it: `$1,299.00`, `1.299,00 €`, `24,90`, `¥99`."""
    found = _AMOUNT.search(text)
    if found is None:
        return None, ""
    digits = re.sub(r"[\s'’]", "", found.group()).rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark, tail = digits[last], digits[last + 1 :]
        both = "." in digits and "," in digits
        grouped = not both and (digits.count(mark) > 1 or (len(tail) == 3 and digits[:last].lstrip("-") != "0"))
        whole = re.sub(r"[.,]", "", digits[:last])
        digits = whole + tail if grouped else f"{whole}.{tail}"
    try:
        amount = Decimal(digits)
    except InvalidOperation:
        return None, ""
    if abs(amount) >= Decimal(10) ** 12 or amount < 0:
        return None, ""
    rest = text[: found.start()] + " " + text[found.end() :]
    return amount.quantize(Decimal("0.0001")).normalize() + 0, _currency_in(rest)


def sentence(product: Product, language: str = "EN") -> str:
    """What the clone says about a product: `Red kettle, by Acme, costs 24.90 euros. It boils … Colour: red.`"""
    spoken = language if language in _SPOKEN else "EN"
    parts = [_opening(product, spoken)]
    if product.description:
        parts.append(_ended(product.description, spoken))
    rows = [f"{name}{'：' if spoken == 'ZH' else ': '}{value}" for name, value in product.more.items()]
    if product.sku and product.sku != product.name:
        label = {"EN": "Product number", "ES": "Referencia", "ZH": "编号"}[spoken]
        rows.append(f"{label}{'：' if spoken == 'ZH' else ': '}{product.sku}")
    parts += [_ended(row, spoken) for row in rows]
    return ("" if spoken == "ZH" else " ").join(parts)


def gist(product: Product) -> str:
    """What a product is about, in words alone: what is embedded of it. Numbers are found by full text."""
    worded = [f"{name}: {value}" for name, value in product.more.items() if not any(map(str.isdigit, value))]
    parts = (product.name, product.brand, product.category, product.description, *worded)
    return " ".join(_ended(part, "EN") for part in parts if part)


def _opening(product: Product, language: str) -> str:
    name = product.name
    price = "" if product.price is None else amount(product.price, product.currency, language)
    if language == "ZH":
        who = f"{product.brand}的{name}" if product.brand and product.brand not in name else name
        kind = f"，属于{product.category}" if product.category else ""
        return f"{who}{kind}，价格{price}。" if price else f"{who}{kind}。"
    by, costs, of = (", de ", "cuesta", "Categoría") if language == "ES" else (", by ", "costs", "Category")
    maker = f"{by}{product.brand}" if product.brand and product.brand.lower() not in name.lower() else ""
    told = f"{name}{maker}{',' if maker else ''} {costs} {price}." if price else _ended(f"{name}{maker}", language)
    return f"{told} {of}: {product.category}." if product.category else told


def amount(price: Decimal, currency: str, language: str = "EN") -> str:
    """A price in words and figures, as it is to be spoken."""
    whole = price == price.to_integral_value()
    figures = f"{price:.0f}" if whole else f"{price:.2f}"
    if language == "ES":
        figures = figures.replace(".", ",")
    word = _SPOKEN[language].get(currency, currency)
    if language == "EN" and price == 1 and word.endswith("s"):
        word = word[:-1]
    return f"{figures}{'' if language == 'ZH' else ' '}{word}".strip()


def _ended(text: str, language: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "。", "！", "？")) else text + ("。" if language == "ZH" else ".")


def _currency(text: str) -> str:
    folded = fold(text)
    if re.fullmatch(r"[a-z]{3}", folded):
        return _CURRENCIES.get(folded, folded.upper())
    return _CURRENCIES.get(text.strip().lower(), _CURRENCIES.get(folded, ""))


def _currency_in(text: str) -> str:
    for word in re.findall(r"(?:us|nt|mex)?\$|[€£¥￥元円]|[^\W\d_]+", text.lower()):
        if word in _CURRENCIES:
            return _CURRENCIES[word]
    return ""
