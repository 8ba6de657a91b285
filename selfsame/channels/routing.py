"""How a route is added, so that the description of the API has all of it: id, answer, errors, who may, forms, files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, Response
from pydantic.alias_generators import to_camel

from selfsame.channels.api.base import Problem

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "The caller must change something; the message says what."},
    "5XX": {"model": Problem, "description": "An engine failed, or all places are taken: try again later."},
}
FILE: dict[str, Any] = {"type": "string", "format": "binary"}
FILES: dict[str, Any] = {"type": "array", "items": FILE}
CLONE: dict[str, Any] = {"type": "string", "maxLength": 64, "description": "Slug or id; the first clone without it."}
LANGUAGE: dict[str, Any] = {"type": "string", "enum": ["EN", "ES", "ZH"]}


class Routes(APIRouter):
    """A group of routes. `add` derives the operation's id from the handler's name (`list_faces` is `listFaces`), its
    description from the docstring and its answer from the return annotation, a model of `channels.api`."""

    def __init__(self, tag: str) -> None:
        super().__init__(tags=[tag], responses=PROBLEMS)

    def add(self, method: str, path: str, handler: Callable[..., Any], **options: Any) -> None:
        """Add a route. `options` are those of `add_api_route`; `name` where the handler's own would come twice."""
        name = options.setdefault("name", getattr(handler, "__name__", ""))
        options.setdefault("response_model_exclude_unset", True)
        if options.get("status_code") == 204:
            options.setdefault("response_class", Response)  # no type of a body that is not there
        self.add_api_route(path, handler, methods=[method], operation_id=to_camel(name), **options)


def form(required: Sequence[str], **properties: dict[str, Any]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads a form by hand, after its caller is known."""
    schema = {"type": "object", "required": list(required), "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def gives(*types: str, schema: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    """Options of a route that gives bytes of these media types rather than a model."""
    content = {kind: {"schema": schema or FILE} for kind in types}
    return {"responses": {status: {"description": "The file.", "content": content}}}
