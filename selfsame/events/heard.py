"""What the ears say. All times are seconds of the session's clock."""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.errors import SelfsameError


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One recognised word; times relative to the utterance's first sample."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the recogniser makes of the utterance so far. `confidence` is 0..1; `language` is EN, ZH, ES or None."""

    text: str
    confidence: float = 1.0
    language: str | None = None
    words: tuple[HeardWord, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Voice began (decided at `at`; the sound itself began at `since`)."""

    at: float
    since: float


@dataclass(frozen=True, slots=True)
class Interim:
    """A changed hypothesis of the running utterance, at most every 300 ms."""

    at: float
    hypothesis: Hypothesis


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """A short silence: the utterance may be over. `hypothesis` is good enough to start a speculative reply."""

    at: float
    last_voice: float
    hypothesis: Hypothesis


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """Voice went on after `SpeechPaused`, within the same utterance."""

    at: float


@dataclass(frozen=True, slots=True)
class UtteranceEnded:
    """The utterance is over. An empty `hypothesis.text` means a noise: a cough, a click, a door.

    `last_voice` is when the last voiced sample was heard; `decode_seconds` how long the recogniser took to settle
    after the end was decided.
    """

    at: float
    last_voice: float
    hypothesis: Hypothesis
    audio_seconds: float
    decode_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """The recogniser failed; hearing goes on with the next utterance when it can."""

    at: float
    error: SelfsameError


Heard = SpeechStarted | Interim | SpeechPaused | SpeechResumed | UtteranceEnded | HearingFailed
