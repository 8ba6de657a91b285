"""What an owner may set about answering. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from selfsame.clones.clone import Adherence
from selfsame.errors import BadInput

LANGUAGES = ("EN", "ES", "ZH")
LONGEST_MESSAGE = 300


def checked_adherence(value: str) -> Adherence:
    """One of the three ways. Raises BadInput."""
    if value not in get_args(Adherence):
        raise BadInput(f"adherence is one of {', '.join(get_args(Adherence))}, not {value!r}")
    return cast("Adherence", value)


def checked_no_answer(messages: Mapping[str, str]) -> dict[str, str]:
    """The messages by language, trimmed; an empty one is left out, so that the product's own is said.

    Raises BadInput for another language or a message of more than 300 letters.
    """
    kept = {}
    for language, message in messages.items():
        if language not in LANGUAGES:
            raise BadInput(f"a no-answer message is for one of {', '.join(LANGUAGES)}, not {language!r}")
        said = " ".join(message.split())
        if len(said) > LONGEST_MESSAGE:
            raise BadInput(
                f"a no-answer message is spoken: at most {LONGEST_MESSAGE} letters, this one has {len(said)}"
            )
        if said:
            kept[language] = said
    return kept
