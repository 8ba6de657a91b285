"""Conversations as scripts on virtual time: timeline in, what was heard, told and committed out."""

from __future__ import annotations

import pytest
from simulation import WORD, Simulation

from selfsame.conversation.turn_state import TurnOptions

QUESTION = "how do I make a clone of my voice"


def assert_truth(run: Simulation, *, slack: float = WORD) -> None:
    """History is a prefix of the audio heard, within one word."""
    for commit in run.commits:
        heard = run.heard_seconds(commit.turn)
        if commit.heard_ms is None:
            total = WORD * len(run.players[commit.turn].words)
            assert heard == pytest.approx(total, abs=slack) or not run.reports
        else:
            assert abs(heard - commit.heard_ms / 1000) <= slack


def test_a_plain_turn_walks_the_states_and_commits_the_whole_reply() -> None:
    run = Simulation()
    ended = run.say(0.5, QUESTION)
    run.run(30)
    assert run.path() == ["idle", "listening", "processing", "speaking", "idle"]
    assert [(c.user, c.heard_ms, c.interrupted) for c in run.commits] == [(QUESTION, None, False)]
    assert [q.speculative for q in run.questions] == [True]
    speaking = next(t for t, s in run.states if s == "speaking")
    assert speaking == pytest.approx(ended, abs=0.011), "speculation hides the thinking behind the silence"
    assert_truth(run)


def test_without_speculation_the_thinking_is_waited_for() -> None:
    run = Simulation(TurnOptions(speculate=False))
    ended = run.say(0.5, QUESTION)
    run.run(30)
    speaking = next(t for t, s in run.states if s == "speaking")
    assert speaking == pytest.approx(ended + 0.3, abs=0.01)


@pytest.mark.parametrize("pause", [0.2, 0.35, 0.6, 0.9, 1.4])
@pytest.mark.parametrize("after", range(8))
def test_a_slow_speaker_gets_one_answer_to_the_whole_question(pause: float, after: int) -> None:
    run = Simulation()
    run.say(0.5, QUESTION, pauses={after: pause}, end_silence=1.5)
    run.run(40)
    assert [c.user for c in run.commits] == [QUESTION]
    sent = [m for m in run.making.values() if m.sent]
    assert len(sent) == 1 and sent[0].revision == run.questions[-1].revision
    assert_truth(run)


@pytest.mark.parametrize("gap", [0.7, 1.0, 1.3])
def test_a_number_read_in_pieces_after_the_turn_closed_too_early_stays_one_turn(gap: float) -> None:
    """The ears closed the turn before the caller had read all digits; nothing of the answer was heard yet."""
    run = Simulation(think=2.0)
    first = run.say(0.5, "my number is five five", end_silence=0.4)
    run.say(first - 0.4 + gap, "two three one")
    run.run(40)
    assert [c.user for c in run.commits] == ["my number is five five two three one"]
    assert_truth(run)


@pytest.mark.parametrize("phase", [0.05, 0.3, 0.7, 1.1, 1.9, 2.7, 3.3])
@pytest.mark.parametrize("length", [0.1, 0.3, 0.7])
def test_a_cough_over_the_clone_only_pauses_it(phase: float, length: float) -> None:
    run = Simulation()
    ended = run.say(0.5, QUESTION)
    run.noise(ended + phase, length)
    run.run(40)
    assert [(c.heard_ms, c.interrupted) for c in run.commits] == [(None, False)]
    actions = [o.action for _, o in run.orders]
    assert actions == ["pause", "resume"]
    assert "interrupted" not in run.path()
    assert_truth(run)


@pytest.mark.parametrize("word", ["mm-hm", "okay", "yeah", "uh huh", "sí", "嗯"])
@pytest.mark.parametrize("phase", [0.4, 1.2, 2.5])
def test_a_listeners_noise_is_no_interruption(word: str, phase: float) -> None:
    run = Simulation()
    ended = run.say(0.5, QUESTION)
    run.say(ended + phase, word)
    run.run(40)
    assert [(c.heard_ms, c.interrupted) for c in run.commits] == [(None, False)]
    assert "interrupted" not in run.path()


