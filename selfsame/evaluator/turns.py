"""What a turn took, as its user felt it: asked aloud, heard at the ear, interrupted in mid-sentence."""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.channels.wire import server as s
from selfsame.evaluator.client import Call, Lost, Spoken
from selfsame.evaluator.playout import Heard
from selfsame.kit.clock import Clock
from selfsame.kit.pcm import Pcm


@dataclass(frozen=True, slots=True)
class Turn:
    """One asked and answered question. `ear_ms`: last voiced sample to first audible sample at the client."""

    heard_as: str
    answer: str
    ear_ms: float
    metrics: s.TurnMetricsItem
    underruns: int


@dataclass(frozen=True, slots=True)
class BargeIn:
    """One interruption. `silence_ms`: onset of the user's speech to the last audible sample of the clone."""

    silence_ms: float
    pause_ms: float | None
    stopped: bool


async def ask(call: Call, question: Pcm, *, within: float = 40.0) -> Turn:
    """Ask aloud and listen to the whole answer. Raises Lost when none comes."""
    place = len(call.log)
    spoken = await call.say(question)
    _, end = await call.until(s.ResponseEnd, after=place, within=within)
    heard = call.playout.heard.get(end.turn_id)
    if heard is None or heard.first_audible is None:
        raise Lost("the answer could not be heard")
    said = [m.transcript for _, m in call.log[place:] if isinstance(m, s.Transcript) and m.is_final]
    return Turn(
        heard_as=" ".join(said),
        answer=end.text,
        ear_ms=1000 * (heard.first_audible - spoken.last_voice),
        metrics=end.metrics,
        underruns=heard.underruns,
    )


async def barge_in(call: Call, question: str, speech: Pcm, wait: float, clock: Clock) -> BargeIn | None:
    """Ask by text, listen `wait` seconds to the answer, then speak over it.

    None when the answer was over before the speech began. Raises Lost when nothing was heard.
    """
    place = len(call.log)
    await call.type(question)
    _, begun = await call.until(s.ResponseStart, after=place)
    turn = begun.turn_id
    await call.until_heard(turn, lambda: call.playout.heard[turn].first_audible is not None, within=30.0)
    await clock.sleep(wait)
    if call.playout.drained:
        return None
    orders_from = len(call.log)
    spoken = await call.say(speech)
    _, end = await call.until(s.ResponseEnd, after=place)
    pauses = [
        at
        for at, m in call.log[orders_from:]
        if isinstance(m, s.Playback) and m.turn_id == turn and m.action in ("pause", "stop")
    ]
    return _measured(spoken, call.playout.heard[turn], pauses, end.interrupted)


def _measured(spoken: Spoken, heard: Heard, pauses: list[float], interrupted: bool) -> BargeIn | None:
    if heard.last_audible is None or heard.last_audible < spoken.onset:
        return None
    pause = 1000 * (pauses[0] - spoken.onset) if pauses else None
    return BargeIn(1000 * (heard.last_audible - spoken.onset), pause, interrupted)
