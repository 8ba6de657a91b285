"""When speech begins, pauses, goes on and ends: a pure machine on audio time.

`step(state, event) -> (state, decisions)` takes one frame's probability of voice, or what the recogniser made of the
utterance so far, and decides. It has no await, no clock and no I/O; the shell in `listen.py` carries out.

    idle ──voice──► voice ◄──────voice──────┐
     ▲                └──short silence──► pause ──long silence──► idle
     └──── quiet, or louder than the noise ──── deaf ◄── seconds of voice without a word (from voice or pause)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from selfsame.ears.patience import TUNING, Tuning, end_silence, evidence_needed, forget_gap, learn_gap, threshold
from selfsame.events.audio import ChangeHearing, EndUtterance, TalkMode

Phase = Literal["idle", "voice", "pause", "deaf"]
Reason = Literal["silence", "asked", "too_long", "noise"]
RAISE_STEP = 0.1
RAISE_MOST = 0.3
RAISE_HALF_LIFE = 60.0
AFTER_ASKED = -0.1
"""Evidence to begin with after a button: the dying voice of who pressed it is no new utterance. Quiet forgives it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of `seconds` that ends at session time `at`: its probability of voice and its level in dB."""

    at: float
    seconds: float
    probability: float
    level: float = -30.0


@dataclass(frozen=True, slots=True)
class TextHeard:
    """What the running utterance says so far, and how finished it sounds (0..1)."""

    text: str
    completeness: float


Event = Frame | TextHeard | EndUtterance | ChangeHearing


@dataclass(frozen=True, slots=True)
class Started:
    """Voice began at `since`; decided at `at`."""

    at: float
    since: float


@dataclass(frozen=True, slots=True)
class Paused:
    """A short silence after `last_voice`."""

    at: float
    last_voice: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """Voice went on at `since`; decided at `at`."""

    at: float
    since: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance that began at `since` is over."""

    at: float
    since: float
    last_voice: float
    reason: Reason


Decision = Started | Paused | Resumed | Ended


@dataclass(frozen=True, slots=True)
class Utterance:
    """The running utterance. `text` is None until the recogniser has said anything, even that it heard no word."""

    since: float
    last_voice: float
    voiced: float
    level: float
    text: str | None = None
    completeness: float = 0.5


@dataclass(frozen=True, slots=True)
class Endpointing:
    """All that is remembered. `evidence` (seconds of sure voice) gathers from `onset`; see the module's picture."""

    talk_mode: TalkMode = "hands_free"
    sensitivity: float = 0.5
    phase: Phase = "idle"
    utterance: Utterance | None = None
    evidence: float = 0.0
    onset: float = 0.0
    gap: float = 0.0
    ended_at: float = -100.0
    raised: float = 0.0
    raised_at: float = 0.0
    noise_level: float = 0.0
    quiet: float = 0.0


def step(state: Endpointing, event: Event, tuning: Tuning = TUNING) -> tuple[Endpointing, tuple[Decision, ...]]:
    """The next state, and what to do about it."""
    match event:
        case Frame():
            return _on_frame(state, event, tuning)
        case TextHeard(text, completeness):
            return _on_text(state, text, completeness), ()
        case EndUtterance(at):
            return _on_asked(state, at)
        case ChangeHearing():
            return _on_change(state, event), ()


def bar(state: Endpointing, at: float) -> float:
    """The probability from which a frame counts as voice now; what noise has raised halves every minute."""
    if state.raised == 0.0:
        return threshold(state.sensitivity, 0.0)
    return threshold(state.sensitivity, state.raised * 0.5 ** ((at - state.raised_at) / RAISE_HALF_LIFE))


def silence_needed(state: Endpointing, tuning: Tuning = TUNING) -> float:
    """Seconds of silence that would end the running utterance now; infinite while a button is held."""
    spoken = state.utterance
    if spoken is None or state.talk_mode == "push_to_talk":
        return float("inf")
    if spoken.last_voice - spoken.since >= tuning.late:
        return tuning.complete
    completeness = spoken.completeness if spoken.text else None
    return end_silence(completeness, spoken.voiced, state.gap, tuning)


def _on_frame(state: Endpointing, frame: Frame, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]]:
    if state.phase == "idle":
        return _while_idle(state, frame, tuning)
    if state.phase == "deaf":
        return _while_deaf(state, frame, tuning)
    too_long = _overlong(state, frame, tuning)
    if too_long is not None:
        return too_long
    if state.phase == "voice":
        return _while_voice(state, frame, tuning)
    return _while_paused(state, frame, tuning)


def _while_idle(state: Endpointing, frame: Frame, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]]:
    if state.evidence == 0.0 and frame.probability < bar(state, frame.at):
        return state, ()
    state = _gather(state, frame)
    if state.evidence < evidence_needed(state.sensitivity):
        return state, ()
    return _start(state, frame.at, frame.level, tuning)


def _gather(state: Endpointing, frame: Frame) -> Endpointing:
    """Sequential evidence: sure frames add more than their length, unsure ones half, quiet ones take away."""
    over = frame.probability - bar(state, frame.at)
    if over >= 0:
        onset = state.onset if state.evidence > 0 else frame.at - frame.seconds
        gained = frame.seconds * min(1.25, 0.5 + 1.5 * over)
        return replace(state, evidence=state.evidence + gained, onset=onset)
    if state.evidence == 0.0:
        return state
    return replace(state, evidence=max(0.0, state.evidence - frame.seconds * min(1.0, 0.25 - 2 * over)))


