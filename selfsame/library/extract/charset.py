"""Which encoding a text file has: pure.

A byte order mark says it; most others are UTF-8, which can be checked. What is neither is an old Western file or an old
Chinese one, and those are told apart by their bytes: letters with accents stand alone among plain ones, ideographs are
pairs; in Big5 the second byte is often a plain one, in GB 2312 never.
"""

from __future__ import annotations

import codecs
import re

from selfsame.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_RUN = re.compile(rb"[\x80-\xff]+")
SAMPLE = 200_000
DENSE = 0.25
"""Share of high bytes among letters above which a text is no Western one."""
BIG5_PLAIN = 0.1
MOST_ODD = 0.02
"""Share of characters that no text has, above which bytes are no text."""


def decode(data: bytes) -> str:
    """The text of a file. Raises BadInput when it is no text."""
    name = encoding_of(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        text = data.decode(name, "replace")
    odd = sum(text.count(mark) for mark in "\ufffd\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f")
    if odd > MOST_ODD * len(text) + 1:
        raise BadInput("The file is no text, or it is damaged. Open it, and save it as UTF-8 text.")
    return text


def decode_page(data: bytes) -> str:
    """The text of a web page, in the encoding that it names when that is known and fits. Raises BadInput."""
    named = _NAMED.search(data[:2048])
    if named and not data.startswith(tuple(mark for mark, _ in _MARKS)):
        try:
            return data.decode(named.group(1).decode("ascii"))
        except (LookupError, UnicodeError):
            pass  # it says one thing and is another
    return decode(data)


def encoding_of(data: bytes) -> str:
    """The name of its encoding, for `bytes.decode`."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:SAMPLE]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=len(sample) == len(data))
    except UnicodeDecodeError:
        return _old(sample)
    if b"\0" in sample:
        return _wide(sample) or "utf-8"
    return "utf-8"


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain letters is zero."""
    half = len(sample) // 2
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if max(odd, even) < 0.4 * half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _old(sample: bytes) -> str:
    if b"\0" in sample and (wide := _wide(sample)):
        return wide
    letters = sum(byte > 0x40 for byte in sample)
    high = sum(byte > 0x7F for byte in sample)
    plain, pairs = _pairs(sample)
    if high > DENSE * letters and plain > BIG5_PLAIN * pairs and _decodes(sample, "big5"):
        return "big5"
    runs = _RUN.findall(sample)
    alone = sum(len(run) % 2 for run in runs)
    together = sum(len(run) >= 4 for run in runs)
    if together > alone and _decodes(sample, "gb18030"):
        return "gb18030"
    return "cp1252"


def _pairs(sample: bytes) -> tuple[int, int]:
    """Of the pairs that begin with a high byte: how many end with a plain one, and how many there are."""
    plain = pairs = at = 0
    while at < len(sample) - 1:
        if sample[at] < 0x80:
            at += 1
            continue
        pairs += 1
        plain += 0x40 <= sample[at + 1] < 0x7F
        at += 2
    return plain, pairs


def _decodes(sample: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
