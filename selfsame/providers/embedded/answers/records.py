"""Rows of tables and products as answers: which row is named, what of it is asked, and how that is said. Pure.

A row answers when the question names it whole ("the oak table") and every other word that matters is accounted for: by
the name of a column ("price"), by what is asked for ("how much"), or by a value. A question about a thing that is not
there, or about something that the row does not tell, is not answered from it, however like the two are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selfsame.events.thought import Passage
from selfsame.kit.languages import detect
from selfsame.kit.sentences import sentences
from selfsame.kit.words import alike, content_words, fold
from selfsame.providers.embedded.answers.match import Asked
from selfsame.providers.embedded.answers.synonyms import meaning

SURE = 0.9
UNTOLD = 0.1
"""Confidence in a row that is named but does not tell what is asked."""
MOST_PARTS = 4
LOOSE = 0.15
"""Share of the question's weight that may be left unaccounted for: a misheard little word."""
_CELL = re.compile(r"^([^:：;]{1,80})(?:: |： ?)(.+)$", re.DOTALL)
_PRODUCT = re.compile(r"^(.{1,200}?)(?:, (?:by|de) .{1,100}?,|，(?:价格|属于)| (?:costs|cuesta) |[.。]|$)", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]")

_ASKS = {
    "price": re.compile(
        r"\bhow (?:much|expensive)\b|\b(?:cost|costs|price|prices|priced|fee|charge)\b"
        r"|\bcuanto (?:cuesta|vale|es)\b|\ba cuanto\b|\bprecio\b|多少钱|什么价|价格|价钱"
    ),
    "time": re.compile(r"\bwhen\b|\bwhat time\b|\bhow (?:late|early)\b|\bcuando\b|\ba que hora\b|什么时候|几点|何时"),
    "place": re.compile(r"\bwhere\b|\bdonde\b|哪里|哪儿|在哪"),
    "person": re.compile(r"\bwho\b|\bwhose\b|\bquien\b|谁"),
    "material": re.compile(r"\bmade (?:of|from|out of)\b|\bde que (?:esta |son )?hech[oa]s?\b|什么(?:做的|材料|材质)"),
    "height": re.compile(r"\bhow (?:tall|high)\b|\bque altura\b|\bcuanto mide\b|多高"),
    "weight": re.compile(r"\bhow heavy\b|\bcuanto pesa\b|多重"),
    "length": re.compile(r"\bhow (?:long|wide|deep)\b|\bcuanto (?:tarda|dura)\b|多长|多久"),
    "count": re.compile(r"\bhow many\b|\bcuantos\b|\bcuantas\b|几个|多少个"),
}
_TOLD_BY = {
    "price": "price cost costs fee amount eur usd gbp euros dollars precio coste tarifa importe cuesta "
    "价格 价钱 售价 单价 费用",
    "time": "time hour hours open opens close closes start starts end ends begin begins date day days from until till "
    "due hora horario abre cierra fecha dia inicio fin 时间 日期 开门 关门 开始 结束 营业",
    "place": "place room address location city building floor street lugar sala direccion ciudad planta "
    "地点 地址 房间 城市 位置",
    "person": "name person teacher owner contact author manager responsible who nombre persona profesor responsable "
    "contacto autor 姓名 名字 老师 负责人 联系人 作者",
    "material": "material materials fabric wood made tela madera 材料 材质 木材",
    "height": "height altura alto 高度 身高",
    "weight": "weight peso 重量",
    "length": "length width depth duration delivery largo ancho fondo duracion plazo 长度 宽度 深度 时长 交货",
    "count": "number count amount quantity stock seats pieces numero cantidad plazas 数量 库存 个数",
}
"""Names of columns that answer each kind of question."""
_SPENT = {
    "price": "cost pric fee charg cuest val preci",
    "place": "stand lie sit locat find hang encuentr qued", "material": "mad hech", "height": "tall high mid altur",
    "weight": "heavi pes", "length": "long wid deep tard dur",
}  # fmt: skip
"""Stems that are accounted for once a column answers that kind of question."""
_TOLD_IN = {kind: frozenset(words.split()) for kind, words in _TOLD_BY.items()}


@dataclass(frozen=True, slots=True)
class Part:
    """What a row tells of one thing: `label` names it, `said` is how it is spoken after or without the row's name."""

    label: str
    value: str
    said: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row: what it is about, and what it tells. `opening` is said of a product in any case."""

    key: str
    parts: tuple[Part, ...]
    is_product: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says to a question, and how sure that is; `named`: how many words of the question name the row."""

    said: tuple[str, ...]
    confidence: float
    named: int


def records_of(passage: Passage) -> list[Record]:
    """The rows of a passage: none unless it is made of rows, or a product's."""
    if passage.kind == "product":
        return _product(passage.text)
    lines = [line.strip() for line in passage.text.splitlines() if line.strip()]
    rows = [_row(line) for line in lines]
    found = [row for row in rows if row is not None]
    return found if found and 2 * len(found) >= len(lines) else []


def told_by(asked: Asked, records: list[Record], about: str = "") -> Told | None:
    """What the best of the rows says; None when none is named. `about`: words that all share (heading, title)."""
    best: Told | None = None
    for record in records:
        told = _tell(asked, record, about)
        if told is not None and (best is None or (told.named, told.confidence) > (best.named, best.confidence)):
            best = told
    return best


