"""Lines: resume without loss or repetition, take-over, grace, lapse, restart; the outbox and the buckets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import anyio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.channels.limits import Bucket, Buckets, Limits
from selfsame.channels.line import Line
from selfsame.channels.lines import Lines
from selfsame.channels.outbox import Outbox
from selfsame.channels.post import CROWDED, Post
from selfsame.channels.wire import client as c
from selfsame.channels.wire import server as s
from selfsame.channels.wire.binary import decode
from selfsame.channels.wire.mapping import Sounding
from selfsame.conversation.port import SessionRecord
from selfsame.events import told, turns
from selfsame.events.audio import AudioFrame
from selfsame.kit.ids import new_id
from tests.channels.fake_session import CLONE, OWNER, FakeSession, FakeSessions, house, settle


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 100.0
        self._moved = anyio.Event()

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        end = self.time + seconds
        while self.time < end:
            await self._moved.wait()

    def move(self, seconds: float) -> None:
        self.time += seconds
        moved, self._moved = self._moved, anyio.Event()
        moved.set()


def number_of(message: Any) -> int:
    return decode(message).event_number if isinstance(message, bytes) else message["eventNumber"]


@pytest.mark.anyio
async def test_a_dropped_socket_resumes_without_loss_or_repetition() -> None:
    async with house() as h:
        socket, session, ready = await h.call()
        session.tell(told.ReplyStarted(1, 16_000))
        for n in range(6):
            session.speak(1, n, f"word{n} ")
        seen = [await socket.get() for _ in range(6)]
        socket.drop()
        await settle()
        assert session.heard(turns.Left)
        session.speak(1, 6, "word6 ")
        back, same, again = await h.call(sessionId=ready["sessionId"], lastEvent=number_of(seen[-1]))
        assert same is session
        assert (again["resumed"], again["eventNumber"], again["turns"]) == (True, number_of(seen[-1]), [])
        rest = [await back.get() for _ in range(9)]
        assert [number_of(x) for x in [*seen, *rest]] == list(range(1, 16))
        assert [type(x) for x in session.received if isinstance(x, turns.Left | turns.Returned)] == [
            turns.Left,
            turns.Returned,
        ]


@pytest.mark.anyio
async def test_a_reloaded_page_gets_the_turns_and_the_running_reply() -> None:
    async with house() as h:
        socket, session, ready = await h.call()
        socket.send({"type": "text_input", "messageId": "1", "text": "first"})
        await socket.until("response_end")
        session.tell(told.ReplyStarted(2, 16_000))
        session.speak(2, 0, "second")
        await socket.until("response_text")
        back, _, again = await h.call(sessionId=ready["sessionId"])
        assert await socket.until_closed() == 4001
        first = again["turns"][0]
        assert (first["turnId"], first["user"], first["clone"], first["messageId"]) == (1, "first", "first", "1")
        assert again["nextTurn"] == 2
        assert (await back.get())["type"] == "response_start"
        assert (await back.get())["text"] == "second"
        assert decode(await back.get()).turn == 2
        assert not session.heard(turns.Left), "a take-over is not a hang-up"


@pytest.mark.anyio
async def test_what_was_sent_twice_is_taken_once() -> None:
    async with house() as h:
        socket, session, ready = await h.call(audio="base64")
        text = {"type": "text_input", "messageId": "same", "text": "once"}
        chunk = {"type": "audio_chunk", "sequenceNumber": 7, "audioData": "AAA="}
        for message in (text, chunk, text, chunk):
            socket.send(message)
        end = await socket.until("response_end")
        socket.drop()
        await settle()
        resume = {"sessionId": ready["sessionId"], "audio": "base64"}
        back, _, again = await h.call(**resume, lastEvent=end["eventNumber"])
        back.send(text)
        back.send({"type": "audio_chunk", "sequenceNumber": 7, "audioData": "AAAAAAAA"})
        await settle()
        assert len(session.heard(turns.TextTyped)) == 1
        assert (session.samples, again["audioReceived"]) == (1, 2)


@pytest.mark.anyio
async def test_audio_received_tells_where_to_go_on() -> None:
    async with house() as h:
        socket, _, ready = await h.call()
        socket.send(b"\0" * 1024)
        socket.send(b"\0" * 512)
        await settle()
        socket.drop()
        await settle()
        _, _, again = await h.call(sessionId=ready["sessionId"])
        assert again["audioReceived"] == 1536


@pytest.mark.anyio
async def test_nobody_reaches_anothers_line() -> None:
    async with house() as h:
        _, _, ready = await h.call("ann")
        thief = h.socket("ben")
        await thief.connect()
        thief.send({"type": "start", "sessionId": ready["sessionId"]})
        assert (await thief.until("error"))["errorCode"] == "NOT_FOUND"


@pytest.mark.anyio
async def test_who_does_not_return_in_time_finds_the_stored_conversation() -> None:
    clock = HandClock()
    async with house(clock=clock) as h:
        socket, session, ready = await h.call()
        socket.send({"type": "text_input", "messageId": "1", "text": "kept"})
        end = await socket.until("response_end")
        socket.drop()
        await settle()
        for _ in range(119):
            clock.move(1.0)
            await settle()
        assert not session.closed
        for _ in range(3):
            clock.move(1.0)
            await settle()
        assert session.closed
        back, new, again = await h.call(sessionId=ready["sessionId"], lastEvent=end["eventNumber"])
        assert new is not session
        assert again["resumed"] and [turn["clone"] for turn in again["turns"]] == ["kept"]
        assert again["eventNumber"] > end["eventNumber"], "numbers never go back, even over a restart"
        back.send({"type": "text_input", "messageId": "2", "text": "on"})
        assert (await back.until("response_end"))["eventNumber"] > again["eventNumber"]


@pytest.mark.anyio
async def test_an_hour_of_silence_ends_the_conversation() -> None:
    clock = HandClock()
    async with house(clock=clock) as h:
        socket, session, _ = await h.call()
        clock.move(3_601.0)
        await settle()
        error = await socket.until("error")
        assert (error["errorCode"], error["recoverable"]) == ("SESSION_LAPSED", False)
        assert await socket.until_closed() == 4002
        assert session.closed


@pytest.mark.anyio
async def test_shutting_down_closes_every_session() -> None:
    sessions = FakeSessions()
    async with house(sessions) as h:
        for n in range(3):
            await h.call(f"user{n}")
    assert len(sessions.live) == 3
    assert all(session.closed for session in sessions.live.values())


@pytest.mark.anyio
async def test_users_who_leave_conversations_behind_lose_the_oldest() -> None:
    clock = HandClock()
    async with house(clock=clock, limits=Limits(connections_per_user=2)) as h:
        kept = []
        for _ in range(4):
            socket, session, _ = await h.call()
            socket.drop()
            await settle()
            clock.move(0.1)
            kept.append(session)
        await settle()
        assert [session.closed for session in kept] == [True, True, False, False]


@pytest.mark.anyio
async def test_a_conversation_that_is_being_opened_is_not_one_that_was_left() -> None:
    """Many callers with one token come at once: none may take another's place."""
    async with Lines(FakeSessions(), Limits(connections_per_user=2), HandClock()).running() as lines:
        opened = [(await lines.open(OWNER, c.Start()))[0] for _ in range(5)]
        await settle()
        assert [line.session.closed for line in opened] == [False] * 5


