"""Whatever happens in whatever order, the machine keeps its promises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from simulation import WORD, Simulation

from selfsame.conversation.turn_state import TurnOptions

moments = st.floats(0.1, 20.0)
actions = st.one_of(
    st.tuples(
        st.just("say"), moments, st.sampled_from(["hello there", "stop", "mm-hm", "how are you today my friend"])
    ),
    st.tuples(st.just("noise"), moments, st.floats(0.05, 2.0)),
    st.tuples(st.just("type"), moments, st.just("a typed question")),
    st.tuples(st.just("stop"), moments, st.none()),
    st.tuples(st.just("line"), moments, st.floats(0.1, 10.0)),
    st.tuples(st.just("deaf"), moments, st.none()),
)


def play(run: Simulation, script: list) -> Simulation:
    for kind, when, what in script:
        match kind:
            case "say":
                run.say(when, what)
            case "noise":
                run.noise(when, what)
            case "type":
                run.type(when, what)
            case "stop":
                run.press_stop(when)
            case "line":
                run.drop_line(when, when + what)
            case "deaf":
                run.hearing_fails(when)
    return run.run(150)


@settings(max_examples=200, deadline=None)
@given(st.lists(actions, max_size=8), st.floats(0.05, 3.0), st.booleans(), st.integers(1, 30))
def test_any_script_ends_at_rest_with_true_history(script: list, think: float, speculate: bool, words: int) -> None:
    run = play(Simulation(TurnOptions(speculate=speculate), think=think, reply_words=words), script)
    assert run.talk.state == "idle"
    assert run.talk.deadline is None
    assert not run.talk.queued
    for commit in run.commits:
        heard = run.heard_seconds(commit.turn)
        claimed = WORD * len(run.players[commit.turn].words) if commit.heard_ms is None else commit.heard_ms / 1000
        assert claimed <= heard + WORD or run.talk.away
    typed = sum(1 for kind, *_ in script if kind == "type")
    answered = sum(1 for commit in run.commits if commit.user == "a typed question")
    assert answered <= typed
