"""What a face model is, and what building one gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from selfsame.studio.face.expressions import ExpressionTemplate, FacialKeypoint
from selfsame.studio.face.quality import FaceQualityResult

FaceTier = Literal["basic", "standard", "premium"]


@dataclass(frozen=True, slots=True)
class FaceOrder:
    """Whose face is built, under which id, and when: time is an input."""

    user_id: str
    model_id: str
    created_at: datetime

    @property
    def path(self) -> str:
        """The prefix of the model's files (FACE-16)."""
        return f"clone-face-models/{self.user_id}/{self.model_id}/"


@dataclass(frozen=True, slots=True)
class FaceModel:
    """A face model (FACE-13). `resolution` is the rig's texture; `embeddings` has the average first.

    `neutral_pose` says which file and which angles of the head; `quality_score` is 0..100.
    """

    id: str
    user_id: str
    model_path: str
    resolution: tuple[int, int]
    keypoints: tuple[FacialKeypoint, ...]
    embeddings: tuple[tuple[float, ...], ...]
    neutral_pose: dict[str, object]
    expression_templates: tuple[ExpressionTemplate, ...]
    created_at: datetime
    quality_score: float
    tier: FaceTier

    def to_json(self) -> dict[str, object]:
        """Under the names of the interface."""
        return {
            "id": self.id,
            "userId": self.user_id,
            "modelPath": self.model_path,
            "resolution": {"width": self.resolution[0], "height": self.resolution[1]},
            "keypoints": [point.to_json() for point in self.keypoints],
            "embeddings": [[round(number, 5) for number in row] for row in self.embeddings],
            "neutralPose": self.neutral_pose,
            "expressionTemplates": [template.to_json() for template in self.expression_templates],
            "createdAt": self.created_at.isoformat(),
            "qualityScore": round(self.quality_score, 1),
            "tier": self.tier,
        }


@dataclass(frozen=True, slots=True)
class BuiltFace:
    """A face model and its files by name below `model.model_path`.

    `quality` judges every photo, or every still of the video, in order; `notes` are sentences for the owner.
    """

    model: FaceModel
    files: dict[str, bytes]
    quality: tuple[FaceQualityResult, ...]
    notes: tuple[str, ...]
