"""Which session gets a decoder, and whose sound is decoded next. Pure but for the decoders it is given.

A session borrows a decoder for one utterance. While none is free its sound waits (bounded); decoding is about
fifteen times quicker than speech, so it catches up. Sessions take turns in slices, so a long backlog delays no one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from selfsame.providers.embedded.sphinx.decoder import FRESH_MEAN, Said

SLICE = 6400
"""Bytes decoded in one turn: 200 ms."""
BEHIND = 64_000
"""Bytes (2 s) of waiting sound above which a guess does not wait for it."""
Done = Callable[[list[Said]], None]


class AnyDecoder(Protocol):
    """What the desk needs of a decoder; `SphinxDecoder` in the worker."""

    def begin(self, mean: str) -> None: ...
    def feed(self, pcm: bytes) -> None: ...
    def guess(self) -> list[Said]: ...
    def end(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """`per_model` and `in_all`: loaded decoders; `backlog_bytes`: sound that may wait for one session (60 s)."""

    per_model: int = 4
    in_all: int = 8
    backlog_bytes: int = 60 * 32_000


class Pool:
    """Loaded decoders by model folder ("" is the stock model)."""

    def __init__(self, load: Callable[[str], AnyDecoder], limits: Limits) -> None:
        self._load, self._limits = load, limits
        self._idle: dict[str, list[AnyDecoder]] = {}
        self._lent: dict[str, int] = {}
        self._gone: set[str] = set()
        """Forgotten models of which decoders are still lent: those are dropped when they come back."""

    @property
    def loaded(self) -> int:
        """Decoders in memory."""
        return sum(self._lent.values()) + sum(map(len, self._idle.values()))

    def take(self, model: str) -> AnyDecoder | None:
        """An idle decoder, else a new one if the limits allow, else None."""
        idle = self._idle.pop(model, [])
        if idle:
            decoder = idle.pop()
        elif self._lent.get(model, 0) >= self._limits.per_model or not self._make_room():
            return None
        else:
            decoder = self._load(model)
        if idle:
            self._idle[model] = idle  # put last: the longest unused model is first to go
        self._lent[model] = self._lent.get(model, 0) + 1
        return decoder

    def give(self, model: str, decoder: AnyDecoder | None) -> None:
        """Take a decoder back; None says that it is spoilt and gone."""
        self._lent[model] -= 1
        if model in self._gone:
            if not self._lent[model]:
                self._gone.discard(model)
        elif decoder is not None:
            self._idle[model] = [*self._idle.pop(model, []), decoder]

    def warm(self, model: str) -> None:
        """Load one decoder ahead if there is room."""
        if not self._idle.get(model) and not self._lent.get(model):
            decoder = self.take(model)
            if decoder is not None:
                self.give(model, decoder)

    def forget(self, model: str) -> None:
        """Drop the decoders of a model that has been replaced: idle ones now, others when they come back."""
        self._idle.pop(model, None)
        if self._lent.get(model):
            self._gone.add(model)

    def _make_room(self) -> bool:
        while self.loaded >= self._limits.in_all:
            oldest = next(iter(self._idle), None)
            if oldest is None:
                return False
            self._idle[oldest].pop()
            if not self._idle[oldest]:
                del self._idle[oldest]
        return True


@dataclass(slots=True)
class Session:
    """One speaker. `asked` want the guess when the waiting sound is decoded; `finish` wants the settled words."""

    model: str
    mean: str = FRESH_MEAN
    waiting: deque[bytes] = field(default_factory=deque)
    waiting_bytes: int = 0
    dropped_bytes: int = 0
    decoder: AnyDecoder | None = None
    lent_model: str = ""
    asked: list[Done] = field(default_factory=list)
    finish: Done | None = None


class Desk:
    """Sessions in turn over a pool of decoders."""

    def __init__(self, load: Callable[[str], AnyDecoder], limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self.pool = Pool(load, self._limits)
        self._sessions: dict[str, Session] = {}
        self._turns: deque[str] = deque()

    def open(self, name: str, model: str) -> None:
        """Begin a session, or give a running one another model from its next utterance on."""
        if name in self._sessions:
            self._sessions[name].model = model
        else:
            self._sessions[name] = Session(model)

    def knows(self, name: str) -> bool:
        """Whether the session is open."""
        return name in self._sessions

    def accept(self, name: str, pcm: bytes) -> None:
        """Queue sound; the oldest is dropped (and counted) when too much waits."""
        session = self._sessions.get(name)
        if session is None or not pcm:
            return
        for i in range(0, len(pcm), SLICE):
            session.waiting.append(pcm[i : i + SLICE])
        session.waiting_bytes += len(pcm)
        while session.waiting_bytes > self._limits.backlog_bytes:
            lost = len(session.waiting.popleft())
            session.waiting_bytes -= lost
            session.dropped_bytes += lost
        self._queue(name)

    def guess(self, name: str, done: Done) -> None:
        """Call `done` with the words of all sound accepted so far; with fewer when decoding is far behind."""
        session = self._sessions[name]
        if session.waiting_bytes > BEHIND or not session.waiting:
            done(session.decoder.guess() if session.decoder else [])
        elif session.decoder is None and not self._borrow(session):
            done([])
        else:
            session.asked.append(done)

    def finish(self, name: str, done: Done) -> None:
        """Settle the utterance when all its sound is decoded, and call `done` with its words."""
        session = self._sessions[name]
        if session.decoder is None and not session.waiting:
            done([])
            return
        session.finish = done
        self._queue(name)

    def close(self, name: str) -> None:
        """End a session; its decoder goes back."""
        session = self._sessions.pop(name, None)
        if session is None:
            return
        words = self._return(session) if session.decoder is not None else []
        for done in [*session.asked, *([session.finish] if session.finish else [])]:
            done(words)

    def step(self) -> bool:
        """Decode one slice of the next session that can go on; False when there is nothing to do."""
        for _ in range(len(self._turns)):
            name = self._turns.popleft()
            session = self._sessions.get(name)
            if session is None or not (session.waiting or session.finish):
                continue
            if session.decoder is None and not self._borrow(session):
                self._turns.append(name)
                continue
            self._work(session)
            if session.waiting or session.finish:
                self._turns.append(name)
            return True
        return False

    def _queue(self, name: str) -> None:
        if name not in self._turns:
            self._turns.append(name)

    def _borrow(self, session: Session) -> bool:
        decoder = self.pool.take(session.model)
        if decoder is None:
            return False
        session.lent_model = session.model
        session.decoder = decoder
        decoder.begin(session.mean)
        return True

    def _work(self, session: Session) -> None:
        assert session.decoder is not None
        if session.waiting:
            pcm = session.waiting.popleft()
            session.waiting_bytes -= len(pcm)
            session.decoder.feed(pcm)
        if session.waiting:
            return
        if session.asked:
            words, asked, session.asked = session.decoder.guess(), session.asked, []
            for done in asked:
                done(words)
        if session.finish is not None:
            done, session.finish = session.finish, None
            done(self._return(session))

    def _return(self, session: Session) -> list[Said]:
        decoder, session.decoder = session.decoder, None
        assert decoder is not None
        session.mean = decoder.end()
        words = decoder.guess()
        self.pool.give(session.lent_model, decoder)
        return words
