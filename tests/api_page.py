"""The API's description as a page for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """\
# API

Generated from the description that the service serves at `/api/v1/openapi.json` (OpenAPI 3.1); do not edit.

{about}

Calls carry `Authorization: JWT <token>`, except those that are for anyone. Every answer has `X-Request-Id`
and `Cache-Control: no-store`. In the examples an id stands where a name in braces does. Any call may be
refused:

| Answer | Meaning | Body |
|---|---|---|
{refusals}
"""
_PARAMETERS = "| Parameter | In | Value | Meaning |\n|---|---|---|---|\n"
_MEMBERS = "| Member | Value | Meaning |\n|---|---|---|\n"
_BOUNDS = {
    "format": "{}",
    "pattern": "matching `{}`",
    "minLength": "{} characters at least",
    "maxLength": "{} at most",
    "minItems": "{} entries at least",
    "maxItems": "{} at most",
    "minimum": "{} at least",
    "exclusiveMinimum": "more than {}",
    "maximum": "{} at most",
    "default": "else {}",
}
_FIRST_REFUSAL = "400"
_TYPES = {"array": "list", "integer": "whole number", "boolean": "true or false", "string": "text"}


def page_of(document: Mapping[str, Any]) -> str:
    """The page in Markdown."""
    about = " ".join(document["info"]["description"].split())
    usual = _usual(document)
    head = _HEAD.format(about=about, refusals="\n".join(usual))
    parts = [head, *_operations(document, usual), "\n## Bodies\n", *_shapes(document)]
    return "\n".join(parts)


def _usual(document: Mapping[str, Any]) -> list[str]:
    """The lines of refusals that most operations share."""
    operations = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    counted = Counter(
        _answer(status, answer)
        for operation in operations
        for status, answer in operation["responses"].items()
        if status >= _FIRST_REFUSAL
    )
    return sorted(line for line, times in counted.items() if times > len(operations) / 2)


def _operations(document: Mapping[str, Any], usual: list[str]) -> Iterator[str]:
    for template, path in document["paths"].items():
        shared = path.get("parameters", [])
        for method, operation in path.items():
            if method != "parameters":
                yield from _operation(f"{method.upper()} {template}", operation, shared, usual)


def _operation(
    route: str, operation: Mapping[str, Any], shared: list[Any], usual: list[str]
) -> Iterator[str]:
    yield f"\n## {operation['summary']}\n\n`{route}`{'' if operation['security'] else ' · for anyone'}\n"
    yield f"{_text(operation['description'])}\n"
    given = [*shared, *operation.get("parameters", [])]
    if given:
        yield _PARAMETERS + "\n".join(map(_parameter, given)) + "\n"
    yield f"```http\n{_example(route, operation)}\n```\n"
    yield "| Answer | Meaning | Body |\n|---|---|---|"
    lines = [_answer(status, answer) for status, answer in operation["responses"].items()]
    yield "\n".join(line for line in lines if line not in usual)


def _parameter(parameter: Mapping[str, Any]) -> str:
    needed = "" if parameter.get("required") else ", may be left out"
    about = parameter.get("description", "Which one is meant.")
    name, place, value = parameter["name"], parameter["in"], _value(parameter["schema"])
    return f"| `{name}` | {place} | {value}{needed} | {_cell(about)} |"


def _example(route: str, operation: Mapping[str, Any]) -> str:
    lines = [route]
    lines += [
        f"{parameter['name']}: {parameter['example']}"
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header" and parameter.get("required")
    ]
    if "requestBody" in operation:
        [(media_type, content)] = operation["requestBody"]["content"].items()
        example = content["example"]
        is_text = isinstance(example, str)
        body = example if is_text else json.dumps(example, indent=2, ensure_ascii=False)
        lines += [f"Content-Type: {media_type}", "", body]
    return "\n".join(lines)


def _answer(status: str, answer: Mapping[str, Any]) -> str:
    content = answer.get("content", {})
    bodies = [_value(one["schema"]) if "schema" in one else f"`{kind}`" for kind, one in content.items()]
    return f"| {status} | {_cell(answer['description'])} | {', '.join(bodies)} |"


def _shapes(document: Mapping[str, Any]) -> Iterator[str]:
    for name, shape in sorted(document["components"]["schemas"].items()):
        yield f"### {name}\n"
        if "description" in shape:
            yield f"{_text(shape['description'])}\n"
        if shape.get("properties"):
            needed = shape.get("required", [])
            members = shape["properties"].items()
            rows = [_member(member, value, needed=member in needed) for member, value in members]
            yield f"{_MEMBERS}{chr(10).join(rows)}\n"
        else:
            yield f"{_value(shape) or 'anything'}\n"


def _member(name: str, value: Mapping[str, Any], *, needed: bool) -> str:
    mark = "" if needed else ", may be left out"
    return f"| `{name}` | {_value(value)}{mark} | {_cell(value.get('description', ''))} |"


def _value(schema: Mapping[str, Any]) -> str:
    """What values a schema allows, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return " or ".join(map(_value, schema[choice]))
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return ", ".join(map(_literal, schema["enum"]))
    kinds = schema.get("type", [])
    named = " or ".join(_TYPES.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds))
    inner = f" of {_value(schema['items'])}" if "items" in schema else ""
    bounds = [wording.format(schema[name]) for name, wording in _BOUNDS.items() if name in schema]
    return _cell(", ".join([f"{named}{inner}", *bounds]))


def _literal(value: object) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _text(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")
