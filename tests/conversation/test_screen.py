"""Which picture is due, on virtual time: the pure core told of a reply, paused, stopped, and run dry."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from selfsame.conversation.screen import Due, Screen, ScreenOptions
from selfsame.events.shown import CHANNELS, MOTION_FPS, Motion, still
from selfsame.events.spoken import SpokenChunk
from selfsame.events.told import PlaybackOrdered, ReplyEnded, ReplyMoved, ReplySpoken, ReplyStarted
from selfsame.events.turns import TurnMetrics

RATE = 16_000
JAW, YAW = CHANNELS.index("jawOpen"), CHANNELS.index("headYaw")


def idle(first: int, count: int) -> np.ndarray:
    rows = still(count)
    rows[:, YAW] = -3.0
    return rows


class Run:
    """A screen, a reply told chunk by chunk, and a clock that is moved by hand. Drawing takes `cost` seconds."""

    def __init__(self, cost: float = 0.0) -> None:
        self.screen, self.now, self.cost = Screen(idle), 0.0, cost
        self.shown: list[tuple[float, Due]] = []
        self.spoken = 0.0

    def begin(self, turn: int = 1) -> None:
        self.spoken = 0.0
        self.screen.note(self.now, ReplyStarted(turn, RATE))

    def say(self, seconds: float, turn: int = 1) -> None:
        """A chunk with its motion; the jaw tells the frame's time."""
        first, end = round(self.spoken * MOTION_FPS), round((self.spoken + seconds) * MOTION_FPS)
        rows = still(end - first)
        rows[:, JAW] = 0.2 + np.arange(first, end) / 1000
        self.screen.note(self.now, ReplyMoved(turn, 0, Motion(first, rows)))
        chunk = SpokenChunk(np.full(round(seconds * RATE), round(self.spoken * 10), np.int16), RATE, "")
        self.screen.note(self.now, ReplySpoken(turn, 0, self.spoken, chunk))
        self.spoken += seconds

    def order(self, action: str, turn: int = 1) -> None:
        self.screen.note(self.now, PlaybackOrdered(turn, action))  # type: ignore[arg-type]

    def end(self, turn: int = 1) -> None:
        self.screen.note(self.now, ReplyEnded(turn, "", False, TurnMetrics()))

    def until(self, moment: float) -> list[tuple[float, Due]]:
        """Go on to `moment`; the pictures that were shown on the way and when."""
        before = len(self.shown)
        while self.now < moment:
            due = self.screen.next(self.now)
            if isinstance(due, float):
                assert due > 0
                self.now = min(moment, self.now + due)
                continue
            self.now += self.cost
            self.screen.took(self.cost)
            if self.screen.wants(due, self.now):
                self.shown.append((self.now, due))
        return self.shown[before:]


