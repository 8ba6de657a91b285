"""What the evaluator has a clone say, and whether it was said in the right language (EVAL-02, EVAL-05)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from selfsame.errors import BadInput
from selfsame.kit.languages import detect
from selfsame.kit.pcm import Pcm
from selfsame.kit.sentences import sentences


@dataclass(frozen=True, slots=True)
class Scenario:
    """A text to be said. `languages` are expected, in their order; more than one: each sentence in its own."""

    name: str
    text: str
    languages: tuple[str, ...]

    @property
    def language(self) -> str:
        """What is asked of the voice: a language, or "auto" for each sentence by its text."""
        return self.languages[0] if len(self.languages) == 1 else "auto"


SCENARIOS = (
    Scenario("EN_short", "I am happy that you came by today.", ("EN",)),
    Scenario("ZH_short", "你好，今天好吗？", ("ZH",)),
    Scenario("ES_short", "Me alegra mucho verte por aquí.", ("ES",)),
    Scenario(
        "EN_ZH_ES_switch",
        "Hello, it is good to see you. 你好，很高兴认识你。 Buenos días, ¿cómo está usted?",
        ("EN", "ZH", "ES"),
    ),
    Scenario(
        "EN_long",
        "Let me tell you about my work. I build bridges, and before any of them stands, I spend many months by the "
        "river, watching how the people of both banks move about.",
        ("EN",),
    ),
)
"""One to two seconds each, but the switch, and the long one of eight to twelve. Their lips have something to do: in so
short a text the lip-sync score needs sounds that differ to the eye."""


def chosen(names: Sequence[str]) -> list[Scenario]:
    """The scenarios of these names, all for none. Raises BadInput for a name that is not one of them."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadInput(f"{unknown[0]} is no scenario; there are {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)] or list(SCENARIOS)


@dataclass(frozen=True, slots=True)
class Listener:
    """Engines that can tell a language; both calls block and take mono PCM and its rate.

    `identify` gives the languages spoken in a sound, in their order. `hear` writes down what is said; it knows
    `languages` and is asked only where it could have heard another one.
    """

    identify: Callable[[Pcm, int], Sequence[str]] | None = None
    hear: Callable[[Pcm, int], str] | None = None
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Language:
    """`detected` is one language, or several joined by "+" in their order ("" for none).

    `source`: from the sound itself, from what a recogniser heard, or from the text that was to be said. The last says
    only that the text was in its language; it is no proof of what was spoken.
    """

    detected: str
    correct: int
    source: Literal["sound", "recogniser", "text"]


def judge(scenario: Scenario, pcm: Pcm, rate: int, listener: Listener) -> Language:
    """In which languages a scenario was spoken, by the best evidence there is. Blocks; raises ProviderError."""
    if listener.identify is not None:
        return _judged(scenario, listener.identify(pcm, rate), "sound")
    # A recogniser of one language hears that one in everything: it could not find a fault.
    if listener.hear is not None and len(listener.languages) > 1 and listener.languages >= set(scenario.languages):
        return _judged(scenario, written_in(listener.hear(pcm, rate)), "recogniser")
    return _judged(scenario, written_in(scenario.text), "text")


def written_in(text: str) -> list[str]:
    """The languages of a text's sentences in their order; a sentence that shows none continues the one before."""
    found: list[str] = []
    for sentence in sentences(text):
        found.append(detect(sentence, found[-1] if found else "EN"))
    return list(dict.fromkeys(found))


def _judged(scenario: Scenario, found: Sequence[str], source: Literal["sound", "recogniser", "text"]) -> Language:
    detected = tuple(dict.fromkeys(found))
    return Language("+".join(detected), int(detected == scenario.languages), source)
