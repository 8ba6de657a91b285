"""How well a passage answers a question: a few measures of likeness and one number from them. Pure.

The measures serve text as recognisers write it: words count as matched when they look or sound alike, and mean about
the same. The number is a logistic regression fitted on tests/mind/questions.json with MiniLM's cosines
(docs/decisions/0015-two-thinkers.md).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import exp

from selfsame.events.thought import Passage
from selfsame.kit.words import alike, content_words, likeness, tokens
from selfsame.providers.embedded.answers.synonyms import meaning

_FAINT = frozenset({
    "mak", "us", "work", "kind", "sort", "thing", "way", "find", "giv", "tak", "help", "show", "explain",
    "possibl", "try", "person", "peopl", "one", "two", "difer", "diferent", "understand", "question", "answ",
    "whol", "place", "part", "tim", "happen", "mean",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question prepared once for all passages. `faint` words (the clone's own name and role) count for little."""

    text: str
    words: tuple[str, ...]
    faint: frozenset[str]

    @classmethod
    def of(cls, text: str, own: str = "") -> Asked:
        """Prepare `text`; `own` is what every passage is about anyway."""
        return cls(text, content_words(text), frozenset(content_words(own)) | _FAINT)

    def weight(self, word: str) -> float:
        """How much it matters that a word is matched, 0.25..1."""
        if word in self.faint:
            return 0.25
        return min(1.0, 0.5 + 0.1 * len(word))


@dataclass(frozen=True, slots=True)
class Measures:
    """What is compared: cosine and `lead` (cosine above that of the best other passage, -0.3..0.3) come from retrieval;
    `coverage` of the question's words by the passage, and `likeness` of both questions' letters, 0..1.
    """

    cosine: float
    coverage: float
    likeness: float
    lead: float


_BIAS_FAQ, _WEIGHTS_FAQ = -6.07, (2.70, 2.34, 5.42, 6.23)
_BIAS_TEXT, _WEIGHTS_TEXT = -3.78, (0.96, 2.40, 0.0, 5.69)


def question_of(passage: Passage) -> str:
    """The question that a passage answers: its own, or a last heading that asks; else empty."""
    if passage.question:
        return passage.question
    last = passage.heading.split(">")[-1].strip()
    return last if last.endswith(("?", "？")) else ""


def measure(asked: Asked, passage: Passage, rival: float) -> Measures:
    """Compare a question with a passage; `rival` is the best cosine among the other passages."""
    question = question_of(passage)
    words = content_words(f"{question} {passage.heading} {passage.title} {passage.text}")
    return Measures(
        cosine=max(0.0, passage.score),
        coverage=covered(asked, asked.words, words),
        likeness=likeness(asked.text, question) if question else 0.0,
        lead=max(-0.3, min(0.3, passage.score - rival)),
    )


def confidence(measures: Measures, has_question: bool) -> float:
    """Probability that the passage answers the question."""
    bias, weights = (_BIAS_FAQ, _WEIGHTS_FAQ) if has_question else (_BIAS_TEXT, _WEIGHTS_TEXT)
    total = bias + sum(weight * value for weight, value in zip(weights, astuple(measures), strict=True))
    if measures.likeness > 0.95:
        total += 4.0  # the very question that the passage answers
    return 1.0 / (1.0 + exp(-total))


def covered(asked: Asked, words: tuple[str, ...], inside: tuple[str, ...]) -> float:
    """The weighted share of `words` found in `inside`, 0 when there are none."""
    total = sum(asked.weight(word) for word in words)
    if not total or not inside:
        return 0.0
    joined = {index for index in range(len(words) - 1) if _best(words[index] + words[index + 1], inside) >= 0.85}
    found = 0.0
    for index, word in enumerate(words):
        split = index in joined or index - 1 in joined  # "self same" for "selfsame"
        found += asked.weight(word) * (1.0 if split else _best(word, inside))
    return found / total


def _best(word: str, inside: tuple[str, ...]) -> float:
    if word in inside:
        return 1.0
    mine = meaning(word)
    if mine and any(meaning(other) == mine for other in inside):
        return 0.85
    return max(alike(word, other) for other in inside)


def spoken_words(text: str) -> int:
    """Words of a text (of Chinese, pairs of characters)."""
    return len(tokens(text))
