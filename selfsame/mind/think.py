"""The one stage of the mind: a question in, a streamed reply out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio
import structlog

from selfsame.errors import BadOutput, ProviderError
from selfsame.events.thought import Passage, Sources, Thought, ThoughtEnded, Token
from selfsame.events.turns import Exchange, Mode
from selfsame.kit.clock import Clock
from selfsame.kit.languages import detect
from selfsame.mind import replies
from selfsame.mind.adherence import no_answer
from selfsame.mind.guard import Guard
from selfsame.mind.modes import MODES, ModeFigures
from selfsame.mind.port import LanguageModel, Manner, Prompt, Query, Retriever, ThinkingAbilities
from selfsame.mind.prompt import estimate_tokens, messages
from selfsame.mind.support import Sieve
from selfsame.mind.topic import offered, standalone

log = structlog.get_logger(__name__)
LANGUAGES = ("EN", "ES", "ZH")
_LOOKED_UP_TOO = frozenset(["who_are_you", "are_you_real", "what_can_you_do"])
"""Small talk on which the clone's own knowledge may have a better answer; only for thinkers that generate."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the user said and what is needed to answer it.

    `language` is EN, ES, ZH or "auto" (then the text decides, and the last exchange where the text cannot).
    `context` is sanitised already (`kit.clean.sanitise_context`). `turn` varies the wording of small talk.
    """

    text: str
    clone_id: str
    manner: Manner
    language: str = "auto"
    mode: Mode = "planning"
    history: tuple[Exchange, ...] = ()
    context: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Thinking:
    """The engines and figures of the mind."""

    retriever: Retriever
    model: LanguageModel
    clock: Clock
    modes: Mapping[Mode, ModeFigures] = field(default_factory=lambda: MODES)


@dataclass(frozen=True, slots=True)
class _Found:
    """What retrieval brought; `outcome` is ok, nothing, skipped, timeout or an error's code."""

    passages: tuple[Passage, ...] = ()
    seconds: float = 0.0
    outcome: str = "skipped"


async def think(question: Question, engines: Thinking) -> AsyncIterator[Thought]:
    """`Sources` (what the reply rests on, when it rests on something), `Token`s, then one `ThoughtEnded`.

    Retrieval that fails or takes too long does not end the reply: it goes on without knowledge, and
    `ThoughtEnded.extra["retrieval"]` says so. Raises ProviderError of the model, also in mid-stream, and BadOutput
    when the model says nothing, loops, or is unusable (LLM-23). Closing the iterator stops the work.
    """
    began = engines.clock.now()
    language = reply_language(question)
    talk = replies.recognise(question.text, question.manner.name)
    offer = offered(question.history)
    if talk is not None and talk.intent == "yes" and offer:
        question, talk = replace(question, text=offer), None
    strict = question.manner.adherence == "strict"
    if talk is not None and (engines.model.abilities.extractive or strict):
        spoken = language if question.language in LANGUAGES else talk.language
        for thought in _small_talk(question, talk, spoken, engines, began):
            yield thought
        return
    sought = standalone(question.text, question.history)
    if talk is None or talk.intent in _LOOKED_UP_TOO:
        found = await _retrieve(question, sought, language, engines)
    else:
        found = _Found()
    prompt = _prompt(question, sought, language, found, engines.modes[question.mode])
    if strict and not found.passages:
        for thought in _without_answer(prompt, engines, found, began):
            yield thought
        return
    async with _closing(_reply(prompt, engines, found, began)) as thoughts:
        async for thought in thoughts:
            yield thought


def reply_language(question: Question) -> str:
    """The language to answer in: the setting, an explicit request, the question's own, or the last one spoken."""
    asked = replies.tongue_of(question.text)
    if asked:
        return asked
    if question.language in LANGUAGES:
        return question.language
    last = question.history[-1].language if question.history else "EN"
    return detect(question.text, default=last if last in LANGUAGES else "EN")


def _small_talk(
    question: Question, talk: replies.SmallTalk, language: str, engines: Thinking, began: float
) -> tuple[Thought, ...]:
    text = replies.answer(talk, question.manner, question.history, question.turn, language)
    ended = ThoughtEnded(
        model=engines.model.abilities.model,
        reply_tokens=len(text.split()),
        first_token_seconds=engines.clock.now() - began,
        extra={"intent": talk.intent, "retrieval": "skipped", "language": language},
    )
    return Token(text), ended


def _without_answer(prompt: Prompt, engines: Thinking, found: _Found, began: float) -> tuple[Token, ThoughtEnded]:
    """What a strict clone says when its sources hold nothing; no model is asked."""
    text = no_answer(prompt.manner, prompt.language)
    extra = {"answer": "unknown", "retrieval": found.outcome, "language": prompt.language}
    if found.outcome == "nothing":  # a search that failed says nothing about the knowledge
        extra["unanswered"] = "yes"
    took = engines.clock.now() - began
    return Token(text), ThoughtEnded(engines.model.abilities.model, 0, len(text.split()), found.seconds, took, extra)


