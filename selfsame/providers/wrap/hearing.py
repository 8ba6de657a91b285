"""The next recogniser when one fails: the utterance so far is played to it again, so nothing is lost (ASR-09)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TypeVar

import numpy as np

from selfsame.ears.port import HearingOptions, Recognition, SpeechToText
from selfsame.errors import ProviderError, Unavailable
from selfsame.events.heard import Hypothesis
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.providers.wrap.ladder import FallbackOptions, Ladder, Rung
from selfsame.providers.wrap.streams import within

T = TypeVar("T")
HEARING = FallbackOptions(first_output=3.0)
_KEPT_SECONDS = 60
"""How much of the running utterance is kept to be played again; of a longer one, its end."""


class FallbackSpeechToText:
    """Recognisers in order of preference. Every utterance begins with the best one whose breaker lets it pass.

    `first_output` of the options limits `finish`. The other calls are made fifty times a second and go unwatched.
    """

    def __init__(self, engines: Sequence[SpeechToText], options: FallbackOptions = HEARING) -> None:
        self.ladder: Ladder[SpeechToText] = Ladder("asr", [(e.abilities.name, e) for e in engines], options)
        languages = frozenset().union(*(engine.abilities.languages for engine in engines))
        self.abilities = replace(engines[0].abilities, languages=languages)

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[Recognition]:
        """Use the recognition in the task that opened it: later engines are opened there when they are needed."""
        async with AsyncExitStack() as stack:
            recognition = FallbackRecognition(self.ladder, options, stack)
            await recognition.begin()
            yield recognition


class FallbackRecognition:
    """One session's hearing over several recognisers."""

    def __init__(self, ladder: Ladder[SpeechToText], options: HearingOptions, stack: AsyncExitStack) -> None:
        self._ladder = ladder
        self._options = options
        self._stack = stack
        self._opened: dict[str, Recognition] = {}
        self._kept: list[Pcm] = []
        self._rung: Rung[SpeechToText]
        self._recognition: Recognition | None = None

    async def begin(self) -> None:
        """Choose the engine for the next utterance. Raises the last engine's ProviderError when none can be opened."""
        await self._climb(None, None)

    async def accept(self, pcm: Pcm) -> None:
        if self._recognition is None:
            await self.begin()
        self._keep(pcm)
        # An engine that takes over has just been given the whole utterance, this piece with it.
        await self._ask(lambda recognition: recognition.accept(pcm), lambda recognition: _nothing())

    async def hypothesis(self) -> Hypothesis:
        return await self._ask(lambda recognition: recognition.hypothesis())

    async def finish(self) -> Hypothesis:
        heard = await self._ask(self._finish_in_time)
        self._rung.breaker.record_success()
        self._kept.clear()
        await self.begin()
        return heard

    async def _finish_in_time(self, recognition: Recognition) -> Hypothesis:
        options = self._ladder.options
        try:
            return await within(options.first_output, recognition.finish, options.clock)
        except TimeoutError:
            raise Unavailable("no answer in time", role="asr", provider=self._rung.name) from None

    async def _ask(
        self, act: Callable[[Recognition], Awaitable[T]], again: Callable[[Recognition], Awaitable[T]] | None = None
    ) -> T:
        """`act` on the engine in use; when it fails, `again` (else `act`) on the next one, which has heard it all."""
        if self._recognition is None:
            await self.begin()
        while True:
            recognition = self._recognition
            assert recognition is not None
            try:
                return await act(recognition)
            except ProviderError as error:
                await self._leave(self._rung, error)
            act = again or act

    async def _leave(self, left: Rung[SpeechToText], error: ProviderError) -> None:
        """Go on with the next engine; raises when none is left: the utterance is lost, and the next begins anew."""
        left.breaker.record_failure()
        self._opened.pop(left.name, None)
        try:
            await self._climb(left, error)
        except ProviderError:
            self._recognition = None
            self._kept.clear()
            raise

    async def _climb(self, left: Rung[SpeechToText] | None, error: ProviderError | None) -> None:
        """Go to the first usable engine (below `left` when one failed) and let it hear the utterance so far."""
        rungs = self._ladder.rungs
        below = rungs[rungs.index(left) + 1 :] if left is not None else rungs
        for rung in below:
            if not (rung.breaker.allow() or rung is rungs[-1]):
                continue
            if left is not None and error is not None:
                self._ladder.fell(left, rung, error)
            try:
                recognition = await self._open(rung)
                for pcm in self._kept:
                    await recognition.accept(pcm)
            except ProviderError as failure:
                rung.breaker.record_failure()
                left, error = rung, failure
                continue
            self._rung, self._recognition = rung, recognition
            return
        raise error or Unavailable("no recogniser is left", role="asr", provider=rungs[-1].name)

    async def _open(self, rung: Rung[SpeechToText]) -> Recognition:
        if rung.name not in self._opened:
            self._opened[rung.name] = await self._stack.enter_async_context(rung.engine.open(self._options))
        return self._opened[rung.name]

    def _keep(self, pcm: Pcm) -> None:
        self._kept.append(np.array(pcm))
        while sum(map(len, self._kept)) > _KEPT_SECONDS * MICROPHONE_RATE:
            self._kept.pop(0)


async def _nothing() -> None:
    """Nothing to do."""
