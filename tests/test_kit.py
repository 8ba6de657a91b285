"""Pipes say what overflow means; scopes cancel by key."""

from __future__ import annotations

import anyio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.kit import pcm
from selfsame.kit.pipes import Pipe, PipeClosed, PipeFull
from selfsame.kit.tasks import Scopes, background, group, offload

pytestmark = pytest.mark.anyio


async def test_drop_oldest_keeps_the_fresh_and_counts() -> None:
    pipe: Pipe[int] = Pipe("mic", 3, "drop_oldest")
    for item in range(10):
        pipe.put_now(item)
    assert [await pipe.get() for _ in range(3)] == [7, 8, 9]
    assert pipe.dropped == 7


async def test_what_is_kept_is_never_dropped_and_keeps_its_place() -> None:
    pipe: Pipe[str] = Pipe("mic", 3, "drop_oldest")
    pipe.put_now("a1")
    pipe.put_kept("END")
    for item in ("a2", "a3", "a4", "a5"):
        pipe.put_now(item)
    pipe.close()
    assert [item async for item in pipe] == ["END", "a4", "a5"]


async def test_fail_and_wait() -> None:
    full: Pipe[int] = Pipe("f", 1, "fail")
    full.put_now(1)
    with pytest.raises(PipeFull):
        full.put_now(2)
    waiting: Pipe[int] = Pipe("w", 1, "wait")
    got: list[int] = []

    async def read() -> None:
        async for item in waiting:
            got.append(item)

    async with group() as tasks:
        tasks.start_soon(read)
        for item in range(20):
            await waiting.put(item)
        waiting.close()
    assert got == list(range(20))


async def test_urgent_overtakes_and_close_lets_the_rest_be_read() -> None:
    pipe: Pipe[str] = Pipe("p", 2, "wait")
    pipe.put_now("later")
    pipe.put_urgent("now")
    pipe.close()
    assert [item async for item in pipe] == ["now", "later"]
    with pytest.raises(PipeClosed):
        pipe.put_now("never")
    with pytest.raises(PipeClosed):
        await pipe.get()


async def test_scopes_cancel_by_key_and_replace() -> None:
    ended: list[str] = []

    async def work(name: str) -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(name)

    async with group() as tasks:
        scopes = Scopes(tasks)
        scopes.start("a", lambda: work("a1"))
        scopes.start("b", lambda: work("b1"))
        await anyio.lowlevel.checkpoint()
        scopes.start("a", lambda: work("a2"))
        await anyio.lowlevel.checkpoint()
        await anyio.lowlevel.checkpoint()
        assert ended == ["a1"] and "a" in scopes
        scopes.cancel_all()
    assert sorted(ended) == ["a1", "a2", "b1"]


@pytest.mark.parametrize("kind", [group, background])
async def test_a_group_raises_the_blocks_own_error_as_it_is(kind) -> None:
    with pytest.raises(KeyError):
        async with kind() as tasks:
            tasks.start_soon(anyio.sleep, 0)
            raise KeyError("mine")


async def test_offload_returns_and_raises() -> None:
    assert await offload(int, "7") == 7
    with pytest.raises(ValueError):
        await offload(int, "x")


@given(st.binary(max_size=64))
def test_pcm_round_trips_and_refuses_odd_bytes(data: bytes) -> None:
    if len(data) % 2:
        with pytest.raises(ValueError):
            pcm.from_bytes(data)
    else:
        assert pcm.to_bytes(pcm.from_bytes(data)) == data


def test_pcm_levels() -> None:
    assert pcm.rms(np.zeros(0, np.int16)) == 0.0
    assert pcm.rms(np.full(100, 16384, np.int16)) == pytest.approx(0.5)
    assert pcm.from_float(np.array([2.0, -2.0])).tolist() == [32767, -32767]
