"""Live pictures of the face: the shell around `screen.Screen` that draws, encodes and tells them.

One task per session. The conversation never waits for it: what comes too late is dropped, what cannot be drawn goes
down the ladder to a still picture and to sound alone (LIP-19, ERR-07), and nobody is told more than they take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import anyio
import numpy as np
import structlog

from selfsame.conversation.rooms import Show
from selfsame.conversation.screen import Due, Screen, ScreenOptions
from selfsame.errors import ProviderError
from selfsame.events.shown import Image, VideoFrame, still
from selfsame.events.told import PlaybackOrdered, ReplyShown, Told
from selfsame.events.turns import PlayedBack, VideoChosen, VideoQuality
from selfsame.face.port import FacePainter
from selfsame.face.show import SOUND_ALONE, Ladder, LadderOptions, ladder
from selfsame.kit.tasks import offload

log = structlog.get_logger(__name__)

STILL_EVERY = 5.0
"""Seconds after which a still picture is told again, for clients that lost it."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the client chose; `number` grows with every choice, which also asks for a keyframe."""

    format: str = ""
    quality: VideoQuality = "auto"
    number: int = 0


class Showing:
    """Notes what is told, and tells `ReplyShown` when the client wants pictures. Does nothing without a `show`."""

    def __init__(
        self,
        show: Show | None,
        tell: Callable[[Told], None],
        now: Callable[[], float],
        room: Callable[[], bool],
        options: ScreenOptions | None = None,
        limits: LadderOptions | None = None,
    ) -> None:
        self._show = show
        self._tell = tell
        self._now = now
        self._room = room
        self._options = options or ScreenOptions()
        self._limits = limits
        self._screen = Screen(show.idle, self._options) if show else None
        self._wish = _Wish()
        self._away = False
        self._changed = anyio.Event()
        self._sequences: dict[int, int] = {}
        self.ladder: Ladder = ladder("auto", self._options.fps, limits)
        self.dropped = 0

    # --- the session's side, never blocking ------------------------------------------------------------------------

    def choose(self, wish: VideoChosen) -> None:
        """The client's choice; also said anew whenever a socket takes the session up."""
        old = self._wish
        form = old.format if wish.video is None else (wish.video if wish.video in ("jpeg", "h264") else "")
        quality = wish.quality or old.quality
        self._wish = _Wish(form, quality, old.number + 1)
        if quality != old.quality:
            self.ladder = ladder(quality, self._options.fps, self._limits)
        self._changed.set()

    def note(self, told: Told) -> None:
        """What the client is told."""
        if self._screen is None or not self._screen.note(self._now(), told):
            return
        if isinstance(told, PlaybackOrdered) and told.action == "stop":
            # Pictures on their way are thrown away with the sound: what follows must not build on them.
            self._wish = replace(self._wish, number=self._wish.number + 1)
        self._changed.set()

    def played(self, report: PlayedBack) -> None:
        """What the client reports as heard."""
        if self._screen is not None:
            self._screen.played(self._now(), report.turn, report.ms / 1000)
            self._changed.set()

    def away(self, away: bool) -> None:
        """Nobody looks, or somebody does again."""
        self._away = away
        self._changed.set()

    # --- the task --------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Show pictures for as long as the session lives."""
        if self._show is None or self._screen is None:
            return
        easel = _Easel(self._show, self._options.fps)
        while True:
            self._changed = anyio.Event()
            if not self._wish.format or self._away:
                easel.put_away()
                await self._changed.wait()
                continue
            due = self._due(self._screen)
            if isinstance(due, Due):
                await self._make(self._screen, due, easel)
                continue
            with anyio.move_on_after(due):
                await self._changed.wait()

    def _due(self, screen: Screen) -> Due | float:
        """The picture to be made now, or how long to wait; on the lower rungs there is little to do."""
        now = self._now()
        self.ladder = self.ladder.rested(now)
        due = screen.next(now)
        if isinstance(due, Due) and self.ladder.rung == SOUND_ALONE:
            return 1.0 / self._options.fps
        return due

    async def _make(self, screen: Screen, due: Due, easel: _Easel) -> None:
        """Draw one picture, tell it when it is still wanted, and learn from how long it took."""
        wish, rung, began = self._wish, self.ladder.rung, self._now()
        if not self._room():
            self.dropped += 1
            await self._pause()
            return
        if not rung.moving and not easel.still_due(began, wish.number):
            await self._pause()
            return
        frame: VideoFrame | None = None
        try:
            easel.prepare(wish, rung.size)
            current = partial(screen.wants, due)
            draw = easel.draw if rung.moving else easel.draw_still
            frame = await offload(draw, due, lambda: current(self._now()))
        except ProviderError as error:
            log.warning("no picture could be made", code=error.code, rung=rung.size)
            self.ladder = self.ladder.failed(self._now())
        except Exception:
            # A bug in a renderer must not end the conversation; it is reported in full.
            log.exception("drawing the face failed")
            self.ladder = self.ladder.failed(self._now())
        now = self._now()
        if frame is None or not screen.wants(due, now) or wish.number != self._wish.number:
            self.dropped += 1
            easel.lost()
        else:
            self._tell(ReplyShown(due.turn, self._sequence(due.turn), frame))
        if rung.moving and rung == self.ladder.rung and easel.warm:
            screen.took(now - began)
            self._judge(now, now - began)

    def _judge(self, now: float, seconds: float) -> None:
        before = self.ladder.rung
        self.ladder = self.ladder.took(now, seconds)
        if before != self.ladder.rung:
            log.info("the face is shown otherwise", was=before.size, now=self.ladder.rung.size)

    async def _pause(self) -> None:
        """Let the time of one picture pass."""
        with anyio.move_on_after(1.0 / self._options.fps):
            await self._changed.wait()

    def _sequence(self, turn: int) -> int:
        number = self._sequences.get(turn, 0)
        if turn and turn not in self._sequences:
            self._sequences = {0: self._sequences.get(0, 0)}
        self._sequences[turn] = number + 1
        return number


