"""Live pictures in a real session: who gets what, how soon, and what happens when they cannot be made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

import anyio
import cv2
import numpy as np
import pytest
from bench_rooms import RATE, Stage

from selfsame.clones.clone import Clone
from selfsame.conversation.port import SessionRecord
from selfsame.conversation.rooms import Rooms, Show
from selfsame.conversation.session import Session, SessionParts
from selfsame.conversation.showing import Showing
from selfsame.conversation.turn_state import TurnOptions
from selfsame.events.shown import CHANNELS, MOTION_FPS, Motion, still
from selfsame.events.spoken import SpokenChunk
from selfsame.events.told import (
    PlaybackOrdered,
    ReplyEnded,
    ReplyMoved,
    ReplyShown,
    ReplySpoken,
    ReplyStarted,
    Told,
)
from selfsame.events.turns import InterruptPressed, Left, PlayedBack, Returned, TextTyped, VideoChosen
from selfsame.face.show import STILL, LadderOptions
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background, group
from tests.conversation.test_session import Store
from tests.face.painter import DrawnFace, gone, mouth_height

pytestmark = pytest.mark.anyio

JAW = CHANNELS.index("jawOpen")


class Wide:
    """An animation whose mouth is wide open while there is sound."""

    def __init__(self, _seed: int) -> None:
        self.seconds = 0.0

    def add(self, chunk: SpokenChunk) -> Motion:
        first = round(self.seconds * MOTION_FPS)
        self.seconds += chunk.seconds
        rows = still(max(0, round(self.seconds * MOTION_FPS) - first))
        rows[:, JAW] = 0.9
        return Motion(first, rows)

    def finish(self) -> Motion:
        return Motion(round(self.seconds * MOTION_FPS), still(15))


def quiet(_first: int, count: int) -> np.ndarray:
    return still(count)


class Face:
    """A `Show` that counts the painters it opened."""

    def __init__(self, before: Callable[[], None] = lambda: None, photo: Any = None) -> None:
        self.painters: list[DrawnFace] = []
        self.before = before
        self.show = Show(self.open, quiet, photo)

    def open(self, size: int) -> DrawnFace:
        self.painters.append(DrawnFace(size, self.before))
        return self.painters[-1]

    @property
    def painted(self) -> int:
        return sum(painter.painted for painter in self.painters)


class Live:
    """A session and what it told, with the time of telling."""

    def __init__(self, session: Session, stage: Stage, face: Face) -> None:
        self.session, self.stage, self.face = session, stage, face
        self.told: list[tuple[float, Told]] = []

    async def until(self, wanted: Callable[[Told], bool]) -> Any:
        with anyio.fail_after(30):
            while True:
                told = await self.session.told()
                self.told.append((self.session.now(), told))
                if wanted(told):
                    return told

    async def until_type(self, kind: type) -> Any:
        return await self.until(lambda told: isinstance(told, kind))

    def of(self, kind: type) -> list[Any]:
        return [told for _, told in self.told if isinstance(told, kind)]

    def shown(self, turn: int) -> list[tuple[float, ReplyShown]]:
        return [(at, told) for at, told in self.told if isinstance(told, ReplyShown) and told.turn == turn]

    def ask(self, text: str = "go") -> None:
        self.session.receive(TextTyped(self.session.now(), text, f"m{self.session.now()}"))

    async def whole_turn(self, turn: int) -> ReplyEnded:
        """Ask, play it all in real time, and report."""
        self.ask()
        await self.until_type(ReplyStarted)
        began = self.session.now()
        await self.until(lambda told: isinstance(told, ReplyMoved | ReplyShown) or self.session.now() > began + 0.3)
        await self.until(lambda _: self.session.now() >= began + 7 * self.stage.word_seconds + 0.2)
        self.session.receive(PlayedBack(self.session.now(), turn, 7000 * self.stage.word_seconds, done=True))
        return await self.until_type(ReplyEnded)


@asynccontextmanager
async def live(video: str, face: Face | None = None, *, word_seconds: float = 0.1) -> AsyncIterator[Live]:
    stage, face = Stage(word_seconds=word_seconds), face or Face()
    rooms = stage.rooms()
    rooms = Rooms(rooms.hear, rooms.think, rooms.speak, RATE, rooms.language_of, 60.0, Wide, face.show)
    user = new_id()
    clone = Clone(new_id(), user, "guide", "Guide")

    async def on_consent(granted: bool) -> None:
        del granted

    parts = SessionParts(rooms, Store(), SYSTEM, TurnOptions(), on_consent)
    session = Session(SessionRecord(new_id(), user, clone.id), clone, parts, resumed=False)
    async with group() as tasks:
        tasks.start_soon(session.run)
        await stage.listening.wait()
        session.receive(VideoChosen(video, "low"))  # type: ignore[arg-type]
        yield Live(session, stage, face)
        await session.close()


def picture(told: ReplyShown) -> Any:
    return cv2.imdecode(np.frombuffer(told.frame.data, np.uint8), cv2.IMREAD_COLOR)


async def test_a_client_that_wants_jpegs_gets_a_face_that_speaks_in_step() -> None:
    async with live("jpeg", word_seconds=0.2) as it:
        await it.until(lambda told: isinstance(told, ReplyShown) and told.sequence == 2)
        await it.whole_turn(1)
        shown = it.shown(1)
        began = next(at for at, told in it.told if isinstance(told, ReplySpoken))
        assert [told.sequence for _, told in shown] == list(range(len(shown)))
        stamps = [told.frame.timestamp for _, told in shown]
        assert stamps == sorted(stamps) and stamps[-1] > 1.0, "test_screen tells how they lie against the sound"
        assert all(told.frame.timestamp == told.frame.audio_timestamp for _, told in shown)
        assert all(told.frame.format == "jpeg" and told.frame.width == 256 for _, told in shown)
        speaking = [mouth_height(picture(told)) for _, told in shown if 0.1 < told.frame.timestamp < 1.3]
        idle = [mouth_height(picture(told)) for at, told in it.shown(0) if at < began]
        assert min(speaking) > 20 and max(idle) < 8
        assert not it.of(ReplyMoved), "motion is for those who draw it"


async def test_access_units_decode_one_after_the_other() -> None:
    import av

    async with live("h264") as it:
        await it.whole_turn(1)
        frames = [told.frame for _, told in it.told if isinstance(told, ReplyShown)]
        assert frames[0].keyframe and frames[0].format == "h264" and not all(f.keyframe for f in frames)
        decoder: Any = av.CodecContext.create("h264", "r")
        decoder.thread_count = 1
        shown = [image for frame in frames for image in decoder.decode(av.Packet(frame.data))] + decoder.decode(None)
        assert len(shown) == len(frames)


@pytest.mark.parametrize(("video", "motion"), [("none", False), ("motion", True)])
async def test_others_get_no_pictures_and_nothing_is_drawn(video: str, motion: bool) -> None:
    async with live(video) as it:
        it.ask()
        await it.until_type(ReplySpoken)
        it.session.receive(PlayedBack(it.session.now(), 1, 1e6, done=True))
        await it.until_type(ReplyEnded)
        assert not it.of(ReplyShown) and it.face.painted == 0
        assert bool(it.of(ReplyMoved)) is motion


async def test_a_stop_ends_the_pictures_of_the_turn() -> None:
    async with live("h264", word_seconds=1.0) as it:
        it.ask()
        await it.until(lambda told: isinstance(told, ReplyShown) and told.turn == 1 and told.sequence == 6)
        it.session.receive(InterruptPressed(it.session.now()))
        await it.until(lambda told: isinstance(told, PlaybackOrdered) and told.action == "stop")
        before = len(it.shown(1))
        first = await it.until_type(ReplyShown)
        assert first.turn == 0 and first.frame.keyframe, "the stopped pictures may be gone: build on none of them"
        await it.until(lambda told: isinstance(told, ReplyShown) and told.sequence > first.sequence + 3)
        assert len(it.shown(1)) == before


async def test_nobody_looks_nothing_is_drawn_and_the_return_begins_with_a_keyframe() -> None:
    async with live("h264") as it:
        await it.until(lambda told: isinstance(told, ReplyShown) and told.sequence == 3)
        it.session.receive(Left(it.session.now()))
        with anyio.move_on_after(0.1):
            await it.until(lambda _: False)
        painted = it.face.painted
        with anyio.move_on_after(0.4):
            await it.until(lambda _: False)
        assert it.face.painted == painted
        it.session.receive(Returned(it.session.now()))
        it.session.receive(VideoChosen("h264", "low"))
        assert (await it.until_type(ReplyShown)).frame.keyframe


async def test_an_engine_that_is_gone_leaves_the_photo_and_the_conversation() -> None:
    photo = np.full((300, 300, 3), (10, 200, 30), np.uint8)
    async with live("jpeg", Face(gone, photo)) as it:
        shown = await it.until_type(ReplyShown)
        assert np.abs(picture(shown).astype(int) - (10, 200, 30)).max() < 12
        assert (await it.whole_turn(1)).text == it.stage.answer
        assert it.session._showing.ladder.rung == STILL


async def test_a_bug_in_a_renderer_does_not_end_the_conversation() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    async with live("jpeg", Face(broken)) as it:
        assert (await it.whole_turn(1)).text == it.stage.answer


async def test_a_renderer_that_hangs_is_not_waited_for() -> None:
    let_go = Event()
    try:
        async with live("jpeg", Face(lambda: let_go.wait(30) and None)) as it:
            ended = await it.whole_turn(1)
            assert ended.text == it.stage.answer and not it.of(ReplyShown)
            let_go.set()
    finally:
        let_go.set()


async def test_whoever_does_not_read_is_told_no_more_pictures() -> None:
    told: list[Told] = []
    showing = Showing(Face().show, told.append, SYSTEM.now, lambda: len(told) < 5)
    showing.choose(VideoChosen("jpeg", "low"))
    async with background() as tasks:
        tasks.start_soon(showing.run)
        with anyio.fail_after(5):
            while showing.dropped < 3:
                await SYSTEM.sleep(0.02)
    assert len(told) == 5


async def test_a_slow_renderer_goes_down_the_ladder() -> None:
    def slow() -> None:
        Event().wait(0.05)

    told: list[Told] = []
    limits = LadderOptions(pictures=2, frozen=60.0)
    showing = Showing(Face(slow).show, told.append, SYSTEM.now, lambda: True, limits=limits)
    showing.choose(VideoChosen("jpeg", "high"))
    async with background() as tasks:
        tasks.start_soon(showing.run)
        with anyio.fail_after(30):
            while showing.ladder.rung != STILL:
                await SYSTEM.sleep(0.02)
    sizes = [shown.frame.width for shown in told if isinstance(shown, ReplyShown)]
    assert list(dict.fromkeys(sizes))[:3] == [512, 360, 256]
