"""Wav2Lip-type networks behind the port `VideoRenderer`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import soxr

from selfsame.errors import BadOutput, Unavailable
from selfsame.events.shown import Frames, Image
from selfsame.face.port import FacePainter, RenderingAbilities, VideoRenderer
from selfsame.face.rig import FaceRig
from selfsame.kit.pcm import Pcm, to_float
from selfsame.providers.wav2lip.mel import RATE, mel_spectrogram, windows

NAME = "wav2lip"
FILES = ("wav2lip_gan.onnx", "wav2lip.onnx", "wav2lip_256.onnx")
"""Names that are looked for, best first."""
BATCH = 8
_CHIN = 0.06
"""Share of the face's height added below the chin, as the networks were trained."""
_LANDMARKS = 468


class Wav2LipRenderer:
    """Sets the network's mouth into the pictures of `base`, which moves head, lids and brows."""

    def __init__(self, folder: Path, base: VideoRenderer, threads: int = 0) -> None:
        self.abilities = RenderingAbilities(NAME, "neural", (256, 360, 512), realtime=False)
        self._folder = folder
        self._base = base
        self._threads = threads
        self._network: Network | None = None
        self._loading = Lock()

    def open(self, rig: FaceRig, size: int) -> FacePainter:
        """A painter of that face. Raises Unavailable when the file is missing or is something else."""
        with self._loading:
            if self._network is None:
                self._network = Network(_find(self._folder), self._threads)
        return Wav2LipPainter(self._network, rig, size, self._base.open(rig, size))


class Network:
    """One network: faces (n, 6, s, s) and sound (n, 1, 80, 16) to faces (n, 3, s, s), BGR in 0..1."""

    def __init__(self, path: Path, threads: int) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(str(path), options, providers=ort.get_available_providers())
        except Exception as error:  # onnxruntime raises classes of its own for every kind of bad file
            raise Unavailable(f"{path.name} cannot be loaded", role="face", provider=NAME) from error
        shapes = {given.name: given.shape for given in self._session.get_inputs()}
        faces = [name for name, shape in shapes.items() if len(shape) == 4 and shape[1] == 6]
        sounds = [name for name, shape in shapes.items() if len(shape) == 4 and shape[1] == 1]
        if len(shapes) != 2 or len(faces) != 1 or len(sounds) != 1:
            raise Unavailable(f"{path.name} is not a network of the Wav2Lip kind", role="face", provider=NAME)
        self._faces, self._sounds = faces[0], sounds[0]
        edge = shapes[self._faces][2]
        self.size = edge if isinstance(edge, int) else (256 if "256" in path.name else 96)

    def speak(self, faces: npt.NDArray[np.float32], sounds: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The faces (n, s, s, 3) as they say their sounds, BGR in 0..1."""
        hidden = faces.copy()
        hidden[:, self.size // 2 :] = 0.0
        both = np.concatenate([hidden, faces], axis=3).transpose(0, 3, 1, 2)
        out = self._session.run(None, {self._faces: np.ascontiguousarray(both), self._sounds: sounds})[0]
        made = np.asarray(out, np.float32)
        if made.shape != (len(faces), 3, self.size, self.size) or not np.isfinite(made).all():
            raise BadOutput("the network gave something that is no face", role="face", provider=NAME)
        return np.clip(made, 0.0, 1.0).transpose(0, 2, 3, 1)


class Wav2LipPainter:
    """One face at one size."""

    def __init__(self, network: Network, rig: FaceRig, size: int, base: FacePainter) -> None:
        self._network = network
        self._base = base
        self._box = face_box(rig, size)
        x0, y0, x1, y1 = self._box
        self._mask = _feather(x1 - x0, y1 - y0)

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        """One picture per frame. A picture's sound reaches 0.2 s ahead; at the end the last of it is repeated."""
        if not len(frames):
            return
        rate = len(frames) * sample_rate / max(1, len(sound)) if len(sound) else 25.0
        sounds = windows(mel_spectrogram(_resampled(sound, sample_rate)), len(frames), rate)
        batch: list[Image] = []
        for number, picture in enumerate(self._base.paint(frames, sound, sample_rate), start=1):
            batch.append(picture.copy())
            if len(batch) == BATCH or number == len(frames):
                yield from self._spoken(batch, sounds[number - len(batch) : number])
                batch = []

    def _spoken(self, pictures: list[Image], sounds: npt.NDArray[np.float32]) -> Iterator[Image]:
        x0, y0, x1, y1 = self._box
        edge = self._network.size
        crops = [cv2.resize(p[y0:y1, x0:x1], (edge, edge), interpolation=cv2.INTER_AREA) for p in pictures]
        faces = np.stack(crops).astype(np.float32) / 255.0
        for picture, face in zip(pictures, self._network.speak(faces, sounds), strict=True):
            mouth = cv2.resize(face * 255.0, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
            under = picture[y0:y1, x0:x1].astype(np.float32)
            blended = under + self._mask * (mouth - under)
            picture[y0:y1, x0:x1] = np.clip(blended + 0.5, 0, 255).astype(np.uint8)
            yield picture


def face_box(rig: FaceRig, size: int) -> tuple[int, int, int, int]:
    """The face in pictures of that size as (left, top, right, bottom), a little more below the chin."""
    points = rig.vertices[:_LANDMARKS] * (size / rig.size)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    y1 += _CHIN * (y1 - y0)
    low = np.floor(np.clip([x0, y0], 0, size - 8)).astype(int)
    high = np.ceil(np.clip([x1, y1], low + 8, size)).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _feather(width: int, height: int) -> npt.NDArray[np.float32]:
    """How much of the network's picture is taken: its lower half, fading to its edges."""
    y = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height
    x = (np.arange(width, dtype=np.float32)[None] + 0.5) / width
    top = np.clip((y - 0.48) / 0.10, 0, 1)
    bottom = np.clip((1 - y) / 0.08, 0, 1)
    sides = np.clip(np.minimum(x, 1 - x) / 0.14, 0, 1)
    return (top * bottom * sides)[..., None].astype(np.float32)


def _resampled(sound: Pcm, sample_rate: int) -> npt.NDArray[np.float32]:
    wave = to_float(sound)
    return wave if sample_rate == RATE or not len(wave) else soxr.resample(wave, sample_rate, RATE)


def _find(folder: Path) -> Path:
    for name in FILES:
        if (folder / name).is_file():
            return folder / name
    message = f"put one of {', '.join(FILES)} into {folder.name}/ of the models folder (see selfsame models list)"
    raise Unavailable(message, role="face", provider=NAME)
