"""The profile as a language model reads it from a transcript: asked for as JSON, and believed only where it quotes.

Models invent. Every statement must come with words of the transcript that show it; a statement whose quotes were not
said is dropped, and so is a filler or catchphrase that was not said itself. What is left may still be a wrong reading
of real words, which is why the measured findings stay beside it and the owner has the last word.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from selfsame.clones.persona import CHOICES, LISTS, PROFILE, checked_profile, empty_profile
from selfsame.errors import BadInput, BadOutput
from selfsame.studio.persona.quoting import Spoken
from selfsame.studio.persona.transcript import Transcript

Ask = Callable[[str, str], Awaitable[str]]
"""Gives a language model instructions and a text to work on; its whole answer. Raises ProviderError."""

WINDOW = 2600.0
"""Tokens of transcript for one question, so that the whole stays below the limit of prompts (LLM-15)."""
WINDOWS = 3
TRIES = 2
SAID_THEMSELVES = frozenset({"fillers", "openers", "catchphrases", "common_expressions", "greeting", "closing"})
"""Fields whose values are the person's own words."""
MOST_ENTRIES = 8

INSTRUCTIONS = """You study how one person speaks. You get a transcript of that person. Describe the person's way of \
speaking as ONE JSON object and write nothing else.

Each key is one of the fields below. Its value is null when the transcript does not show it, otherwise
{"value": ..., "quotes": ["exact words from the transcript that show it", ...]}
Copy quotes word for word, 3 to 25 words each, at least one for each field. For fields that are lists, the value is a \
list of objects {"value": "...", "quotes": ["..."]}. Do not guess, do not flatter, invent nothing: null is good.

Fields:
- role: what the person does, in at most eight words
- traits (list): character as it shows in the words
- tone: two or three adjectives
- patterns (list): habits of speech, each a short sentence beginning with a verb ("answers with a story")
- dos (list), donts (list): what somebody who speaks for this person should do and avoid in style
- backstory: facts of the person's life that the person tells, in the first person, at most three sentences
- greeting, closing: the words with which the person begins and ends, copied
- fillers (list), openers (list): filler words; those that open sentences; copied
- catchphrases (list): striking phrases that the person says more than once; copied
- common_expressions (list): ordinary expressions that the person uses often; copied
- vocabulary_level: plain, everyday or rich
- vocabulary_style: one short phrase
- formality: casual, neutral or formal
- energy: calm, steady or lively
- selling_approach: how the person wins others over, one sentence
- answer_length: null
Write values in the language of the transcript, but the choices (plain, casual, calm ...) as they stand here."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is left of a model's answers: a profile, quotes by field, and what was dropped and why."""

    profile: dict[str, Any]
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


async def read_profile(transcript: Transcript, ask: Ask) -> Reading:
    """Ask about up to three parts of the transcript and join what holds.

    Raises BadOutput when no answer is usable, and whatever `ask` raises.
    """
    spoken = Spoken(transcript.text)
    readings = [await _read_window(window, spoken, ask) for window in windows(transcript.text)]
    return _joined(readings)


async def _read_window(window: str, spoken: Spoken, ask: Ask) -> Reading:
    fault = ""
    for _ in range(TRIES):
        note = f"\n\nYour last answer could not be used ({fault}). Answer with one JSON object only." if fault else ""
        try:
            return believed(parsed(await ask(INSTRUCTIONS + note, window)), spoken)
        except ValueError as error:
            fault = str(error)[:120]
    raise BadOutput(f"the language model's profile is unusable: {fault}", role="llm", provider="profile")


