"""A caller: a client of the public socket that speaks at real time, listens like the page and measures at its ear."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import anyio
import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from selfsame.channels.wire import client as c
from selfsame.channels.wire import server as s
from selfsame.channels.wire.base import Message
from selfsame.channels.wire.binary import BinaryFrame, PictureFrame, SoundFrame, decode
from selfsame.errors import SelfsameError
from selfsame.evaluator.playout import Playout
from selfsame.evaluator.sound import voiced_span
from selfsame.kit import tasks
from selfsame.kit.clock import Clock
from selfsame.kit.ids import short_id
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, from_bytes, to_bytes

FRAME = 512
FRAME_SECONDS = FRAME / MICROPHONE_RATE
M = TypeVar("M", bound=s.ServerMessage)


@dataclass(frozen=True, slots=True)
class CallOptions:
    """How to call. `report_every` seconds of play-out a `played` report goes out; `quiet` is the wait before `done`.

    With a `video` the server sends pictures, which are kept in `Call.pictures`.
    """

    clone: str | None = None
    language: c.Language = "EN"
    mode: c.Mode = "faster"
    jitter: float = 0.06
    report_every: float = 0.2
    quiet: float = 0.3
    video: c.Video = "none"


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture that came at `at` seconds of the client's clock, when `played` ms of its reply had been heard.

    `turn` 0 is the idle face.
    """

    at: float
    played: float
    turn: int
    timestamp: int
    edge: int
    size: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """When something was said: first and last voiced sample, in seconds of the client's clock."""

    onset: float
    last_voice: float


class Lost(SelfsameError):
    """The connection ended, or what was awaited did not come."""

    code = "CALL_LOST"


class Call:
    """An open conversation. Times are seconds of `clock`."""

    def __init__(self, connection: ClientConnection, clock: Clock, options: CallOptions) -> None:
        self.playout = Playout(options.jitter)
        self.log: list[tuple[float, s.ServerMessage]] = []
        self.pictures: list[Pictured] = []
        self.ready: s.Ready | None = None
        self.latest_beat = 0.0
        """Seconds by which the worst frame left late: when it is high, the caller was slow and not the server."""
        self._connection = connection
        self._clock = clock
        self._options = options
        self._news = anyio.Event()
        self._over = False
        self._speech: Pcm = np.zeros(0, np.int16)
        self._said = anyio.Event()
        self._speech_began = 0.0
        self._turn = 0
        self._reported: tuple[float, float, bool] = (0.0, -1.0, True)
        self._arrived = 0.0
        noise = np.random.default_rng(7).integers(-2, 3, FRAME, dtype=np.int16)
        self._silence = to_bytes(noise)

    # --- what a person does ----------------------------------------------------------------------------------------

    async def say(self, pcm: Pcm) -> Spoken:
        """Speak into the microphone at real time; returns when the last sample has left."""
        self._check()
        first, last = voiced_span(pcm)
        self._said = anyio.Event()
        self._speech = pcm
        self._speech_began = 0.0
        await self._said.wait()
        self._check()
        begin = self._speech_began
        return Spoken(begin + first / MICROPHONE_RATE, begin + last / MICROPHONE_RATE)

    async def type(self, text: str) -> float:
        """Send typed text; returns when."""
        await self.send(c.TextInput(message_id=short_id(16), text=text))
        return self._clock.now()

    async def send(self, message: Message) -> None:
        """Send a message as it is."""
        try:
            await self._connection.send(message.to_json())
        except ConnectionClosed:
            self._end()
            self._check()

    async def until(self, kind: type[M], *, after: int = 0, within: float = 30.0) -> tuple[float, M]:
        """The first message of that kind at place `after` of the log or later, and when it came. Raises Lost."""
        place = after
        with anyio.move_on_after(within):
            while True:
                while place < len(self.log):
                    at, message = self.log[place]
                    if isinstance(message, kind):
                        return at, message
                    place += 1
                self._check()
                self._news = anyio.Event()
                await self._news.wait()
        raise Lost(f"no {kind.__name__} within {within:g} s")

    async def until_pictured(self, *, within: float) -> None:
        """Wait for the first picture. Raises Lost."""
        with anyio.move_on_after(within):
            while not self.pictures:
                self._check()
                self._news = anyio.Event()
                await self._news.wait()
            return
        raise Lost(f"no picture within {within:g} s")

    async def until_heard(self, turn: int, condition: Callable[[], bool], *, within: float) -> None:
        """Wait until `condition` holds of the play-out; it is looked at with every frame. Raises Lost."""
        with anyio.move_on_after(within):
            while not condition():
                self._check()
                await self._clock.sleep(FRAME_SECONDS)
            return
        raise Lost(f"turn {turn} was not heard as awaited within {within:g} s")

    def _check(self) -> None:
        if self._over:
            why = f"{self._connection.close_code} {self._connection.close_reason or ''}".rstrip()
            raise Lost(f"the server closed the connection ({why})")

    # --- what the machine does -------------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Take what the server sends until the end."""
        try:
            async for frame in self._connection:
                now = self._clock.now()
                if isinstance(frame, bytes):
                    self._take_binary(decode(frame), now)
                else:
                    self._take(s.SERVER.validate_json(frame), now)
        except ConnectionClosed:
            pass
        finally:
            self._end()

    def _take_binary(self, frame: BinaryFrame, now: float) -> None:
        if isinstance(frame, SoundFrame):
            self._arrived = now
            self.playout.add(frame.turn, from_bytes(frame.pcm), now)
        elif isinstance(frame, PictureFrame):
            self.playout.advance(now)
            played = self.playout.position(frame.turn)
            one = Pictured(now, played, frame.turn, frame.timestamp, frame.edge, len(frame.data))
            self.pictures.append(one)
            self._news.set()

    def _end(self) -> None:
        self._over = True
        self._news.set()
        self._said.set()

    def _take(self, message: s.ServerMessage, now: float) -> None:
        if isinstance(message, s.Ready):
            self.ready = message
        elif isinstance(message, s.ResponseStart):
            self.playout.advance(now)
            self._turn = message.turn_id
            self._reported = (now, -1.0, False)
            self._arrived = now
            self.playout.begin(message.turn_id, message.sample_rate)
        elif isinstance(message, s.Playback):
            self._obey(message, now)
        self.log.append((now, message))
        self._news.set()

    def _obey(self, order: s.Playback, now: float) -> None:
        if order.action == "pause":
            self.playout.pause(now)
        elif order.action == "resume":
            self.playout.resume(now)
        else:
            self.playout.stop(order.turn_id, now)

    async def speak_and_play(self) -> None:
        """Send the microphone's frames and report what was played, on the beat of 32 ms."""
        began = self._clock.now()
        beat = 0
        try:
            while not self._over:
                beat += 1
                await self._clock.sleep(began + beat * FRAME_SECONDS - self._clock.now())
                self.latest_beat = max(self.latest_beat, self._clock.now() - began - beat * FRAME_SECONDS)
                await self._connection.send(self._frame(began + (beat - 1) * FRAME_SECONDS))
                if not len(self._speech):
                    self._said.set()
                await self._report()
        except ConnectionClosed:
            self._end()

    def _frame(self, frame_began: float) -> bytes:
        """The next 32 ms of the microphone, whose first sample was taken at `frame_began`."""
        if not len(self._speech):
            return self._silence
        if self._speech_began == 0.0:
            self._speech_began = frame_began
        piece, self._speech = self._speech[:FRAME], self._speech[FRAME:]
        return to_bytes(np.concatenate([piece, np.zeros(FRAME - len(piece), np.int16)]))

    async def _report(self) -> None:
        now = self._clock.now()
        self.playout.advance(now)
        at, last, finished = self._reported
        if self._turn == 0 or finished:
            return
        stopped = self.playout.heard[self._turn].stopped
        position = self.playout.position(self._turn)
        done = stopped or (self.playout.drained and position > 0 and now - self._arrived >= self._options.quiet)
        if done or (now - at >= self._options.report_every and position > last):
            self._reported = (now, position, done)
            await self._connection.send(c.Played(turn_id=self._turn, ms=round(position), done=done).to_json())