async def _retrieve(question: Question, sought: str, language: str, engines: Thinking) -> _Found:
    figures = engines.modes[question.mode]
    began = engines.clock.now()
    query = Query(sought, question.clone_id, language, figures.top_k)
    passages: tuple[Passage, ...] = ()
    outcome = "timeout"
    try:
        with anyio.move_on_after(figures.retrieval_timeout):
            passages = await engines.retriever.retrieve(query)
            outcome = "ok" if passages else "nothing"
    except ProviderError as error:
        outcome = error.code
    if outcome not in ("ok", "nothing"):
        log.warning("retrieval failed; answering without knowledge", outcome=outcome, clone=question.clone_id)
    return _Found(passages, engines.clock.now() - began, outcome)


def _prompt(question: Question, sought: str, language: str, found: _Found, figures: ModeFigures) -> Prompt:
    facts = {"retrieval": found.outcome}
    if sought != question.text:
        facts["standalone"] = sought
    return Prompt(
        manner=question.manner,
        query=question.text,
        language=language,
        mode=question.mode,
        passages=found.passages,
        history=question.history,
        context=question.context,
        max_tokens=figures.max_tokens,
        temperature=figures.temperature,
        facts=facts,
    )


async def _reply(prompt: Prompt, engines: Thinking, found: _Found, began: float) -> AsyncIterator[Thought]:
    """Stream the model's reply through the guard, with sources first and the measures last.

    Of a strict clone's generated reply only the sentences that the passages support are let through; when none is, it
    says that it has no answer.
    """
    abilities, figures = engines.model.abilities, engines.modes[prompt.mode]
    guard = Guard(prompt.manner.name, figures.max_sentences, figures.max_tokens)
    sieve = Sieve(prompt.passages) if prompt.manner.adherence == "strict" and not abilities.extractive else None
    sources = None if abilities.extractive or not found.passages else Sources(found.passages)
    ended = ThoughtEnded(model=abilities.model)
    first: float | None = None
    async with _closing(engines.model.stream(prompt)) as stream:
        async for thought in stream:
            if isinstance(thought, ThoughtEnded):
                ended = thought
            elif isinstance(thought, Sources):
                sources = thought
            else:
                text = _let(guard.feed(thought.text), sieve)
                if text:
                    first = engines.clock.now() - began if first is None else first
                    for said in _with_sources(sources, text):
                        yield said
                    sources = None
            if guard.done:
                break
    text = _let(guard.finish(), sieve, last=True)
    if guard.fault:
        raise BadOutput(f"the model's reply is unusable: {guard.fault}", role="llm", provider=abilities.name)
    empty = sieve is not None and not sieve.said
    if empty:
        sources, text = None, no_answer(prompt.manner, prompt.language)
    if text:
        for said in _with_sources(sources, text):
            yield said
    took = engines.clock.now() - began if first is None else first
    counted = ended.reply_tokens or estimate_tokens(guard.said)  # engines that do not count, and replies cut short
    extra = {**ended.extra, **_outcome(prompt, found, guard, sieve)}
    if _is_gap(abilities, found, ended, sieve):
        extra["unanswered"] = "yes"
    timed = replace(ended, retrieval_seconds=found.seconds, first_token_seconds=took, extra=extra)
    yield _counted(timed, prompt, counted, estimate=not abilities.extractive)


def _counted(ended: ThoughtEnded, prompt: Prompt, reply_tokens: int, *, estimate: bool) -> ThoughtEnded:
    """With tokens: the engine's own count, or an estimate from the very messages that it was sent."""
    if ended.prompt_tokens or not estimate:
        return replace(ended, reply_tokens=reply_tokens)
    asked = sum(estimate_tokens(message["content"]) for message in messages(prompt))
    return replace(ended, prompt_tokens=asked, reply_tokens=reply_tokens, tokens_estimated=True)


def _let(text: str, sieve: Sieve | None, *, last: bool = False) -> str:
    """What of the guarded text may be said."""
    if sieve is None:
        return text
    return sieve.feed(text) + (sieve.finish() if last else "")


def _outcome(prompt: Prompt, found: _Found, guard: Guard, sieve: Sieve | None) -> dict[str, str]:
    """How the reply came about, for the record."""
    extra = {"retrieval": found.outcome, "language": prompt.language}
    if guard.cut:
        extra["cut"] = guard.cut
    if sieve is not None and sieve.withheld:
        extra["withheld"] = str(sieve.withheld)
    return extra


def _is_gap(abilities: ThinkingAbilities, found: _Found, ended: ThoughtEnded, sieve: Sieve | None) -> bool:
    """Whether the clone's knowledge, which could be searched, did not hold the answer."""
    if found.outcome not in ("ok", "nothing"):
        return False
    if abilities.extractive:
        return ended.extra.get("answer") == "unknown"
    return found.outcome == "nothing" or (sieve is not None and not sieve.said)


@asynccontextmanager
async def _closing(stream: AsyncIterator[Thought]) -> AsyncIterator[AsyncIterator[Thought]]:
    """Close a model's stream at the end, where it can be closed (generators can)."""
    try:
        yield stream
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


def _with_sources(sources: Sources | None, text: str) -> tuple[Thought, ...]:
    return (Token(text),) if sources is None else (sources, Token(text))
