"""Building a face model: read, judge, drop what is poor, find the person, the neutral picture and the expressions, rig.

The shell (`build_face_model`) reports progress between steps, where it can be cancelled, and never blocks the loop.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.errors import BadInput, CallerError
from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker, IdentityEncoder, Points
from selfsame.face.rig_file import to_json
from selfsame.face.rigging import build_rig
from selfsame.kit.tasks import offload
from selfsame.studio.face.expressions import ExpressionTemplate, Shot, find_templates, keypoints, pick_neutral
from selfsame.studio.face.identity import GradientDescriptor, embeddings, same_person
from selfsame.studio.face.kinds import BuiltFace, FaceModel, FaceOrder, FaceTier
from selfsame.studio.face.quality import ADVICE, SHUT, Checked, FaceQualityResult, check
from selfsame.studio.media import MediaReader, ReferenceMedia
from selfsame.studio.port import Progress

PHOTOS_MOST = 20
STANDARD_FROM = 5
"""Good photos that make the standard tier; fewer make the basic one, a video the premium one (FACE-21 to 23)."""
FEW = 3
FACE_HEIGHT, AROUND = 640, 1.8
"""Pictures are kept with the face so high at most, and so many of its heights around its middle."""
TEXTURE, PREVIEW = 512, 256
SINGLES_MOST = 8

RigMaker = Callable[[Image, Points, int], tuple[bytes, Image]]
"""From a picture, its landmarks and a size: the rig's file, and its square texture. Blocks."""


def make_rig(image: Image, points: Points, size: int) -> tuple[bytes, Image]:
    """The rig of a photo by `selfsame.face.rigging`. Raises BadInput when the landmarks are no face."""
    rig = build_rig(image, points, size=size)
    return to_json(rig), rig.texture


@dataclass(frozen=True, slots=True)
class FaceParts:
    """What building uses, for those who bring their own."""

    make_rig: RigMaker = make_rig
    encoder: IdentityEncoder | None = None
    reader: Callable[[], MediaReader] = MediaReader


async def build_face_model(
    media: ReferenceMedia,
    landmarker: FaceLandmarker,
    progress: Progress,
    order: FaceOrder,
    parts: FaceParts | None = None,
) -> BuiltFace:
    """A face model of the person in `media`.

    Raises BadInput or TooLarge with what to do when no picture will do, ProviderError when an engine fails, and
    whatever `progress` raises when the work was cancelled.
    """
    parts = parts or FaceParts()
    encoder = parts.encoder or GradientDescriptor()
    if media.type == "video" and len(media.data) != 1:
        raise BadInput("Upload one video.")
    if not 1 <= len(media.data) <= PHOTOS_MOST:
        raise BadInput(f"Upload 1 to {PHOTOS_MOST} photos; 5 to 10 are best.")
    async with parts.reader() as reader:
        gather = _of_video if media.type == "video" else _of_photos
        gathered = await gather(media, reader, landmarker, progress)
    if not gathered.shots:
        raise BadInput(_why_nothing(gathered, media.type))

    await progress(0.7, "Checking that all pictures show one person")
    shots, vectors = await offload(_one_person, gathered, encoder)
    neutral = pick_neutral(shots)
    if neutral.checked.looks is not None and neutral.checked.looks.eyes < SHUT:
        raise BadInput(ADVICE["EYES_SHUT"])
    templates = find_templates(neutral, shots)
    await progress(0.8, "Making the face movable")
    rig, texture = await offload(parts.make_rig, neutral.image, neutral.points, TEXTURE)
    await progress(0.95, "Writing the face's files")
    tier = _tier(media, len(shots))
    model = _model(order, neutral, templates, vectors, tier)
    _say_how_good(gathered, media, len(shots))
    files = await offload(_files, model, neutral, templates, (rig, texture), (encoder.name, gathered.notes))
    await progress(1.0, "The face is ready")
    return BuiltFace(model, files, tuple(gathered.quality), tuple(gathered.notes))


