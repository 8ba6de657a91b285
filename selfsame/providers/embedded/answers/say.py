"""From a passage to words that can be said: plain text, few sentences, the first person. Pure."""

from __future__ import annotations

import re

from selfsame.kit.sentences import sentences
from selfsame.kit.words import content_words
from selfsame.providers.embedded.answers.match import Asked, covered, spoken_words

MAX_WORDS = 60
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t].*$", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*(?:[-*+>]|\d+[.)])[ \t]+", re.MULTILINE)
_FENCE = re.compile(r"```.*?```", re.DOTALL)
_LEANS = re.compile(
    r"^(?:it|this|that|these|those|they|he|she|its|their|his|her|both|then|also|but|so|and|ella|él|esto|它|这)\b", re.I
)
_OTHERS = re.compile(r"\b(?:he|she|his|her|hers|him|himself|herself)\b", re.IGNORECASE)
_VERBS = (
    "works lives likes loves speaks studies writes teaches makes believes thinks knows wants needs uses runs leads"
    " collects plays grew moved studied wrote worked lived taught published founded joined met learned learnt won began"
    " started prefers enjoys hopes says said can could will would may might must should"
)


def plain(text: str) -> str:
    """Markdown taken out: links, emphasis, code marks, bullets; headings and blocks of code are left out whole."""
    text = _LINK.sub(r"\1", _HEADING.sub("", _FENCE.sub(" ", text)))
    text = _LINE_MARK.sub("", text)
    text = re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def answer_sentences(text: str, most: int) -> list[str]:
    """The opening of a prepared answer: at most `most` sentences and about `MAX_WORDS` words, at least one sentence."""
    kept: list[str] = []
    for sentence in sentences(re.sub(r"\s*\n\s*", "\n", plain(text)).replace("\n", " ")):
        if kept and (len(kept) >= most or _words([*kept, sentence]) > MAX_WORDS):
            break
        kept.append(_shortened(sentence))
    return kept


def best_sentences(asked: Asked, text: str, most: int) -> tuple[list[str], float]:
    """One to `most` sentences in a row that answer best, and how much of the question they cover.

    Starts at the best sentence, one earlier when that leans on it ("It ..."); goes on while the next leans back or
    covers words of the question not covered yet.
    """
    found = sentences(plain(text).replace("\n", " "))
    if not found:
        return [], 0.0
    scores = [covered(asked, asked.words, content_words(sentence)) for sentence in found]
    start = max(range(len(found)), key=lambda index: (scores[index], -index))
    if start and most > 1 and _LEANS.match(found[start]):
        start -= 1
    kept = [_shortened(found[start])]
    for sentence in found[start + 1 :]:
        if len(kept) >= most or _words([*kept, sentence]) > MAX_WORDS:
            break
        gains = covered(asked, asked.words, content_words(" ".join([*kept, sentence])))
        if gains <= covered(asked, asked.words, content_words(" ".join(kept))) + 0.05 and not _LEANS.match(sentence):
            break
        kept.append(sentence)
    return kept, covered(asked, asked.words, content_words(" ".join(kept)))


def first_person(said: list[str], name: str) -> list[str]:
    """Sentences that speak of the clone by name, said by the clone: "Ada works here." becomes "I work here."

    All or nothing: when he or she is spoken of, or the name stands where the rules do not reach, nothing changes.
    """
    names = [name, name.split()[0]] if name.split() else []
    whole = " ".join(said)
    if not any(re.search(rf"\b{re.escape(one)}\b", whole) for one in names) or _OTHERS.search(whole):
        return said
    turned = [_turned(sentence, names) for sentence in said]
    if any(re.search(rf"\b{re.escape(one)}\b", sentence) for sentence in turned for one in names):
        return said
    return turned


def _turned(sentence: str, names: list[str]) -> str:
    for one in names:
        own = re.escape(one)
        sentence = re.sub(rf"^{own}'s\b", "My", sentence)
        sentence = re.sub(rf"(?<=\s){own}'s\b", "my", sentence)
        for theirs, mine in (("is", "am"), ("was", "was"), ("has", "have"), ("does", "do")):
            sentence = re.sub(rf"^{own} {theirs}\b", f"I {mine}", sentence)
        sentence = re.sub(rf"^{own} ({'|'.join(_VERBS.split())})\b", lambda m: f"I {_first(m.group(1))}", sentence)
    return sentence


def _first(verb: str) -> str:
    """The first person of a verb's third: works -> work, studies -> study, teaches -> teach; others unchanged."""
    if not verb.endswith("s"):
        return verb
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("ches", "shes", "sses", "goes")) else verb[:-1]


def _words(said: list[str]) -> int:
    return sum(spoken_words(sentence) for sentence in said)


def _shortened(sentence: str) -> str:
    """A sentence too long to hear, ended at its last clause that fits; unchanged when it has none."""
    if spoken_words(sentence) <= MAX_WORDS:
        return sentence
    for mark in reversed(list(re.finditer(r"[,;:，；：]", sentence))):
        if 12 <= spoken_words(sentence[: mark.start()]) <= MAX_WORDS:
            return sentence[: mark.start()] + ("。" if mark.group() in "，；：" else ".")
    return sentence
