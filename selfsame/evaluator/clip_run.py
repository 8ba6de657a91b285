"""One run of the evaluator: have a clip made, look at it, listen to it, say what was measured (EVAL-01, 03-06)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from selfsame.errors import BadInput, BadOutput, SelfsameError
from selfsame.evaluator.av_offset import heard_at, timing
from selfsame.evaluator.controls import controls
from selfsame.evaluator.lip_sync import LipSync, against_phonemes, against_sound
from selfsame.evaluator.scenarios import Listener, Scenario, judge
from selfsame.events.spoken import PhonemeTime
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload

METRICS = (
    "tts_ms",
    "avatar_render_ms",
    "total_generation_ms",
    "speaker_similarity",
    "f0_rmse_hz",
    "language_detected",
    "language_correctness_1_1",
    "lip_sync_coherence_0_1",
)
"""The names of a run's metrics, all of them in every report."""
Value = float | int | str | None
NO_REFERENCE = "comparing with the person's own voice is not part of the evaluator yet"


@dataclass(frozen=True, slots=True)
class MadeClip:
    """A finished clip: the file, the speech in it (mono) with its phonemes in seconds of `pcm`, and what it took.

    `phonemes` may be empty, when the voice does not know them. The times are milliseconds of wall clock.
    """

    mp4: bytes
    pcm: Pcm
    sample_rate: int
    phonemes: tuple[PhonemeTime, ...]
    tts_ms: float
    avatar_render_ms: float
    total_generation_ms: float


@dataclass(frozen=True, slots=True)
class Studio:
    """What the evaluator needs of the product.

    `make_clip(text, language)`: language is EN, ZH, ES, or "auto" for each sentence by its text; raises SelfsameError.
    `measure_opening(mp4)` gives the mouth's opening per frame (lip gap over eye distance, NaN where no face is found)
    and the frames a second; it blocks. `engines` names what serves each role, for the report.
    With `controls` every clip's mouth is also scored at wrong times and in wrong orders.
    """

    make_clip: Callable[[str, str], Awaitable[MadeClip]]
    measure_opening: Callable[[bytes], tuple[npt.NDArray[np.floating], float]]
    listener: Listener = field(default_factory=Listener)
    engines: Mapping[str, str] = field(default_factory=dict)
    controls: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """The metrics of one run, why some of them are null, and details beyond them. `error` when no clip was made."""

    scenario: Scenario
    metrics: dict[str, Value]
    null_because: dict[str, str]
    details: dict[str, Any]
    error: dict[str, str] | None = None


async def run_scenario(scenario: Scenario, studio: Studio) -> Measured:
    """Make the clip and measure it. An engine's failure or refusal is a result too; bugs are raised."""
    try:
        clip = await studio.make_clip(scenario.text, scenario.language)
    except SelfsameError as failure:
        why = f"no clip was made: {failure.message}"
        return Measured(
            scenario,
            dict.fromkeys(METRICS),
            dict.fromkeys(METRICS, why),
            {},
            {"code": failure.code, "message": failure.message},
        )
    return await offload(measure, scenario, clip, studio)


def measure(scenario: Scenario, clip: MadeClip, studio: Studio) -> Measured:
    """The figures of a finished clip. Blocks for as long as it takes to look at every frame."""
    metrics: dict[str, Value] = dict.fromkeys(METRICS)
    missing: dict[str, str] = dict.fromkeys(("speaker_similarity", "f0_rmse_hz"), NO_REFERENCE)
    details: dict[str, Any] = {"clip": {"bytes": len(clip.mp4), "speech_s": round(_seconds(clip), 3)}}
    for name in ("tts_ms", "avatar_render_ms", "total_generation_ms"):
        metrics[name] = round(getattr(clip, name), 1)
    try:
        language = judge(scenario, clip.pcm, clip.sample_rate, studio.listener)
        metrics["language_detected"] = language.detected
        metrics["language_correctness_1_1"] = language.correct
        details["language_from"] = language.source
    except SelfsameError as failure:
        missing |= dict.fromkeys(("language_detected", "language_correctness_1_1"), failure.message)
    try:
        start = _speech_start(clip, details["clip"])
        openings, fps = studio.measure_opening(clip.mp4)
        synced = lip_sync(clip, start, openings, fps)
        metrics["lip_sync_coherence_0_1"] = round(synced.score, 3)
        details["lip_sync"] = _rounded(asdict(synced))
        if studio.controls:
            details["controls"] = _controls(clip, start, synced, openings, fps)
    except SelfsameError as failure:
        missing["lip_sync_coherence_0_1"] = failure.message
    return Measured(scenario, metrics, missing, details)


def lip_sync(clip: MadeClip, start: float, openings: npt.NDArray[np.floating], fps: float) -> LipSync:
    """Mouth against words, when the speech's first sample is heard `start` seconds after the first picture."""
    if clip.phonemes:
        times = [(one.ipa, one.start + start, one.end + start) for one in clip.phonemes]
        return against_phonemes(openings, fps, times)
    lead = round(start * clip.sample_rate)
    sound = clip.pcm[-lead:] if lead < 0 else np.concatenate([np.zeros(lead, np.int16), clip.pcm])
    return against_sound(openings, fps, sound, clip.sample_rate)


def _controls(
    clip: MadeClip, start: float, true: LipSync, openings: npt.NDArray[np.floating], fps: float
) -> dict[str, Any] | None:
    """None when a shifted clip has too little speech left to be scored."""
    try:
        return _rounded(asdict(controls(true, openings, fps, lambda m, late: lip_sync(clip, start + late, m, fps))))
    except BadInput:
        return None


def _speech_start(clip: MadeClip, notes: dict[str, Any]) -> float:
    """Seconds from the file's first picture to the speech's first sample, as a viewer gets them. Raises BadOutput.

    It is found by the sound itself, so that a clip whose sound was put in at the wrong place is scored as it looks.
    """
    try:
        times = timing(clip.mp4)
        start = heard_at(clip.mp4, clip.pcm, clip.sample_rate)
    except BadInput as fault:
        raise BadOutput(f"the clip cannot be used: {fault.message}", role="face", provider="clip") from fault
    if start is None:
        raise BadOutput("the clip's sound is not the speech that was made for it", role="face", provider="clip")
    notes |= {
        "frames": times.frames,
        "fps": round(times.fps, 3),
        "longest_picture_ms": round(times.longest_gap_ms, 1),
        "picture_s": round(times.video_end - times.video_start, 3),
        "speech_heard_after_ms": round(1000 * start, 1),
        "encoder_delay_ms": round(times.offset_ms - times.offset_without_edits_ms, 1),
    }
    return start


def _seconds(clip: MadeClip) -> float:
    return len(clip.pcm) / clip.sample_rate


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in values.items()}
