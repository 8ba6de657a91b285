"""Where files lie: one folder for each purpose, one folder in it for each user (DATA-14, FACE-16, VOICE-12)."""

from __future__ import annotations

from uuid import UUID

FACE_MODELS = "clone-face-models"
VOICE_MODELS = "clone-voice-models"
CLIPS = "clone-clips"
UPLOADS = "clone-uploads"
KNOWLEDGE = "clone-knowledge"
FOLDERS = (FACE_MODELS, VOICE_MODELS, CLIPS, UPLOADS, KNOWLEDGE)


def folder_of(purpose: str, user_id: UUID) -> str:
    """The prefix of all files of a user for a purpose; ends with a slash."""
    return f"{purpose}/{user_id}/"


def face_folder(user_id: UUID, face_id: UUID) -> str:
    """Where the files of a face model lie: `neutral_pose.jpg`, `keypoints.json`, ... (FACE-16)."""
    return f"{folder_of(FACE_MODELS, user_id)}{face_id}/"


def voice_folder(user_id: UUID, voice_id: UUID) -> str:
    """Where the files of a voice model lie (VOICE-12)."""
    return f"{folder_of(VOICE_MODELS, user_id)}{voice_id}/"


def clip_folder(user_id: UUID, clip_id: UUID) -> str:
    """Where the files of a clip lie."""
    return f"{folder_of(CLIPS, user_id)}{clip_id}/"


def is_erasable(prefix: str) -> bool:
    """Whether a prefix is a folder inside one user's folder of a purpose, or that folder: never more than one user."""
    purpose, _, rest = prefix.partition("/")
    user, _, _ = rest.partition("/")
    if purpose not in FOLDERS or not prefix.endswith("/"):
        return False
    try:
        return str(UUID(user)) == user
    except ValueError:
        return False
