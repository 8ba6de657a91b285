"""What a session has told, numbered, until it has arrived: bounded by count and bytes. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from selfsame.channels.wire import server as s
from selfsame.channels.wire.mapping import Heavy, Moving, Outgoing, Showing, Sounding


@dataclass(frozen=True, slots=True)
class Event:
    """One numbered thing for the client."""

    number: int
    item: Outgoing
    size: int


class Outbox:
    """Numbers events and keeps the latest for a socket that comes back.

    Sound of a turn that ended or was stopped is never needed again and goes at once; pictures are numbered and not kept
    at all, since the next one replaces them. `after(n)` is what a client that has everything up to `n` still needs;
    `reaches(n)` tells whether nothing after `n` was lost.
    """

    def __init__(self, *, events: int = 2_000, size: int = 1 << 20, first: int = 1) -> None:
        self._kept: deque[Event] = deque()
        self._most_events = events
        self._most_bytes = size
        self._bytes = 0
        self._lost = first - 1
        self.last = first - 1
        self.settled = first - 1
        """The number of the last event that ended a turn: a client that is told all turns needs only what follows."""
        self.ended: dict[int, int] = {}
        """By which event each turn ended."""

    def add(self, item: Outgoing) -> Event:
        """Give `item` the next number and keep it."""
        self.last += 1
        event = Event(self.last, item, _size(item))
        if isinstance(item, Showing):
            return event
        self._kept.append(event)
        self._bytes += event.size
        if isinstance(item, s.ResponseEnd):
            self.settled = self.ended[item.turn_id] = self.last
        done = silenced_turn(item)
        if done is not None:
            self.drop_sound(done)
        while len(self._kept) > self._most_events or self._bytes > self._most_bytes:
            gone = self._kept.popleft()
            self._bytes -= gone.size
            self._lost = gone.number
        return event

    def drop_sound(self, turn: int) -> None:
        """Forget the sound of `turn`; that is no loss."""
        self._kept = deque(without_sound(self._kept, turn))
        self._bytes = sum(event.size for event in self._kept)

    def reaches(self, number: int) -> bool:
        """Whether everything after `number` that matters is still here."""
        return self._lost <= number <= self.last

    def after(self, number: int) -> list[Event]:
        """The kept events with higher numbers, oldest first."""
        return [event for event in self._kept if event.number > number]

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._bytes


def silenced_turn(item: Outgoing) -> int | None:
    """The turn whose sound need not be sent again once `item` was told."""
    if isinstance(item, s.ResponseEnd) or (isinstance(item, s.Playback) and item.action == "stop"):
        return item.turn_id
    return None


def hushed_turn(item: Outgoing) -> int | None:
    """The turn whose sound must not be heard any more once `item` was told."""
    if isinstance(item, s.ResponseEnd) and not item.interrupted:
        return None
    return silenced_turn(item)


def without_sound(events: Iterable[Event], turn: int) -> Iterable[Event]:
    """The events without the sound and the face of `turn`, and the marks that belong to it."""
    for event in events:
        item = event.item
        if isinstance(item, Heavy) and item.turn == turn:
            continue
        if isinstance(item, s.ResponseMarks) and item.turn_id == turn:
            continue
        yield event


def _size(item: Outgoing) -> int:
    if isinstance(item, Showing):
        return len(item.frame.data) + 100
    if isinstance(item, Sounding | Moving):
        return len(item.data) + 100
    if isinstance(item, s.ResponseMarks):
        return 100 + 150 * (len(item.words) + len(item.phonemes))
    return 400
