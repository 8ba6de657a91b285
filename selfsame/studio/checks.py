"""What a face model, a voice model and a clip must satisfy before they are stored: pure, the same for every store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from selfsame.errors import BadInput
from selfsame.studio.folders import FACE_MODELS, VOICE_MODELS, folder_of
from selfsame.studio.port import ClipDraft, FaceModel
from selfsame.studio.voice.kinds import VoiceModel

LONGEST_SCRIPT = 20_000
MOST_DETAILS = 256 * 1024
"""Characters of a model's details; meshes and textures are files."""


def check_face(face: FaceModel) -> None:
    """Raise BadInput on files outside the user's folder, details that are no small JSON, or absurd numbers."""
    _check_folder(face.model_path, folder_of(FACE_MODELS, face.user_id), "face")
    if not (0 <= face.resolution <= 16_384 and 0.0 <= face.quality_score <= 1.0):
        raise BadInput("a resolution is 0 to 16384 pixels, a quality 0 to 1")
    if len(face.rig_hash) > 64 or len(face.tier) > 50:
        raise BadInput("a rig's hash has up to 64 characters, a tier's name up to 50")
    _check_details(face.details, "face")


def check_voice(voice: VoiceModel) -> None:
    """The same for a voice."""
    _check_folder(voice.model_path, folder_of(VOICE_MODELS, voice.user_id), "voice")
    if not (0 <= voice.sample_rate <= 192_000 and 0.0 <= voice.quality_score <= 1.0):
        raise BadInput("a sample rate is 0 to 192000 Hz, a quality 0 to 1")
    if len(voice.provider) > 50:
        raise BadInput("the name of a voice's provider has up to 50 characters")
    _check_details(voice.details, "voice")


def _check_folder(path: str, folder: str, what: str) -> None:
    inner = path.removeprefix(folder)
    if inner == path or not inner.strip("/") or not inner.endswith("/") or ".." in inner:
        raise BadInput(f"the files of a {what} lie in a folder below {folder}")


def _check_details(details: Mapping[str, Any], what: str) -> None:
    try:
        written = json.dumps(dict(details), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadInput(f"the details of a {what} must be plain JSON: {error}") from error
    if len(written) > MOST_DETAILS or "\\u0000" in written:
        raise BadInput(f"the details of a {what} are at most {MOST_DETAILS} characters of JSON without zero bytes")


def check_clip(draft: ClipDraft) -> None:
    """Raise BadInput on a script or size that nobody can make, or an unusable content key."""
    if not 0 < len(draft.script.strip()) <= LONGEST_SCRIPT or "\0" in draft.script:
        raise BadInput(f"a script has 1 to {LONGEST_SCRIPT} characters")
    if not 8 <= len(draft.content_key) <= 128 or not (draft.content_key.isascii() and draft.content_key.isalnum()):
        raise BadInput("a content key is a hash of 8 to 128 letters and digits")
    if not (16 <= draft.width <= 4096 and 16 <= draft.height <= 4096):
        raise BadInput("a clip's sides are 16 to 4096 pixels")


def check_files(folder: str, files: Mapping[str, str]) -> None:
    """Raise BadInput unless there are files and every one lies in the clip's folder."""
    if not files or not all(key.startswith(folder) and key != folder for key in files.values()):
        raise BadInput(f"the files of this clip lie in {folder}")
