"""The turns of a running conversation as its client saw them, for a page that is loaded anew. Pure; in memory only."""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.channels.wire.mapping import source_item, turn_item
from selfsame.channels.wire.server import SourceItem, TurnItem
from selfsame.events import told, turns

_TURNS_KEPT = 200
_TYPED_KEPT = 20


@dataclass(slots=True)
class _Running:
    user: str | None = None
    message_id: str | None = None
    sources: tuple[SourceItem, ...] = ()


class Minutes:
    """Takes down what is told; begins with the turns the store kept."""

    def __init__(self, stored: tuple[turns.TurnRecord, ...] = ()) -> None:
        self._turns = {turn.turn: turn_item(turn) for turn in stored[-_TURNS_KEPT:]}
        self._running: dict[int, _Running] = {}
        self._typed: dict[str, str] = {}

    def typed(self, event: turns.TextTyped) -> None:
        """Remember by which message a text came, to name it in its turn."""
        self._typed[event.text] = event.message_id
        if len(self._typed) > _TYPED_KEPT:
            del self._typed[next(iter(self._typed))]

    def note(self, event: told.Told) -> None:
        """Take down what was told."""
        if isinstance(event, told.UserHeard) and event.is_final:
            running = self._of(event.turn)
            running.user = event.text
            running.message_id = self._typed.pop(event.text, running.message_id)
        elif isinstance(event, told.ReplySources):
            self._of(event.turn).sources = tuple(source_item(source) for source in event.sources)
        elif isinstance(event, told.ReplyEnded):
            self._end(event)

    def _of(self, turn: int) -> _Running:
        return self._running.setdefault(turn, _Running())

    def _end(self, event: told.ReplyEnded) -> None:
        running = self._of(event.turn)
        self._turns[event.turn] = TurnItem(
            turn_id=event.turn,
            message_id=running.message_id,
            user=running.user,
            clone=event.text,
            interrupted=event.interrupted,
            sources=running.sources,
        )
        for turn in [turn for turn in self._running if turn <= event.turn]:
            del self._running[turn]
        if len(self._turns) > _TURNS_KEPT:
            del self._turns[next(iter(self._turns))]

    def source(self, turn: int, source_id: str) -> SourceItem | None:
        """What the answer of that turn, finished or not, rests on."""
        of = self._running.get(turn) or self._turns.get(turn)
        return next((each for each in of.sources if each.id == source_id), None) if of is not None else None

    def turns(self) -> tuple[TurnItem, ...]:
        """The finished turns, oldest first."""
        return tuple(self._turns[turn] for turn in sorted(self._turns))
