"""Whether a recording will do for a voice, and what the person can do better: measures, limits with reasons, advice.

The limits come from damaged recordings of ten real readers (docs/decisions/0031-speaker-and-consent.md): each lies
between what a clean recording measures and what a damaged one does. Pure but for the encoder.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import soxr

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.studio.voice.measures import Measures, measure
from selfsame.studio.voice.speakers import Speakers, find_speakers
from selfsame.voice.port import SpeakerEncoder

SNR_LEAST, SNR_GOOD = 12.0, 20.0
"""dB. A voice copies the noise of its recordings: at 20 dB it is heard in pauses, at 10 dB it covers consonants."""
CLIPPED_SOME, CLIPPED_MOST = 0.001, 0.01
"""Share of samples. Clean recordings measure 0; one in a thousand is heard on loud vowels, one in a hundred always."""
DECAY_SOME, DECAY_MOST = 0.45, 0.8
"""Seconds. Clean recordings measure 0.09 to 0.32, a living room 0.4 to 0.7, a hall 0.9 and more."""
MODULATION_LEAST = 6.0
"""dB. Clean recordings measure 9.5 to 13, a reverberation of 1.2 s 4.7 to 6.9. It needs no pauses, as decay does."""
QUIET, LOUD = -42.0, -8.0
"""LUFS. Below, 16 bits leave less than 50 dB for the voice; above, its peaks cannot have been kept."""
BAND_LEAST, BAND_GOOD = 4_200.0, 5_200.0
"""Hz. A telephone reaches 3,800 at most; s and f need 5,000."""
SPEECH_LEAST = 2.0
"""Seconds of speech in one recording; how much a voice needs in all is for enrolment to say."""
OTHER_MOST = 0.15
"""Share of the speech that is not the main speaker's: more than a few words of somebody else."""
OTHER_LEAST_SECONDS = 3.0

ADVICE = {
    "NO_SPEECH": "No speech was found. Check that the right microphone is on, and record again.",
    "TOO_SHORT": "There are only {speech_seconds:.1f} s of speech. Read the whole sentence.",
    "NOISY": "There is much noise behind the voice ({snr_db:.0f} dB). Switch off fans and music, close the window, and "
    "speak nearer to the microphone.",
    "SOME_NOISE": "Some noise can be heard behind the voice ({snr_db:.0f} dB). A quieter room makes a better voice.",
    "CLIPPED": "The recording is overdriven: its loud parts are cut off. Turn the microphone down or go further away.",
    "SOME_CLIPPING": "A few loud parts are cut off. Turn the microphone down a little.",
    "ECHO": "The room echoes too much. Record in a smaller room with curtains, a carpet or a bed, near the microphone.",
    "SOME_ECHO": "The room echoes a little. Go nearer to the microphone, or into a room with soft furniture.",
    "QUIET": "The voice is very quiet. Go nearer to the microphone, or turn it up.",
    "LOUD": "The voice is as loud as can be. Turn the microphone down.",
    "NARROW": "The recording sounds like a telephone: nothing above {bandwidth:.0f} Hz. Record with another app "
    "or microphone, not over a call or a Bluetooth headset.",
    "SOMEWHAT_NARROW": "The high sounds are missing (above {bandwidth:.0f} Hz). Another microphone may keep them.",
    "OTHERS": "More than one person is heard. Record alone, or choose a recording in which one person speaks.",
}
"""What to do about each problem, by its code; figures of `Measures` in braces."""
REFUSED = ("NO_SPEECH", "TOO_SHORT", "NOISY", "CLIPPED", "ECHO", "NARROW", "OTHERS")
"""With one of these a recording is not used; the others are only said."""


