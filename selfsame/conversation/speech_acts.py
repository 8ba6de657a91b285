"""Pure judgements about a few words: a listener's noise, our own echo, the same question again."""

from __future__ import annotations

import re

_LISTENING_NOISES = """
mm mhm mmhm mm-hm hm hmm uh huh uhhuh uh-huh um ah oh aha yeah yes yep ok okay right sure
sí si ya vale claro ajá
嗯 哦 啊 对 是 好
"""
BACKCHANNELS = frozenset(_LISTENING_NOISES.split())
_WORD = re.compile(r"[\w'-]+", re.UNICODE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def words(text: str) -> list[str]:
    """Lower-case words without punctuation; each Chinese character is a word."""
    found: list[str] = []
    for match in _WORD.findall(text.lower()):
        if _HAN.search(match):
            found.extend(match)
        else:
            found.append(match.strip("'-"))
    return [word for word in found if word]


def same_question(one: str, other: str) -> bool:
    """Whether two texts ask the same, so that a reply prepared for one serves the other."""
    return words(one) == words(other)


def is_backchannel(text: str) -> bool:
    """Whether the text is only a listener's noise ("mm-hm", "okay"), which is no interruption."""
    spoken = words(text)
    return bool(spoken) and len(spoken) <= 3 and all(word in BACKCHANNELS for word in spoken)


def is_echo(text: str, ours: str, within: int = 14) -> bool:
    """Whether the text repeats a run of our last `within` words: the loudspeaker heard by the microphone.

    A single repeated word may be the user asking about it, so callers wait for the end of the utterance to believe it.
    """
    heard = words(text)
    said = words(ours)[-max(within, len(heard)) :]
    span = len(heard)
    return span > 0 and any(said[i : i + span] == heard for i in range(len(said) - span + 1))


def words_needed(sensitivity: float) -> int:
    """How many words make an interruption: 1 when keen (from 0.4), 2 below, 3 when nearly deaf (CONV-08)."""
    if sensitivity >= 0.4:
        return 1
    return 2 if sensitivity >= 0.15 else 3
