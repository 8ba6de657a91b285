from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import anyio
import anyio.lowlevel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.ears.listen import ListenEngines, ListenOptions, listen
from selfsame.ears.port import HearingOptions, VoiceActivityDetector
from selfsame.ears.scribe import ScribeOptions
from selfsame.ears.turn_detector import TextTurnDetector
from selfsame.events.audio import AudioFrame, ChangeHearing, EndUtterance, Sound
from selfsame.events.heard import (
    Heard,
    HearingFailed,
    Interim,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    UtteranceEnded,
)
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.providers.embedded.voice_activity.choice import detectors
from selfsame.providers.embedded.voice_activity.silero import SileroDetector, SileroModel
from tests.ears.measure import latencies
from tests.ears.scripted import Loudness, Script
from tests.ears.sounds import Recording, silence, vowels

SLICE = 320
Beat = Sound | Pcm | Callable[[], None]


def voice(seconds: float) -> Pcm:
    return (np.sin(np.arange(round(seconds * MICROPHONE_RATE)) * 0.3) * 6000).astype(np.int16)


@dataclass
class HandClock:
    """A clock that the test sets."""

    time: float = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("hearing does not sleep")


@dataclass
class Room:
    """Plays beats (sound, silence, wishes, or a call in between) to `listen` and keeps what was heard."""

    script: Script
    detector: VoiceActivityDetector = field(default_factory=Loudness)
    options: ListenOptions = field(default_factory=ListenOptions)
    clock: HandClock = field(default_factory=HandClock)
    slice_: int = SLICE
    heard: list[Heard] = field(default_factory=list)

    async def play(self, *beats: Beat) -> list[Heard]:
        engines = ListenEngines(self.script, self.detector, TextTurnDetector(), self.clock)
        with anyio.fail_after(10):
            await listen(self._sound(beats), engines, self.options, self.heard.append)
        well_formed(self.heard)
        return self.heard

    async def _sound(self, beats: tuple[Beat, ...]) -> AsyncIterator[Sound]:
        at = 0.0
        for beat in beats:
            if isinstance(beat, np.ndarray):
                for start in range(0, len(beat), self.slice_):
                    piece = beat[start : start + self.slice_]
                    at += len(piece) / MICROPHONE_RATE
                    yield AudioFrame(piece, at)
                    for _ in range(4):
                        await anyio.lowlevel.checkpoint()
            elif isinstance(beat, EndUtterance):
                yield EndUtterance(at)
            elif isinstance(beat, AudioFrame | ChangeHearing):
                yield beat
            else:
                beat()
                for _ in range(20):
                    await anyio.lowlevel.checkpoint()


def well_formed(heard: list[Heard]) -> None:
    state, last_at = "idle", 0.0
    for event in heard:
        assert event.at >= last_at
        last_at = event.at
        match event:
            case SpeechStarted():
                assert state == "idle" and event.since <= event.at
                state = "voice"
            case SpeechPaused():
                assert state == "voice" and event.last_voice <= event.at
                state = "pause"
            case SpeechResumed():
                assert state == "pause"
                state = "voice"
            case Interim():
                assert state in ("voice", "pause")
            case UtteranceEnded():
                assert state in ("voice", "pause")
                assert event.audio_seconds >= 0 and event.last_voice <= event.at
                state = "idle"
    assert state == "idle"


def kinds(heard: list[Heard]) -> list[str]:
    return [type(each).__name__ for each in heard if not isinstance(each, Interim)]


def ends(heard: list[Heard]) -> list[UtteranceEnded]:
    return [each for each in heard if isinstance(each, UtteranceEnded)]


def failures(heard: list[Heard]) -> list[str]:
    return [each.error.code for each in heard if isinstance(each, HearingFailed)]


QUESTION = "what is the name of your garden"


@pytest.mark.anyio
async def test_one_question_from_start_to_end() -> None:
    heard = await Room(Script([QUESTION])).play(silence(1), voice(2.0), silence(1.5))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "UtteranceEnded"]
    started, end = heard[0], ends(heard)[0]
    assert isinstance(started, SpeechStarted)
    assert started.since == pytest.approx(1.0, abs=0.04) and started.at - started.since < 0.1
    assert (end.hypothesis.text, end.hypothesis.confidence) == (QUESTION, 0.9)
    assert end.last_voice == pytest.approx(3.0, abs=0.05)
    assert 0.3 <= end.at - end.last_voice <= 0.42
    assert end.audio_seconds == pytest.approx(2.0, abs=0.08)
    assert end.decode_seconds >= 0


