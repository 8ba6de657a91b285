"""How much a client may send (WIRE-29), as frozen numbers and a token bucket. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the socket. Sound has a count of its own, apart from other messages (C-49).

    Those per user and per address do not bind the person at this machine.
    """

    text_bytes: int = 65_536
    binary_bytes: int = 32_768
    messages_per_second: float = 20.0
    messages_burst: float = 60.0
    frames_per_second: float = 150.0
    frames_burst: float = 600.0
    audio_speed: float = 2.0
    """Seconds of sound a second; sound held back while a line was down comes faster than it was spoken."""
    audio_burst: float = 30.0
    connections_per_user: int = 8
    connections: int = 1_000
    connections_per_minute: float = 60.0
    """New sockets per address and minute."""
    sessions_per_minute: float = 60.0
    """Tokens handed out per address and minute."""
    start_within: float = 10.0
    drain_within: float = 10.0
    """Seconds that a socket may take to accept a message before it is given up."""
    detached_grace: float = 120.0
    """Seconds that a live session waits for its user's return before it is closed (the store keeps it longer)."""
    idle_lapse: float = 3_600.0
    offences: float = 40.0
    """Bad messages taken with an error each before the socket is closed; one is forgiven every second."""


class Bucket:
    """A token bucket: `rate` tokens a second flow in, at most `burst` are held; it begins full."""

    __slots__ = ("_burst", "_level", "_rate", "_since")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._since = float("-inf")

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take `amount` if it is there."""
        if now > self._since:
            level = self._level + (now - self._since) * self._rate
            self._level = level if level < self._burst else self._burst
            self._since = now
        if self._level < amount:
            return False
        self._level -= amount
        return True

    def full(self, now: float) -> bool:
        """Whether nothing was taken lately, so that the bucket may be forgotten."""
        return self._level + (now - self._since) * self._rate >= self._burst


class Buckets:
    """One bucket per key (an address); those that filled up again are forgotten."""

    def __init__(self, rate: float, burst: float, *, at_most: int = 10_000) -> None:
        self._rate = rate
        self._burst = burst
        self._at_most = at_most
        self._buckets: dict[str, Bucket] = {}

    def take(self, key: str, now: float) -> bool:
        """Take one token of `key`. When too many keys are busy at once, new ones are refused."""
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= self._at_most:
                self._forget(now)
            if len(self._buckets) >= self._at_most:
                return False
            bucket = self._buckets[key] = Bucket(self._rate, self._burst)
        return bucket.take(now)

    def _forget(self, now: float) -> None:
        for key in [key for key, bucket in self._buckets.items() if bucket.full(now)]:
            del self._buckets[key]
