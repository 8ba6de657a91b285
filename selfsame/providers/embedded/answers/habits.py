"""The answer as its person would say it: habits around the sentences, never inside. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from selfsame.mind.habits import Occasion, framed
from selfsame.mind.port import Prompt


def with_habits(said: Sequence[str], prompt: Prompt, *, answered: bool) -> list[str]:
    """The sentences with this turn's habits; the words of the answer stay as they are."""
    occasion = Occasion(
        query=prompt.query,
        language=prompt.language,
        turn=len(prompt.history),
        last=prompt.history[-1].clone if prompt.history else "",
        most=2 if prompt.mode == "faster" else 3,
        answered=answered,
    )
    return list(framed(said, prompt.manner, occasion).sentences)