@dataclass(frozen=True, slots=True)
class VoiceQuality:
    """The judgement of one recording. `score` is 0..1; `problems` are codes, `advice` sentences in the same order."""

    is_valid: bool
    score: float
    measures: Measures
    speakers: int
    main_share: float
    problems: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Under the names of the interface: seconds, dB, LUFS, Hz and shares."""
        figures = {
            "".join(w.capitalize() if i else w for i, w in enumerate(name.split("_"))): round(value, 4)
            for name, value in asdict(self.measures).items()
        }
        return {
            "isValid": self.is_valid,
            "score": round(self.score, 3),
            "speakers": self.speakers,
            "mainShare": round(self.main_share, 3),
            **figures,
            "problems": list(self.problems),
            "recommendations": list(self.advice),
        }


def check(pcm: Pcm, rate: int, encoder: SpeakerEncoder | None = None) -> VoiceQuality:
    """Judge a recording (16 kHz or more). Without an encoder, speakers are not counted. Blocks: offload it.

    Takes some 10 ms of a core per second, and 15 more with an encoder. Raises ProviderError.
    """
    speakers = None
    if encoder is not None:
        speakers = find_speakers(at_microphone_rate(pcm, rate), encoder)
    return judge(measure(pcm, rate), speakers)


def judge(measures: Measures, speakers: Speakers | None = None) -> VoiceQuality:
    """The judgement of what was measured."""
    shares = speakers.shares if speakers is not None and speakers.shares else (1.0,)
    other = 1.0 - shares[0]
    problems = _problems(measures)
    if problems != ["NO_SPEECH"] and other > OTHER_MOST and other * measures.speech_seconds > OTHER_LEAST_SECONDS:
        problems.append("OTHERS")
    figures = asdict(measures)
    return VoiceQuality(
        is_valid=not any(problem in REFUSED for problem in problems),
        score=_score(measures, shares[0]),
        measures=measures,
        speakers=len(shares) if measures.speech_seconds else 0,
        main_share=shares[0],
        problems=tuple(problems),
        advice=tuple(ADVICE[problem].format(**figures) for problem in problems),
    )


def _problems(m: Measures) -> list[str]:
    if m.speech_seconds <= 0.3:
        return ["NO_SPEECH"]
    found = ["TOO_SHORT"] if m.speech_seconds < SPEECH_LEAST else []
    found += _worse(m.snr_db < SNR_LEAST, "NOISY", m.snr_db < SNR_GOOD, "SOME_NOISE")
    found += _worse(m.clipping > CLIPPED_MOST, "CLIPPED", m.clipping > CLIPPED_SOME, "SOME_CLIPPING")
    # Noise flattens the modulations as well: where there is much of it, they say nothing of the room.
    echo = m.decay_seconds > DECAY_MOST or (0 < m.modulation < MODULATION_LEAST and m.snr_db >= SNR_LEAST)
    found += _worse(echo, "ECHO", m.decay_seconds > DECAY_SOME, "SOME_ECHO")
    found += _worse(m.loudness < QUIET, "QUIET", m.loudness > LOUD, "LOUD")
    # Where noise covers the high sounds, the noise is the problem.
    if m.snr_db >= SNR_LEAST:
        found += _worse(m.bandwidth < BAND_LEAST, "NARROW", m.bandwidth < BAND_GOOD, "SOMEWHAT_NARROW")
    return found


def _worse(bad: bool, first: str, poor: bool, second: str) -> list[str]:
    return [first] if bad else [second] if poor else []


def _score(m: Measures, main_share: float) -> float:
    """0..1: the product of how far each measure is from its limits."""
    if not m.speech_seconds:
        return 0.0
    parts = (
        np.interp(m.snr_db, [0, SNR_LEAST, SNR_GOOD, 35], [0, 0.4, 0.8, 1]),
        np.interp(m.clipping, [0, CLIPPED_SOME, CLIPPED_MOST, 0.05], [1, 0.9, 0.5, 0]),
        np.interp(m.decay_seconds, [0.3, DECAY_SOME, DECAY_MOST, 1.5], [1, 0.85, 0.5, 0.1]),
        np.interp(m.bandwidth, [2_000, BAND_LEAST, BAND_GOOD, 7_500], [0.2, 0.6, 0.85, 1]),
        np.interp(m.speech_seconds, [0, SPEECH_LEAST, 5], [0, 0.6, 1]),
        main_share,
    )
    return float(np.prod(parts))


def at_microphone_rate(pcm: Pcm, rate: int) -> Pcm:
    """The sound at 16 kHz."""
    if rate == MICROPHONE_RATE:
        return pcm
    return np.asarray(soxr.resample(pcm, rate, MICROPHONE_RATE, quality="HQ"), np.int16)
