"""`EmbeddedAnswers`: a `LanguageModel` that only repeats what its passages say.

No key, no GPU, no download; a millisecond or two. It picks the passage that most likely answers (`match`), says its
prepared answer or its best sentences (`say`), and admits it when nothing is likely enough.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import anyio.lowlevel

from selfsame.events.thought import Passage, Sources, Thought, ThoughtEnded, Token
from selfsame.kit.languages import detect
from selfsame.kit.words import likeness
from selfsame.mind.adherence import no_answer
from selfsame.mind.port import Adherence, Prompt, ThinkingAbilities
from selfsame.providers.embedded.answers.habits import with_habits
from selfsame.providers.embedded.answers.match import Asked, confidence, measure, question_of, spoken_words
from selfsame.providers.embedded.answers.records import records_of, told_by
from selfsame.providers.embedded.answers.say import answer_sentences, best_sentences, first_person, plain

THRESHOLD: dict[Adherence, float] = {"strict": 0.5, "adaptive": 0.3, "creative": 0.25}
"""Confidence from which a passage is taken for the answer, by how the clone keeps to its sources.

Of 289 questions whose answer was hidden, 16, 58 and 72 got another one; with the answer there, 182, 224 and 234 were
answered rightly (docs/decisions/0029-finding-and-answering.md).
"""
GUESS = 0.13
"""Confidence from which a prepared answer is said together with the question it answers; never by a strict clone."""

ROW_COVERED = 0.75
SAME_QUESTION = 0.8
"""Cosine of two questions from which they ask the same."""

_UNKNOWN = {
    "EN": ("I do not know that.", "I am afraid I do not know that.", "That is something I do not know."),
    "ES": ("No lo sé.", "Lo siento, eso no lo sé."),
    "ZH": ("这个我不知道。", "抱歉，这个我不清楚。"),
}
_MEANT = {"EN": "Do you mean: {topic}", "ES": "¿Quieres decir: {topic}", "ZH": "你是想问：{topic}"}
_SUGGEST = {"EN": "You could ask me: {topic}", "ES": "Puedes preguntarme: {topic}", "ZH": "你可以问我：{topic}"}
_SUGGEST_TITLE = {
    "EN": "I can tell you about {topic}.",
    "ES": "Puedo hablarte de {topic}.",
    "ZH": "我可以告诉你关于{topic}的事。",
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage with what would be said and how sure that is."""

    passage: Passage
    said: tuple[str, ...]
    confidence: float
    prepared: bool


class EmbeddedAnswers:
    """Answers in the words of its sources."""

    def __init__(self, threshold: float | None = None) -> None:
        self.abilities = ThinkingAbilities(
            name="embedded",
            model="embedded-answers",
            languages=frozenset(["EN", "ES", "ZH"]),
            streaming=True,
            extractive=True,
        )
        self._threshold = threshold

    async def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        """`Sources` (the one passage used), a `Token` per sentence, `ThoughtEnded`.

        `prompt.facts["standalone"]`, where present, is the question with its topic added. `ThoughtEnded.extra` says
        `answer` (faq, document, guess, unknown) and `confidence`. A guess begins with the question that it answers.
        """
        own = f"{prompt.manner.name} {prompt.manner.role}"
        readings = [Asked.of(text, own) for text in dict.fromkeys((prompt.query, prompt.facts.get("standalone", "")))]
        readings = [asked for asked in readings if asked.words]
        threshold = THRESHOLD[prompt.manner.adherence] if self._threshold is None else self._threshold
        best: _Candidate | None = None
        for index, passage in enumerate(prompt.passages):
            await anyio.lowlevel.checkpoint()  # a few hundred microseconds each: let others run in between
            others = prompt.passages[:index] + prompt.passages[index + 1 :]
            rival = max((other.score for other in others), default=0.0)
            for asked in readings:
                candidate = _weigh(asked, passage, rival, prompt)
                if spoken_words(" ".join(candidate.said)) and _better(candidate, best, threshold):
                    best = candidate
        if best is not None and best.confidence >= threshold:
            yield Sources((best.passage,))
            said = first_person(list(best.said), prompt.manner.name)
            kind = "faq" if best.prepared else "document"
        elif best is not None and best.confidence >= GUESS and best.prepared and prompt.manner.adherence != "strict":
            yield Sources((best.passage,))
            meant = _MEANT.get(prompt.language, _MEANT["EN"]).format(topic=plain(question_of(best.passage)))
            said, kind = [meant, *first_person(list(best.said), prompt.manner.name)[:2]], "guess"
        else:
            said, kind = _unknown(prompt, best.passage if best else None), "unknown"
        said = with_habits(said, prompt, answered=kind not in ("unknown", "guess"))
        for index, sentence in enumerate(said):
            joined = index == 0 or said[index - 1].endswith(("。", "！", "？"))
            yield Token(sentence if joined else " " + sentence)
        yield ThoughtEnded(
            model=self.abilities.model,
            reply_tokens=sum(len(sentence.split()) for sentence in said),
            extra={"answer": kind, "confidence": f"{best.confidence if best else 0.0:.2f}"},
        )


