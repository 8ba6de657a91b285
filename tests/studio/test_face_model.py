from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from selfsame.contracts.face_landmarker import deviation, only
from selfsame.errors import BadInput, TooLarge
from selfsame.events.shown import Image
from selfsame.face.measure import eye_openings, lip_opening, measure_blendshapes
from selfsame.face.port import FaceLandmarker, Points
from selfsame.studio.face.identity import GradientDescriptor, same_person
from selfsame.studio.face.kinds import BuiltFace, FaceOrder
from selfsame.studio.face.model import FaceParts, build_face_model
from selfsame.studio.media import MediaReader, ReferenceMedia, VideoLimits
from tests.face.drawn import Drawing, face
from tests.studio.files import bomb, photo, talking, video

pytestmark = pytest.mark.anyio
ORDER = FaceOrder("user-1", "face-1", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def square(image: Image, points: Points, size: int) -> tuple[bytes, Image]:
    """Stands for the rig, which has its own tests: a texture and a file that names what it was given."""
    assert points.shape == (478, 3)
    texture = np.asarray(cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
    return json.dumps({"format": "selfsame-face/1", "size": size}).encode(), texture


PARTS = FaceParts(make_rig=square)


class Steps:
    """A progress that remembers, and can say stop."""

    def __init__(self, stop_at: float = 2.0) -> None:
        self.shares: list[float] = []
        self.words: list[str] = []
        self.stop_at = stop_at

    async def __call__(self, share: float, words: str) -> None:
        self.shares.append(share)
        self.words.append(words)
        if share >= self.stop_at:
            raise InterruptedError("stopped")


async def build(landmarker: FaceLandmarker, *files: bytes, parts: FaceParts = PARTS) -> BuiltFace:
    return await build_face_model(ReferenceMedia("images", files), landmarker, Steps(), ORDER, parts)


async def test_one_photo_makes_a_face_of_lower_quality(landmarker: FaceLandmarker) -> None:
    built = await build(landmarker, photo())
    assert set(built.files) == {
        "neutral_pose.jpg",
        "keypoints.json",
        "embeddings.npy",
        "textures/face.jpg",
        "rig.json",
        "preview.jpg",
        "metadata.json",
    }
    assert built.model.tier == "basic"
    assert any("lower quality" in note for note in built.notes)
    assert [result.is_valid for result in built.quality] == [True]
    record = json.loads(built.files["metadata.json"])
    assert record["modelPath"] == "clone-face-models/user-1/face-1/"
    assert record["createdAt"] == "2026-01-02T03:04:05+00:00"
    assert record["embedding"] == "gradient-descriptor"
    wanted = (
        "id userId modelPath resolution keypoints embeddings neutralPose expressionTemplates createdAt qualityScore"
    )
    assert set(wanted.split()) <= built.model.to_json().keys()


async def test_the_files_belong_together(landmarker: FaceLandmarker) -> None:
    built = await build(landmarker, photo())
    pose = cv2.imdecode(np.frombuffer(built.files["neutral_pose.jpg"], np.uint8), cv2.IMREAD_COLOR)
    points = json.loads(built.files["keypoints.json"])
    marks = np.array(points["landmarks"], np.float32)
    assert pose is not None
    assert deviation(only(landmarker.find(np.asarray(pose, np.uint8))).points, marks) < 0.03
    named = {point["landmark"]: point for point in points["keypoints"]}
    assert named["right_eye"]["x"] < named["nose_tip"]["x"] < named["left_eye"]["x"]
    assert named["mouth_corner"]["x"] > named["mouth_corner_right"]["x"]
    rows = np.load(io.BytesIO(built.files["embeddings.npy"]))
    assert rows.shape == (2, len(built.model.embeddings[0]))
    assert np.allclose(rows[0], rows[1])
    preview = cv2.imdecode(np.frombuffer(built.files["preview.jpg"], np.uint8), cv2.IMREAD_COLOR)
    assert preview is not None
    assert preview.shape == (256, 256, 3)


async def test_of_several_photos_the_neutral_one_is_chosen_and_the_poor_ones_dropped(
    landmarker: FaceLandmarker,
) -> None:
    files = [
        photo(face(Drawing(mouth=1))),
        photo(face(Drawing(smile=1))),
        photo(face(Drawing(seed=3))),
        photo((face() * 0.1).astype(np.uint8)),
        b"not a photo",
        bomb(),
        photo(face(Drawing(lids=1))),
    ]
    built = await build(landmarker, *files)
    assert [result.is_valid for result in built.quality] == [True, True, True, False, False, False, True]
    assert built.quality[3].reasons[0] == "TOO_DARK"
    assert built.quality[4].reasons == ("UNREADABLE",)
    assert [note[:7] for note in built.notes] == ["Photo 4", "Photo 5", "Photo 6"]
    assert "50 megapixels" in built.notes[2]
    marks = np.array(json.loads(built.files["keypoints.json"])["landmarks"], np.float32)
    assert lip_opening(marks) < 0.04
    assert min(eye_openings(marks)) > 0.3
    plain = only(landmarker.find(face(Drawing(seed=3)))).points
    assert measure_blendshapes(marks, plain)["mouthSmileLeft"] < 0.05
    names = {template.name: template.blendshapes for template in built.model.expression_templates}
    assert set(names) == {"neutral", "smile", "talking"}
    assert max(names["neutral"].values()) < 0.01
    assert names["talking"]["jawOpen"] > 0.5
    assert names["smile"]["mouthSmileLeft"] > 0.3
    assert {"textures/smile.jpg", "textures/talking.jpg"} <= built.files.keys()


async def test_five_good_photos_are_the_standard_tier_and_better(landmarker: FaceLandmarker) -> None:
    one = await build(landmarker, photo())
    five = await build(landmarker, *(photo(face(Drawing(seed=seed))) for seed in range(5)))
    assert five.model.tier == "standard"
    assert five.model.quality_score > one.model.quality_score
    assert five.notes == ()


async def test_a_video_is_the_premium_tier_with_its_expressions(landmarker: FaceLandmarker) -> None:
    clip = video(talking(6.0))
    steps = Steps()
    parts = FaceParts(make_rig=square, reader=lambda: MediaReader(VideoLimits(stills=24)))
    built = await build_face_model(ReferenceMedia("video", (clip,)), landmarker, steps, ORDER, parts)
    assert built.model.tier == "premium"
    assert len(built.quality) == 24
    assert {template.name for template in built.model.expression_templates} == {"neutral", "smile", "talking"}
    assert steps.shares == sorted(steps.shares)
    assert steps.shares[-1] == 1.0


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        ([], BadInput, "1 to 20 photos"),
        ([b"x"] * 21, BadInput, "1 to 20 photos"),
        ([b"junk"], BadInput, "JPEG, PNG or WebP"),
        ([bomb()], TooLarge, "megapixels"),
        ([photo(np.full((400, 400, 3), 128, np.uint8))], BadInput, "from the front"),
        ([photo((face() * 0.1).astype(np.uint8))] * 2, BadInput, "None of the photos can be used. It is too dark"),
        ([photo(np.concatenate([face(), face()], 1))], BadInput, "only you"),
    ],
    ids=["none", "too many", "junk", "bomb", "wall", "dark", "two"],
)
async def test_what_cannot_become_a_face_is_refused_with_what_to_do(
    landmarker: FaceLandmarker, files: list[bytes], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        await build(landmarker, *files)


@pytest.mark.parametrize("stop_at", [0.0, 0.3, 0.7, 0.8, 0.95])
async def test_it_can_be_stopped_between_steps(landmarker: FaceLandmarker, stop_at: float) -> None:
    steps = Steps(stop_at)
    with pytest.raises(InterruptedError):
        await build_face_model(ReferenceMedia("images", (photo(), photo())), landmarker, steps, ORDER, PARTS)
    assert steps.shares[-1] >= stop_at


async def test_pictures_of_one_person_stay_together(landmarker: FaceLandmarker, faces: Path) -> None:
    """Every still of a speaker is kept; who differs clearly is told apart. The measure is rough and says so."""
    encoder, people = GradientDescriptor(), {}
    for name in ("bbaf2n", "brbk7n", "lbax4n", "lwbsza", "pwij3p", "swiz3n"):
        stills = clip_stills(faces / f"grid_{name}.mpg", every=12)
        people[name] = [encoder.encode(image, only(landmarker.find(image)).points) for image in stills]
        assert same_person(people[name], encoder) == tuple(range(len(stills)))
    pairs = [(a, b) for a in people for b in people if a < b]
    caught = [same_person([*people[a], people[b][0]], encoder) == tuple(range(len(people[a]))) for a, b in pairs]
    assert sum(caught) >= 0.9 * len(pairs)
    assert same_person([*people["lwbsza"], people["swiz3n"][0]], encoder) == tuple(range(len(people["lwbsza"])))


async def test_a_stranger_s_photo_is_left_out_and_that_is_said(landmarker: FaceLandmarker, faces: Path) -> None:
    mine = [photo(image, "PNG") for image in clip_stills(faces / "grid_lwbsza.mpg", every=25)[:3]]
    other = photo(clip_stills(faces / "grid_swiz3n.mpg", every=70)[0], "PNG")
    built = await build(landmarker, mine[0], other, *mine[1:])
    assert "Photo 2 was left out. It seems to show another person." in built.notes


async def test_a_photo_with_shut_eyes_alone_is_refused(landmarker: FaceLandmarker, faces: Path) -> None:
    blink = clip_stills(faces / "grid_bbaf2n.mpg", every=1)[52 - 4]
    with pytest.raises(BadInput, match="Keep them open"):
        await build(landmarker, photo(blink, "PNG"))


def clip_stills(path: Path, every: int) -> list[Image]:
    import av

    with av.open(str(path)) as clip:
        frames = [frame.to_ndarray(format="bgr24") for frame in clip.decode(video=0)]
    return [np.asarray(frame, np.uint8) for frame in frames[4::every]]
