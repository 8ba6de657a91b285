"""How far ahead of play-out speech is sent: far enough to survive the network, near enough to take little back."""

from __future__ import annotations

from dataclasses import dataclass, replace

DEFAULT_LEAD = 2.0
"""Seconds of speech that may wait at the client."""


def seconds_to_wait(sent: float, played: float, lead: float = DEFAULT_LEAD) -> float:
    """How long to hold the next piece when `sent` seconds went out and `played` seconds were heard."""
    return max(0.0, sent - played - lead)


@dataclass(frozen=True, slots=True)
class PlayOut:
    """What the client must have heard by now, told from when sound was sent; every change gives a new one.

    The client plays what it has, without a gap until it runs dry, and stands still while `paused`. A report of the
    client (`heard`) replaces the estimate. All times are seconds.
    """

    at: float = 0.0
    played: float = 0.0
    sent: float = 0.0
    paused: bool = False

    def moved(self, now: float) -> PlayOut:
        """The same at a later time."""
        gone = 0.0 if self.paused else max(0.0, now - self.at)
        return replace(self, at=max(now, self.at), played=min(self.sent, self.played + gone))

    def send(self, now: float, seconds: float) -> PlayOut:
        """`seconds` more of speech went out."""
        here = self.moved(now)
        return replace(here, sent=here.sent + seconds)

    def heard(self, now: float, played: float) -> PlayOut:
        """The client says that it has played so much."""
        return replace(self.moved(now), played=min(self.sent, max(0.0, played)))

    def pause(self, now: float, paused: bool) -> PlayOut:
        """The client stands still, or goes on."""
        return replace(self.moved(now), paused=paused)

    def wait(self, now: float, lead: float = DEFAULT_LEAD) -> float:
        """How long to hold the next piece."""
        here = self.moved(now)
        return seconds_to_wait(here.sent, here.played, lead)
