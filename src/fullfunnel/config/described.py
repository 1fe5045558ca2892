"""An OpenAPI document, as a page shows it. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

DEEPEST = 3


class Field(NamedTuple):
    """name: with what it stands in, like `person.email`; kind: "text", "number or null", …"""

    name: str
    kind: str
    is_required: bool
    told: str


class Operation(NamedTuple):
    method: str
    path: str
    told: str
    scope: str
    query: list[Field]
    body: list[Field]
    answer: list[Field]


WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}


def operations_of(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """Return the operations by what they are about, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            for tag in said.get("tags", ["Others"]):
                found.setdefault(tag, []).append(_operation(document, method.upper(), path, said))
    return found


def _operation(document: dict[str, Any], method: str, path: str, said: dict[str, Any]) -> Operation:
    query = [
        Field(each["name"], _kind(document, each["schema"]), each.get("required", False), each.get("description", ""))
        for each in said.get("parameters", ())
        if each["in"] == "query"
    ]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answer = said["responses"].get(200, said["responses"].get("200", {})).get("content", {})
    shape = answer.get("application/json", {}).get("schema", {})
    scope = said["x-scope"]
    told = said.get("description", "")
    return Operation(method, path, told, scope, query, list(_fields(document, body)), list(_fields(document, shape)))


def _fields(document: dict[str, Any], shape: dict[str, Any], above: str = "", depth: int = 0) -> Iterator[Field]:
    """Yield the fields of an object, and below each those of the objects in it."""
    shape = _resolved(document, shape)
    required = shape.get("required", ())
    for name, said in shape.get("properties", {}).items():
        yield Field(above + name, _kind(document, said), name in required, _told(document, said))
        for inner, mark in _inner(document, said):
            if depth < DEEPEST and inner.get("properties"):
                yield from _fields(document, inner, f"{above}{name}{mark}.", depth + 1)


def _inner(document: dict[str, Any], said: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the shapes in a field, and what stands behind its name: `[]` of a list."""
    shape = _resolved(document, said)
    for option in shape.get("anyOf", [shape]):
        option = _resolved(document, option)
        if option.get("type") == "array":
            yield _resolved(document, option.get("items", {})), "[]"
        else:
            yield option, ""


def _kind(document: dict[str, Any], said: dict[str, Any]) -> str:
    shape = _resolved(document, said)
    if "enum" in shape:
        return " · ".join(str(each) or "empty" for each in shape["enum"])
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(_kind(document, option) for option in shape["anyOf"]))
    if shape.get("type") == "array":
        return f"list of {_kind(document, shape.get('items', {}))}"
    if shape.get("format") in ("date", "date-time"):
        return {"date": "date", "date-time": "date and time"}[shape["format"]]
    return WORDS.get(shape.get("type", ""), "object")


def _told(document: dict[str, Any], said: dict[str, Any]) -> str:
    return str(said.get("description") or "")


def _resolved(document: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """Return the shape that a reference names."""
    while "$ref" in shape or len(shape.get("allOf", ())) == 1:
        if "$ref" in shape:
            shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
        else:
            shape = shape["allOf"][0]
    return shape
