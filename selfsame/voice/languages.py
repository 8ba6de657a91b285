"""In which language to say a piece of text, given what the voice can (LANG-04, LANG-05). Pure."""

from __future__ import annotations

from selfsame.kit.languages import detect, evidence


def language_for(text: str, default: str, available: frozenset[str]) -> str:
    """The language to say `text` in: what it is written in if the voice has that, else `default`.

    A `default` that is no language ("auto") leaves it to the text alone. One small word is no reason to change the
    voice: a switch needs Chinese script, or two signs of the other language.
    """
    if default not in ("EN", "ES", "ZH"):
        found = detect(text)
        return found if found in available else min(available, default="EN")
    found = detect(text, default)
    if found == default or found not in available:
        return default
    if found == "ZH":
        return found
    signs = evidence(text, found)
    return found if signs >= 2 or (default == "ZH" and signs) else default