def _row(line: str) -> Record | None:
    cells = [_CELL.match(cell) for cell in re.split(r"[;；] ?", line.rstrip(".。"))]
    pairs = [(cell.group(1).strip(), cell.group(2).strip()) for cell in cells if cell is not None]
    if len(pairs) < 2 or len(pairs) < len(cells):
        return None
    at = next((place for place, (_, value) in enumerate(pairs) if re.search(r"[^\W\d_]", value)), 0)
    (_, key), rest = pairs[at], pairs[:at] + pairs[at + 1 :]
    return Record(key, tuple(Part(label, value, _cell(label, value)) for label, value in rest))


def _product(text: str) -> list[Record]:
    named = _PRODUCT.match(text)
    said = sentences(text.replace("\n", " "))
    if named is None or not said:
        return []
    parts = [Part("price" if len(said[0]) > len(named.group(1)) + 1 else "", said[0], said[0])]
    for sentence in said[1:]:
        cell = _CELL.match(sentence.rstrip(".。"))
        label, value = (cell.group(1), cell.group(2)) if cell is not None else ("", sentence)
        parts.append(Part(label, value, _cell(label, value) if label else sentence))
    return [Record(named.group(1), tuple(parts), is_product=True)]


def _tell(asked: Asked, record: Record, about: str) -> Told | None:
    key = content_words(record.key)
    named = _named(asked, record.key, key)
    if not named:
        return None
    sought = [kind for kind, pattern in _ASKS.items() if pattern.search(fold(asked.text))]
    wanted = _wanted(asked, record.key, named, sought)
    chosen: list[Part] = []
    open_kinds = set(sought)
    for part in record.parts:
        kinds = {kind for kind in sought if _tells(part, kind, record)}
        open_kinds -= kinds
        labels = content_words(part.label)
        if kinds or any(_same(word, label) for word in wanted for label in labels):
            chosen.append(part)
    known = {*content_words(" ".join(part.label for part in record.parts)), *content_words(about)}
    values = {word for part in record.parts for word in content_words(part.value)}
    answered = frozenset(word for kind in set(sought) - open_kinds for word in _SPENT.get(kind, "").split())
    left = [word for word in wanted if not any(_same(word, other) for other in known | values | answered)]
    if not chosen:
        chosen = [part for part in record.parts if any(_same(w, v) for w in wanted for v in content_words(part.value))]
    weight = sum(asked.weight(word) for word in asked.words) or 1.0
    missing = sum(asked.weight(word) for word in left if word not in asked.faint) / weight
    untold = missing > LOOSE or (open_kinds and not chosen)
    parts = chosen or list(record.parts)
    return Told(
        _spoken(record, parts[:MOST_PARTS]), UNTOLD if untold else min(0.95, SURE + 0.01 * len(named)), len(named)
    )


def _named(asked: Asked, key: str, words: tuple[str, ...]) -> frozenset[str]:
    """The words of the question that name the row; empty unless they name all of it."""
    if _HAN.search(key):
        return frozenset(w for w in asked.words if w in words) if fold(key) in fold(asked.text) else frozenset()
    found = {word: next((one for one in asked.words if _same(one, word)), None) for word in words}
    return frozenset(one for one in found.values() if one) if words and all(found.values()) else frozenset()


def _wanted(asked: Asked, key: str, named: frozenset[str], sought: list[str]) -> list[str]:
    """The words that are to be accounted for. In Chinese words have no edges, so what is known is cut out first."""
    if not _HAN.search(key):
        return [word for word in asked.words if word not in named]
    rest = fold(asked.text).replace(fold(key), " ")
    for kind in sought:
        rest = _ASKS[kind].sub(" ", rest)
    return list(content_words(rest))


def _same(first: str, second: str) -> bool:
    return first == second or bool(meaning(first) and meaning(first) == meaning(second)) or alike(first, second) >= 0.85


def _tells(part: Part, kind: str, record: Record) -> bool:
    """Whether a part tells a price, a time, a place, a person or a number, by the words of its label."""
    words = re.findall(r"[^\W\d_]+", fold(part.label))
    if any(word in _TOLD_IN[kind] or (_HAN.search(word) and any(w in word for w in _TOLD_IN[kind])) for word in words):
        return True
    return kind == "price" and record.is_product and part.label == "price"


def _spoken(record: Record, parts: list[Part]) -> tuple[str, ...]:
    """A product's sentences, and what stands in columns as "Oak table: price 420 EUR, stock 3."."""
    if record.is_product:
        told = [part.said for part in parts if part.label and part is not record.parts[0]]
        free = [part.said for part in parts if not part.label or part is record.parts[0]]
        return (*free[:2], *((f"{record.key}: {', '.join(told)}.",) if told else ()))
    if _HAN.search(record.key) or detect(record.parts[0].label) == "ZH":
        return (f"{record.key}：{'，'.join(part.said for part in parts)}。",)
    return (f"{record.key}: {', '.join(part.said for part in parts)}.",)


def _cell(label: str, value: str) -> str:
    return f"{_lowered(label)}{'' if _HAN.search(label) else ' '}{value}"


def _lowered(label: str) -> str:
    """A column's name within a sentence: "Price" becomes "price", "VAT" stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
