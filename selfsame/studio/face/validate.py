"""Testing a face model: is it whole and good, and what does it look like when it talks.

The engines that a rehearsal needs are given as callables, so that this room knows none of them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.errors import BadInput
from selfsame.events.shown import MOTION_FPS, Frames, Image
from selfsame.events.spoken import SpokenChunk
from selfsame.face.measure import eye_distance, lip_opening
from selfsame.face.port import FaceLandmarker, FacePainter, IdentityEncoder, Points
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.face.identity import GradientDescriptor
from selfsame.studio.face.kinds import BuiltFace
from selfsame.studio.media import ReferenceMedia

FILES = ("neutral_pose.jpg", "keypoints.json", "embeddings.npy", "textures/face.jpg", "rig.json", "preview.jpg")
PASS, GOOD = 40.0, 60.0
"""Quality scores under which a model is refused, and under which it is said that it could be better."""
DRIFT = 0.05
"""How far, in eye distances, the stored landmarks may lie from those found again in the stored picture."""
EVERY = 3
"""Every third picture of a rehearsal is looked at for the face's quality."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Whether a model may be used (FACE-18); `quality_score` is 0..100."""

    is_valid: bool
    quality_score: float
    issues: tuple[str, ...]
    recommendations: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Under the names of the interface."""
        return {
            "isValid": self.is_valid,
            "qualityScore": round(self.quality_score, 1),
            "issues": list(self.issues),
            "recommendations": list(self.recommendations),
        }


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a rehearsal gave (FACE-19).

    `video_sample` is a video file; `lip_sync_score` and `face_quality` are 0..1; `frame_rate` is the pictures painted a
    second of work, and `average_latency` the milliseconds of one picture.
    """

    __test__ = False  # no test, though its name begins like one

    video_sample: bytes
    lip_sync_score: float
    face_quality: float
    frame_rate: float
    average_latency: float

    def to_json(self) -> dict[str, object]:
        """Under the names of the interface, without the video's bytes."""
        return {
            "lipSyncScore": round(self.lip_sync_score, 3),
            "faceQuality": round(self.face_quality, 3),
            "frameRate": round(self.frame_rate, 1),
            "averageLatency": round(self.average_latency, 2),
        }


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsal needs. All of it blocks.

    `animate` gives the motion of a speech, `open_painter` a painter of a rig's file. `score_lips` takes the lip opening
    of every picture (eye distances; NaN where no face was found), pictures a second, the sound and its rate, and gives
    0..1. `encode` takes the pictures, their rate, the sound and its rate, and gives a video file.
    """

    animate: Callable[[SpokenChunk], Frames]
    open_painter: Callable[[bytes], FacePainter]
    score_lips: Callable[[Sequence[float], float, Pcm, int], float]
    encode: Callable[[Sequence[Image], float, Pcm, int], bytes]


class FaceModelValidator:
    """Validates what was built (FACE-17). `clock` measures the rehearsal."""

    def __init__(
        self,
        landmarker: FaceLandmarker,
        rehearsal: Rehearsal | None = None,
        encoder: IdentityEncoder | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._landmarker = landmarker
        self._rehearsal = rehearsal
        self._encoder = encoder or GradientDescriptor()
        self._clock = clock

    async def validate_creation(self, reference_media: ReferenceMedia, generated_model: BuiltFace) -> ValidationResult:
        """Whether the model is whole, its files belong together, and it is good enough."""
        issues = await offload(self._faults, generated_model)
        if len(generated_model.quality) < (len(reference_media.data) if reference_media.type == "images" else 1):
            issues.append("Not every picture of the upload was judged.")
        score = generated_model.model.quality_score
        if score < PASS:
            issues.append(f"The quality score is {score:.0f} of 100; {PASS:.0f} are needed.")
        wishes = [wish for result in generated_model.quality if not result.is_valid for wish in result.recommendations]
        if score < GOOD:
            wishes += [wish for result in generated_model.quality for wish in result.recommendations]
        names = {template.name for template in generated_model.model.expression_templates}
        if not {"smile", "talking"} <= names:
            wishes.append("A video in which you talk and smile brings your own expressions into the face.")
        return ValidationResult(not issues, 0.0 if issues else score, tuple(issues), tuple(dict.fromkeys(wishes)))

    async def test_generation(self, model: BuiltFace, test_audio: SpokenChunk) -> TestResult:
        """Let the face say `test_audio` and measure what comes out.

        Raises BadInput when the audio is empty, ValueError without a rehearsal, ProviderError when an engine fails.
        """
        if self._rehearsal is None:
            raise ValueError("a rehearsal is needed to test what a model generates")
        if len(test_audio.pcm) == 0:
            raise BadInput("The test audio is empty. Give a sentence of speech.")
        return await offload(self._rehearse, self._rehearsal, model, test_audio)

    def _faults(self, built: BuiltFace) -> list[str]:
        faults = [f"The file {name} is missing." for name in FILES if not built.files.get(name)]
        if faults:
            return faults
        try:
            points = _points(built.files["keypoints.json"])
            rows = np.load(io.BytesIO(built.files["embeddings.npy"]), allow_pickle=False)
            rig = json.loads(built.files["rig.json"])
        except (ValueError, KeyError, TypeError, EOFError):
            return ["A file of the model is damaged."]
        pose = _picture(built.files["neutral_pose.jpg"])
        faces = [] if pose is None else self._landmarker.find(pose)
        if len(faces) != 1:
            faults.append("The neutral picture does not show one face.")
        elif _drift(faces[0].points, points) > DRIFT:
            faults.append("The landmarks do not belong to the neutral picture.")
        if rows.ndim != 2 or len(rows) < 2 or not np.isfinite(rows).all():
            faults.append("The embeddings are not an average and at least one single vector.")
        if not isinstance(rig, dict) or not str(rig.get("format", "")).startswith("selfsame-face/"):
            faults.append("The rig is of no known format.")
        if _picture(built.files["textures/face.jpg"]) is None or _picture(built.files["preview.jpg"]) is None:
            faults.append("The texture or the preview cannot be read.")
        if "neutral" not in {template.name for template in built.model.expression_templates}:
            faults.append("There is no neutral expression.")
        return faults

    def _rehearse(self, rehearsal: Rehearsal, built: BuiltFace, speech: SpokenChunk) -> TestResult:
        begun = self._clock.now()
        frames = rehearsal.animate(speech)
        painter = rehearsal.open_painter(built.files["rig.json"])
        opened = self._clock.now()
        pictures = list(painter.paint(frames, speech.pcm, speech.sample_rate))
        worked = max(self._clock.now() - opened, 1e-9)
        if not pictures:
            raise BadInput("The test audio is too short for one picture. Give a sentence of speech.")
        rate = MOTION_FPS if len(pictures) == len(frames) else len(pictures) / speech.seconds
        openings, quality = self._look_at(pictures, built)
        score = rehearsal.score_lips(openings, rate, speech.pcm, speech.sample_rate)
        video = rehearsal.encode(pictures, rate, speech.pcm, speech.sample_rate)
        latency = (worked + (opened - begun)) / len(pictures) * 1000
        return TestResult(video, float(np.clip(score, 0, 1)), quality, len(pictures) / worked, latency)

    def _look_at(self, pictures: Sequence[Image], built: BuiltFace) -> tuple[list[float], float]:
        """Lip openings of all pictures, and how well they keep the face: found, sure, and still the same person."""
        pose = _picture(built.files["neutral_pose.jpg"])
        assert pose is not None, "the model was built by us"
        own = self._encoder.encode(pose, _points(built.files["keypoints.json"]))
        openings, kept = [], []
        for number, picture in enumerate(pictures):
            faces = self._landmarker.find(picture)
            openings.append(lip_opening(faces[0].points) if faces else float("nan"))
            if number % EVERY:
                continue
            if not faces:
                kept.append(0.0)
                continue
            apart = float(np.linalg.norm(self._encoder.encode(picture, faces[0].points) - own))
            alike = np.clip(2 - apart / self._encoder.same_person_below, 0, 1)
            kept.append(float(alike) * min(1.0, faces[0].score / 0.7))
        return openings, float(np.mean(kept))


def _points(data: bytes) -> Points:
    marks = np.array(json.loads(data)["landmarks"], np.float32)
    if marks.shape != (478, 3) or not np.isfinite(marks).all():
        raise ValueError("not 478 landmarks")
    return marks


def _picture(data: bytes) -> Image | None:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)


def _drift(found: Points, stored: Points) -> float:
    apart = np.hypot(*(found[:468, :2] - stored[:468, :2]).T)
    return float(apart.mean()) / max(eye_distance(stored), 1e-6)
