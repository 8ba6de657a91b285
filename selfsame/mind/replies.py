"""Small talk: what people say to anybody, recognised from rough text, and an answer in the persona's manner. Pure.

Recognition compares the whole utterance with short examples, blind to word edges and forgiving of a wrong word, so
"helo can you here me" is a greeting and "hello how do i make a clone" is a question.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from selfsame.events.turns import Exchange
from selfsame.kit.words import fold, likeness, tokens
from selfsame.mind.habits import closing_of, greeting_of
from selfsame.mind.phrases import ANSWERS, EXAMPLES, FILLERS, TONGUES
from selfsame.mind.port import Manner

Intent = Literal[
    "greeting", "can_you_hear_me", "how_are_you", "thanks", "goodbye", "who_are_you", "are_you_real", "what_can_you_do",
    "repeat", "stop", "yes", "no", "praise", "not_understood", "sorry", "another_topic",
    "speak_en", "speak_es", "speak_zh",
]  # fmt: skip

THRESHOLD = 0.72
"""Likeness from which an utterance counts as an example. Set on tests/mind/questions.json."""

_FORMAL = ("formal", "reserved", "professional", "serious", "polite")


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What was recognised; `language` is that of the matching example."""

    intent: Intent
    language: str
    likeness: float


def recognise(text: str, name: str = "") -> SmallTalk | None:
    """The small talk that a text is, or None when it is something to look up."""
    said = _bare(text, name)
    if not said:
        return None
    best = max(
        (SmallTalk(intent, language, likeness(said, example)) for intent, language, example in _examples()),
        key=lambda match: match.likeness,
    )
    least = THRESHOLD if len(said) > 6 else 0.85  # three trigrams can agree by chance
    return best if best.likeness >= least else None


def answer(talk: SmallTalk, manner: Manner, history: tuple[Exchange, ...], turn: int, language: str) -> str:
    """What the clone says to it. The same arguments give the same answer; turns vary it."""
    if talk.intent.startswith("speak_"):
        language = talk.intent[-2:].upper()
    if talk.intent == "repeat":
        return _repeat(history, language)
    own = _own_words(talk, manner, history, language)
    if own:
        return own
    choices = ANSWERS[talk.intent][language]
    formal = manner.formality == "formal" or any(word in fold(manner.tone) for word in _FORMAL)
    if len(choices) > 1 and (formal or manner.formality == "casual"):
        choices = choices[:1] if formal else choices[1:]  # the first of each row is the reserved one
    chosen = choices[zlib.crc32(f"{turn}:{talk.intent}:{manner.name}".encode()) % len(choices)]
    return chosen.format(name=manner.name, role=_role(manner, language), about=_about(manner, language)).strip()


def _own_words(talk: SmallTalk, manner: Manner, history: tuple[Exchange, ...], language: str) -> str:
    """The person's own greeting at the beginning, and their own goodbye, where they are known in that language."""
    if talk.intent == "greeting" and not history:
        return greeting_of(manner, language)
    if talk.intent == "goodbye":
        closing = closing_of(manner, language)
        return "" if history and closing == history[-1].clone else closing
    return ""


def _repeat(history: tuple[Exchange, ...], language: str) -> str:
    said = next((exchange.clone for exchange in reversed(history) if exchange.clone.strip()), "")
    if said:
        return said
    return ANSWERS["repeat"][language][0]


def _role(manner: Manner, language: str) -> str:
    if not manner.role or language != "EN":
        return ""
    return f", {manner.role.strip().rstrip('.')}"


def _about(manner: Manner, language: str) -> str:
    """The first sentence of the backstory, which the owner wrote in the clone's own language."""
    if language != "EN" or not manner.backstory:
        return ""
    first = manner.backstory.strip().split(". ")[0].rstrip(".")
    return f" {first}." if first.startswith(("I ", "I'm", "My ")) else ""


def _bare(text: str, name: str) -> str:
    """The utterance's words without fillers and without the clone's name."""
    skip = FILLERS | set(tokens(name))
    flat = fold(text)
    words = [
        word for word in flat.replace(",", " ").replace(".", " ").split() if word.strip("?!¿¡。，？！") not in skip
    ]
    return " ".join(words).strip(" ?!¿¡。，？！").removeprefix("请")


@lru_cache(maxsize=1)
def _examples() -> tuple[tuple[Intent, str, str], ...]:
    return tuple(
        (intent, language, _bare(example, ""))
        for intent, by_language in EXAMPLES.items()
        for language, examples in by_language.items()
        for example in examples
    )


def tongue_of(text: str) -> str | None:
    """The language that a text asks to be spoken ("please speak spanish"), or None."""
    talk = recognise(text)
    return TONGUES.get(talk.intent) if talk else None
