"""As much of JSON Schema as descriptions of the API use: a value checked against a schema, by nobody's models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
FORMATS = {"uuid": UUID, "date-time": datetime.fromisoformat, "date": date.fromisoformat}


def faults(value: Any, schema: dict[str, Any], models: dict[str, Any], at: str = "$") -> Iterator[str]:
    """What is wrong with a value. A key that the schema does not name is wrong too, unless it lets any come."""
    if "$ref" in schema:
        schema = models[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        each = [list(faults(value, kind, models, at)) for kind in schema["anyOf"]]
        yield from [] if [] in each else min(each, key=len)
        return
    kind = schema.get("type")
    if kind is not None and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{at}: {value!r} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"] or "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is none of {schema.get('enum', schema.get('const'))}"
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value) if kind == "number" else False:
        yield f"{at}: {value!r} is out of bounds"
    if schema.get("format") in FORMATS:
        try:
            FORMATS[schema["format"]](value)
        except ValueError:
            yield f"{at}: {value!r} is no {schema['format']}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), models, f"{at}[{number}]")
    elif isinstance(value, dict):
        yield from _of_object(value, schema, models, at)


def _of_object(value: dict[str, Any], schema: dict[str, Any], models: dict[str, Any], at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", "properties" not in schema)
    yield from (f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, item in value.items():
        if name in known:
            yield from faults(item, known[name], models, f"{at}.{name}")
        elif isinstance(others, dict):
            yield from faults(item, others, models, f"{at}.{name}")
        elif not others:
            yield f"{at}: {name} is not described"
