"""The persona: what was extracted, what the owner wrote, and the merge of both (PERS-02 to PERS-06). Pure.

A profile is one flat JSON object with the fields of `PROFILE`. Both halves have that shape. In what was extracted null
means "not known". In what the owner wrote a field that is missing leaves what was extracted, and null says that there
is no such thing: it clears the field. A list replaces a list as a whole; nothing is appended, so that an owner can take
a phrase away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from selfsame.errors import BadInput


@dataclass(frozen=True, slots=True)
class Persona:
    """The merged profile, the system context of every reply.

    `fillers`, `openers` (fillers that open a sentence), `catchphrases` and `common_expressions` are in the person's own
    words. `vocabulary_level` is plain, everyday or rich; `formality` casual, neutral or formal; `energy` calm, steady
    or lively; `answer_length` short, medium or long; `language` EN, ES or ZH, in which all those
    words are; each empty when not known.
    """

    name: str
    role: str = ""
    traits: tuple[str, ...] = ()
    tone: str = ""
    patterns: tuple[str, ...] = ()
    dos: tuple[str, ...] = ()
    donts: tuple[str, ...] = ()
    backstory: str = ""
    greeting: str = ""
    closing: str = ""
    fillers: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    catchphrases: tuple[str, ...] = ()
    common_expressions: tuple[str, ...] = ()
    vocabulary_level: str = ""
    vocabulary_style: str = ""
    formality: str = ""
    energy: str = ""
    selling_approach: str = ""
    answer_length: str = ""
    language: str = ""


CHOICES: Mapping[str, tuple[str, ...]] = {
    "vocabulary_level": ("plain", "everyday", "rich"),
    "formality": ("casual", "neutral", "formal"),
    "energy": ("calm", "steady", "lively"),
    "answer_length": ("short", "medium", "long"),
    "language": ("EN", "ES", "ZH"),
}
LISTS = frozenset({
    "traits", "patterns", "dos", "donts", "fillers", "openers", "catchphrases", "common_expressions",
})  # fmt: skip
PROFILE = tuple(each.name for each in fields(Persona) if each.name != "name")
"""The fields of a profile, in the order in which they are shown. The name is the clone's own."""
LONGEST_TEXT = {"backstory": 4000, "greeting": 500, "closing": 500}
LONGEST = 300
MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class PersonaProfile:
    """The two halves as stored; overrides win field by field."""

    auto_extracted: dict[str, Any] = field(default_factory=dict)
    manual_overrides: dict[str, Any] | None = None

    def merged(self, name: str) -> Persona:
        """The persona with the owner's words over the extracted ones; unknown fields are ignored."""
        values: dict[str, Any] = {"name": name}
        for known in fields(Persona):
            value = self.value(known.name)
            if value is not None:
                values[known.name] = tuple(value) if isinstance(value, list) else value
        return Persona(**values)

    def value(self, name: str) -> Any:
        """What holds for a field: the owner's word where there is one, null too; else what was extracted."""
        overrides = self.manual_overrides or {}
        return overrides[name] if name in overrides else self.auto_extracted.get(name)


def empty_profile() -> dict[str, Any]:
    """A profile of which nothing is known."""
    return dict.fromkeys(PROFILE)


def checked_profile(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a profile as they may be stored: trimmed, lists without repeats. Null stays null; a `name` may come.

    Raises BadInput that names the field: unknown, of another kind, too long, or none of its choices.
    """
    return {name: _checked(name, value) for name, value in values.items()}


def _checked(name: str, value: Any) -> Any:
    if name not in PROFILE and name != "name":
        raise BadInput(f"a profile has no field {name[:40]!r}; it has: {', '.join(PROFILE)}")
    if value is None and name != "name":
        return None
    if name in LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise BadInput(f"{name} must be a list of texts, or null")
        if len(value) > MOST_ITEMS:
            raise BadInput(f"{name} may have at most {MOST_ITEMS} entries")
        return list(dict.fromkeys(_text(name, item) for item in value if item.strip()))
    if not isinstance(value, str):
        raise BadInput(f"{name} must be a text" + (", or null" if name != "name" else ""))
    text = _text(name, value)
    if name in CHOICES and text and text not in CHOICES[name]:
        raise BadInput(f"{name} must be one of {', '.join(CHOICES[name])}, or null")
    if name == "name" and not text:
        raise BadInput("a name cannot be empty")
    return text


def _text(name: str, value: str) -> str:
    text = value.strip()
    most = LONGEST_TEXT.get(name, LONGEST)
    if len(text) > most:
        raise BadInput(f"{name} may have at most {most} characters" + (" an entry" if name in LISTS else ""))
    if any(mark < " " and mark not in "\n\t" for mark in text) or any("\ud800" <= mark <= "\udfff" for mark in text):
        raise BadInput(f"{name} holds characters that are no text")
    return text
