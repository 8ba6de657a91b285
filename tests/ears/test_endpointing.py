from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.ears.endpointing import (
    Decision,
    Ended,
    Endpointing,
    Event,
    Frame,
    Paused,
    Resumed,
    Started,
    TextHeard,
    bar,
    silence_needed,
    step,
)
from selfsame.events.audio import ChangeHearing, EndUtterance

FRAME = 0.032
COMPLETE, UNSURE, TRAILING = 0.9, 0.5, 0.1


@dataclass
class Ear:
    """Drives the machine with stretches of voice and silence."""

    state: Endpointing = Endpointing()
    at: float = 0.0

    def hear(self, seconds: float, probability: float, level: float = -30.0) -> list[Decision]:
        told: list[Decision] = []
        for _ in range(round(seconds / FRAME)):
            self.at += FRAME
            told += self.give(Frame(self.at, FRAME, probability, level))
        return told

    def voice(self, seconds: float, level: float = -30.0) -> list[Decision]:
        return self.hear(seconds, 0.97, level)

    def silence(self, seconds: float) -> list[Decision]:
        return self.hear(seconds, 0.02)

    def text(self, text: str, completeness: float) -> None:
        self.give(TextHeard(text, completeness))

    def give(self, event: Event) -> list[Decision]:
        self.state, decisions = step(self.state, event)
        return list(decisions)


def kinds(decisions: list[Decision]) -> list[str]:
    return [type(each).__name__ for each in decisions]


def ended(decisions: list[Decision]) -> Ended:
    found = [each for each in decisions if isinstance(each, Ended)]
    assert len(found) == 1
    return found[0]


def test_one_utterance() -> None:
    ear = Ear()
    told = ear.silence(1.0) + ear.voice(1.0) + ear.silence(1.5)
    assert kinds(told) == ["Started", "Paused", "Ended"]


def test_onset_is_found_within_a_frame_of_sure_voice_and_dated_at_its_first() -> None:
    ear = Ear()
    ear.silence(1.0)
    began = ear.at
    (started,) = ear.voice(0.2)
    assert isinstance(started, Started)
    assert started.at - began <= 0.04
    assert started.since == pytest.approx(began, abs=0.001)


@pytest.mark.parametrize(("probability", "within"), [(0.95, 0.04), (0.7, 0.07), (0.55, 0.1), (0.45, None)])
def test_unsure_voice_takes_longer(probability: float, within: float | None) -> None:
    told = Ear().hear(1.0, probability)
    assert (told[0].at <= within) if within else (told == [])


@pytest.mark.parametrize(("sensitivity", "starts"), [(0.0, False), (0.5, True), (1.0, True)])
def test_sensitivity_decides_whether_a_short_weak_sound_counts(sensitivity: float, starts: bool) -> None:
    ear = Ear(Endpointing(sensitivity=sensitivity))
    assert bool(ear.hear(0.13, 0.7)) is starts


@pytest.mark.parametrize(
    ("text", "completeness", "least", "most"),
    [
        ("what is your name", COMPLETE, 0.3, 0.42),
        ("blue bicycles", UNSURE, 0.55, 0.67),
        ("", UNSURE, 0.55, 0.67),
        ("i went there and", TRAILING, 1.05, 1.2),
        ("my number is five five", 0.15, 1.0, 1.15),
    ],
)
def test_the_silence_that_ends_a_turn_follows_the_text(
    text: str, completeness: float, least: float, most: float
) -> None:
    ear = Ear()
    ear.voice(1.5)
    ear.text(text, completeness)
    end = ended(ear.silence(2.5))
    assert least <= end.at - end.last_voice <= most
    assert end.reason == "silence"


def test_a_short_silence_pauses_at_once_and_voice_resumes() -> None:
    ear = Ear()
    ear.voice(1.0)
    last = ear.at
    (paused,) = ear.silence(0.3)
    assert isinstance(paused, Paused)
    assert 0.12 <= paused.at - last <= 0.2
    assert paused.last_voice == pytest.approx(last)
    (resumed,) = ear.voice(0.5)
    assert isinstance(resumed, Resumed)