@pytest.mark.anyio
async def test_a_full_house_says_so() -> None:
    async with house(limits=Limits(connections=2)) as h:
        await h.call("a")
        socket, _, _ = await h.call("b")
        socket.drop()
        await settle()
        third = h.socket("c")
        await third.connect()
        third.send({"type": "start"})
        assert (await third.until("error"))["errorCode"] == "OVERLOADED"
        assert await third.until_closed() == 1013


# --- the line alone --------------------------------------------------------------------------------------------------


def line_of(session: FakeSession) -> Line:
    return Line(session, HandClock())


def fake_session() -> FakeSession:
    return FakeSession(SessionRecord(new_id(), OWNER, CLONE.id))


@pytest.mark.anyio
async def test_unheard_sound_waits_with_the_session_while_nobody_is_there() -> None:
    session = fake_session()
    line = line_of(session)
    async with anyio.create_task_group() as group:
        group.start_soon(line.pump)
        for n in range(200):
            session.speak(1, n, "", samples=8_000)
        await settle(600)
        assert len(session.pipe) > 100
        post, after = line.attach(c.Start(last_event=0))
        assert after == 0
        numbers = []
        for _ in range(200):
            event = await post.get()
            assert not isinstance(event, str)
            numbers.append(event.number)
        assert numbers == list(range(1, 201))
        await session.close()


@pytest.mark.anyio
async def test_a_line_resumed_by_a_stranger_number_starts_anew() -> None:
    session = fake_session()
    line = line_of(session)
    _, after = line.attach(c.Start(last_event=10_000))
    assert after == 0