@pytest.mark.parametrize("phase", [0.05, 0.3, 0.5, 0.9, 1.3, 1.7, 2.1, 2.5, 2.9, 3.3])
@pytest.mark.parametrize("reports", [True, False])
def test_barge_in_at_every_phase_cuts_history_where_it_was_heard(phase: float, reports: bool) -> None:
    run = Simulation()
    run.reports = reports
    ended = run.say(0.5, QUESTION)
    onset = ended + phase
    run.say(onset, "wait tell me about privacy")
    run.run(60)
    assert [c.user for c in run.commits] == [QUESTION, "wait tell me about privacy"]
    assert run.commits[0].interrupted and not run.commits[1].interrupted
    assert "interrupted" in run.path()
    paused = next(t for t, o in run.orders if o.action == "pause")
    assert paused - onset <= 0.1, "paused on the onset, before any word"
    assert run.heard_seconds(1) <= paused + run.network - ended + 0.05
    assert_truth(run, slack=WORD + (0 if reports else 0.1))


@pytest.mark.parametrize("phase", [-0.3, -0.2, 0.0, 0.2, 0.5, 0.9])
def test_speech_before_anything_of_the_answer_was_heard_joins_the_question(phase: float) -> None:
    run = Simulation(think=1.5)
    ended = run.say(0.5, QUESTION)
    run.say(ended + max(phase, 0.01), "and of my face")
    run.run(60)
    assert [c.user for c in run.commits] == [f"{QUESTION} and of my face"]
    assert len({m.turn for m in run.making.values() if m.sent}) == 1
    assert_truth(run)


@pytest.mark.parametrize("when", [0.3, 0.6, 1.5, 3.0, 3.45, 3.6, 3.9, 4.5, 6.0, 7.9, 9.0])
def test_a_hang_up_at_every_phase_commits_what_was_heard_and_no_more(when: float) -> None:
    run = Simulation()
    run.say(0.5, QUESTION)
    run.hang_up(when)
    run.run(when + 0.001)
    assert run.talk.state == "idle" and run.talk.deadline is None
    assert len(run.commits) <= 1
    assert_truth(run)


@pytest.mark.parametrize("when", [0.2, 0.9, 2.9, 3.3, 3.5, 3.8, 4.4, 5.5, 7.0])
@pytest.mark.parametrize("gone", [0.5, 5.0, 50.0])
def test_a_dropped_line_at_every_phase_loses_and_repeats_nothing(when: float, gone: float) -> None:
    run = Simulation()
    run.say(0.5, QUESTION)
    run.drop_line(when, when + gone)
    run.run(120)
    assert [c.user for c in run.commits] == [QUESTION]
    assert run.commits[0].heard_ms is None or not run.commits[0].interrupted
    assert run.talk.state == "idle"


@pytest.mark.parametrize("when", [0.3, 1.0, 3.2, 3.45, 3.7, 5.0, 6.5, 9.0])
def test_the_stop_button_at_every_phase(when: float) -> None:
    run = Simulation()
    run.say(0.5, QUESTION)
    run.press_stop(when)
    run.run(40)
    assert len(run.commits) == 1
    assert run.talk.state == "idle"
    assert_truth(run)


@pytest.mark.parametrize("when", [0.1, 1.0, 3.3, 3.45, 3.8, 5.0, 6.9])
def test_typing_at_every_phase_is_answered_once(when: float) -> None:
    run = Simulation()
    run.say(0.5, QUESTION)
    run.type(when, "what about privacy")
    run.run(60)
    assert sorted(c.user for c in run.commits) == sorted([QUESTION, "what about privacy"])
    assert_truth(run)


def test_typing_too_much_while_we_think_is_refused_with_a_reason() -> None:
    run = Simulation(think=3.0)
    for i in range(12):
        run.type(0.1 + i / 100, f"question {i}")
    run.run(120)
    assert len(run.commits) == 9
    assert {t.code for t in run.troubles} == {"TOO_MANY_MESSAGES"} and len(run.troubles) == 3


