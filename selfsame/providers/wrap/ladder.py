"""Engines of one role in order of preference, each behind its breaker: what the fallbacks share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog

from selfsame.errors import ProviderError, Role, Unavailable
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.streams import close
from selfsame.providers.wrap.breaker import CircuitBreaker
from selfsame.providers.wrap.streams import first_output, within

log = structlog.get_logger(__name__)
E = TypeVar("E")
T = TypeVar("T")
OnFallback = Callable[[Role, str, str, ProviderError], None]
"""Called with the role, the engine left, the engine taken instead, and why."""


def _quietly(role: Role, left: str, taken: str, error: ProviderError) -> None:
    """The default: the log tells it anyway."""


@dataclass(frozen=True, slots=True)
class FallbackOptions:
    """`first_output` is how many seconds an engine has for its first output before the next one is asked."""

    first_output: float
    on_fallback: OnFallback = _quietly
    failure_threshold: int = 5
    reset_timeout: float = 30.0
    clock: Clock = SYSTEM


@dataclass(frozen=True, slots=True)
class Rung(Generic[E]):
    """One engine and its breaker."""

    engine: E
    name: str
    breaker: CircuitBreaker


class Ladder(Generic[E]):
    """Which engines to try, in order. The last one is the floor: it is tried even when its breaker is open."""

    def __init__(self, role: Role, engines: Sequence[tuple[str, E]], options: FallbackOptions) -> None:
        if not engines:
            raise ValueError("a fallback needs at least one engine")
        self.role: Role = role
        self.options = options
        self.rungs = tuple(
            Rung(
                engine,
                name,
                CircuitBreaker(
                    failure_threshold=options.failure_threshold,
                    reset_timeout=options.reset_timeout,
                    clock=options.clock,
                ),
            )
            for name, engine in engines
        )

    def climb(self, suits: Callable[[E], bool] = lambda engine: True) -> Iterator[Rung[E]]:
        """The engines that suit and whose breaker lets a call pass, then the last one that suits in any case."""
        fitting = [rung for rung in self.rungs if suits(rung.engine)] or list(self.rungs)
        for rung in fitting:
            if rung.breaker.allow() or rung is fitting[-1]:
                yield rung

    def fell(self, left: Rung[E], taken: Rung[E], error: ProviderError) -> None:
        """Report a change of engine."""
        log.warning("engine fell back", role=self.role, left=left.name, taken=taken.name, code=error.code)
        self.options.on_fallback(self.role, left.name, taken.name, error)

    async def begin(
        self, rung: Rung[E], stream: AsyncIterator[T], is_output: Callable[[T], bool]
    ) -> tuple[list[T], bool]:
        """`first_output` of the stream in time. On failure the stream is closed, the breaker told, the error raised."""
        try:
            return await within(self.options.first_output, lambda: first_output(stream, is_output), self.options.clock)
        except TimeoutError:
            rung.breaker.record_failure()
            await close(stream)
            raise Unavailable("no output in time", role=self.role, provider=rung.name) from None
        except ProviderError:
            rung.breaker.record_failure()
            await close(stream)
            raise
        except BaseException:
            rung.breaker.release()
            await close(stream)
            raise

    async def run(
        self,
        start: Callable[[E], AsyncIterator[T]],
        is_output: Callable[[T], bool],
        suits: Callable[[E], bool] = lambda engine: True,
    ) -> AsyncGenerator[tuple[Rung[E], T], None]:
        """The items of the first engine that gets as far as an output. Later failures of that engine are raised."""
        left: tuple[Rung[Any], ProviderError] | None = None
        for rung in self.climb(suits):
            if left is not None:
                self.fell(left[0], rung, left[1])
            stream = start(rung.engine)
            try:
                held, _ = await self.begin(rung, stream, is_output)
            except ProviderError as error:
                left = (rung, error)
                continue
            failed = False
            try:
                for item in held:
                    yield rung, item
                async for item in stream:
                    yield rung, item
            except ProviderError:
                failed = True
                raise
            finally:
                # A reader that leaves behind the first output has seen the engine work.
                rung.breaker.record_failure() if failed else rung.breaker.record_success()
                await close(stream)
            return
        assert left is not None
        raise left[1]