@pytest.mark.anyio
async def test_lines_restored_from_the_store_count_on() -> None:
    sessions = FakeSessions()
    record = SessionRecord(new_id(), OWNER, CLONE.id, next_turn=3)
    sessions.store[record.id] = record
    lines = Lines(sessions, Limits(), HandClock())
    async with lines.running():
        start = c.Start(session_id=str(record.id), last_event=41)
        line, resumed = await lines.open(OWNER, start)
        assert resumed
        assert line.attach(start)[1] == 42
        assert isinstance(line.id, UUID)


# --- outbox and post -------------------------------------------------------------------------------------------------


def sound(turn: int, size: int = 100) -> Sounding:
    return Sounding(turn, 0, 0.0, b"\0" * size)


def test_sound_of_ended_turns_is_not_kept() -> None:
    box = Outbox()
    box.add(sound(1))
    box.add(s.ResponseText(turn_id=1, text="x"))
    box.add(s.ResponseMarks(turn_id=1, sequence_number=0))
    metrics = s.TurnMetricsItem(
        total_latency_ms=0, asr_latency_ms=0, rag_latency_ms=0, llm_latency_ms=0, tts_latency_ms=0
    )
    box.add(s.ResponseEnd(turn_id=1, text="x", metrics=metrics))
    box.add(sound(2))
    assert [event.number for event in box.after(0)] == [2, 4, 5]
    assert box.settled == 4
    assert box.reaches(0)


def test_the_outbox_is_bounded() -> None:
    box = Outbox(events=10, size=5_000)
    for _ in range(30):
        box.add(sound(1, 900))
    assert len(box.after(0)) == 5 and box.size <= 5_000
    assert not box.reaches(24) and box.reaches(25) and not box.reaches(31)


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["sound", "text", "stop"])), max_size=60))
def test_after_gives_everything_newer_but_hushed_sound(steps: list[tuple[int, str]]) -> None:
    box = Outbox(events=1_000)
    for turn, kind in steps:
        if kind == "sound":
            box.add(sound(turn))
        elif kind == "text":
            box.add(s.ResponseText(turn_id=turn, text="x"))
        else:
            box.add(s.Playback(turn_id=turn, action="stop"))
    for number in range(len(steps) + 1):
        got = {event.number for event in box.after(number)}
        needed = {
            n
            for n, (turn, kind) in enumerate(steps, 1)
            if n > number and not (kind == "sound" and (turn, "stop") in steps[n:])
        }
        assert got == needed


@pytest.mark.anyio
async def test_a_stop_overtakes_the_sound_it_stops() -> None:
    box, post = Outbox(), Post()
    for _ in range(5):
        post.put(box.add(sound(1)))
    post.put(box.add(sound(2)))
    post.put(box.add(s.Playback(turn_id=1, action="stop")))
    first, second = await post.get(), await post.get()
    assert not isinstance(first, str) and first.number == 6
    assert not isinstance(second, str) and second.number == 7


@pytest.mark.anyio
async def test_a_crowded_post_makes_the_line_wait() -> None:
    box, post = Outbox(), Post()
    while True:
        event = box.add(sound(1, 50_000))
        post.put(event)
        if event.number * 50_000 > CROWDED:
            break
    async with anyio.create_task_group() as group:
        waited = anyio.Event()

        async def wait() -> None:
            await post.room()
            waited.set()

        group.start_soon(wait)
        await settle()
        assert not waited.is_set()
        await post.get()
        await settle()
        assert waited.is_set()


# --- buckets ---------------------------------------------------------------------------------------------------------


def test_a_bucket_lets_a_burst_pass_then_its_rate() -> None:
    bucket = Bucket(rate=2.0, burst=3.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.5)] == [True, False]
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
def test_a_bucket_never_gives_more_than_burst_and_rate(gaps: list[float]) -> None:
    bucket = Bucket(rate=5.0, burst=4.0)
    now, taken = 0.0, 0
    for gap in gaps:
        now += gap
        taken += bucket.take(now)
    assert taken <= 4.0 + 5.0 * now + 1e-6


def test_forgotten_buckets_make_room() -> None:
    buckets = Buckets(rate=1.0, burst=1.0, at_most=2)
    assert buckets.take("a", 0.0) and buckets.take("b", 0.0)
    assert not buckets.take("c", 0.5)
    assert buckets.take("c", 2.0)


def test_frames_are_views_of_little_endian_samples() -> None:
    session = fake_session()
    line = line_of(session)
    line.hear(np.array([1, -2], "<i2").tobytes())
    assert session.heard(AudioFrame)[0].pcm.tolist() == [1, -2]
    assert session.heard(AudioFrame)[0].at == 7.0, "events carry the session's own time"
