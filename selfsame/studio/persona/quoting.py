"""Whether words were really said: what a language model claims is held against the transcript. Pure."""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\W_]+")


class Spoken:
    """A transcript in which quotes are looked up, blind to case, marks, spaces and accents."""

    def __init__(self, text: str) -> None:
        self._flat = _flat(text)
        self._tight = self._flat.replace(" ", "")

    def count(self, quote: str) -> int:
        """How often these words were said; 0 for no words."""
        wanted = _flat(quote)
        if not wanted.strip():
            return 0
        if any("\u3400" <= mark <= "\u9fff" for mark in wanted):
            return self._tight.count(wanted.replace(" ", ""))
        return self._flat.count(wanted)

    def holds(self, quote: str) -> bool:
        """Whether a quote is found. One with an ellipsis is found piece by piece."""
        pieces = [piece for piece in re.split(r"…|\.\.\.", quote) if _flat(piece).strip()]
        return bool(pieces) and all(self.count(piece) > 0 for piece in pieces)


def _flat(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("'", "").replace("’", "")
    return f" {_NOISE.sub(' ', plain).strip()} "