def windows(text: str) -> list[str]:
    """The text whole, or its beginning, middle and end, each as long as a question may hold. Cut between words."""
    if _tokens(text) <= WINDOW:
        return [text]
    length = max(200, int(len(text) * WINDOW / _tokens(text)))
    count = min(WINDOWS, -(-len(text) // length))
    starts = [round(index * (len(text) - length) / max(1, count - 1)) for index in range(count)]
    return [_whole_words(text, start, start + length) for start in starts]


def _tokens(text: str) -> float:
    plain = sum(mark.isascii() for mark in text)
    return plain / 3.2 + 1.5 * (len(text) - plain)


def _whole_words(text: str, start: int, stop: int) -> str:
    piece = text[start:stop]
    if start and " " in piece[:40]:
        piece = piece.partition(" ")[2]
    return piece.rpartition(" ")[0] if stop < len(text) and " " in piece[-40:] else piece


def parsed(answer: str) -> dict[str, Any]:
    """The JSON object in a model's answer: fences, chatter, hidden reasoning and trailing commas are forgiven, and so
    is an end that is missing. Raises ValueError."""
    text = re.sub(r"<think>.*?(</think>|$)", "", answer, flags=re.DOTALL)
    start = text.find("{")
    if start < 0:
        raise ValueError("no JSON object in it")
    body = text[start:]
    for candidate in (body[: body.rfind("}") + 1], _closed(body)):
        cleaned = re.sub(r",\s*([}\]])", r"\1", candidate)
        for attempt in (candidate, cleaned):
            try:
                found = json.loads(attempt)
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return found
    raise ValueError("its JSON is damaged")


def _closed(body: str) -> str:
    """An answer that was cut off, ended after its last whole entry."""
    open_marks: list[str] = []
    inside = escaped = False
    safe = 0
    safe_open: list[str] = []
    for place, mark in enumerate(body):
        if escaped:
            escaped = False
        elif inside:
            escaped, inside = mark == "\\", mark != '"'
        elif mark == '"':
            inside = True
        elif mark in "{[":
            open_marks.append("}" if mark == "{" else "]")
        elif mark in "}]" and open_marks:
            open_marks.pop()
            safe, safe_open = place + 1, list(open_marks)
            if not open_marks:
                return body[:safe]
    return body[:safe] + "".join(reversed(safe_open)) if safe else ""


def believed(answer: dict[str, Any], spoken: Spoken) -> Reading:
    """What of an answer has the right shape and is shown by words that were said. Raises ValueError when it has none
    of the fields."""
    if not any(name in answer for name in PROFILE):
        raise ValueError("it has none of the fields")
    profile, evidence, dropped = empty_profile(), {}, []
    for name in PROFILE:
        entries = _entries(answer.get(name), name)
        kept: list[tuple[str, list[str]]] = []
        for value, quotes in entries:
            why = _doubt(name, value, quotes, spoken)
            if value.casefold() in {known.casefold() for known, _ in kept}:
                continue
            if why:
                dropped.append(f"{name}: {value[:60]!r}: {why}")
            else:
                kept.append((value, [quote for quote in quotes if spoken.holds(quote)][:3] or [value]))
        if kept:
            values = [value for value, _ in kept][:MOST_ENTRIES]
            profile[name] = values if name in LISTS else values[0]
            evidence[name] = [
                {"what": value, "count": spoken.count(value) if name in SAID_THEMSELVES else len(quotes),
                 "score": 0.0, "quotes": quotes}
                for value, quotes in kept[: len(values) if name in LISTS else 1]
            ]  # fmt: skip
    return Reading(profile, evidence, tuple(dropped))


def _entries(given: Any, name: str) -> list[tuple[str, list[str]]]:
    """(value, quotes) pairs in whatever shape they came; what has another shape is left out."""
    if isinstance(given, dict) and isinstance(given.get("value"), list):
        shared = _quotes(given)
        return [(value, quotes or shared) for item in given["value"] for value, quotes in _entries(item, name)]
    if isinstance(given, list):
        return [entry for item in given for entry in _entries(item, name)]
    if isinstance(given, dict) and isinstance(given.get("value"), str) and given["value"].strip():
        return [(given["value"].strip(), _quotes(given))]
    if isinstance(given, str) and given.strip():
        return [(given.strip(), [])]
    return []


def _quotes(given: dict[str, Any]) -> list[str]:
    found = given.get("quotes", given.get("quote", []))
    found = [found] if isinstance(found, str) else found
    return [quote for quote in found if isinstance(quote, str)] if isinstance(found, list) else []


def _doubt(name: str, value: str, quotes: list[str], spoken: Spoken) -> str:
    """Why a statement is not believed; empty when it is."""
    try:
        checked_profile({name: [value] if name in LISTS else value.lower() if name in CHOICES else value})
    except BadInput as error:
        return error.message
    if name in CHOICES and value not in CHOICES[name]:
        return "none of the choices"
    if name in SAID_THEMSELVES:
        least = 2 if name in ("fillers", "openers", "catchphrases", "common_expressions") else 1
        said = spoken.count(value)
        return "" if said >= least else f"said {said} times"
    if not any(spoken.holds(quote) for quote in quotes):
        return "its quotes were not said" if quotes else "no quote"
    return ""


def _joined(readings: list[Reading]) -> Reading:
    """Of texts the one that most parts agree on, the earliest of equals; of lists all, the most agreed first."""
    profile, evidence = empty_profile(), {}
    for name in PROFILE:
        seen = [each for reading in readings for each in reading.evidence.get(name, [])]
        counts = Counter(each["what"].casefold() for each in seen)
        first = {each["what"].casefold(): each for each in reversed(seen)}
        ranked = sorted(first, key=lambda key: -counts[key])
        order = {each["what"].casefold(): place for place, each in reversed(list(enumerate(seen)))}
        ranked = sorted(ranked, key=lambda key: (-counts[key], order[key]))
        chosen = [first[key] for key in ranked[: MOST_ENTRIES if name in LISTS else 1]]
        if name == "closing" and seen:
            chosen = [seen[-1]]  # the end is in the last part
        if chosen:
            evidence[name] = chosen
            profile[name] = [each["what"] for each in chosen] if name in LISTS else chosen[0]["what"]
    return Reading(profile, evidence, tuple(dict.fromkeys(why for reading in readings for why in reading.dropped)))
