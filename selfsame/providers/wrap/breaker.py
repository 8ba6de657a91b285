"""Stops asking an engine that keeps failing, and tries it again after a while (ERR-12; numbers from G-02)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from selfsame.errors import ProviderError, Role, Unavailable
from selfsame.kit.clock import SYSTEM, Clock

T = TypeVar("T")
State = Literal["closed", "open", "half-open"]


class CircuitBreaker:
    """Closed: calls pass. Open after `failure_threshold` failures in a row: none pass. Half-open after `reset_timeout`
    seconds: one trial passes; its success closes the breaker, its failure opens it again."""

    def __init__(self, *, failure_threshold: int = 5, reset_timeout: float = 30.0, clock: Clock = SYSTEM) -> None:
        self.failure_threshold = failure_threshold
        self.reset_timeout = reset_timeout
        self.failure_count = 0
        self._clock = clock
        self._opened: float | None = None
        self._trial = False

    @property
    def state(self) -> State:
        """As it is now."""
        if self._opened is None:
            return "closed"
        return "half-open" if self._clock.now() - self._opened >= self.reset_timeout else "open"

    def allow(self) -> bool:
        """Whether a call may be made now. True in half-open claims the one trial: report its outcome or `release`."""
        state = self.state
        if state == "half-open" and not self._trial:
            self._trial = True
            return True
        return state == "closed"

    def record_success(self) -> None:
        """A call worked: closed, nothing counted."""
        self.reset()

    def record_failure(self) -> None:
        """A call failed."""
        self.failure_count += 1
        if self._trial or (self._opened is None and self.failure_count >= self.failure_threshold):
            self._opened = self._clock.now()
        self._trial = False

    def release(self) -> None:
        """The call ended without telling anything about the engine (it was called off)."""
        self._trial = False

    def reset(self) -> None:
        """Closed, as new."""
        self.failure_count = 0
        self._opened = None
        self._trial = False

    async def execute(self, operation: Callable[[], Awaitable[T]], *, role: Role, provider: str) -> T:
        """Run `operation`; raises Unavailable at once while the breaker is open. ProviderErrors count as failures."""
        if not self.allow():
            raise Unavailable("the engine failed repeatedly and rests", role=role, provider=provider)
        try:
            result = await operation()
        except ProviderError:
            self.record_failure()
            raise
        except BaseException:
            self.release()
            raise
        self.record_success()
        return result
