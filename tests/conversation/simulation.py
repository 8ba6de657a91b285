"""A conversation on virtual time: a scripted user, ears, a reply engine and a client around the pure turn machine.

The simulation knows what really sounded at the client, so tests can compare history with it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from selfsame.conversation.turn import step
from selfsame.conversation.turn_state import (
    LEGAL,
    Closed,
    CommitTurn,
    DropReply,
    Event,
    OrderPlayback,
    ReleaseReply,
    ReplyAudible,
    ReplyComplete,
    ReplyFailed,
    ReplySaid,
    StartReply,
    Talk,
    Tell,
    Tick,
    TurnOptions,
)
from selfsame.errors import Unavailable
from selfsame.events.heard import (
    HearingFailed,
    Hypothesis,
    Interim,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    UtteranceEnded,
)
from selfsame.events.told import StateChanged, Trouble, UserHeard
from selfsame.events.turns import InterruptPressed, Left, PlayedBack, Returned, TextTyped

WORD = 0.3
"""Seconds a spoken word lasts, the user's and the clone's."""


@dataclass
class Making:
    """A reply being made: its words, how many were sent, and whether it may leave."""

    turn: int
    revision: int
    words: list[str]
    ready: bool = False
    released: bool = False
    dropped: bool = False
    sent: int = 0
    fails_after: int | None = None


@dataclass
class Player:
    """The client's play-out of one turn."""

    turn: int
    words: list[str] = field(default_factory=list)
    heard: float = 0.0
    paused: bool = False
    stopped: bool = False
    complete: bool = False


