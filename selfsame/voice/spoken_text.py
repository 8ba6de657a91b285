"""What is said for what is written: signs become words, addresses are said shortly. Pure; EN, ES and ZH.

The written words stay known, because history, captions and transcripts show what was written ("$12.50"), not what was
said ("12 dollars 50"): `Saying` holds for every spoken word the written word that it stands for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selfsame.kit.wordspans import FULL_WIDTH_MARKS, HAN, split_words
from selfsame.voice.markdown import plain

_SIGNS = {
    "EN": {"&": "and", "%": "percent", "+": "plus", "=": "equals", "@": "at", ".": "dot", "°C": "degrees Celsius",
           "°F": "degrees Fahrenheit", "°": "degrees", "#": "number", "~": "about", "≈": "about", "≥": "at least",
           "≤": "at most", "×": "times", "→": "to", "§": "section", "©": "copyright", "™": ""},
    "ES": {"&": "y", "%": "por ciento", "+": "más", "=": "igual a", "@": "arroba", ".": "punto", "°C": "grados Celsius",
           "°F": "grados Fahrenheit", "°": "grados", "#": "número", "~": "unos", "≈": "unos", "≥": "al menos",
           "≤": "como máximo", "×": "por", "→": "a", "§": "sección", "©": "copyright", "™": ""},
    "ZH": {"&": "和", "%": "百分之", "+": "加", "=": "等于", "@": "at", ".": "点", "°C": "摄氏度", "°F": "华氏度",
           "°": "度",
           "#": "第", "~": "大约", "≈": "大约", "≥": "至少", "≤": "最多", "×": "乘", "→": "到", "§": "第", "©": "",
           "™": ""},
}  # fmt: skip
_MONEY = {
    "EN": {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds"), "¥": ("yen", "yen")},
    "ES": {"$": ("dólar", "dólares"), "€": ("euro", "euros"), "£": ("libra", "libras"), "¥": ("yen", "yenes")},
    "ZH": {"$": ("美元", "美元"), "€": ("欧元", "欧元"), "£": ("英镑", "英镑"), "¥": ("元", "元")},
}
_UNITS = {
    "EN": {"km": "kilometres", "cm": "centimetres", "mm": "millimetres", "kg": "kilograms", "mg": "milligrams",
           "ml": "millilitres", "GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "ms": "milliseconds",
           "Hz": "hertz", "kHz": "kilohertz", "km/h": "kilometres per hour"},
    "ES": {"km": "kilómetros", "cm": "centímetros", "mm": "milímetros", "kg": "kilogramos", "mg": "miligramos",
           "ml": "mililitros", "GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "ms": "milisegundos",
           "Hz": "hercios", "kHz": "kilohercios", "km/h": "kilómetros por hora"},
    "ZH": {"km": "公里", "cm": "厘米", "mm": "毫米", "kg": "公斤", "mg": "毫克", "ml": "毫升", "GB": "吉字节",
           "MB": "兆字节", "KB": "千字节", "ms": "毫秒", "Hz": "赫兹", "kHz": "千赫", "km/h": "公里每小时"},
}  # fmt: skip
_RANGE = re.compile(r"(\d{1,4})[-–](\d{1,4})")
_DECADE = re.compile(r"^(1[1-9]|20)([1-9]0)s$")
_TO = {"EN": "to", "ES": "a", "ZH": "到"}
_SCALE = r"(?:\s+(?:million|billion|trillion|thousand|millones|millón|mil)\b)?|[万亿]?"
_NUMBER = r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?"
_MONEY_BEFORE = re.compile(rf"([$€£¥])\s?({_NUMBER})({_SCALE})")
_MONEY_BEHIND = re.compile(rf"({_NUMBER})({_SCALE})\s?([$€£¥])")
_URL = re.compile(r"(?:https?://|ftp://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?::\d+)?([/?#][^\s]*)?", re.I)
_MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}", re.I)
_UNIT = re.compile(rf"({_NUMBER})\s?(km/h|kHz|km|cm|mm|kg|mg|ml|GB|MB|KB|ms|Hz)(?![\w/])")
_TRAIL = ".,;:!?)]}\"'”’。，！？；：」）"
_KNOWN_END = re.compile(r"(?:com|org|net|edu|gov|io|ai|dev|app|co|uk|es|mx|cn|de|fr|eu|info|tv|me|us|ca|int)$", re.I)
_FILE = re.compile(r"(?:\.{0,2}/)?(?:[\w.-]+/)+[\w.-]*")
_GROUP = re.compile(
    rf"{_MONEY_BEFORE.pattern}\S*|{_MONEY_BEHIND.pattern}\S*|{_UNIT.pattern}|[{HAN}]+|[{FULL_WIDTH_MARKS}]+|[^\s{HAN}{FULL_WIDTH_MARKS}]+"
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A phrase to be said. `text` goes to the engine; `written` is what it stands for.

    `pairs` hold, for each group that sounds, where it begins in `text` and in `written`; it ends where the next begins.
    """

    text: str
    written: str
    pairs: tuple[tuple[int, int], ...]

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say."""
        return not split_words(self.text)


def saying(raw: str, language: str = "EN") -> Saying:
    """What to say in `language` for a phrase that may hold Markdown and signs."""
    written = plain(raw)
    spoken, pairs, position = "", [], 0
    for group in _GROUP.finditer(written):
        spoken += written[position : group.start()]
        position = group.end()
        said = _say(group.group(), language)
        if said == group.group():
            pairs += [(len(spoken) + word.start, group.start() + word.start) for word in split_words(said)]
        elif split_words(said):
            pairs.append((len(spoken), group.start()))
        spoken += said
    return Saying(spoken + written[position:], written, tuple(pairs))


def _say(group: str, language: str) -> str:
    if group.isalpha():
        return group
    if language == "EN" and group.lower() == "vs.":
        return "versus"
    signs = _SIGNS.get(language, _SIGNS["EN"])
    core = group.rstrip(_TRAIL)
    tail = group[len(core) :]
    lead = core[: len(core) - len(core.lstrip("([{\"'“‘«¿¡"))]
    core = core[len(lead) :]
    if _MAIL.fullmatch(core):
        return lead + _say_address(core, signs) + tail
    url = _URL.fullmatch(core)
    if url and (_looks_like_url(core, url.group(1))):
        return lead + _say_address(url.group(1), signs) + tail
    is_number = core.replace("/", "").isdigit() or _UNIT.fullmatch(core)
    if not is_number and _FILE.fullmatch(core) and "/" in core.strip("/"):
        return lead + re.sub(r"[/_]+", " ", core).strip() + tail
    if language == "EN":
        core = _DECADE.sub(r"\1 \2s", core)
    core = _say_range(_say_unit(core, language), language)
    return lead + _say_signs(_say_money(core, language), signs, language) + tail


def _say_unit(text: str, language: str) -> str:
    units = _UNITS.get(language, _UNITS["EN"])
    return _UNIT.sub(lambda found: f"{found[1]} {units[found[2]]}", text)


def _say_range(text: str, language: str) -> str:
    """ "10-20" is ten to twenty; "555-1234" is a telephone number and "5-3" a result."""
    found = _RANGE.fullmatch(text)
    if not found or (len(found[1]), len(found[2])) == (3, 4) or int(found[1]) >= int(found[2]):
        return text
    return f"{found[1]} {_TO.get(language, 'to')} {found[2]}"


def _looks_like_url(core: str, host: str) -> bool:
    return core.lower().startswith(("http", "www.", "ftp:")) or _KNOWN_END.match(host.rsplit(".", 1)[-1]) is not None


def _say_address(address: str, signs: dict[str, str]) -> str:
    named = address.replace("@", f" {signs['@']} ").replace(".", f" {signs['.']} ")
    return " ".join(re.sub(r"[_+-]", " ", named).split())


def _say_money(text: str, language: str) -> str:
    def say(sign: str, number: str, scale: str) -> str:
        one, many = _MONEY.get(language, _MONEY["EN"])[sign]
        whole, _, cents = number.partition(".")
        if scale or len(cents) != 2 or language == "ZH":
            return f"{number}{scale} {one if number == '1' else many}"
        name = one if whole == "1" else many
        joint = " con " if language == "ES" else " "
        return f"{whole} {name}" if cents == "00" else f"{whole} {name}{joint}{int(cents)}"

    text = _MONEY_BEFORE.sub(lambda found: say(found[1], found[2], found[3]), text)
    return _MONEY_BEHIND.sub(lambda found: say(found[3], found[1], found[2]), text)


def _say_signs(text: str, signs: dict[str, str], language: str) -> str:
    if language == "ZH":
        text = re.sub(r"(\d+(?:\.\d+)?)\s?[%％]", rf"{signs['%']}\1", text)
    text = re.sub(r"(\d)\s?(°[CF]?)", lambda found: f"{found[1]} {signs[found[2]]}", text)
    text = re.sub(r"#(?=\d)", f"{signs['#']} ", text)
    text = re.sub(r"[~≈](?=\d)", lambda found: f"{signs[found[0]]} ", text)
    text = re.sub(r"[&%＋+=≥≤×→§©™]", lambda found: f" {signs.get(found[0], '')} ", _keep_plus(text))
    text = re.sub(r"(?<=[^\W\d_])[/_](?=[^\W\d_])|[#*^{}<>\\|~]", " ", text)
    return " ".join(text.split()) if text != " " else ""


def _keep_plus(text: str) -> str:
    """Names such as C++ stay for the engine to read as two signs said once each."""
    return re.sub(r"(?<=[A-Za-z])\+\+", " plus plus", text)
