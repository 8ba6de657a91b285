from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from selfsame.errors import BadInput
from selfsame.events.shown import BLENDSHAPES, Frames, Image, still
from selfsame.events.spoken import SpokenChunk
from selfsame.face.port import FaceLandmarker
from selfsame.kit.pcm import Pcm
from selfsame.studio.face.kinds import BuiltFace
from selfsame.studio.face.model import FaceParts, build_face_model
from selfsame.studio.face.validate import FaceModelValidator, Rehearsal
from selfsame.studio.media import ReferenceMedia
from tests.face.drawn import Drawing, face
from tests.studio.files import photo, video
from tests.studio.test_face_model import ORDER, Steps, square

pytestmark = pytest.mark.anyio
MEDIA = ReferenceMedia("images", (photo(),))
RATE = 16000
JAW = BLENDSHAPES.index("jawOpen")


class DrawingPainter:
    """A painter of the drawn face: real pictures of what the motion says."""

    def __init__(self, whose: str = "own") -> None:
        self._whose = whose

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        for frame in frames:
            drawn = face(Drawing(mouth=round(float(frame[JAW]) * 4) / 4))
            if self._whose == "broken":
                drawn = np.full_like(drawn, 127)
            yield drawn


def animate(chunk: SpokenChunk) -> Frames:
    frames = still(round(chunk.seconds * 30))
    frames[:, JAW] = (np.sin(np.arange(len(frames)) / 3) + 1) / 2
    return frames


def score_lips(openings: Sequence[float], rate: float, pcm: Pcm, sample_rate: int) -> float:
    """Stands for the evaluator's measure: how well the lips follow what was animated."""
    wanted = (np.sin(np.arange(len(openings)) / 3) + 1) / 2
    seen = np.nan_to_num(np.array(openings))
    return float(np.corrcoef(seen, wanted)[0, 1]) if seen.std() > 0 else 0.0


def encode(pictures: Sequence[Image], rate: float, pcm: Pcm, sample_rate: int) -> bytes:
    return video(pictures, round(rate))


class Counting:
    """A clock that every look moves on by a tenth of a second."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        self.time += 0.1
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
async def built(landmarker: FaceLandmarker) -> BuiltFace:
    return await build_face_model(MEDIA, landmarker, Steps(), ORDER, FaceParts(make_rig=square))


def rehearsal(whose: str = "own") -> Rehearsal:
    return Rehearsal(animate, lambda rig: DrawingPainter(whose), score_lips, encode)


async def test_a_whole_model_is_valid(landmarker: FaceLandmarker, built: BuiltFace) -> None:
    result = await FaceModelValidator(landmarker).validate_creation(MEDIA, built)
    assert result.to_json() == {
        "isValid": True,
        "qualityScore": round(built.model.quality_score, 1),
        "issues": [],
        "recommendations": ["A video in which you talk and smile brings your own expressions into the face."],
    }


SPOILT = {
    "missing": ({"rig.json": b""}, "rig.json is missing"),
    "damaged": ({"keypoints.json": b"{}"}, "damaged"),
    "no points": ({"keypoints.json": b'{"landmarks": [[1, 2, 3]]}'}, "damaged"),
    "no numbers": ({"embeddings.npy": b"junk"}, "damaged"),
    "no face": ({"neutral_pose.jpg": photo(np.full((200, 200, 3), 99, np.uint8))}, "does not show one face"),
    "other face": ({"neutral_pose.jpg": photo(face()[:, ::-1][40:])}, "landmarks do not belong"),
    "no rig": ({"rig.json": json.dumps({"format": "other"}).encode()}, "no known format"),
    "no texture": ({"textures/face.jpg": b"junk"}, "cannot be read"),
}


@pytest.mark.parametrize("what", sorted(SPOILT))
async def test_what_is_spoilt_is_named(landmarker: FaceLandmarker, built: BuiltFace, what: str) -> None:
    files, issue = SPOILT[what]
    spoilt = replace(built, files=built.files | files)
    result = await FaceModelValidator(landmarker).validate_creation(MEDIA, spoilt)
    assert not result.is_valid
    assert result.quality_score == 0
    assert any(issue in each for each in result.issues)


async def test_a_poor_model_is_refused_with_what_to_do(landmarker: FaceLandmarker, built: BuiltFace) -> None:
    poor = replace(built, model=replace(built.model, quality_score=31.0))
    result = await FaceModelValidator(landmarker).validate_creation(MEDIA, poor)
    assert result.issues == ("The quality score is 31 of 100; 40 are needed.",)


def speech(seconds: float = 1.0) -> SpokenChunk:
    return SpokenChunk(np.zeros(round(seconds * RATE), np.int16), RATE, "a test")


async def test_a_rehearsal_is_measured(landmarker: FaceLandmarker, built: BuiltFace) -> None:
    result = await FaceModelValidator(landmarker, rehearsal(), clock=Counting()).test_generation(built, speech())
    assert result.lip_sync_score > 0.8
    assert result.face_quality > 0.9
    assert result.frame_rate == pytest.approx(30 / 0.1)
    assert result.average_latency == pytest.approx(0.2 / 30 * 1000)
    assert result.video_sample[4:8] == b"ftyp"
    assert set(result.to_json()) == {"lipSyncScore", "faceQuality", "frameRate", "averageLatency"}


async def test_a_rehearsal_without_a_face_in_it_scores_nothing(landmarker: FaceLandmarker, built: BuiltFace) -> None:
    result = await FaceModelValidator(landmarker, rehearsal("broken")).test_generation(built, speech(0.2))
    assert (result.face_quality, result.lip_sync_score) == (0.0, 0.0)
    assert result.frame_rate > 0


async def test_an_empty_speech_is_bad_input(landmarker: FaceLandmarker, built: BuiltFace) -> None:
    with pytest.raises(BadInput, match="empty"):
        await FaceModelValidator(landmarker, rehearsal()).test_generation(built, speech(0.0))
    with pytest.raises(ValueError, match="rehearsal"):
        await FaceModelValidator(landmarker).test_generation(built, speech())