def _start(state: Endpointing, at: float, level: float, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]]:
    between = state.onset - state.ended_at
    cut_off = 0.0 < between < tuning.cut_off and state.talk_mode == "hands_free"
    gap = learn_gap(state.gap, between, tuning) if cut_off else state.gap
    spoken = Utterance(state.onset, at, state.evidence, level)
    state = replace(state, phase="voice", utterance=spoken, evidence=0.0, gap=gap, quiet=0.0)
    return state, (Started(at, spoken.since),)


def _while_voice(state: Endpointing, frame: Frame, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]]:
    spoken = _spoken(state)
    if frame.probability >= bar(state, frame.at) - tuning.hysteresis:
        level = spoken.level + 0.1 * (frame.level - spoken.level)
        spoken = replace(spoken, last_voice=frame.at, voiced=spoken.voiced + frame.seconds, level=level)
        return replace(state, utterance=spoken), ()
    if frame.at - spoken.last_voice < tuning.pause:
        return state, ()
    return replace(state, phase="pause", evidence=0.0), (Paused(frame.at, spoken.last_voice),)


def _while_paused(state: Endpointing, frame: Frame, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]]:
    spoken = _spoken(state)
    state = _gather(state, frame)
    if state.evidence >= tuning.resume_share * evidence_needed(state.sensitivity):
        gap = learn_gap(state.gap, state.onset - spoken.last_voice, tuning)
        spoken = replace(spoken, last_voice=frame.at, voiced=spoken.voiced + state.evidence)
        state = replace(state, phase="voice", utterance=spoken, evidence=0.0, gap=gap)
        return state, (Resumed(frame.at, state.onset),)
    if state.evidence > 0 or frame.at - spoken.last_voice < silence_needed(state, tuning):
        return state, ()
    return _end(state, frame.at, "silence")


def _while_deaf(state: Endpointing, frame: Frame, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]]:
    """Steady noise was dropped: hear again when it stops, after a while, or when someone is louder than it."""
    voiced = frame.probability >= bar(state, frame.at)
    quiet = max(0.0, state.quiet + (-frame.seconds if voiced else frame.seconds))
    if quiet >= tuning.quiet_again or frame.at - state.raised_at >= tuning.deaf_at_most:
        return replace(state, phase="idle", quiet=0.0, evidence=0.0), ()
    state = replace(state, quiet=quiet)
    if frame.level < state.noise_level + tuning.louder_db:
        return replace(state, evidence=max(0.0, state.evidence - frame.seconds / 2)), ()
    state = _gather(state, frame)
    if state.evidence < evidence_needed(state.sensitivity):
        return state, ()
    return _start(state, frame.at, frame.level, tuning)


def _overlong(state: Endpointing, frame: Frame, tuning: Tuning) -> tuple[Endpointing, tuple[Decision, ...]] | None:
    spoken = _spoken(state)
    lasted = frame.at - spoken.since
    pressed = state.talk_mode == "push_to_talk"
    if lasted >= (tuning.longest_pressed if pressed else tuning.longest):
        return _end(state, frame.at, "too_long")
    if pressed or spoken.text != "" or spoken.voiced < tuning.noise_after:
        return None
    raised = min(RAISE_MOST, state.raised + RAISE_STEP)
    state, decisions = _end(state, frame.at, "noise")
    state = replace(state, phase="deaf", quiet=0.0, noise_level=spoken.level, raised=raised, raised_at=frame.at)
    return state, decisions


def _end(state: Endpointing, at: float, reason: Reason) -> tuple[Endpointing, tuple[Decision, ...]]:
    spoken = _spoken(state)
    raised = state.raised * 0.5 if spoken.text else state.raised
    ended = Ended(at, spoken.since, spoken.last_voice, reason)
    # Only an end that we guessed can have cut a speaker off; a button, a limit or a cough teaches nothing about pauses.
    ended_at = spoken.last_voice if reason == "silence" and spoken.text else at - 100.0
    state = replace(
        state,
        phase="idle",
        utterance=None,
        evidence=0.0,
        gap=forget_gap(state.gap),
        ended_at=ended_at,
        raised=raised if raised > 0.01 else 0.0,
    )
    return state, (ended,)


def _on_text(state: Endpointing, text: str, completeness: float) -> Endpointing:
    if state.utterance is None:
        return state
    return replace(state, utterance=replace(state.utterance, text=text, completeness=completeness))


def _on_asked(state: Endpointing, at: float) -> tuple[Endpointing, tuple[Decision, ...]]:
    """A button ends at once; a syllable too short to have been an onset counts, because the user meant it."""
    started: tuple[Decision, ...] = ()
    if state.utterance is None:
        if state.evidence <= 0.0:
            return replace(state, phase="idle"), ()
        state, started = _start(state, at, state.noise_level, TUNING)
    state, ended = _end(state, at, "asked")
    return replace(state, evidence=AFTER_ASKED), started + ended


def _on_change(state: Endpointing, change: ChangeHearing) -> Endpointing:
    if change.sensitivity is not None:
        state = replace(state, sensitivity=min(1.0, max(0.0, change.sensitivity)))
    if change.talk_mode is not None and change.talk_mode != state.talk_mode:
        phase = "idle" if state.phase == "deaf" else state.phase
        state = replace(state, talk_mode=change.talk_mode, phase=phase)
    return state


def _spoken(state: Endpointing) -> Utterance:
    if state.utterance is None:
        raise AssertionError("voice and pause have an utterance")
    return state.utterance
