"""Sound that comes in, and what the client says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selfsame.kit.pcm import Pcm

TalkMode = Literal["hands_free", "push_to_talk"]


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """A piece of microphone sound: 16-bit mono PCM at 16 kHz, any length; `at` is the session time of its end."""

    pcm: Pcm
    at: float


@dataclass(frozen=True, slots=True)
class EndUtterance:
    """The user said (button released, `end_utterance`) that the utterance is over: finish it now."""

    at: float


@dataclass(frozen=True, slots=True)
class ChangeHearing:
    """New wishes about hearing; `None` leaves a wish as it is. `sensitivity` is 0 (deaf to noise) to 1 (keen)."""

    language: str | None = None
    talk_mode: TalkMode | None = None
    sensitivity: float | None = None


Sound = AudioFrame | EndUtterance | ChangeHearing