@pytest.mark.anyio
async def test_interims_come_at_most_every_300_ms_and_only_when_changed() -> None:
    script = Script([QUESTION], word_seconds=0.5)
    heard = await Room(script).play(silence(0.5), voice(4.0), silence(1.5))
    interims = [each for each in heard if isinstance(each, Interim)]
    assert len(interims) >= 4
    assert all(b.at - a.at >= 0.29 for a, b in zip(interims, interims[1:], strict=False))
    texts = [each.hypothesis.text for each in interims]
    assert len(set(texts)) == len(texts)


@pytest.mark.anyio
async def test_silence_is_not_sent_and_a_little_before_the_onset_is() -> None:
    script = Script([QUESTION])
    await Room(script).play(silence(20), voice(1.0), silence(10))
    assert 1.0 + 0.25 <= script.fed_seconds <= 1.0 + 0.3 + 0.25


@pytest.mark.anyio
async def test_what_was_withheld_in_a_pause_is_sent_when_voice_goes_on() -> None:
    script = Script(["i went there and then it began to rain"])
    heard = await Room(script).play(silence(1), voice(1.0), silence(0.8), voice(1.0), silence(1.5))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "SpeechResumed", "SpeechPaused", "UtteranceEnded"]
    assert 2.8 + 0.25 <= script.fed_seconds <= 2.8 + 0.3 + 0.25


@pytest.mark.anyio
async def test_the_pause_carries_the_words_so_far() -> None:
    heard = await Room(Script(["what is your name"])).play(silence(0.5), voice(2.0), silence(1.5))
    (paused,) = [each for each in heard if isinstance(each, SpeechPaused)]
    assert paused.hypothesis.text == "what is your name"
    assert 0.1 <= paused.at - paused.last_voice <= 0.2


@pytest.mark.anyio
async def test_a_cough_ends_with_an_empty_text() -> None:
    heard = await Room(Script([""])).play(silence(1), voice(0.2), silence(1))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "UtteranceEnded"]
    assert ends(heard)[0].hypothesis.text == ""
    assert ends(heard)[0].at < 2.0


@pytest.mark.anyio
async def test_the_end_of_the_sound_ends_the_utterance() -> None:
    heard = await Room(Script([QUESTION])).play(silence(0.5), voice(2.0))
    assert ends(heard)[0].hypothesis.text == QUESTION


@pytest.mark.anyio
async def test_push_to_talk_waits_for_the_button() -> None:
    options = ListenOptions(talk_mode="push_to_talk")
    room = Room(Script([QUESTION]), options=options)
    heard = await room.play(voice(1.0), silence(5.0), voice(1.0), EndUtterance(0), silence(1.0))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "SpeechResumed", "UtteranceEnded"]
    assert ends(heard)[0].at == pytest.approx(7.0, abs=0.04)


@pytest.mark.anyio
async def test_changes_take_effect_at_once() -> None:
    script = Script([QUESTION])
    change = ChangeHearing(talk_mode="push_to_talk")
    heard = await Room(script).play(voice(1.0), change, silence(3.0), EndUtterance(0))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "UtteranceEnded"]
    assert ends(heard)[0].at == pytest.approx(4.0, abs=0.04)


@pytest.mark.anyio
async def test_a_new_language_opens_the_recogniser_anew() -> None:
    script = Script(["hello", "hola"])
    heard = await Room(script, options=ListenOptions(HearingOptions("clone", "EN"))).play(
        voice(1.0), silence(1.5), ChangeHearing(language="ES"), voice(1.0), silence(1.5)
    )
    assert script.opened == [HearingOptions("clone", "EN"), HearingOptions("clone", "ES")]
    assert [each.hypothesis.text for each in ends(heard)] == ["hello", "hola"]
    assert script.closed == 2


@pytest.mark.anyio
async def test_a_gap_in_the_sound_counts_as_silence() -> None:
    later = AudioFrame(silence(0.02), 9.0)
    heard = await Room(Script([QUESTION])).play(voice(1.0), later)
    assert kinds(heard)[0] == "SpeechStarted" and kinds(heard)[-1] == "UtteranceEnded"
    assert ends(heard)[0].last_voice == pytest.approx(1.0, abs=0.05)


