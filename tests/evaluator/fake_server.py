"""A server with scripted sessions that listen by loudness: 300 ms of quiet or a button end a turn, voice an answer.

`python -m tests.evaluator.fake_server` serves the real channels on a free port and prints the line that says where.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

import numpy as np
import uvicorn

from selfsame.channels.http import SERVER_OPTIONS, create_app
from selfsame.events import told, turns
from selfsame.events.audio import AudioFrame, EndUtterance
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.clock import SYSTEM
from selfsame.kit.pcm import rms
from selfsame.kit.pipes import Pipe
from tests.channels.fake_session import FakeSession, FakeSessions, deps

RATE = 16_000
QUIET = 0.3
DELAY = 0.1
CHUNKS = 12
CHUNK = (9_000 * np.sin(2 * np.pi * 300 * np.arange(RATE // 4) / RATE)).astype(np.int16)


class ListeningSession(FakeSession):
    """Answers three seconds of tone, `DELAY` seconds after the end of a turn was confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later: Pipe[tuple[float, told.Told]] = Pipe("later", 1_000, "fail")
        self.origin = SYSTEM.now()
        self.turn = 0
        self.voice_at: float | None = None
        self.speaking = False

    def now(self) -> float:
        return SYSTEM.now() - self.origin

    def receive(self, event: Any) -> None:
        if isinstance(event, AudioFrame):
            self._hear(rms(event.pcm) > 0.01)
        elif isinstance(event, EndUtterance) and self.voice_at is not None and not self.speaking:
            self._reply(0.0)
            self.voice_at = None
        elif isinstance(event, turns.TextTyped):
            self._reply(0.0)
        elif isinstance(event, turns.PlayedBack) and self.speaking and event.turn == self.turn and event.done:
            self._finish(interrupted=False)

    def _hear(self, voice: bool) -> None:
        now = self.now()
        if voice and self.speaking:
            self._say(told.PlaybackOrdered(self.turn, "stop"))
            self._finish(interrupted=True)
        elif voice and not self.speaking:
            self.voice_at = now
        elif self.voice_at is not None and now - self.voice_at >= QUIET:
            self._reply(now - self.voice_at)
            self.voice_at = None

    def _reply(self, endpointing: float) -> None:
        self.turn += 1
        self.speaking = True
        self.endpointing = endpointing
        self._say(told.UserHeard("how do I make a clone", True, 1.0, self.turn))
        self._say(told.ReplyStarted(self.turn, RATE))
        for n in range(CHUNKS):
            chunk = SpokenChunk(pcm=CHUNK, sample_rate=RATE, text="la ")
            self._say(told.ReplySpoken(self.turn, n, n / 4, chunk), DELAY)

    def _finish(self, *, interrupted: bool) -> None:
        self.speaking = False
        metrics = turns.TurnMetrics(total=1000 * DELAY, endpointing=1000 * self.endpointing, model="scripted")
        self._say(told.ReplyEnded(self.turn, "la", interrupted, metrics))

    def _say(self, event: told.Told, delay: float = 0.0) -> None:
        self.later.put_now((self.now() + delay, event))

    async def told(self) -> told.Told:
        due, event = await self.later.get()
        if due > self.now():
            await SYSTEM.sleep(due - self.now())
        return event

    async def close(self) -> None:
        self.closed = True
        self.later.close()


def main() -> None:
    """Serve until SIGTERM."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    app = create_app(deps(FakeSessions(ListeningSession)))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sys.stdout.write(json.dumps({"event": "listening", "url": url}) + "\n")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(app, log_level="warning", **SERVER_OPTIONS)).run(sockets=[listener])


if __name__ == "__main__":
    main()