class Simulation:
    """Runs a script of user actions to the end and records what was heard, told and committed."""

    def __init__(self, options: TurnOptions | None = None, *, think: float = 0.3, reply_words: int = 12) -> None:
        self.talk = Talk(options=options or TurnOptions())
        self.now = 0.0
        self.think = think
        self.reply_words = reply_words
        self.network = 0.03
        self.reports = True
        self.online = True
        self.fails_after: int | None = None
        self.never_answers = False
        self.states: list[tuple[float, str]] = [(0.0, "idle")]
        self.heard_texts: list[tuple[float, str, bool]] = []
        self.commits: list[CommitTurn] = []
        self.commit_times: dict[int, float] = {}
        self.questions: list[StartReply] = []
        self.troubles: list[Trouble] = []
        self.orders: list[tuple[float, OrderPlayback]] = []
        self.making: dict[tuple[int, int], Making] = {}
        self.players: dict[int, Player] = {}
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self.at(0.0, self._play)

    # --- script ----------------------------------------------------------------------------------------------------

    def at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (when, next(self._order), action))

    def say(
        self, start: float, text: str, *, pauses: dict[int, float] | None = None, end_silence: float = 0.5
    ) -> float:
        """The user says `text`, with a pause of so many seconds after given words; returns when the turn ends."""
        words, moment, spoken = text.split(), start, []
        self.at(start + 0.08, lambda: self.feed(SpeechStarted(self.now, start)))
        for index, word in enumerate(words):
            moment += WORD
            spoken.append(word)
            said = " ".join(spoken)
            self.at(moment + 0.05, lambda said=said: self.feed(Interim(self.now, Hypothesis(said, 0.9))))
            pause = (pauses or {}).get(index, 0.0)
            if pause:
                last = moment
                self.at(
                    moment + 0.15,
                    lambda said=said, last=last: self.feed(SpeechPaused(self.now, last, Hypothesis(said, 0.9))),
                )
                moment += pause
                self.at(moment + 0.08, lambda: self.feed(SpeechResumed(self.now)))
        last, said = moment, " ".join(spoken)
        self.at(last + 0.15, lambda: self.feed(SpeechPaused(self.now, last, Hypothesis(said, 0.9))))
        self.at(
            last + end_silence,
            lambda: self.feed(UtteranceEnded(self.now, last, Hypothesis(said, 0.9), last - start)),
        )
        return last + end_silence

    def noise(self, start: float, seconds: float) -> None:
        """A cough or a door: voice without words."""
        self.at(start + 0.08, lambda: self.feed(SpeechStarted(self.now, start)))
        self.at(
            start + seconds + 0.4,
            lambda: self.feed(UtteranceEnded(self.now, start + seconds, Hypothesis(""), seconds)),
        )

    def type(self, when: float, text: str) -> None:
        self.at(when, lambda: self.feed(TextTyped(self.now, text, f"m{when}")))

    def press_stop(self, when: float) -> None:
        self.at(when, lambda: self.feed(InterruptPressed(self.now)))

    def hearing_fails(self, when: float) -> None:
        error = Unavailable("the recogniser is gone", role="asr", provider="test")
        self.at(when, lambda: self.feed(HearingFailed(self.now, error)))

    def drop_line(self, when: float, until: float) -> None:
        def leave() -> None:
            self.online = False
            self.feed(Left(self.now))

        def come_back() -> None:
            self.online = True
            self.feed(Returned(self.now))

        self.at(when, leave)
        self.at(until, come_back)

    def hang_up(self, when: float) -> None:
        self.at(when, lambda: self.feed(Closed(self.now)))

    # --- running ---------------------------------------------------------------------------------------------------

    def run(self, until: float) -> Simulation:
        while True:
            deadline = self.talk.deadline
            upcoming = self._queue[0][0] if self._queue else float("inf")
            moment = min(upcoming, deadline if deadline is not None else float("inf"))
            if moment > until or moment == float("inf"):
                break
            self.now = max(self.now, moment)
            if deadline is not None and deadline <= upcoming:
                self.feed(Tick(self.now))
                continue
            heapq.heappop(self._queue)[2]()
        self.now = until
        return self

    def feed(self, event: Event) -> None:
        before = self.talk.state
        self.talk, commands = step(self.talk, event)
        walked = before
        for command in commands:
            if isinstance(command, Tell) and isinstance(command.told, StateChanged):
                new = command.told.state
                assert new == walked or new in LEGAL[walked], (walked, new)
                walked = new
                self.states.append((self.now, new))
            self._obey(command)
        assert isinstance(event, Closed) or walked == self.talk.state

    def _obey(self, command: object) -> None:
        match command:
            case StartReply():
                self.questions.append(command)
                self._make(command)
            case ReleaseReply():
                self.making[command.turn, command.revision].released = True
                making = self.making[command.turn, command.revision]
                self.at(self.now, lambda: self._send(making))
            case DropReply():
                self.making[command.turn, command.revision].dropped = True
            case OrderPlayback():
                self.orders.append((self.now, command))
                self.at(self.now + self.network, lambda: self._client_order(command))
            case CommitTurn():
                assert command.turn not in self.commit_times, "a turn is committed once"
                assert not self.commits or command.turn == self.commits[-1].turn + 1, "turns are committed in order"
                self.commits.append(command)
                self.commit_times[command.turn] = self.now
            case Tell(told=UserHeard() as heard):
                self.heard_texts.append((self.now, heard.text, heard.is_final))
            case Tell(told=Trouble() as trouble):
                self.troubles.append(trouble)

    # --- the reply engine ------------------------------------------------------------------------------------------

    def _make(self, start: StartReply) -> None:
        words = [f"t{start.turn}r{start.revision}w{i}" for i in range(self.reply_words)]
        making = Making(start.turn, start.revision, words, released=not start.speculative, fails_after=self.fails_after)
        self.making[start.turn, start.revision] = making
        if not self.never_answers:
            self.at(self.now + self.think, lambda: self._ready(making))

    def _ready(self, making: Making) -> None:
        making.ready = True
        self._send(making)

    def _send(self, making: Making) -> None:
        """Send a word each third of its length, at most one chain of sends at a time."""
        if making.dropped or not making.ready or not making.released or making.sent:
            return
        self._send_word(making)

    def _send_word(self, making: Making) -> None:
        if making.dropped:
            return
        reply = self.talk.reply
        if reply is not None and reply.revision == making.revision and reply.paused:
            self.at(self.now + 0.02, lambda: self._send_word(making))
            return
        if making.fails_after is not None and making.sent >= making.fails_after:
            error = Unavailable("the voice is gone", role="tts", provider="test")
            self.feed(ReplyFailed(self.now, making.turn, making.revision, error))
            return
        if making.sent == len(making.words):
            seconds = WORD * len(making.words)
            player = self.players[making.turn]
            self.at(self.now + self.network, lambda: setattr(player, "complete", True))
            self.feed(ReplyComplete(self.now, making.turn, making.revision, seconds))
            return
        word = making.words[making.sent]
        making.sent += 1
        if making.sent == 1:
            self.feed(ReplyAudible(self.now, making.turn, making.revision))
        self.feed(ReplySaid(self.now, making.turn, making.revision, word))
        if not making.dropped:
            player = self.players.setdefault(making.turn, Player(making.turn))
            self.at(self.now + self.network, lambda: player.words.append(word))
            self.at(self.now + WORD / 3, lambda: self._send_word(making))

    # --- the client ------------------------------------------------------------------------------------------------

    def _client_order(self, order: OrderPlayback) -> None:
        player = self.players.get(order.turn)
        if player is None:
            return
        if order.action == "stop":
            player.stopped = True
        player.paused = order.action == "pause"
        self._report(player)

    def _play(self) -> None:
        """20 ms of play-out on every client, reports every 200 ms."""
        for player in self.players.values():
            available = WORD * len(player.words)
            if not player.paused and not player.stopped and player.heard < available:
                player.heard = min(available, player.heard + 0.02)
                done = player.complete and player.heard >= available
                if done or round(player.heard / 0.02) % 10 == 0:
                    self._report(player)
        self.at(self.now + 0.02, self._play)

    def _report(self, player: Player) -> None:
        if not self.reports or not self.online:
            return
        done = player.stopped or (player.complete and player.heard >= WORD * len(player.words) - 0.001)
        ms = 1000 * player.heard
        self.at(self.now + self.network, lambda: self.feed(PlayedBack(self.now, player.turn, ms, done)))

    # --- what tests ask --------------------------------------------------------------------------------------------

    def heard_seconds(self, turn: int) -> float:
        player = self.players.get(turn)
        return player.heard if player else 0.0

    def path(self) -> list[str]:
        return [state for _, state in self.states]
