"""The circuit breaker, on virtual time."""

from __future__ import annotations

import pytest

from selfsame.errors import Unavailable
from selfsame.providers.wrap.breaker import CircuitBreaker

pytestmark = pytest.mark.anyio


def broken(clock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock=clock)
    for _ in range(5):
        assert breaker.allow()
        breaker.record_failure()
    return breaker


def test_it_opens_after_five_failures_in_a_row(clock) -> None:
    breaker = CircuitBreaker(clock=clock)
    for _ in range(4):
        breaker.record_failure()
    breaker.record_success()
    assert breaker.failure_count == 0
    for number in range(5):
        assert breaker.state == "closed" and breaker.allow()
        breaker.record_failure()
        assert breaker.failure_count == number + 1
    assert breaker.state == "open" and not breaker.allow()


def test_after_thirty_seconds_one_trial_passes(clock) -> None:
    breaker = broken(clock)
    clock.time += 29.9
    assert breaker.state == "open" and not breaker.allow()
    clock.time += 0.1
    assert breaker.state == "half-open"
    assert breaker.allow()
    assert not breaker.allow(), "one trial only"
    breaker.record_success()
    assert breaker.state == "closed" and breaker.allow() and breaker.failure_count == 0


def test_a_failed_trial_opens_it_again_for_the_whole_time(clock) -> None:
    breaker = broken(clock)
    clock.time += 31
    assert breaker.allow()
    breaker.record_failure()
    assert breaker.state == "open"
    clock.time += 29
    assert not breaker.allow()
    clock.time += 1
    assert breaker.allow()
    breaker.release()
    assert breaker.allow(), "a trial that was called off may be made again"


def test_late_failures_do_not_put_off_the_trial(clock) -> None:
    breaker = broken(clock)
    clock.time += 20
    breaker.record_failure()
    clock.time += 10
    assert breaker.allow()


def test_reset(clock) -> None:
    breaker = broken(clock)
    breaker.reset()
    assert breaker.state == "closed" and breaker.failure_count == 0


async def test_execute_guards_an_operation(clock) -> None:
    breaker = CircuitBreaker(failure_threshold=1, reset_timeout=5, clock=clock)

    async def works() -> int:
        return 3

    async def fails() -> int:
        raise Unavailable("down", role="llm", provider="x")

    async def has_a_bug() -> int:
        raise KeyError("bug")

    assert await breaker.execute(works, role="llm", provider="x") == 3
    with pytest.raises(KeyError):
        await breaker.execute(has_a_bug, role="llm", provider="x")
    assert breaker.state == "closed", "a bug of ours says nothing about the engine"
    with pytest.raises(Unavailable, match="down"):
        await breaker.execute(fails, role="llm", provider="x")
    with pytest.raises(Unavailable, match="rests"):
        await breaker.execute(works, role="llm", provider="x")
    clock.time += 5
    assert await breaker.execute(works, role="llm", provider="x") == 3
    assert breaker.state == "closed"