def test_pictures_come_just_ahead_of_the_sound() -> None:
    run = Run()
    run.begin()
    run.say(3.0)
    shown = [x for x in run.until(4.0) if x[1].turn == 1]
    assert [due.at for _, due in shown] == pytest.approx(np.arange(len(shown)) / 20)
    assert len(shown) == 60
    assert shown[0][0] == 0.0, "the first one at once"
    leads = [due.at - now for now, due in shown]
    assert max(leads) <= 0.3 and min(leads[5:]) >= 0.0
    jaws = [float(due.row[0, JAW]) for _, due in shown]
    assert jaws == pytest.approx([0.2 + due.at * MOTION_FPS / 1000 for _, due in shown], abs=1e-4)
    assert all(len(due.sound) == RATE // 20 for _, due in shown)


@pytest.mark.parametrize("cost", [0.01, 0.04, 0.07, 0.15, 0.28])
def test_a_slow_renderer_leaves_pictures_out_and_is_never_late(cost: float) -> None:
    run = Run(cost)
    run.begin()
    run.say(5.0)
    shown = [x for x in run.until(5.0) if x[1].turn == 1]
    assert len(shown) >= 5.0 / max(cost, 0.05) * 0.8
    assert max(now - due.at for now, due in shown) <= 0.3
    assert (run.screen.skipped > 0) == (cost > 0.05)


def test_a_hopeless_renderer_shows_nothing_late() -> None:
    run = Run(0.6)
    run.begin()
    run.say(5.0)
    assert all(now - due.at <= 0.3 for now, due in run.until(5.0) if due.turn == 1)


def test_a_pause_holds_the_pictures_and_a_resume_goes_on_where_it_was() -> None:
    run = Run()
    run.begin()
    run.say(3.0)
    run.until(1.0)
    run.order("pause")
    assert len(run.until(2.5)) <= 1 and run.screen.next(run.now) == inf
    run.order("resume")
    shown = run.until(3.0)
    assert shown[0][1].at == pytest.approx(1.2, abs=0.11)
    assert all(abs((now - 1.5) - due.at) <= 0.3 for now, due in shown)


def test_a_stop_voids_what_is_being_made_and_the_idle_face_comes_softly() -> None:
    run = Run()
    run.begin()
    run.say(3.0)
    run.until(1.0)
    due = run.screen.next(1.03)
    while isinstance(due, float):
        run.now += due
        due = run.screen.next(run.now)
    run.order("stop")
    assert not run.screen.wants(due, run.now)
    shown = run.until(run.now + 1.0)
    assert {due.turn for _, due in shown} == {0}
    jaws = [float(due.row[0, JAW]) for _, due in shown]
    assert jaws[0] > 0.1 and jaws[-1] == 0.0


def test_between_replies_there_is_a_face_at_a_low_rate() -> None:
    run = Run()
    shown = run.until(2.0)
    assert len(shown) == 2 * ScreenOptions().idle_fps
    assert {due.turn for _, due in shown} == {0}
    assert {float(due.row[0, YAW]) for _, due in shown} == {-3.0}


def test_a_voice_that_runs_dry_is_waited_for_and_nothing_is_lost() -> None:
    run = Run()
    run.begin()
    run.say(1.0)
    run.until(3.0)
    assert run.shown[-1][1].turn == 0, "after a while the idle face"
    run.say(1.0)
    run.until(4.2)
    at = [due.at for _, due in run.shown if due.turn == 1]
    assert at == pytest.approx(np.arange(40) / 20)
    late = [now - due.at for now, due in run.shown if due.turn == 1 and due.at >= 1.0]
    assert min(late) >= 2.0 - 0.3 and max(late) <= 2.0 + 0.1, "against the sound that started anew at 3 s"


def test_the_mouth_closes_after_the_sound_and_rest_follows_the_end() -> None:
    run = Run()
    run.begin()
    run.say(1.0)
    run.screen.note(run.now, ReplyMoved(1, 9, Motion(30, still(15))))
    shown = run.until(1.4)
    assert max(due.at for _, due in shown) == pytest.approx(1.45), "half a second beyond the sound"
    run.end()
    assert {due.turn for _, due in run.until(2.0)} == {0}


def test_reports_of_the_client_move_the_pictures() -> None:
    run = Run()
    run.begin()
    run.say(5.0)
    run.until(1.0)
    run.screen.played(1.0, 1, 0.5)  # the client began to play half a second later than we thought
    shown = run.until(3.0)
    assert max(due.at for _, due in shown) == pytest.approx(2.7, abs=0.051)
    run.screen.played(run.now, 2, 4.0)  # of another turn
    assert run.until(3.2)[-1][1].at == pytest.approx(2.9, abs=0.051)


def test_a_newer_reply_takes_the_screen_and_an_older_end_does_not() -> None:
    run = Run()
    run.begin(1)
    run.say(2.0, 1)
    run.until(0.5)
    run.order("stop", 1)
    run.begin(2)
    run.say(2.0, 2)
    run.end(1)
    shown = run.until(1.5)
    assert {due.turn for _, due in shown} == {2} and shown[0][1].at == 0.0
    yaw = [float(due.row[0, YAW]) for _, due in shown]
    assert yaw[-1] == 0.0


def test_sound_that_was_shown_is_forgotten() -> None:
    run = Run()
    run.begin()
    for _ in range(40):
        run.say(0.25)
        run.until(run.now + 0.25)
    assert run.screen._reply is not None and len(run.screen._reply.sound) < 5
