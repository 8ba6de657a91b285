"""A recogniser that hears from a script, or makes up what it heard from how long it listened."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count

from selfsame.ears.port import HearingAbilities, HearingOptions, Recognition
from selfsame.events.heard import HeardWord, Hypothesis
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

_MADE_UP = ("well", "tell", "me", "please", "what", "do", "you", "know", "about", "the", "sea", "and", "how", "long")
_WORDS_A_SECOND = 2.5
_QUIET = 200
"""Sounds below this peak (of 32767) are not heard."""


class FakeSpeechToText:
    """Hears `script[n]` as each session's utterance number n, else counts words off the time that sounded.

    `finish` takes `delay` seconds of `clock`. The running hypothesis holds as many words as were spoken at 2.5
    words a second. An utterance without any sound above a whisper is heard as nothing.
    """

    def __init__(self, script: Sequence[str] = (), *, delay: float = 0.0, clock: Clock = SYSTEM) -> None:
        self.abilities = HearingAbilities(
            name="fake", languages=frozenset({"EN", "ES", "ZH"}), streaming=True, word_times=True, adapts=False
        )
        self._script = tuple(script)
        self._delay = delay
        self._clock = clock

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[Recognition]:
        """A recogniser that begins with the script's first line."""
        language = None if options.language == "auto" else options.language
        yield FakeRecognition(self._line, self._finish_delay, language)

    def _line(self, utterance: int) -> list[str] | None:
        return self._script[utterance].split() if utterance < len(self._script) else None

    async def _finish_delay(self) -> None:
        if self._delay > 0:
            await self._clock.sleep(self._delay)


class FakeRecognition:
    """One session's hearing."""

    def __init__(
        self, line: Callable[[int], list[str] | None], delay: Callable[[], Awaitable[None]], language: str | None
    ) -> None:
        self._line = line
        self._delay = delay
        self._language = language
        self._utterances = count()
        self._begin()

    def _begin(self) -> None:
        self._words = self._line(next(self._utterances))
        self._samples = 0
        self._sounded = False

    async def accept(self, pcm: Pcm) -> None:
        self._samples += len(pcm)
        self._sounded = self._sounded or bool(len(pcm) and max(int(pcm.max()), -int(pcm.min())) > _QUIET)

    @property
    def _heard(self) -> float:
        return self._samples / MICROPHONE_RATE if self._sounded else 0.0

    async def hypothesis(self) -> Hypothesis:
        spoken = int(self._heard * _WORDS_A_SECOND)
        return self._hypothesis(spoken if self._words is None else min(spoken, len(self._words)))

    async def finish(self) -> Hypothesis:
        await self._delay()
        words = self._words
        if not self._sounded:
            final = Hypothesis("", language=self._language)
        else:
            final = self._hypothesis(max(1, int(self._heard * _WORDS_A_SECOND)) if words is None else len(words))
        self._begin()
        return final

    def _hypothesis(self, many: int) -> Hypothesis:
        source = self._words
        texts = [_MADE_UP[i % len(_MADE_UP)] for i in range(many)] if source is None else source[:many]
        step = self._heard / max(1, len(texts))
        words = tuple(HeardWord(text, i * step, (i + 1) * step, 1.0) for i, text in enumerate(texts))
        return Hypothesis(" ".join(texts), 1.0, self._language, words)
