"""Pictures on the socket: they arrive, they are replaceable, and they never stand in the way of anything else."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from selfsame.channels.outbox import Outbox
from selfsame.channels.post import PICTURES, Post
from selfsame.channels.wire import server as s
from selfsame.channels.wire.binary import PictureFrame, decode
from selfsame.channels.wire.mapping import Showing, Sounding
from selfsame.events import told, turns
from selfsame.events.shown import VideoFrame
from tests.channels.fake_session import house, settle

pytestmark = pytest.mark.anyio


def frame(size: int = 1000, *, key: bool = True, form: str = "jpeg", at: float = 0.0) -> VideoFrame:
    return VideoFrame(b"x" * size, at, form, 256, 256, at, key)  # type: ignore[arg-type]


def picture(turn: int = 1, sequence: int = 0, **how: Any) -> Showing:
    return Showing(turn, sequence, frame(**how))


async def test_pictures_arrive_as_binary_frames_and_as_response_video() -> None:
    async with house() as h:
        socket, session, _ = await h.call(video="jpeg", videoQuality="low")
        assert session.heard(turns.VideoChosen) == [turns.VideoChosen("jpeg", "low")]
        session.tell(told.ReplyShown(3, 7, frame(at=1.25)))
        got = decode(await socket.get())
        assert isinstance(got, PictureFrame)
        assert (got.turn, got.sequence, got.timestamp, got.edge, got.format) == (3, 7, 1250, 256, "jpeg")
        plain, session, ready = await h.call("ben", audio="base64", video="h264")
        session.tell(told.ReplyShown(3, 8, frame(form="h264", key=False, at=0.5)))
        message = await plain.until("response_video")
        assert base64.b64decode(message["frameData"]) == b"x" * 1000
        assert message["sessionId"] == ready["sessionId"]
        assert (message["turnId"], message["sequenceNumber"], message["timestamp"]) == (3, 8, 500)
        assert (message["format"], message["keyframe"]) == ("h264", False)


async def test_pictures_for_nobody_are_gone_and_the_words_are_not() -> None:
    async with house() as h:
        socket, session, ready = await h.call(video="jpeg")
        socket.drop()
        await session.until(turns.Left)
        for sequence in range(3000):
            session.tell(told.ReplyShown(0, sequence, frame(2000)))
        session.speak(1, 0, "still here")
        back, _, again = await h.call(sessionId=ready["sessionId"], lastEvent=ready["eventNumber"], video="jpeg")
        assert again["resumed"]
        assert (await back.until("response_text"))["text"] == "still here"


def test_pictures_are_numbered_but_not_kept() -> None:
    box = Outbox(events=10, size=10_000)
    box.add(s.Status(state="idle"))
    numbers = [box.add(picture(sequence=n)).number for n in range(500)]
    assert numbers == list(range(2, 502))
    assert box.size < 1000 and box.reaches(1) and box.reaches(300) and len(box.after(0)) == 1


async def drained(post: Post) -> list[Any]:
    post.close(1000, "")
    things: list[Any] = []
    while post._waiting:
        things.append(await post.get())
    return [thing.item for thing in things]


async def test_a_slow_socket_gets_the_newest_pictures_and_all_of_the_sound() -> None:
    box, post = Outbox(), Post()
    for n in range(200):
        post.put(box.add(picture(sequence=n, size=20_000)))
        post.put(box.add(Sounding(1, n, n * 50.0, b"\0\0" * 100)))
    items = await drained(post)
    assert len([x for x in items if isinstance(x, Sounding)]) == 200
    left = [x.sequence for x in items if isinstance(x, Showing)]
    assert len(left) <= 4 and left[-1] == 199


async def test_what_builds_on_a_lost_picture_is_left_out_until_the_next_keyframe() -> None:
    box, post = Outbox(), Post()
    for n in range(60):
        post.put(box.add(picture(sequence=n, size=900, form="h264", key=n % 25 == 0)))
    left = [x.sequence for x in await drained(post)]
    assert left == list(range(50, 60)) and len(left) == PICTURES


async def test_a_stop_takes_the_pictures_of_the_turn_away() -> None:
    box, post = Outbox(), Post()
    post.put(box.add(picture(1, 0, form="h264")))
    post.put(box.add(picture(1, 1, form="h264", key=False)))
    post.put(box.add(s.Playback(turn_id=1, action="stop")))
    post.put(box.add(picture(0, 0, form="h264", key=False)))
    post.put(box.add(picture(0, 1, form="h264", key=True)))
    items = await drained(post)
    assert [x.sequence for x in items if isinstance(x, Showing)] == [1]


async def test_an_idle_face_does_not_keep_a_conversation_alive() -> None:
    async with house() as h:
        _, session, _ = await h.call(video="jpeg")
        line = next(iter(_lines(h.app)))
        line.active_at = -1000.0
        session.tell(told.ReplyShown(0, 0, frame()))
        session.tell(told.ReplyShown(0, 1, frame()))
        while len(session.pipe):
            await session.until(turns.VideoChosen)
            await settle()
        assert line.active_at == -1000.0


def _lines(app: Any) -> Any:
    route = next(r for r in app.router.routes if getattr(r, "name", "") == "chat")
    return route.app.lines.all