@dataclass(slots=True)
class _Gathered:
    shots: list[Shot]
    quality: list[FaceQualityResult]
    notes: list[str]

    def add(self, number: int, image: Image, checked: Checked, time: float | None = None) -> None:
        self.quality.append(checked.quality)
        if checked.quality.is_valid and checked.face is not None:
            kept, points = _cut(image, checked.face.points)
            self.shots.append(Shot(kept, points, checked, number, time))


async def _of_photos(
    media: ReferenceMedia, reader: MediaReader, landmarker: FaceLandmarker, progress: Progress
) -> _Gathered:
    gathered = _Gathered([], [], [])
    for number, data in enumerate(media.data):
        await progress(0.65 * number / len(media.data), f"Looking at photo {number + 1} of {len(media.data)}")
        try:
            photo = await reader.photo(data)
        except CallerError as refusal:
            if len(media.data) == 1:
                raise
            gathered.quality.append(FaceQualityResult(False, False, 0, 0, "poor", "frontal", 0.0, ("UNREADABLE",)))
            gathered.notes.append(f"Photo {number + 1} was left out. {refusal.message}")
            continue
        gathered.notes += [f"Photo {number + 1}: {note}" for note in photo.notes]
        checked = await offload(check, photo.image, landmarker, (photo.width, photo.height))
        gathered.add(number, photo.image, checked)
        if not checked.quality.is_valid:
            gathered.notes.append(f"Photo {number + 1} was left out. {checked.quality.recommendations[0]}")
    return gathered


async def _of_video(
    media: ReferenceMedia, reader: MediaReader, landmarker: FaceLandmarker, progress: Progress
) -> _Gathered:
    gathered = _Gathered([], [], [])
    async with reader.video(media.data[0]) as (facts, stills):
        gathered.notes += facts.notes
        number = 0
        async for still in stills:
            if number % 8 == 0:
                share = min(1.0, still.time / max(min(facts.duration, 60.0), 1.0))
                await progress(0.65 * share, f"Looking at the video, second {still.time:.0f}")
            gathered.add(number, still.image, await offload(check, still.image, landmarker), still.time)
            number += 1
    if gathered.shots and len(gathered.shots) < 0.6 * number:
        worst = _common(gathered.quality)
        gathered.notes.append(f"Much of the video could not be used. {ADVICE[worst]}")
    return gathered


def _common(quality: Sequence[FaceQualityResult]) -> str:
    """The most frequent reason of refusal."""
    return Counter(each.reasons[0] for each in quality if not each.is_valid).most_common(1)[0][0]


def _why_nothing(gathered: _Gathered, kind: str) -> str:
    if not gathered.quality:
        return "The video shows no picture that could be read. Record it again."
    advice = ADVICE[_common(gathered.quality)]
    if len(gathered.quality) == 1:
        return advice
    return f"None of the {'photos' if kind == 'images' else 'pictures of the video'} can be used. {advice}"


def _cut(image: Image, points: Points) -> tuple[Image, Points]:
    """The surroundings of a face, at most so large as a rig needs, and its points there."""
    height = float(np.hypot(*(points[152, :2] - points[10, :2])))
    middle = points[[10, 152], :2].mean(0)
    low = np.maximum(middle - AROUND * height, 0).astype(int)
    high = np.minimum(middle + AROUND * height, [image.shape[1], image.shape[0]]).astype(int)
    kept = image[low[1] : high[1], low[0] : high[0]]
    scale = min(1.0, FACE_HEIGHT / height)
    if scale < 1:
        size = (max(1, round(kept.shape[1] * scale)), max(1, round(kept.shape[0] * scale)))
        kept = np.asarray(cv2.resize(kept, size, interpolation=cv2.INTER_AREA), np.uint8)
    moved = (points - np.array([low[0], low[1], 0], np.float32)) * np.float32(scale)
    return np.ascontiguousarray(kept), moved