@asynccontextmanager
async def call(url: str, token: str, clock: Clock, options: CallOptions | None = None) -> AsyncIterator[Call]:
    """Connect, start, and talk while the block runs. Raises Lost when the server does not open the conversation."""
    options = options or CallOptions()
    protocols = ["selfsame.v1", f"bearer.{token}"]
    try:
        connection = await connect(url, subprotocols=protocols, compression=None, max_size=None)  # type: ignore[arg-type]
    except (OSError, WebSocketException) as error:
        raise Lost(f"no connection: {error}") from error
    one = Call(connection, clock, options)
    try:
        async with tasks.background() as group:
            group.start_soon(one.listen)
            await one.send(_start(options))
            await _opened(one)
            group.start_soon(one.speak_and_play)
            yield one
    except BaseExceptionGroup as faults:
        raise sole(faults) from None
    finally:
        with anyio.move_on_after(1.0, shield=True):
            await connection.close()


def sole(fault: BaseException) -> BaseException:
    """The exception inside groups that hold just one, as task groups raise them."""
    while isinstance(fault, BaseExceptionGroup) and len(fault.exceptions) == 1:
        fault = fault.exceptions[0]
    return fault


def _start(options: CallOptions) -> c.Start:
    return c.Start(clone=options.clone, language=options.language, mode=options.mode, video=options.video)


async def _opened(one: Call) -> None:
    """Wait for `ready`; an error instead of it is the reason to tell."""
    try:
        await one.until(s.Ready, within=60.0)
    except Lost as lost:
        reasons = [message.error_message for _, message in one.log if isinstance(message, s.Error)]
        raise Lost(reasons[-1] if reasons else lost.message) from None