def test_a_number_read_in_pieces_stays_one_utterance() -> None:
    ear = Ear()
    told: list[Decision] = []
    for piece in ("five five five", "five five five zero one", "five five five zero one nine nine"):
        told += ear.voice(0.9)
        ear.text(piece, 0.15)
        told += ear.silence(0.9)
    told += ear.silence(1.5)
    assert kinds(told) == ["Started", "Paused", "Resumed", "Paused", "Resumed", "Paused", "Ended"]


def test_a_slow_speaker_is_given_more_time() -> None:
    quick, slow = Ear(), Ear()
    for ear, gap in ((quick, 0.3), (slow, 0.9)):
        ear.voice(1.0)
        ear.text("there is and", TRAILING)
        ear.silence(gap)
        ear.voice(1.0)
        ear.text("there is and then it rained", COMPLETE)
    first, second = (ended(ear.silence(2.5)) for ear in (quick, slow))
    assert first.at - first.last_voice < 0.42
    assert 0.5 < second.at - second.last_voice < 0.7


def test_who_was_cut_off_is_given_more_time_afterwards() -> None:
    ear = Ear()
    ear.voice(1.0)
    ear.text("so i thought", UNSURE)
    before = silence_needed(ear.state)
    ended(ear.silence(1.0))
    ear.voice(1.0)
    ear.text("it might rain", UNSURE)
    assert silence_needed(ear.state) > before + 0.2


def test_patience_fades_over_quick_turns() -> None:
    ear = Ear(Endpointing(gap=1.4))
    for _ in range(8):
        ear.voice(1.0)
        ear.text("what is it", COMPLETE)
        ear.silence(5.0)
    ear.voice(1.0)
    ear.text("what is it", COMPLETE)
    assert silence_needed(ear.state) == pytest.approx(0.35)


def test_a_cough_ends_soon_and_without_words() -> None:
    ear = Ear()
    ear.silence(1.0)
    told = ear.voice(0.2)
    ear.text("", UNSURE)
    told += ear.silence(1.0)
    assert kinds(told) == ["Started", "Paused", "Ended"]
    assert ended(told).at - ended(told).last_voice < 0.55


def test_a_blip_in_the_pause_neither_resumes_nor_delays_much() -> None:
    ear = Ear()
    ear.voice(1.0)
    ear.text("what is your name", COMPLETE)
    told = ear.silence(0.25) + ear.hear(FRAME, 0.55) + ear.silence(1.0)
    assert kinds(told) == ["Paused", "Ended"]
    assert ended(told).at - ended(told).last_voice < 0.5


def test_noise_without_words_is_dropped_and_the_bar_rises() -> None:
    ear = Ear()
    before = bar(ear.state, 0.0)
    told = ear.voice(3.0)
    ear.text("", UNSURE)
    told += ear.voice(57.0)
    assert ended(told[:2]).reason == "noise"
    assert ended(told[:2]).at <= 8.2
    assert bar(ear.state, ear.at) > before
    assert sum(isinstance(each, Started) for each in told) <= 3


def test_noise_is_heard_through_when_someone_is_louder() -> None:
    ear = Ear()
    ear.voice(3.0, level=-40)
    ear.text("", UNSURE)
    ear.voice(7.0, level=-40)
    assert kinds(ear.voice(2.0, level=-25)) == ["Started"]


def test_after_noise_has_stopped_the_next_word_counts() -> None:
    ear = Ear()
    ear.voice(3.0)
    ear.text("", UNSURE)
    ear.voice(7.0)
    assert ear.silence(0.5) == []
    assert kinds(ear.voice(0.5)) == ["Started"]


def test_what_noise_has_raised_sinks_again() -> None:
    state = Endpointing(raised=0.2, raised_at=0.0)
    assert bar(state, 0.0) > bar(state, 60.0) > bar(state, 600.0)
    assert bar(state, 600.0) == pytest.approx(0.5, abs=0.01)