@pytest.mark.anyio
@pytest.mark.parametrize("call", ["accept", "hypothesis", "finish"])
async def test_a_recogniser_that_fails_is_reported_and_tried_again(call: str) -> None:
    script = Script(["one two three", "four five six"], fail={call: 1})
    heard = await Room(script).play(voice(1.0), silence(4.0), voice(1.0), silence(2.0))
    assert failures(heard) == ["ASR_UNAVAILABLE"]
    assert len(ends(heard)) == 2 and ends(heard)[1].hypothesis.text != ""
    assert (len(script.opened), script.closed) == (2, 2)


@pytest.mark.anyio
async def test_when_settling_fails_the_last_guess_stands() -> None:
    script = Script([QUESTION], fail={"finish": 1})
    heard = await Room(script).play(voice(2.5), silence(2.0))
    assert failures(heard) == ["ASR_UNAVAILABLE"]
    assert ends(heard)[0].hypothesis.text == QUESTION


@pytest.mark.anyio
async def test_a_recogniser_that_cannot_open_is_not_asked_too_often() -> None:
    script = Script([], fail={"open": 1000})
    beats = [part for _ in range(12) for part in (voice(0.5), silence(1.0))]
    heard = await Room(script).play(*beats)
    assert len(ends(heard)) == 12
    assert len(script.opened) <= 6
    assert len(failures(heard)) <= 13


@pytest.mark.anyio
async def test_voice_activity_does_not_wait_for_a_recogniser_that_hangs() -> None:
    script = Script([QUESTION, "yes"], hang={"finish": 1})
    options = ListenOptions(scribe=ScribeOptions(timeout=0.05))
    heard = await Room(script, options=options).play(voice(2.5), silence(2.0))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "HearingFailed", "UtteranceEnded"]
    assert ends(heard)[0].hypothesis.text == QUESTION


@pytest.mark.anyio
@pytest.mark.parametrize("call", ["open", "accept", "hypothesis", "finish"])
async def test_every_call_may_hang(call: str) -> None:
    script = Script([QUESTION], hang={call: 1})
    options = ListenOptions(scribe=ScribeOptions(timeout=0.05))
    heard = await Room(script, options=options).play(voice(1.0), silence(1.5))
    assert set(failures(heard)) == {"ASR_UNAVAILABLE"}
    assert len(ends(heard)) == 1


@pytest.mark.anyio
async def test_voice_before_the_words_have_come_goes_on_with_the_utterance() -> None:
    gate = anyio.Event()
    script = Script(["what is your name", "and your age"], gate=gate)
    heard = await Room(script).play(silence(0.5), voice(2.0), silence(1.0), voice(1.0), gate.set, silence(2.0))
    assert kinds(heard) == ["SpeechStarted", "SpeechPaused", "SpeechResumed", "SpeechPaused", "UtteranceEnded"]
    end = ends(heard)[0]
    assert end.hypothesis.text == "what is your name and your age"
    assert end.audio_seconds == pytest.approx(4.0, abs=0.1)


@pytest.mark.anyio
async def test_a_recogniser_that_no_time_limit_reaches_is_given_up() -> None:
    """As a thread that cannot be cancelled: the session goes on with the words that are known."""
    gate = anyio.Event()
    room = Room(Script([QUESTION, "later"], gate=gate, shielded=True))

    def pass_time() -> None:
        room.clock.time += 10.0

    heard = await room.play(voice(2.5), silence(1.0), pass_time, silence(0.5), gate.set, voice(1.0), silence(1.5))
    assert failures(heard) == ["ASR_UNAVAILABLE"]
    assert [each.hypothesis.text for each in ends(heard)] == [QUESTION, "later"]
    assert ends(heard)[0].decode_seconds == pytest.approx(10.0)


@pytest.mark.anyio
async def test_started_is_told_while_the_recogniser_is_stuck_opening() -> None:
    script = Script([QUESTION], hang={"open": 1})
    room = Room(script, options=ListenOptions(scribe=ScribeOptions(timeout=0.2)))
    seen: list[list[str]] = []
    await room.play(voice(0.3), lambda: seen.append(kinds(room.heard)), silence(1.0))
    assert seen == [["SpeechStarted"]]


