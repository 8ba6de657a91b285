"""Does this text sound finished? Rules for English, Spanish and Chinese over the last words (pure, microseconds).

Recognisers often give no punctuation, so the rules look at words: an utterance that ends in a conjunction, an article
or "um" goes on; a whole question or a "thank you" is over. The result only shortens or lengthens the silence that ends
a turn (`patience.end_silence`), so a wrong guess costs a fraction of a second, never a word.
"""

from __future__ import annotations

import re
import unicodedata

from selfsame.ears.turn_words import (
    CHINESE_ASKS,
    CHINESE_CLOSED,
    CHINESE_DIGITS,
    CHINESE_OPEN,
    ENGLISH,
    SPANISH,
    Words,
    words_of,
)

GOES_ON = 0.1
NUMBER_GOES_ON = 0.15
PROBABLY_GOES_ON = 0.3
UNSURE = 0.5
PROBABLY_OVER = 0.7
OVER = 0.9
HEAD, TAIL = 40, 120
"""Characters that are looked at: how a long text opens, and how it ends."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SPANISH_MARKS = re.compile(r"[¿¡ñáéíóú]", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|prof|st|sr|sra|etc|e\.g|i\.e|vs|no|[a-z])\.$", re.IGNORECASE)
_TRAILS_OFF = re.compile(r"(?:\.\.+|…|[,;:\-–—，、；：])$")
_STOPS = re.compile(r"[.?!。？！]$")


def fold(text: str) -> str:
    """Lower case without accents, typographic apostrophes made plain."""
    plain = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(each for each in plain if not unicodedata.combining(each))


class TextTurnDetector:
    """The port `TurnDetector` by rules; knows EN, ES and ZH and guesses the language when it is not told."""

    def completeness(self, text: str, language: str | None) -> float:
        """0 (surely goes on) to 1 (surely finished); 0.5 for an empty text."""
        text = text.strip()
        if len(text) > HEAD + TAIL:
            text = text[:HEAD].rsplit(" ", 1)[0] + " " + text[-TAIL:]
        text = text.rstrip("\"'”’)»")
        if not text:
            return UNSURE
        if _TRAILS_OFF.search(text):
            return PROBABLY_GOES_ON
        if _CHINESE.search(text):
            return _chinese(text)
        return _european(text, SPANISH if _is_spanish(text, language) else ENGLISH)


def _is_spanish(text: str, language: str | None) -> bool:
    if language is not None and language != "auto":
        return language.upper().startswith("ES")
    if _SPANISH_MARKS.search(text):
        return True
    words = _TOKEN.findall(fold(text))
    return _known(words, SPANISH) > _known(words, ENGLISH)


def _known(words: list[str], known: Words) -> int:
    return sum(each in known.open_ended or each in known.prepositions or each in known.closers for each in words)


def _european(text: str, known: Words) -> float:
    words = _TOKEN.findall(fold(text))
    if not words:
        return UNSURE
    if _ABBREVIATION.search(text) and len(words) > 1:
        return PROBABLY_GOES_ON
    stopped = bool(_STOPS.search(text))
    if words[-1] in known.fillers and len(words) > 1:
        return GOES_ON
    number = _number(words, known)
    if number is not None:
        return number
    if stopped:
        return _stopped(words, known, text)
    return _unstopped(words, known)


def _stopped(words: list[str], known: Words, text: str) -> float:
    """A recogniser that punctuates puts a full stop on half sentences too; a question mark it means."""
    if text.endswith("?"):
        return OVER
    if words[-1] in known.open_ended and words[-1] not in known.closers:
        return PROBABLY_GOES_ON if len(words) > 2 else GOES_ON
    return OVER


def _unstopped(words: list[str], known: Words) -> float:
    last = words[-1]
    asks = words[0] in known.askers or (len(words) > 1 and words[0] in known.fillers and words[1] in known.askers)
    if last in known.closers and (len(words) <= 3 or last not in known.open_ended):
        return OVER
    if " ".join(words[-2:]) in known.hanging:
        return PROBABLY_OVER if " ".join(words) in _WHOLE else GOES_ON
    if last in known.fillers:
        return GOES_ON
    if " ".join(words[-2:]) == "thank you":
        return OVER
    if last in known.prepositions:
        return PROBABLY_OVER if asks and len(words) >= 3 and words[0] not in _IMPERATIVES else GOES_ON
    if last in known.open_ended:
        return _open_ended(words, asks)
    if asks:
        return 0.85 if len(words) >= 3 else UNSURE
    return PROBABLY_OVER if len(words) >= 4 else UNSURE


_CLOSE_A_QUESTION = words_of("you he she we they this that these those it is are was were do does did can not very")
_IMPERATIVES = words_of("tell explain describe show give dime explicame cuentame")
_WHOLE = frozenset({"what about you", "how about you", "let me see", "hold on", "one second", "as well", "un momento"})


def _open_ended(words: list[str], asks: bool) -> float:
    """ "who are you" and "do you know what this is" end in words that elsewhere promise more."""
    if not asks or len(words) < 3 or words[-1] not in _CLOSE_A_QUESTION:
        return GOES_ON
    inverted = words[0] in ("who", "how", "what", "where", "why", "when", "which") or len(words) >= 4
    return PROBABLY_OVER if inverted else GOES_ON


def _number(words: list[str], known: Words) -> float | None:
    """Numbers are read in pieces: "five five five", then "one two". None when the text ends in no number."""
    run = 0
    for word in reversed(words):
        if not (word.isdigit() or word in known.digits or word in known.number_parts):
            break
        run += len(word) if word.isdigit() else 1
    if run == 0 or (run == 1 and words[-1] in known.open_ended):
        return None
    if words[-1] in known.number_parts and words[-1] in ("point", "dash", "plus", "coma", "punto"):
        return GOES_ON
    if run == 1:
        return UNSURE if len(words) > 1 else PROBABLY_GOES_ON
    if run >= 9:
        return UNSURE
    return UNSURE if words[-1].isdigit() and run <= 4 else NUMBER_GOES_ON


def _chinese(text: str) -> float:
    stopped = bool(_STOPS.search(text))
    body = text.rstrip("。？！.?! ")
    if text.endswith(("？", "?")):
        return OVER
    run = len(body) - len(body.rstrip("".join(CHINESE_DIGITS)))
    if run >= 2:
        return UNSURE if run >= 11 else NUMBER_GOES_ON
    closed = max((len(each) for each in CHINESE_CLOSED if body.endswith(each)), default=0)
    open_ = max((len(each) for each in CHINESE_OPEN if body.endswith(each)), default=0)
    if open_ > closed:
        return PROBABLY_GOES_ON if stopped else GOES_ON
    if closed or stopped:
        return OVER
    if any(each in body for each in CHINESE_ASKS):
        return 0.85 if len(body) >= 4 else UNSURE
    if body.endswith("的"):
        return PROBABLY_GOES_ON
    return PROBABLY_OVER if len(body) >= 5 else UNSURE