def test_continuous_noise_does_not_silence_the_clone_for_ever() -> None:
    run = Simulation()
    ended = run.say(0.5, QUESTION)
    for i in range(40):
        run.noise(ended + 0.2 + i * 0.9, 0.45)
    run.run(60)
    assert [o.action for _, o in run.orders] == ["pause", "resume"] * 2
    assert [(c.heard_ms, c.interrupted) for c in run.commits] == [(None, False)]


def test_words_still_interrupt_after_false_alarms() -> None:
    run = Simulation(reply_words=40)
    ended = run.say(0.5, QUESTION)
    for i in range(3):
        run.noise(ended + 0.5 + i, 0.2)
    run.say(ended + 5, "please stop now")
    run.run(60)
    assert run.commits[0].interrupted
    assert run.commits[1].user == "please stop now"
    assert_truth(run)


@pytest.mark.parametrize("echo", ["t1r1w0", "t1r1w0 t1r1w1", "t1r1w0 t1r1w1 t1r1w2 t1r1w3"])
def test_our_own_echo_does_not_interrupt_us(echo: str) -> None:
    run = Simulation()
    ended = run.say(0.5, QUESTION)
    run.say(ended + 0.6, echo)
    run.run(40)
    assert [(c.user, c.interrupted) for c in run.commits] == [(QUESTION, False)]


def test_the_user_says_nothing_but_noise() -> None:
    run = Simulation()
    for i in range(20):
        run.noise(1 + i * 2, 0.5)
    run.run(60)
    assert run.commits == [] and run.questions == []
    assert set(run.path()) == {"idle", "listening"}


@pytest.mark.parametrize("after", [0, 1, 5, 11])
def test_a_voice_that_dies_is_reported_and_what_was_heard_is_kept(after: int) -> None:
    run = Simulation()
    run.fails_after = after
    run.say(0.5, QUESTION)
    run.run(40)
    assert [t.code for t in run.troubles] == ["TTS_UNAVAILABLE"]
    assert len(run.commits) == 1 and run.commits[0].interrupted
    assert run.path()[-2:] == ["error", "idle"]
    assert run.talk.state == "idle"


def test_a_thinker_that_never_answers_is_announced_then_given_up() -> None:
    run = Simulation()
    run.never_answers = True
    run.say(0.5, QUESTION)
    run.run(60)
    assert [t.code for t in run.troubles] == ["LLM_TIMEOUT"]
    assert [c.user for c in run.commits] == [QUESTION]
    assert run.talk.state == "idle"


@pytest.mark.parametrize("when", [0.2, 0.9, 3.0, 3.45, 3.7, 5.0])
def test_a_recogniser_that_dies_is_reported_and_the_session_goes_on(when: float) -> None:
    run = Simulation()
    run.say(0.5, QUESTION)
    run.hearing_fails(when)
    run.say(12, "are you still there")
    run.run(60)
    assert [t.code for t in run.troubles] == ["ASR_UNAVAILABLE"]
    assert run.commits[-1].user == "are you still there"


def test_two_sessions_interleaved_do_not_touch_each_other() -> None:
    alone = Simulation()
    alone.say(0.5, QUESTION)
    alone.run(30)
    one, two = Simulation(), Simulation()
    one.say(0.5, QUESTION)
    two.say(0.7, "another question")
    two.say(3.0, "wait stop")
    for moment in range(1, 300):
        one.run(moment / 10)
        two.run(moment / 10)
    assert one.states == alone.states
    assert one.commits == alone.commits
    assert [c.user for c in two.commits] == ["another question", "wait stop"]


@pytest.mark.parametrize(("sensitivity", "says", "interrupts"), [
    (0.5, "wait", True), (0.2, "wait", False), (0.2, "wait please", True),
    (0.0, "wait please", False), (0.0, "wait please stop", True), (1.0, "stop", True),
])  # fmt: skip
def test_sensitivity_decides_how_many_words_interrupt(sensitivity: float, says: str, interrupts: bool) -> None:
    run = Simulation(TurnOptions(sensitivity=sensitivity), reply_words=20)
    ended = run.say(0.5, QUESTION)
    run.say(ended + 1, says)
    run.run(60)
    assert run.commits[0].interrupted is interrupts