@pytest.mark.anyio
async def test_endless_talk_is_cut_and_told_in_order() -> None:
    gate = anyio.Event()
    script = Script(["word " * 20, "more"], gate=gate)
    heard = await Room(script, slice_=3200).play(voice(33.0), gate.set, silence(2.0))
    assert kinds(heard)[:3] == ["SpeechStarted", "UtteranceEnded", "SpeechStarted"]
    assert ends(heard)[0].at == pytest.approx(30.0, abs=0.1)
    assert [each.hypothesis.text.split()[0] for each in ends(heard)] == ["word", "more"]


@pytest.mark.anyio
async def test_endless_noise_is_dropped_without_words() -> None:
    heard = await Room(Script([]), slice_=3200).play(voice(60.0), silence(1.0))
    assert all(each.hypothesis.text == "" for each in ends(heard))
    assert 1 <= len(ends(heard)) <= 3
    assert ends(heard)[0].at < 9.0


@pytest.mark.anyio
@settings(max_examples=12, deadline=None)
@given(st.sampled_from([1, 7, 100, 160, 480, 511, 512, 513, 1600, 5000, 40000]), st.integers(0, 3))
async def test_any_slicing_gives_the_same_decisions(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    beats = [part for _ in range(3) for part in (voice(rng.uniform(0.1, 1.2)), silence(rng.uniform(0.1, 1.4)))]
    sound = np.concatenate([*beats, silence(2.0)])

    async def edges(slice_: int) -> list[tuple[str, int]]:
        room = Room(Script(), slice_=slice_)
        return [(type(e).__name__, round(e.at * 1000)) for e in await room.play(sound) if not isinstance(e, Interim)]

    wanted = [each for each in await edges(512) if each[0] in ("SpeechStarted", "UtteranceEnded")]
    got = [each for each in await edges(max(size, 16)) if each[0] in ("SpeechStarted", "UtteranceEnded")]
    assert got == wanted


@pytest.mark.anyio
async def test_two_sessions_do_not_disturb_each_other() -> None:
    one, two = Room(Script([QUESTION])), Room(Script(["yes"]))
    async with anyio.create_task_group() as group:
        group.start_soon(one.play, silence(0.5), voice(2.0), silence(1.5))
        group.start_soon(two.play, silence(1.0), voice(0.5), silence(1.5))
    assert ends(one.heard)[0].hypothesis.text == QUESTION
    assert ends(two.heard)[0].hypothesis.text == "yes"


@pytest.mark.anyio
async def test_real_speech(silero_path, speech: list[Recording]) -> None:
    """Whole recordings in one stream: each is heard, and nothing is heard between them."""
    model = SileroModel(silero_path)
    for recording in speech[2:8]:
        room = Room(Script(["and so it goes on and " * 20]), SileroDetector(model))
        heard = await room.play(silence(1.0), recording.pcm, silence(2.5))
        spoken = sum(each.audio_seconds for each in ends(heard))
        assert spoken > 0.7 * (recording.offset - recording.onset)
        assert heard[0].at > 0.9
        last = ends(heard)[-1]
        assert abs(last.last_voice - (1.0 + recording.offset)) < 0.5


@pytest.mark.anyio
async def test_made_voice_through_silero(silero_path) -> None:
    room = Room(Script([QUESTION]), SileroDetector(SileroModel(silero_path)))
    heard = await room.play(silence(1.0), vowels(2.0), silence(1.5))
    assert [each.hypothesis.text for each in ends(heard)] == [QUESTION]


def test_onsets_of_real_speech_in_noise_are_found_soon(silero_path, speech: list[Recording]) -> None:
    """Audio time, so the figures are the same on every machine; see `measure.py` for all of them."""
    choice = detectors("silero", silero_path)
    rows = [latencies(each, i, 20.0, choice) for i, each in enumerate(speech[:12])]
    assert sum(row["before voice"] for row in rows) == 0
    found = [row["onset to started"] for row in rows if "onset to started" in row]
    assert len(found) >= 10 and np.median(found) < 0.11
    silences = [row["silence that ended"] for row in rows if "silence that ended" in row]
    assert min(silences) >= 0.35 and max(silences) <= 2.05