def _one_person(gathered: _Gathered, encoder: IdentityEncoder) -> tuple[list[Shot], list[np.ndarray]]:
    """The pictures of the person that most of them show, and their vectors; notes say who was left out."""
    vectors = [encoder.encode(shot.image, shot.points) for shot in gathered.shots]
    kept = same_person(vectors, encoder)
    strangers = [shot for place, shot in enumerate(gathered.shots) if place not in kept]
    for shot in strangers if strangers and strangers[0].time is None else ():
        gathered.notes.append(f"Photo {shot.number + 1} was left out. It seems to show another person.")
    if strangers and strangers[0].time is not None:
        gathered.notes.append("Parts of the video seem to show another person; they were left out.")
    return [gathered.shots[place] for place in kept], [vectors[place] for place in kept]


def _tier(media: ReferenceMedia, used: int) -> FaceTier:
    if media.type == "video":
        return "premium"
    return "standard" if used >= STANDARD_FROM else "basic"


def _say_how_good(gathered: _Gathered, media: ReferenceMedia, used: int) -> None:
    if media.type == "images" and used < FEW:
        count = "one photo" if used == 1 else f"{used} photos"
        gathered.notes.append(f"Made of {count}: lower quality. 5 to 10 photos, or 30 to 60 s of video, are better.")


def _model(
    order: FaceOrder,
    neutral: Shot,
    templates: tuple[tuple[ExpressionTemplate, Shot], ...],
    vectors: list[np.ndarray],
    tier: FaceTier,
) -> FaceModel:
    looks = neutral.checked.looks
    assert looks is not None
    rows = embeddings(vectors, SINGLES_MOST)
    pose = {
        "file": "neutral_pose.jpg",
        "width": neutral.image.shape[1],
        "height": neutral.image.shape[0],
        "yaw": round(looks.yaw, 1),
        "pitch": round(looks.pitch, 1),
        "roll": round(looks.roll, 1),
    }
    return FaceModel(
        id=order.model_id,
        user_id=order.user_id,
        model_path=order.path,
        resolution=(TEXTURE, TEXTURE),
        keypoints=keypoints(neutral),
        embeddings=tuple(tuple(float(number) for number in row) for row in rows),
        neutral_pose=pose,
        expression_templates=tuple(template for template, _ in templates),
        created_at=order.created_at,
        quality_score=_quality_score(neutral, len(vectors), tier, len(templates)),
        tier=tier,
    )


def _quality_score(neutral: Shot, used: int, tier: FaceTier, templates: int) -> float:
    """0..100: the neutral picture counts most, then how much was there to learn from."""
    material = 1.0 if tier == "premium" else min(1.0, 0.25 + 0.75 * (used - 1) / (STANDARD_FROM - 1))
    return 100 * min(1.0, 0.65 * neutral.checked.score + 0.25 * material + 0.05 * (templates - 1))


def _files(
    model: FaceModel,
    neutral: Shot,
    templates: tuple[tuple[ExpressionTemplate, Shot], ...],
    rigged: tuple[bytes, Image],
    said: tuple[str, list[str]],
) -> dict[str, bytes]:
    rig, texture = rigged
    points = {
        "format": "mediapipe-478",
        "landmarks": [[round(float(number), 2) for number in point] for point in neutral.points],
        "keypoints": [point.to_json() for point in model.keypoints],
        "expressions": [template.to_json() for template, _ in templates],
    }
    small = np.asarray(cv2.resize(texture, (PREVIEW, PREVIEW), interpolation=cv2.INTER_AREA), np.uint8)
    rows = io.BytesIO()
    np.save(rows, np.array(model.embeddings, np.float32))
    files = {
        "neutral_pose.jpg": _jpeg(neutral.image, 92),
        "keypoints.json": json.dumps(points).encode(),
        "embeddings.npy": rows.getvalue(),
        "textures/face.jpg": _jpeg(texture, 92),
        "rig.json": rig,
        "preview.jpg": _jpeg(small, 85),
    }
    for template, shot in templates[1:]:
        files[f"textures/{template.name}.jpg"] = _jpeg(shot.image, 88)
    about = {"embedding": said[0], "notes": said[1], "files": sorted([*files, "metadata.json"])}
    files["metadata.json"] = json.dumps(model.to_json() | about, indent=1).encode()
    return files


def _jpeg(image: Image, quality: int) -> bytes:
    good, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert good, "a picture of 8-bit BGR can always be written"
    return data.tobytes()
