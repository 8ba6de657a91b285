"""What a visitor may say to a clone, derived from what the clone knows. Pure but for reading our own text files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

STOP_WORDS = (
    "a an the and or but nor so if then than that this these those it its i me my mine we us our ours you your "
    "yours he him his she her hers they them their theirs is am are was were be been being do does did done have has "
    "had having "
    "can could will would shall should may might must not no to of in on at by for with from into onto over under up "
    "down out off about as what which who whom whose when where why how there here very also just only too more most "
    "some any each every all both few many much such own same other another because while during before after again "
    "once between through until against above below"
)
STOP = frozenset(STOP_WORDS.split())
SWAP = {"i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "i'm": "you're", "we": "you"}
SWAP |= {"i've": "you've", "i'd": "you'd", "i'll": "you'll", "our": "your", "us": "you", "am": "are", "was": "were"}
INVERTED = ("you are", "you were", "you have", "you can", "you will", "you would", "you should")


@dataclass(frozen=True, slots=True)
class Mixture:
    """Weights of each kind of sentence when n-grams are counted."""

    knowledge: float = 1.0
    swapped: float = 1.0
    topics: float = 0.05
    talk: float = 1.0
    first: float = 10.0
    phrases: float = 0.5


@cache
def small_talk() -> tuple[str, ...]:
    """Greetings, thanks, requests: what is said in any conversation."""
    return _lines("talk.txt")


@cache
def first_words() -> tuple[str, ...]:
    """Short whole sentences that conversations begin with, too short for the sound alone to tell them apart."""
    return _lines("first.txt")


@cache
def openings() -> tuple[str, ...]:
    """Beginnings of questions that a topic can follow."""
    return _lines("openings.txt")


def _lines(name: str) -> tuple[str, ...]:
    text = resources.files("selfsame.providers.embedded.sphinx.adaptation").joinpath(name).read_text("utf-8")
    return tuple(line for line in text.splitlines() if line)


def swapped(sentence: str) -> str:
    """A statement about oneself as the other would say it ("i live" becomes "you live"); empty when it is not one."""
    found = sentence.split()
    if not SWAP.keys() & set(found):
        return ""
    told = " ".join(SWAP.get(w, w) for w in found if w != "was" or "i" in found)
    return told.replace("you was", "you were").replace("you is", "you are")


def asked(statement: str) -> Iterator[str]:
    """Question forms of a statement about "you": "are you ...", "do you ..."."""
    for start in INVERTED:
        if statement.startswith(start + " "):
            verb = start.split()[1]
            yield f"{verb} you {statement[len(start) + 1 :]}"
            return
    if statement.startswith("you "):
        yield f"do {statement}"
        yield f"when do {statement}"
        yield f"where do {statement}"


def topics(sentences: Iterable[str], longest: int = 3) -> Counter[str]:
    """Runs of content words, with how often they occur: what questions are about."""
    found: Counter[str] = Counter()
    for sentence in sentences:
        run: list[str] = []
        for word in [*sentence.split(), "the"]:
            if word not in STOP:
                run.append(word)
                continue
            for size in range(1, min(longest, len(run)) + 1):
                for i in range(len(run) - size + 1):
                    found[" ".join(run[i : i + size])] += 1
            run = []
    return found


def material(sentences: list[str], mixture: Mixture | None = None) -> Iterator[tuple[str, float]]:
    """Weighted sentences for the language model: the knowledge itself, turned round, asked about, and small talk."""
    mixture = mixture or Mixture()
    for sentence in small_talk():
        yield sentence, mixture.talk
    for sentence in first_words():
        yield sentence, mixture.first
    for sentence in sentences:
        yield sentence, mixture.knowledge
        told = swapped(sentence)
        if told:
            yield told, mixture.swapped
            yield from ((question, mixture.swapped / 3) for question in asked(told))
    every = topics(sentences)
    share = mixture.topics / len(openings())
    for topic, n in sorted(every.items()):
        for opening in openings():
            yield f"{opening} {topic}", share * min(n, 3)
    for opening in openings():
        yield opening, mixture.phrases
