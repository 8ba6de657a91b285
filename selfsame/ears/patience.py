"""How long a silence must last before it ends a turn (pure numbers; see docs/decisions/0010-voice-activity.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Times in seconds of audio, levels in dB. The defaults are what the product uses."""

    pause: float = 0.12
    complete: float = 0.35
    default: float = 0.6
    trailing: float = 1.2
    short_burst: float = 0.45
    longest_silence: float = 2.0
    short_voice: float = 0.35
    usual_gap: float = 0.6
    longest_stretch: float = 1.8
    cut_off: float = 1.5
    noise_after: float = 8.0
    longest: float = 30.0
    longest_pressed: float = 120.0
    late: float = 25.0
    quiet_again: float = 0.3
    deaf_at_most: float = 20.0
    louder_db: float = 6.0
    hysteresis: float = 0.15
    resume_share: float = 0.6


TUNING = Tuning()


def threshold(sensitivity: float, raised: float) -> float:
    """The probability from which a frame is voice: 0.8 for sensitivity 0, 0.5 for 0.5, 0.2 for 1; plus `raised`."""
    return min(0.92, 0.8 - 0.6 * sensitivity + raised)


def evidence_needed(sensitivity: float) -> float:
    """Seconds of evidence that make an onset: 0.135 for sensitivity 0, 0.035 for 0.5 (one sure frame), 0.02 for 1."""
    return 0.035 + (0.2 if sensitivity < 0.5 else 0.03) * (0.5 - sensitivity)


def end_silence(completeness: float | None, voiced: float, gap: float, tuning: Tuning = TUNING) -> float:
    """Seconds of silence that end the turn.

    `completeness` is the turn detector's judgement of the text so far (None: no words are known), `voiced` the
    seconds of voice in the utterance, `gap` the longest recent pause of this speaker inside an utterance: who
    pauses longer than usual is given more time.
    """
    if completeness is None:
        base = tuning.short_burst if voiced < tuning.short_voice else tuning.default
    elif completeness >= 0.5:
        base = tuning.default + (tuning.complete - tuning.default) * min(1.0, (completeness - 0.5) / 0.4)
    else:
        base = tuning.trailing + (tuning.default - tuning.trailing) * completeness / 0.5
    stretch = min(tuning.longest_stretch, max(1.0, gap / tuning.usual_gap))
    return min(tuning.longest_silence, base * stretch)


def learn_gap(known: float, gap: float, tuning: Tuning = TUNING) -> float:
    """A pause of `gap` seconds was bridged: longer ones count at once."""
    return max(known, min(gap, tuning.cut_off))


def forget_gap(known: float) -> float:
    """After an utterance: what was learnt fades, so that one long thought does not slow the whole talk."""
    return known * 0.85
