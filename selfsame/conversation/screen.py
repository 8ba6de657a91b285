"""Which picture of the face is due: the pure core of live video. No await, no clock, no engine.

Pictures follow the sound: picture k of a reply is shown when k / `fps` seconds of its sound have been played. It is due
`ahead` seconds before that, by the same estimate of the client's play-out that paces the sound; one that would come too
late is left out, never sent late (LIP-17). Between replies an idle face is due at a low rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, inf

import numpy as np

from selfsame.events.shown import Frames
from selfsame.events.told import PlaybackOrdered, ReplyEnded, ReplyMoved, ReplySpoken, ReplyStarted, Told
from selfsame.face.show import Idle, MotionTrack, idle_at, to_idle, to_speech
from selfsame.kit.pcm import Pcm
from selfsame.voice.pacing import PlayOut

_NEVER = -inf


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """Rates in pictures a second (LIP-14), times in seconds."""

    fps: float = 20.0
    idle_fps: float = 8.0
    ahead: float = 0.2
    late: float = 0.25
    """A picture that is ready only so long after its sound is not told (LIP-17 allows 0.3)."""
    slack: float = 0.05
    """By how much a picture may be expected late before a later one is made in its place."""
    rest: float = 0.4
    """So long after the last motion of a reply that was played out the idle face comes, although it has not ended."""


@dataclass(frozen=True, slots=True)
class Due:
    """A picture to be made: `turn` 0 is the idle face. `sound` is what is heard meanwhile, at `rate` (0: nothing)."""

    turn: int
    at: float
    row: Frames
    sound: Pcm
    rate: int
    number: int
    """Grows with every picture that was due; a picture may be told while `Screen.wants` it."""


@dataclass(slots=True)
class _Reply:
    turn: int
    playout: PlayOut
    track: MotionTrack = field(default_factory=MotionTrack)
    sound: list[tuple[float, Pcm, int]] = field(default_factory=list)
    next: int = 0
    began: float = _NEVER

    def position(self, now: float) -> float:
        """Seconds of the reply that were played; beyond its sound the time goes on, for the mouth to close."""
        out = self.playout
        return out.played if out.paused else out.played + max(0.0, now - out.at)

    def heard(self, start: float, seconds: float) -> tuple[Pcm, int]:
        """The sound of a stretch, as far as it was spoken; what lies behind it is forgotten."""
        while self.sound and self.sound[0][0] + len(self.sound[0][1]) / self.sound[0][2] <= start:
            self.sound.pop(0)
        parts: list[Pcm] = []
        rate = 0
        for begin, pcm, rate in self.sound:
            if begin >= start + seconds:
                break
            first = max(0, round((start - begin) * rate))
            parts.append(pcm[first : max(first, round((start + seconds - begin) * rate))])
        return (np.concatenate(parts), rate) if parts else (np.zeros(0, np.int16), rate)


class Screen:
    """One session's picture of the face. Every call takes the time, in seconds of the session's clock."""

    def __init__(self, idle: Idle, options: ScreenOptions | None = None) -> None:
        self.options = options or ScreenOptions()
        self.skipped = 0
        self.cost = 0.0
        self._idle = idle
        self._reply: _Reply | None = None
        self._next_idle = 0.0
        self._shown: Frames | None = None
        self._rest_since = _NEVER
        self._numbers = 0
        self._void = 0

    # --- what happens ----------------------------------------------------------------------------------------------

    def note(self, now: float, told: Told) -> bool:
        """Take note of what the client is told; whether that may change what is due."""
        reply = self._reply
        match told:
            case ReplyStarted():
                self._reply = _Reply(told.turn, PlayOut(at=now))
            case ReplyMoved() if reply is not None and reply.turn == told.turn:
                reply.track.add(told.motion)
            case ReplySpoken() if reply is not None and reply.turn == told.turn:
                if len(told.chunk.pcm):
                    reply.sound.append((told.start, told.chunk.pcm, told.chunk.sample_rate))
                reply.playout = reply.playout.send(now, told.chunk.seconds)
            case PlaybackOrdered(action="stop") if reply is not None and reply.turn == told.turn:
                self._end(now)
            case PlaybackOrdered() if reply is not None and reply.turn == told.turn:
                reply.playout = reply.playout.pause(now, told.action == "pause")
            case ReplyEnded() if reply is not None and reply.turn == told.turn:
                self._end(now)
            case _:
                return False
        return True

    def played(self, now: float, turn: int, seconds: float) -> None:
        """The client reports how much of a reply was heard."""
        reply = self._reply
        if reply is not None and reply.turn == turn:
            ends = seconds >= reply.playout.sent
            if not ends or reply.position(now) < reply.playout.sent:  # the closing mouth is not pulled back
                reply.playout = reply.playout.heard(now, seconds)

    def took(self, seconds: float) -> None:
        """Making a picture took so long: the next ones are chosen so that they will be ready in time."""
        self.cost = self.cost + 0.3 * (seconds - self.cost) if self.cost else seconds

    def clear(self) -> None:
        """Whatever is being made must not be told any more (LIP-20)."""
        self._void = self._numbers

    def _end(self, now: float) -> None:
        self._reply = None
        self._rest_since = now
        self._next_idle = now
        self.clear()

    # --- what is due -----------------------------------------------------------------------------------------------

    def next(self, now: float) -> Due | float:
        """The picture to be made now, or how many seconds there is nothing to do unless something happens."""
        reply = self._reply
        if reply is None:
            return self._idle_due(now)
        period = 1.0 / self.options.fps
        place = reply.position(now)
        self._catch_up(reply, place, period)
        at = reply.next * period
        if not len(reply.track) or at > reply.track.end:
            gone = place - max(reply.track.end, 0.0)
            if reply.playout.paused or gone < self.options.rest:
                return inf if reply.playout.paused else max(0.01, self.options.rest - gone)
            return self._idle_due(now)
        wait = at - max(self.options.ahead, self.cost) - place
        if wait > 1e-9:
            return inf if reply.playout.paused else wait
        return self._speaking_due(reply, at, now)

    def _catch_up(self, reply: _Reply, place: float, period: float) -> None:
        """Leave out pictures that would be late: the next one is the first that can be ready in time."""
        ready = place + self.cost
        if not reply.next or reply.next * period + self.options.slack >= ready:
            return
        # Not beyond the known motion: where the sound stalls, what comes next is still to be shown.
        following = min(ceil(ready / period), int(max(reply.track.end, 0.0) / period) + 1)
        self.skipped += max(0, following - reply.next)
        reply.next = max(following, reply.next)

    def wants(self, due: Due, now: float) -> bool:
        """Whether that picture may still be told: nothing was stopped since, and its sound is not long gone."""
        reply = self._reply
        if due.number <= self._void:
            return False
        if due.turn == 0:
            return True
        return reply is not None and reply.turn == due.turn and reply.position(now) - due.at <= self.options.late

    def _speaking_due(self, reply: _Reply, at: float, now: float) -> Due:
        period = 1.0 / self.options.fps
        if reply.began == _NEVER:
            reply.began = at
        row = reply.track.at(at, period)
        if self._shown is not None:
            row = to_speech(self._shown, row, at - reply.began + period)
        sound, rate = reply.heard(at, period)
        reply.next += 1
        self._rest_since = now
        self._shown = row
        self._numbers += 1
        return Due(reply.turn, at, row, sound, rate, self._numbers)

    def _idle_due(self, now: float) -> Due | float:
        if now < self._next_idle - 1e-9:
            return self._next_idle - now
        period = 1.0 / self.options.idle_fps
        self._next_idle = max(self._next_idle + period, now)
        row = idle_at(self._idle, now, period)
        if self._shown is not None:
            row = to_idle(self._shown, row, now - self._rest_since)
        self._shown = row
        self._numbers += 1
        return Due(0, now, row, np.zeros(0, np.int16), 0, self._numbers)
