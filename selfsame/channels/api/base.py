"""What all models of the HTTP API share: camelCase names in JSON, and the difference between null and left out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment, as it is sent."""
Share = Annotated[float, Field(json_schema_extra={"minimum": 0.0, "maximum": 1.0})]
"""Described, not enforced: a figure that is a hair beyond must not cost the whole answer."""
CloneName = Annotated[str | None, Field(max_length=64, description="Slug or id; the first clone when left out.")]


class Base(BaseModel):
    """A body of the API. Routes leave out what was not set, so null and absent are told apart.

    A field that is always there and may be null has type `X | None` without a default; one that may be absent has a
    default, `left_out()` where it is never null.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, allow_inf_nan=False
    )

    def as_json(self) -> dict[str, Any]:
        """The body as a route sends it."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def left_out() -> Any:
    """The default of a field that is left out where there is nothing to say, and is never null."""
    return Field(default=None, json_schema_extra=_never_null)


def _never_null(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        schema.update(kinds[0])
    elif kinds:
        schema["anyOf"] = kinds


Missing = Literal["agreement", "words", "name", "date"]
"""`agreement` where a refusal was heard."""


class Fault(Base):
    """What went wrong: a stable code for programs, and what to do for people."""

    code: str
    message: str
    expected_wait: Annotated[float | None, Field(description="Seconds after which to try again.")] = left_out()
    heard: Annotated[str | None, Field(description="Of a consent that was not heard: what was.")] = left_out()
    missing: Annotated[list[Missing] | None, Field(description="And what it lacked.")] = left_out()


class Problem(Base):
    """The body of every answer that is an error."""

    error: Fault
