"""Shared shape of the wire's messages: camelCase JSON; unknown fields are ignored, so old and new ends talk."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

PROTOCOL_VERSION = 1


class Message(BaseModel):
    """A wire message. Field names are snake_case in Python and camelCase in JSON."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, allow_inf_nan=False
    )

    def to_json(self) -> str:
        """Compact JSON with camelCase names; fields that are None are left out."""
        return self.model_dump_json(by_alias=True, exclude_none=True)
