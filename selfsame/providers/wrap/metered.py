"""Counts and seconds per engine, for Prometheus: `selfsame_engine_calls_total{role,engine,outcome}`,
`selfsame_engine_first_output_seconds{role,engine}` and `selfsame_engine_seconds{role,engine}`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TypeVar

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram

from selfsame.ears.port import HearingOptions, Recognition, SpeechToText
from selfsame.errors import Role, SelfsameError
from selfsame.events.heard import Hypothesis
from selfsame.events.spoken import SpokenChunk
from selfsame.events.thought import Thought, Token
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.pcm import Pcm
from selfsame.kit.streams import closing
from selfsame.mind.port import LanguageModel, Prompt
from selfsame.voice.port import Phrase, TextToSpeech

T = TypeVar("T")
Watch = Callable[[str, str, str, float], None]
"""Called at the end of each call with role, engine, outcome (ok, left, or an error's code) and seconds."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0)


def _unwatched(role: str, engine: str, outcome: str, seconds: float) -> None:
    """The default."""


class Meters:
    """The three meters in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        names = ["role", "engine"]
        self.calls = Counter(
            "selfsame_engine_calls", "Calls by outcome: ok, left, or an error's code", [*names, "outcome"],
            registry=registry,
        )  # fmt: skip
        self.first = Histogram(
            "selfsame_engine_first_output_seconds", "Until the first output", names, buckets=_BUCKETS, registry=registry
        )
        self.whole = Histogram("selfsame_engine_seconds", "Until the end", names, buckets=_BUCKETS, registry=registry)


@lru_cache(maxsize=16)
def meters(registry: CollectorRegistry = REGISTRY) -> Meters:
    """The meters of a registry, made once."""
    return Meters(registry)


class Metered:
    """What the metered engines share: one role's and engine's labels."""

    def __init__(
        self, role: Role, engine: str, clock: Clock, registry: CollectorRegistry, watch: Watch = _unwatched
    ) -> None:
        self._labels = (role, engine)
        self._watch = watch
        self._meters = meters(registry)
        self._clock = clock

    async def stream(self, items: AsyncIterator[T], is_output: Callable[[T], bool]) -> AsyncIterator[T]:
        """The same items, measured. A reader that leaves early counts as `left`."""
        began, outcome, first = self._clock.now(), "left", True
        try:
            async with closing(items):
                async for item in items:
                    if first and is_output(item):
                        first = False
                        self._meters.first.labels(*self._labels).observe(self._clock.now() - began)
                    yield item
            outcome = "ok"
        except SelfsameError as error:
            outcome = error.code
            raise
        finally:
            self.ended(began, outcome)

    def ended(self, began: float, outcome: str) -> None:
        """Count a call."""
        took = self._clock.now() - began
        self._meters.calls.labels(*self._labels, outcome).inc()
        self._meters.whole.labels(*self._labels).observe(took)
        self._watch(*self._labels, outcome, took)


class MeteredLanguageModel:
    """A thinker, measured; its first output is its first token. `label` names it in the figures."""

    def __init__(
        self,
        engine: LanguageModel,
        clock: Clock = SYSTEM,
        registry: CollectorRegistry = REGISTRY,
        watch: Watch = _unwatched,
        label: str = "",
    ) -> None:
        self.abilities = engine.abilities
        self.label = label or engine.abilities.name
        self._engine = engine
        self._metered = Metered("llm", self.label, clock, registry, watch)

    def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        return self._metered.stream(self._engine.stream(prompt), lambda item: isinstance(item, Token))


class MeteredTextToSpeech:
    """A synthesiser, measured per phrase. `plain` names it in the figures for phrases in no voice of a person."""

    def __init__(
        self,
        engine: TextToSpeech,
        clock: Clock = SYSTEM,
        registry: CollectorRegistry = REGISTRY,
        watch: Watch = _unwatched,
        plain: str = "",
    ) -> None:
        self.abilities = engine.abilities
        self._engine = engine
        self._metered = Metered("tts", engine.abilities.name, clock, registry, watch)
        self._plain = Metered("tts", plain or engine.abilities.name, clock, registry, watch)

    def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        metered = self._metered if phrase.voice_id else self._plain
        return metered.stream(self._engine.synthesize(phrase), lambda chunk: len(chunk.pcm) > 0)


class MeteredSpeechToText:
    """A recogniser, measured per finished utterance: how long `finish` took."""

    def __init__(
        self,
        engine: SpeechToText,
        clock: Clock = SYSTEM,
        registry: CollectorRegistry = REGISTRY,
        watch: Watch = _unwatched,
    ) -> None:
        self.abilities = engine.abilities
        self._engine = engine
        self._clock = clock
        self._metered = Metered("asr", engine.abilities.name, clock, registry, watch)

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[Recognition]:
        async with self._engine.open(options) as recognition:
            yield _MeteredRecognition(recognition, self._metered, self._clock)


class _MeteredRecognition:
    def __init__(self, inner: Recognition, metered: Metered, clock: Clock) -> None:
        self._inner = inner
        self._metered = metered
        self._clock = clock

    async def accept(self, pcm: Pcm) -> None:
        await self._inner.accept(pcm)

    async def hypothesis(self) -> Hypothesis:
        return await self._inner.hypothesis()

    async def finish(self) -> Hypothesis:
        began, outcome = self._clock.now(), "left"
        try:
            heard = await self._inner.finish()
            outcome = "ok"
            return heard
        except SelfsameError as error:
            outcome = error.code
            raise
        finally:
            self._metered.ended(began, outcome)
