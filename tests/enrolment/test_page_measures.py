"""What the page measures of a recording, and the limits it goes by, are the server's own.

`python -m tests.enrolment.test_page_measures` writes the figures anew that the page's tests are held against.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import soundfile

from selfsame.jobs import voice_desk
from selfsame.studio.voice import enrolment, quality
from selfsame.studio.voice.measures import Measures, measure
from tests.support.serving import ROOT

PAGE = ROOT / "web"
GOLDEN = PAGE / "tests" / "recordings" / "measures.json"
KEPT = ("seconds", "speech_seconds", "snr_db", "clipping", "loudness", "bandwidth")
DAMAGES: dict[str, dict[str, float]] = {
    "as it is": {},
    "quiet": {"gain": 0.02},
    "overdriven": {"gain": 14.0},
    "some noise": {"noise": 500.0},
    "much noise": {"noise": 2500.0},
    "telephone": {"blur": 28.0},
    "cut short": {"seconds": 1.4},
    "only the room": {"seconds": 0.45},
}
"""What is done to the recording, in this order: `gain`, then a binomial filter so many times (`blur`), then `noise` of
that amplitude from a generator both can build, then the sound is cut after `seconds`."""


def test_the_page_has_the_server_s_limits() -> None:
    page = json.loads((PAGE / "src" / "media" / "recording" / "limits.json").read_text())
    assert page == {
        "snrLeast": quality.SNR_LEAST,
        "snrGood": quality.SNR_GOOD,
        "clippedSome": quality.CLIPPED_SOME,
        "clippedMost": quality.CLIPPED_MOST,
        "quiet": quality.QUIET,
        "loud": quality.LOUD,
        "bandLeast": quality.BAND_LEAST,
        "bandGood": quality.BAND_GOOD,
        "speechLeast": quality.SPEECH_LEAST,
        "voiceLeast": enrolment.SPEECH_LEAST,
        "voiceGood": enrolment.SPEECH_GOOD,
        "recordingsMost": enrolment.RECORDINGS_MOST,
        "consentSnr": voice_desk.CONSENT_SNR,
    }


@pytest.mark.parametrize("name", DAMAGES)
def test_the_page_s_tests_hold_it_to_the_server_s_figures(name: str) -> None:
    kept = next(each for each in json.loads(GOLDEN.read_text()) if each["name"] == name)
    now = figures(name)
    assert kept["damage"] == now["damage"] and kept["problems"] == now["problems"]
    assert kept["measures"] == pytest.approx(now["measures"], rel=1e-3, abs=1e-3)


def figures(name: str) -> dict[str, Any]:
    """What the server makes of the recording with one damage, but for echo, which the page does not judge."""
    damage = DAMAGES[name]
    sound, rate = soundfile.read(GOLDEN.parent / "reading.wav", dtype="int16")
    found = measure(damaged(sound, rate, **damage), rate)
    problems = list(quality.judge(dry(found)).problems)
    return {
        "name": name,
        "damage": damage,
        "measures": {_camel(key): round(value, 5) for key, value in asdict(found).items() if key in KEPT},
        "problems": problems,
    }


def damaged(sound: np.ndarray, rate: int, **damage: float) -> np.ndarray:
    """The recording after one of DAMAGES."""
    out = sound.astype(np.float64) * damage.get("gain", 1.0)
    for _ in range(int(damage.get("blur", 0))):
        out = (np.roll(out, 1) + 2 * out + np.roll(out, -1)) / 4
    out = out + damage.get("noise", 0.0) * chance(len(out))
    out = out[: round(damage.get("seconds", 1e9) * rate)]
    return np.trunc(np.clip(out, -32_768, 32_767)).astype(np.int16)


def chance(count: int) -> np.ndarray:
    """Numbers from -1 to 1: the minimal standard generator (Park and Miller, 1988)."""
    found, state = np.empty(count), 1
    for at in range(count):
        state = state * 48_271 % 2_147_483_647
        found[at] = 2 * state / 2_147_483_647 - 1
    return found


def dry(found: Measures) -> Measures:
    """The same measures in a room without echo."""
    return Measures(**(asdict(found) | {"decay_seconds": 0.0, "modulation": 0.0}))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps([figures(name) for name in DAMAGES], indent=1) + "\n")
