"""A loudspeaker without a sound card: plays replies on a clock as the page does, and notes what could be heard when.

Pure: time comes in. Sound waits for a jitter buffer when play-out begins and after it ran dry.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from selfsame.evaluator.sound import audible_span
from selfsame.kit.pcm import Pcm


@dataclass(slots=True)
class Heard:
    """What was heard of one reply; times in seconds of the client's clock."""

    first_audible: float | None = None
    last_audible: float | None = None
    samples: int = 0
    stopped: bool = False
    underruns: int = 0


class Playout:
    """One loudspeaker. `jitter` in seconds."""

    def __init__(self, jitter: float = 0.06) -> None:
        self._jitter = jitter
        self._queue: deque[tuple[int, Pcm]] = deque()
        self._rates: dict[int, int] = {}
        self._time = 0.0
        self._starts = 0.0
        self._dry = True
        self._paused = False
        self.heard: dict[int, Heard] = {}

    def begin(self, turn: int, rate: int) -> None:
        """A reply begins, at `rate` samples a second."""
        self._rates[turn] = rate
        self.heard.setdefault(turn, Heard())
        self._paused = False

    def add(self, turn: int, pcm: Pcm, now: float) -> None:
        """Sound has arrived."""
        self.advance(now)
        if turn not in self._rates or self.heard[turn].stopped or not len(pcm):
            return
        if self._dry:
            self._dry = False
            self._starts = now + self._jitter
            self.heard[turn].underruns += self.heard[turn].samples > 0
        self._queue.append((turn, pcm))

    def pause(self, now: float) -> None:
        """Be silent from now on, keeping what waits."""
        self.advance(now)
        self._paused = True

    def resume(self, now: float) -> None:
        """Go on."""
        self.advance(now)
        self._paused = False

    def stop(self, turn: int, now: float) -> None:
        """Forget what waits of `turn`; later sound of it is not played."""
        self.advance(now)
        self._queue = deque(x for x in self._queue if x[0] != turn)
        self._dry = not self._queue
        self._paused = False
        self.heard.setdefault(turn, Heard()).stopped = True

    def advance(self, now: float) -> None:
        """Play up to `now`."""
        self._time = max(self._time, min(now, self._starts)) if not self._dry else now
        while self._queue and not self._paused and self._time < now:
            turn, pcm = self._queue.popleft()
            rate = self._rates[turn]
            many = min(len(pcm), int((now - self._time) * rate))
            if many == 0:
                self._queue.appendleft((turn, pcm))
                return
            self._note(turn, pcm[:many], rate)
            self._time += many / rate
            if many < len(pcm):
                self._queue.appendleft((turn, pcm[many:]))
                return
        self._dry = self._dry or not self._queue
        self._time = now if self._paused or self._dry else self._time

    def _note(self, turn: int, pcm: Pcm, rate: int) -> None:
        heard = self.heard[turn]
        span = audible_span(pcm)
        if span is not None:
            if heard.first_audible is None:
                heard.first_audible = self._time + span[0] / rate
            heard.last_audible = self._time + span[1] / rate
        heard.samples += len(pcm)

    def position(self, turn: int) -> float:
        """Milliseconds of the reply that were played."""
        return 1000.0 * self.heard[turn].samples / self._rates[turn] if turn in self._rates else 0.0

    @property
    def drained(self) -> bool:
        """Whether nothing waits."""
        return not self._queue
