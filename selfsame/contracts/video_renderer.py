"""What every `VideoRenderer` must do. Subclass it, give `renderer` and `rig`, and let pytest collect it."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.errors import ProviderError
from selfsame.events.shown import CHANNELS, MOTION_FPS, Frames, Image, still
from selfsame.face.port import FacePainter, VideoRenderer
from selfsame.face.rig import FaceRig
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm


class VideoRendererContract:
    """The contract. `size` is one of the renderer's sizes; `exact` is the mean error allowed at rest, in grey steps."""

    size = 256
    exact = 3.0

    @pytest.fixture
    def renderer(self) -> VideoRenderer:
        """The renderer to test."""
        raise NotImplementedError

    @pytest.fixture
    def rig(self) -> FaceRig:
        """A rig of a face with its mouth shut, at `size`, seen from the front."""
        raise NotImplementedError

    @pytest.fixture
    def painter(self, renderer: VideoRenderer, rig: FaceRig) -> FacePainter:
        """A painter at `size`."""
        return renderer.open(rig, self.size)

    def test_at_rest_the_photo_is_shown(self, painter: FacePainter, rig: FaceRig) -> None:
        picture = drawn(painter, still())[0]
        assert np.abs(picture.astype(int) - rig.texture).mean() < self.exact

    def test_one_picture_per_frame_of_the_right_size(self, painter: FacePainter) -> None:
        for count in (0, 1, 2, 11):
            pictures = drawn(painter, still(count))
            assert len(pictures) == count
            assert all(p.shape == (self.size, self.size, 3) and p.dtype == np.uint8 for p in pictures)

    def test_pictures_are_the_callers_own(self, painter: FacePainter) -> None:
        first, second = drawn(painter, still(2))
        kept = second.copy()
        first[:] = 0
        assert np.array_equal(second, kept)

    def test_an_open_jaw_changes_the_mouth_and_not_the_top_of_the_head(
        self, painter: FacePainter, rig: FaceRig
    ) -> None:
        rest, opened = drawn(painter, np.concatenate((still(), frame(jawOpen=0.7))))
        change = np.abs(opened.astype(int) - rest).mean(2)
        assert change[mouth_of(rig)].mean() > 5
        assert change[: self.size // 5].mean() < 0.5

    def test_a_closed_mouth_stays_closed_whatever_the_jaw_does(self, painter: FacePainter, rig: FaceRig) -> None:
        rest, opened, closed = drawn(
            painter, np.concatenate((still(), frame(jawOpen=0.5), frame(jawOpen=0.5, mouthClose=1)))
        )
        x, y = np.rint(rig.mouth.seam).astype(int)
        column = slice(max(0, y - round(0.1 * rig.mouth.width)), y + round(0.5 * rig.mouth.width))
        dark = [int(p[column, x].mean(1).min()) for p in (rest, opened, closed)]
        assert dark[1] < dark[0] - 10, "an open mouth is dark inside"
        assert dark[2] > dark[1] + 10, "a closed one is not"

    def test_eyes_shut(self, painter: FacePainter, rig: FaceRig) -> None:
        rest, shut = drawn(painter, np.concatenate((still(), frame(eyeBlinkLeft=1))))
        change = np.abs(shut.astype(int) - rest).mean(2)
        assert change[eye_of(rig, "left")].mean() > 3
        assert change[eye_of(rig, "right")].mean() < 1

    def test_the_head_turns_the_right_way(self, painter: FacePainter, rig: FaceRig) -> None:
        pictures = drawn(painter, np.concatenate([still(), frame(headYaw=6), frame(headPitch=6), frame(headRoll=6)]))
        rest, yaw, pitch, roll = (_mass(p, rig) for p in pictures)
        assert yaw[0] > rest[0] + 0.5, "to the person's left is to the right as seen"
        assert pitch[1] < rest[1] - 0.5, "up is up"
        assert roll[0] > rest[0] + 0.5, "tilted to the person's left shoulder the face goes right"

    def test_the_same_frames_give_the_same_pictures(self, renderer: VideoRenderer, rig: FaceRig) -> None:
        frames = np.random.default_rng(2).uniform(0, 1, (3, len(CHANNELS))).astype(np.float32)
        first, second = (drawn(renderer.open(rig, self.size), frames) for _ in range(2))
        assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))

    def test_extreme_and_missing_numbers_are_drawn_without_harm(self, painter: FacePainter) -> None:
        frames = still(len(CHANNELS) + 5)
        frames[: len(CHANNELS)] = np.eye(len(CHANNELS)) * 1e6
        frames[-5:] = np.array([[1.0], [-1e9], [np.nan], [np.inf], [127.0]])
        before = frames.copy()
        assert len(drawn(painter, frames)) == len(frames)
        assert np.array_equal(frames, before, equal_nan=True), "the caller's frames are left alone"
        rest, after = drawn(painter, still())[0], drawn(painter, still())[0]
        assert np.array_equal(rest, after), "and nothing of them stays behind"

    def test_every_size_it_names(self, renderer: VideoRenderer, rig: FaceRig) -> None:
        for size in renderer.abilities.sizes:
            assert drawn(renderer.open(rig, size), still())[0].shape == (size, size, 3)

    def test_other_sizes_are_refused(self, renderer: VideoRenderer, rig: FaceRig) -> None:
        with pytest.raises(ProviderError):
            renderer.open(rig, 1)


def frame(**weights: float) -> Frames:
    """One frame with these channels; a name without its side stands for both sides."""
    made = still()
    for name, value in weights.items():
        names = [name] if name in CHANNELS else [f"{name}Left", f"{name}Right"]
        assert all(each in CHANNELS for each in names), name
        for each in names:
            made[0, CHANNELS.index(each)] = value
    return made


def drawn(painter: FacePainter, frames: Frames) -> list[Image]:
    """The pictures of `frames`, with as much silence."""
    sound: Pcm = np.zeros(len(frames) * MICROPHONE_RATE // MOTION_FPS, np.int16)
    return list(painter.paint(frames, sound, MICROPHONE_RATE))


def mouth_of(rig: FaceRig) -> tuple[slice, slice]:
    """The mouth's box in the rig's own pixels: rows, columns."""
    (x, y), half = rig.mouth.seam, rig.mouth.width / 2
    return slice(round(y - half), round(y + 1.6 * half)), slice(round(x - half), round(x + half))


def eye_of(rig: FaceRig, side: str) -> tuple[slice, slice]:
    """An eye's box: rows, columns."""
    eye = rig.left if side == "left" else rig.right
    height, width = eye.patches[0].shape[:2]
    return slice(eye.y, eye.y + height), slice(eye.x, eye.x + width)


def _mass(picture: Image, rig: FaceRig) -> tuple[float, float]:
    """The place where the mouth's own piece of the photo is found in a picture, by least squares."""
    rows, columns = mouth_of(rig)
    piece = rig.texture[rows, columns].astype(float)
    reach = 12
    best = (np.inf, 0, 0)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            there = picture[rows.start + dy : rows.stop + dy, columns.start + dx : columns.stop + dx]
            if there.shape == piece.shape:
                best = min(best, (float(((there - piece) ** 2).mean()), dx, dy))
    return float(best[1]), float(best[2])
