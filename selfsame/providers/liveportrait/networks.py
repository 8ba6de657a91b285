"""The six ONNX networks: loading, checking what they take and give, and calling them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from selfsame.errors import Unavailable
from selfsame.events.shown import Image

NAME = "liveportrait"
KEYPOINTS = 21
INPUT = 256
FILES = {
    "appearance": ("appearance_feature_extractor.onnx", (1, 1)),
    "motion": ("motion_extractor.onnx", (1, 7)),
    "warping": ("warping_spade.onnx", (3, 1)),
    "stitching": ("stitching.onnx", (1, 1)),
    "lips": ("stitching_lip.onnx", (1, 1)),
    "eyes": ("stitching_eye.onnx", (1, 1)),
}
"""File name, and the number of inputs and outputs, by role."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pose:
    """What the motion extractor finds: angles in degrees, `shift` (3,), `scale`, `expression` and `shape` (21, 3)."""

    pitch: float
    yaw: float
    roll: float
    shift: Array
    scale: float
    expression: Array
    shape: Array


class Networks:
    """The networks of one folder. Calls block and release the GIL; one call at a time is assumed."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load them; `threads` 0 leaves the number to the runtime. Raises Unavailable, naming the file."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._sessions = {role: _load(folder / name, counts, options) for role, (name, counts) in FILES.items()}

    def appearance(self, picture: Image) -> Array:
        """The feature volume of a 256 x 256 BGR picture."""
        return self._run("appearance", _as_input(picture))[0]

    def pose(self, picture: Image) -> Pose:
        """Head pose and keypoints of a 256 x 256 BGR picture."""
        pitch, yaw, roll, shift, expression, scale, shape = self._by_name("motion", _as_input(picture))
        points = (KEYPOINTS, 3)
        return Pose(
            degrees(pitch),
            degrees(yaw),
            degrees(roll),
            shift.reshape(3),
            float(scale.reshape(-1)[0]),
            expression.reshape(points),
            shape.reshape(points),
        )

    def stitched(self, source: Array, driven: Array) -> Array:
        """The driven keypoints (21, 3), set so that neck and shoulders stay where the source has them."""
        delta = self._run("stitching", _row(source, driven))[0].reshape(-1)
        moved = driven + delta[: 3 * KEYPOINTS].reshape(KEYPOINTS, 3)
        moved[:, :2] += delta[3 * KEYPOINTS : 3 * KEYPOINTS + 2]
        return moved

    def lips(self, source: Array, now: float, wanted: float) -> Array:
        """The move of the keypoints (21, 3) from lips open by `now` to `wanted` (gap over the mouth's width)."""
        return self._run("lips", _row(source, np.array([now, wanted], np.float32)))[0].reshape(KEYPOINTS, 3)

    def eyes(self, source: Array, now: tuple[float, float], wanted: float) -> Array:
        """The move of the keypoints (21, 3) from eyes open by `now` (left, right: lid gap over width) to `wanted`."""
        return self._run("eyes", _row(source, np.array([*now, wanted], np.float32)))[0].reshape(KEYPOINTS, 3)

    def picture(self, features: Array, source: Array, driven: Array) -> Image:
        """The picture (BGR, 512 x 512 for the public weights) of the source with the driven keypoints."""
        out = self._run("warping", features, driven[None], source[None])[0][0]
        rgb = np.clip(out.transpose(1, 2, 0) * 255.0 + 0.5, 0, 255).astype(np.uint8)
        return np.ascontiguousarray(rgb[..., ::-1])

    def _run(self, role: str, *values: Array) -> list[Array]:
        session = self._sessions[role]
        names = [given.name for given in session.get_inputs()]
        if role == "warping":
            names = _warping_order(names)
        feed = {name: value.astype(np.float32) for name, value in zip(names, values, strict=True)}
        return [np.asarray(value, np.float32) for value in session.run(None, feed)]

    def _by_name(self, role: str, value: Array) -> list[Array]:
        """The motion extractor's outputs as pitch, yaw, roll, t, exp, scale, kp: by name where it has these names."""
        order = ("pitch", "yaw", "roll", "t", "exp", "scale", "kp")
        names = [made.name for made in self._sessions[role].get_outputs()]
        found = self._run(role, value)
        return [found[names.index(name)] for name in order] if set(order) <= set(names) else found


def degrees(logits: Array) -> float:
    """An angle: either the number itself, or the mean of 66 bins of 3 degrees from -97.5 (as HopeNet has them)."""
    flat = logits.reshape(-1).astype(np.float64)
    if len(flat) == 1:
        return float(flat[0])
    weights = np.exp(flat - flat.max())
    return float((weights / weights.sum()) @ np.arange(len(flat)) * 3.0 - 97.5)


def _load(path: Path, counts: tuple[int, int], options: ort.SessionOptions) -> ort.InferenceSession:
    if not path.is_file():
        raise Unavailable(f"{path.name} is not there: selfsame models pull liveportrait", role="face", provider=NAME)
    try:
        session = ort.InferenceSession(str(path), options, providers=ort.get_available_providers())
    except Exception as error:  # onnxruntime raises classes of its own for every kind of bad file
        raise Unavailable(f"{path.name} cannot be loaded", role="face", provider=NAME) from error
    if (len(session.get_inputs()), len(session.get_outputs())) != counts:
        raise Unavailable(f"{path.name} is not LivePortrait's network of that name", role="face", provider=NAME)
    return session


def _as_input(picture: Image) -> Array:
    rgb = picture[..., ::-1].astype(np.float32) / 255.0
    return np.ascontiguousarray(rgb.transpose(2, 0, 1)[None])


def _row(*parts: Array) -> Array:
    return np.concatenate([part.reshape(-1) for part in parts]).astype(np.float32)[None]


def _warping_order(names: list[str]) -> list[str]:
    """The warping network's inputs as features, driven, source: by name where they have these names."""
    known = ("feature_3d", "kp_driving", "kp_source")
    return list(known) if set(known) == set(names) else names
