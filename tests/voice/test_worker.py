"""A thread of its own that streams to the loop."""

from __future__ import annotations

import threading

import pytest

from selfsame.kit.streams import close
from selfsame.kit.tasks import group
from selfsame.kit.wordspans import split_words
from selfsame.kit.worker import Worker

pytestmark = pytest.mark.anyio


@pytest.fixture
def worker():
    worker = Worker("test")
    yield worker
    worker.close()


async def test_items_come_while_the_job_goes_on(worker: Worker) -> None:
    seen = threading.Event()

    def job(emit) -> None:
        emit(1)
        assert seen.wait(5), "the first item must come before the job is over"
        emit(2)

    items = []
    async for item in worker.stream(job):
        items.append(item)
        seen.set()
    assert items == [1, 2]


async def test_what_the_job_raises_comes_after_its_items(worker: Worker) -> None:
    def job(emit) -> None:
        emit(1)
        raise KeyError("no")

    items = []
    with pytest.raises(KeyError):
        async for item in worker.stream(job):
            items.append(item)
    assert items == [1]


async def test_leaving_ends_the_job_and_the_next_has_its_turn(worker: Worker) -> None:
    ended = threading.Event()

    def endless(emit) -> None:
        while emit("on"):
            pass
        ended.set()

    stream = worker.stream(endless)
    assert await anext(stream) == "on"
    await close(stream)
    assert [item async for item in worker.stream(lambda emit: emit("next"))] == ["next"]
    assert ended.is_set()


async def test_a_job_that_was_left_before_its_turn_never_runs(worker: Worker) -> None:
    gate, ran = threading.Event(), []
    first = worker.stream(lambda emit: (emit(1), gate.wait(5)))
    assert await anext(first) == 1

    async def impatient() -> None:
        async for _ in worker.stream(lambda emit: ran.append(True)):
            pass

    async with group() as tasks:
        tasks.start_soon(impatient)
        await anext_checkpoint()
        tasks.cancel_scope.cancel()
    gate.set()
    assert [item async for item in first] == []
    assert [item async for item in worker.stream(lambda emit: emit(3))] == [3]
    assert ran == []


async def anext_checkpoint() -> None:
    import anyio.lowlevel

    for _ in range(10):
        await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello there, friend.", ["Hello", "there,", "friend."]),
        ("one — two", ["one —", "two"]),
        ("— one", ["— one"]),
        ("你好，world 5。", ["你", "好，", "world", "5。"]),
        ("...", []),
        ("", []),
    ],
)
async def test_words(text: str, words: list[str]) -> None:
    assert [word.text for word in split_words(text)] == words
    assert all(text[word.start : word.end] == word.text for word in split_words(text))