def test_a_recogniser_that_says_nothing_is_no_proof_of_noise() -> None:
    ear = Ear()
    assert kinds(ear.voice(20.0)) == ["Started"]


def test_an_utterance_is_cut_at_thirty_seconds_and_hearing_goes_on() -> None:
    ear = Ear()
    told = ear.voice(10.0)
    ear.text("and so on", TRAILING)
    told += ear.voice(30.0)
    assert kinds(told) == ["Started", "Ended", "Started"]
    assert ended(told).reason == "too_long"
    assert ended(told).at == pytest.approx(30.0, abs=0.1)


def test_a_button_holds_the_turn_through_silence_and_ends_it_at_once() -> None:
    ear = Ear(Endpointing(talk_mode="push_to_talk"))
    told = ear.voice(1.0)
    ear.text("what is your name", COMPLETE)
    told += ear.silence(20.0) + ear.voice(1.0) + ear.silence(5.0)
    assert kinds(told) == ["Started", "Paused", "Resumed", "Paused"]
    (end,) = ear.give(EndUtterance(ear.at))
    assert isinstance(end, Ended) and (end.at, end.reason) == (ear.at, "asked")


def test_the_dying_voice_after_a_button_is_no_new_utterance_but_going_on_is() -> None:
    ear = Ear()
    ear.voice(1.0)
    ear.give(EndUtterance(ear.at))
    assert ear.voice(0.06) + ear.silence(1.0) == []
    assert kinds(ear.voice(0.04)) == ["Started"], "quiet has forgiven"
    ear.give(EndUtterance(ear.at))
    assert kinds(ear.voice(0.3)) == ["Started"], "who goes on talking is heard"


def test_a_button_counts_a_syllable_that_was_no_onset_yet() -> None:
    ear = Ear(Endpointing(talk_mode="push_to_talk"))
    assert ear.hear(FRAME, 0.6) == []
    assert kinds(ear.give(EndUtterance(ear.at))) == ["Started", "Ended"]


def test_a_button_without_voice_ends_nothing() -> None:
    ear = Ear()
    ear.silence(1.0)
    assert ear.give(EndUtterance(ear.at)) == []


def test_letting_go_of_push_to_talk_brings_silence_back() -> None:
    ear = Ear(Endpointing(talk_mode="push_to_talk"))
    ear.voice(1.0)
    ear.silence(5.0)
    ear.give(ChangeHearing(talk_mode="hands_free"))
    assert kinds(ear.silence(0.1)) == ["Ended"]


EVENTS = st.one_of(
    st.tuples(
        st.just("frames"), st.integers(1, 60), st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.97]), st.integers(-60, -10)
    ),
    st.tuples(st.just("text"), st.sampled_from(["", "and", "what is it"]), st.sampled_from([0.1, 0.5, 0.9])),
    st.tuples(st.just("button")),
    st.tuples(
        st.just("change"), st.sampled_from(["push_to_talk", "hands_free", None]), st.sampled_from([None, 0.0, 1.0])
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_decisions_are_always_well_formed(script: list[tuple]) -> None:
    ear, told = Ear(), []
    for kind, *rest in script:
        match kind:
            case "frames":
                told += ear.hear(rest[0] * FRAME, rest[1], rest[2])
            case "text":
                ear.text(*rest)
            case "button":
                told += ear.give(EndUtterance(ear.at))
            case "change":
                told += ear.give(ChangeHearing(talk_mode=rest[0], sensitivity=rest[1]))
    told += ear.give(EndUtterance(ear.at))
    follows = {None: {"Started"}, "Started": {"Paused", "Ended"}, "Paused": {"Resumed", "Ended"}}
    follows |= {"Resumed": {"Paused", "Ended"}, "Ended": {"Started"}}
    before, last_at = None, 0.0
    for each in told:
        assert type(each).__name__ in follows[before]
        assert each.at >= last_at
        if isinstance(each, Ended):
            assert each.since <= each.last_voice <= each.at
        before, last_at = type(each).__name__, each.at
    assert before in (None, "Ended")
