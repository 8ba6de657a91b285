"""A recogniser that follows a script, for the tests of `listen`; it keeps what it was fed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import numpy as np

from selfsame.ears.port import HearingAbilities, HearingOptions, Recognition
from selfsame.errors import Unavailable
from selfsame.events.heard import Hypothesis
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

FAULT = Unavailable("scripted", role="asr", provider="scripted")


@dataclass
class Script:
    """`texts[n]` is what utterance n says, a word for every `word_seconds` it was fed.

    `hang` and `fail` name the calls (open, accept, hypothesis, finish) that hang or fail, and how many times.
    `gate`, when given, must be set before `finish` answers; `shielded`: no time limit reaches that wait.
    """

    texts: list[str] = field(default_factory=list)
    word_seconds: float = 0.3
    hang: dict[str, int] = field(default_factory=dict)
    fail: dict[str, int] = field(default_factory=dict)
    gate: anyio.Event | None = None
    shielded: bool = False
    abilities: HearingAbilities = HearingAbilities("scripted", frozenset({"EN"}))
    opened: list[HearingOptions] = field(default_factory=list)
    closed: int = 0
    fed: list[Pcm] = field(default_factory=list)
    utterances: int = 0

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[Recognition]:
        self.opened.append(options)
        await self.happen("open")
        try:
            yield _Scripted(self)
        finally:
            self.closed += 1

    async def happen(self, call: str) -> None:
        if self.fail.get(call, 0) > 0:
            self.fail[call] -= 1
            raise FAULT
        if self.hang.get(call, 0) > 0:
            self.hang[call] -= 1
            await anyio.sleep_forever()

    @property
    def fed_seconds(self) -> float:
        return sum(len(each) for each in self.fed) / MICROPHONE_RATE


class _Scripted:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._heard = 0.0

    async def accept(self, pcm: Pcm) -> None:
        await self._script.happen("accept")
        self._script.fed.append(pcm)
        self._heard += len(pcm) / MICROPHONE_RATE

    async def hypothesis(self) -> Hypothesis:
        await self._script.happen("hypothesis")
        return self._says(int(self._heard / self._script.word_seconds))

    async def finish(self) -> Hypothesis:
        await self._script.happen("finish")
        if self._script.gate is not None:
            with anyio.CancelScope(shield=self._script.shielded):
                await self._script.gate.wait()
        whole = self._says(1000)
        self._script.utterances += 1
        self._heard = 0.0
        return whole

    def _says(self, words: int) -> Hypothesis:
        texts, number = self._script.texts, self._script.utterances
        return Hypothesis(" ".join(texts[number].split()[:words]) if number < len(texts) else "", 0.9, "EN")


class Loudness:
    """A detector for the tests: loud is voice."""

    frame_samples = 512

    def probability(self, frame: Pcm) -> float:
        return 0.97 if np.abs(frame.astype(np.int32)).mean() > 500 else 0.02

    def reset(self) -> None:
        pass
