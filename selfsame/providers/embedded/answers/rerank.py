"""`LikenessReranker`: orders passages by how likely each answers the question, by the measures of `match`."""

from __future__ import annotations

import anyio.lowlevel

from selfsame.events.thought import Passage
from selfsame.providers.embedded.answers.match import Asked, confidence, measure, question_of


class LikenessReranker:
    """A `Reranker` without a model: cosine, its lead, covered words and likeness of letters, weighed as in `match`.

    Ten passages take a millisecond or two.
    """

    async def rerank(self, question: str, passages: tuple[Passage, ...]) -> tuple[float, ...]:
        """The probability, 0..1, that each passage answers."""
        asked = Asked.of(question)
        scores = []
        for index, passage in enumerate(passages):
            await anyio.lowlevel.checkpoint()  # a few hundred microseconds each: let others run in between
            rival = max((other.score for other in passages[:index] + passages[index + 1 :]), default=0.0)
            scores.append(confidence(measure(asked, passage, rival), bool(question_of(passage))))
        return tuple(scores)