def _better(candidate: _Candidate, best: _Candidate | None, threshold: float) -> bool:
    """Whether a candidate takes the place of the best so far; what the owner wrote goes before documents."""
    if best is None:
        return True
    own, other = (each.passage.kind == "correction" and each.confidence >= threshold for each in (candidate, best))
    return (own, candidate.confidence) > (other, best.confidence)


def _weigh(asked: Asked, passage: Passage, rival: float, prompt: Prompt) -> _Candidate:
    """What the passage would say, and how likely that answers the question."""
    most = 2 if prompt.mode == "faster" else 3
    measures = measure(asked, passage, rival)
    prepared = bool(question_of(passage))
    records = [] if prepared else records_of(passage)
    told = told_by(asked, records, f"{passage.title} {passage.heading}") if records else None
    if prepared:
        said = answer_sentences(passage.text, most)
    elif told is not None:
        said = list(told.said)
    else:
        said, coverage = best_sentences(asked, passage.text, 1 if records else most)
        measures = replace(measures, coverage=coverage)
    sure = told.confidence if told is not None else confidence(measures, prepared)
    if records and told is None and measures.coverage < ROW_COVERED:
        sure *= 0.2  # rows are alike but for their names: one that is not named must hold nearly all that was asked
    if passage.kind == "correction" and passage.score >= SAME_QUESTION:
        sure = max(sure, 0.9)  # the owner wrote this answer to this question
    if _said_before(said, prompt) and "standalone" in prompt.facts:
        sure *= 0.15  # a question that leans on the last answer does not ask for that answer again
    if detect(passage.text, prompt.language) != prompt.language:
        sure *= 0.6  # rather not answer than in a language that was not asked for
    return _Candidate(passage, tuple(said), sure, prepared)


def _said_before(said: list[str], prompt: Prompt) -> bool:
    return bool(said) and bool(prompt.history) and likeness(said[0], prompt.history[-1].clone[: len(said[0])]) > 0.9


def _unknown(prompt: Prompt, nearest: Passage | None) -> list[str]:
    """Admit it, and offer the nearest thing that is known. The same question gets the same words.

    The owner's message takes the place of ours; a strict clone offers nothing beside it.
    """
    language = prompt.language if prompt.language in _UNKNOWN else "EN"
    if prompt.manner.adherence == "strict":
        return [no_answer(prompt.manner, language)]
    own = prompt.manner.no_answer.get(language)
    choices = (own,) if own else _UNKNOWN[language]
    said = [choices[zlib.crc32(f"{len(prompt.history)}:{prompt.query}".encode()) % len(choices)]]
    ranked = ([nearest] if nearest else []) + list(prompt.passages)
    topics = [(question_of(passage), _SUGGEST) for passage in ranked] + [(p.title, _SUGGEST_TITLE) for p in ranked]
    for topic, wording in topics:
        if topic and detect(topic, language) == language:
            return [*said, wording[language].format(topic=plain(topic))]
    return said
