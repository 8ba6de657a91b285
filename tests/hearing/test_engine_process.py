"""An engine in its own process: many calls at once, death and restart, no orphans."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.kit.engine_frames import BrokenFrame, Frame, FrameReader
from selfsame.kit.engine_process import EngineDied, EngineFailed, EngineProcess

HERE = Path(__file__).parent
frames = st.builds(Frame, st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9)), st.binary())


@pytest.fixture
def engine(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parents[1])]))
    return EngineProcess("echo_engine")


@given(st.lists(frames, max_size=5), st.integers(1, 40))
def test_frames_survive_any_slicing(sent, step):
    stream = b"".join(frame.encode() for frame in sent)
    reader = FrameReader()
    got = [frame for i in range(0, len(stream), step) for frame in reader.feed(stream[i : i + step])]
    assert got == sent


@pytest.mark.parametrize("junk", [b"\xff" * 8, b"\x02\0\0\0\0\0\0\0[]", b"\x02\0\0\0\0\0\0\0{{"])
def test_junk_is_a_broken_frame(junk):
    with pytest.raises(BrokenFrame):
        list(FrameReader().feed(junk))


@pytest.mark.anyio
async def test_many_calls_at_once_get_their_own_answers(engine):
    got = {}

    async def ask(i):
        head, payload = await engine.call({"do": "echo", "say": i}, bytes([i]) * 1000 + b"z")
        got[i] = (head["said"], payload)

    with anyio.fail_after(20):
        async with engine, anyio.create_task_group() as tasks:
            for i in range(50):
                tasks.start_soon(ask, i)
    assert got == {i: (i, b"z" + bytes([i]) * 1000) for i in range(50)}


@pytest.mark.anyio
async def test_answers_may_come_in_another_order_and_prints_do_no_harm(engine):
    order = []

    async def hold(i):
        head, _ = await engine.call({"do": "hold", "say": i})
        order.append(head["said"])

    with anyio.fail_after(20):
        async with engine:
            await engine.call({"do": "print"})
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(hold, 1)
                await anyio.wait_all_tasks_blocked()
                tasks.start_soon(hold, 2)
                await anyio.wait_all_tasks_blocked()
                await engine.call({"do": "release"})
    assert order == [2, 1]


@pytest.mark.anyio
async def test_refusal_says_why(engine):
    async with engine:
        with pytest.raises(EngineFailed) as caught:
            await engine.call({"do": "refuse"})
        assert caught.value.kind == "nonsense"


@pytest.mark.anyio
async def test_death_fails_pending_calls_and_the_next_call_restarts(engine):
    with anyio.fail_after(20):
        async with engine:
            first = (await engine.call({"do": "echo", "say": 1}))[0]["pid"]
            with pytest.raises(EngineDied):
                await engine.call({"do": "die"})
            second = (await engine.call({"do": "echo", "say": 2}))[0]["pid"]
            assert second != first
            assert engine.starts == 2
            os.kill(second, signal.SIGKILL)
            with pytest.raises(EngineDied):
                await engine.call({"do": "hold", "say": 1})
            await engine.call({"do": "echo", "say": 3})
        assert engine.pid is None


@pytest.mark.anyio
async def test_one_that_was_killed_is_no_longer_asked_though_its_end_is_not_told_yet(engine):
    with anyio.fail_after(20):
        async with engine, anyio.create_task_group() as tasks:
            first = (await engine.call({"do": "echo", "say": 1}))[0]["pid"]
            died = []

            async def hold():
                with pytest.raises(EngineDied):
                    await engine.call({"do": "hold", "say": 1})
                died.append(1)

            tasks.start_soon(hold)
            await anyio.wait_all_tasks_blocked()
            engine.kill()
            assert engine.pid is None
            assert (await engine.call({"do": "echo", "say": 2}))[0]["pid"] != first
            while not died:
                await anyio.wait_all_tasks_blocked()
            assert (await engine.call({"do": "echo", "say": 3}))[0]["said"] == 3, "the new one's calls go on"


@pytest.mark.anyio
async def test_a_broken_pipe_is_told_once(engine):
    with anyio.fail_after(20):
        async with engine:
            await engine.call({"do": "echo", "say": 1})
            await engine._process.stdin.aclose()  # as the loop does when the child is gone, before it tells of its end
            with pytest.raises(EngineDied):
                await engine.tell({"do": "print"})
            assert (await engine.call({"do": "echo", "say": 2}))[0]["said"] == 2


@pytest.mark.anyio
async def test_a_cancelled_call_leaves_the_stream_whole(engine):
    with anyio.fail_after(20):
        async with engine:
            with anyio.move_on_after(0.05):
                await engine.call({"do": "hold", "say": 1}, b"x" * 300_000)
            assert (await engine.call({"do": "echo", "say": 2}))[0]["said"] == 2


@pytest.mark.anyio
async def test_leaving_ends_the_process(engine):
    async with engine:
        pid = (await engine.call({"do": "echo", "say": 1}))[0]["pid"]
    assert not psutil.pid_exists(pid)
    with pytest.raises(EngineDied):
        await engine.call({"do": "echo", "say": 1})


def test_the_child_ends_when_its_parent_is_killed():
    script = (
        "import anyio\n"
        "from selfsame.kit.engine_process import EngineProcess\n"
        "async def main():\n"
        "    async with EngineProcess('echo_engine') as engine:\n"
        "        print((await engine.call({'do': 'echo', 'say': 1}))[0]['pid'], flush=True)\n"
        "        await anyio.sleep_forever()\n"
        "anyio.run(main)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=env) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        child.wait(timeout=10)


@pytest.mark.anyio
@pytest.mark.parametrize("started", [True, False])
@pytest.mark.parametrize("error", [KeyError("mine"), ExceptionGroup("mine", [KeyError("inner")]), SystemExit(3)])
async def test_the_callers_own_error_goes_on_as_it_is(engine, error, started):
    with anyio.fail_after(20), pytest.raises(type(error)) as caught:
        async with engine:
            if started:
                await engine.call({"do": "echo", "say": 1})
            raise error
    assert caught.value is error and engine.pid is None


@pytest.mark.anyio
@pytest.mark.parametrize("error", [None, KeyError("mine"), SystemExit(3)])
async def test_leaving_never_says_that_an_error_is_dealt_with(engine, error):
    await engine.__aenter__()
    await engine.call({"do": "echo", "say": 1})
    assert not await engine.__aexit__(type(error) if error else None, error, None)


@pytest.mark.anyio
async def test_cancelling_passes_through(engine):
    with anyio.fail_after(20):
        with anyio.CancelScope() as outer:
            async with engine:
                await engine.call({"do": "echo", "say": 1})
                outer.cancel()
                await anyio.sleep_forever()
            raise AssertionError("never reached")
        assert outer.cancelled_caught and engine.pid is None