class _Easel:
    """The painter and the encoder of one session; used by one thread at a time."""

    def __init__(self, show: Show, fps: float) -> None:
        self._show = show
        self._fps = fps
        self._painter: FacePainter | None = None
        self._encoder: _Encoder | None = None
        self._made_for: tuple[str, VideoQuality, int] | None = None
        self._wish = 0
        self._keyframe = True
        self._still_at: tuple[float, int] | None = None
        self.warm = False
        """Whether the last picture was made without preparing anything, so that its time tells something."""

    def put_away(self) -> None:
        """Nobody looks: free the memory."""
        self._painter = self._encoder = self._made_for = self._still_at = None

    def lost(self) -> None:
        """The last picture did not leave: the next one must not build on it."""
        self._keyframe = True

    def still_due(self, now: float, wish: int) -> bool:
        """Whether a still picture should be told (again)."""
        due = self._still_at is None or self._still_at[1] != wish or now - self._still_at[0] >= STILL_EVERY
        if due:
            self._still_at = (now, wish)
        return due

    def prepare(self, wish: _Wish, size: int) -> None:
        """Turn to what is wanted now; what it takes is made by the thread that draws."""
        if wish.number != self._wish:
            self._wish, self._keyframe = wish.number, True
        wanted = (wish.format, wish.quality, size)
        self.warm = wanted == self._made_for and self._painter is not None
        if wanted != self._made_for:
            if self._made_for is None or self._made_for[2] != size:
                self._painter = None
            self._encoder, self._made_for, self._keyframe = None, wanted, True

    def draw(self, due: Due, current: Callable[[], bool]) -> VideoFrame | None:
        """The picture, encoded; None when it was not wanted any more once it was drawn. Raises ProviderError."""
        assert self._made_for is not None
        self._still_at = None
        if self._painter is None:
            self._painter = self._show.open(self._made_for[2])
        image = next(iter(self._painter.paint(due.row, due.sound, due.rate or 16_000)))
        return self._encode(image, due) if current() else None

    def draw_still(self, due: Due, current: Callable[[], bool]) -> VideoFrame | None:
        """The photo, or the face at rest, encoded. Raises ProviderError."""
        assert self._made_for is not None
        size = self._made_for[2]
        if self._show.photo is not None:
            image = _fit(self._show.photo, size)
        else:
            image = next(iter(self._show.open(size).paint(still(), due.sound, due.rate or 16_000)))
        return self._encode(image, due) if current() else None

    def _encode(self, image: Image, due: Due) -> VideoFrame:
        assert self._made_for is not None
        form, quality, _ = self._made_for
        if self._encoder is None:
            self._encoder = _encoder(form, quality, image.shape[0], self._fps)
        data, key = self._encoder(image, self._keyframe)
        self._keyframe = False
        height, width = image.shape[:2]
        return VideoFrame(data, due.at, "h264" if form == "h264" else "jpeg", width, height, due.at, key)


_Encoder = Callable[[Image, bool], tuple[bytes, bool]]


def _encoder(form: str, quality: VideoQuality, size: int, fps: float) -> _Encoder:
    if form == "h264":
        from selfsame.face.encode.h264 import H264Stream

        stream = H264Stream(size, round(fps), quality)
        return lambda image, keyframe: stream.encode(image, keyframe=keyframe)
    from selfsame.face.encode.jpeg import JpegEncoder

    file = JpegEncoder(quality)
    return lambda image, _keyframe: (file.encode(image), True)


def _fit(photo: Image, size: int) -> Image:
    """A square photo at another size."""
    import cv2

    return np.asarray(cv2.resize(photo, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
