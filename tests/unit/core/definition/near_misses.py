"""Definitions that only just fit the schema, and ones that only just do not, made from the schema itself.

A sound definition with every member is walked together with the schema. At each place that the schema says
something of, every keyword gives values on the right side of its bound and values on the wrong side.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.definition import SCHEMA
from core.shapes import Shape, pointer_of

Path = tuple[str | int, ...]
SAMPLES: dict[str, Any] = {
    "null": None, "boolean": True, "integer": 5, "number": 0.5, "string": "nonsense", "array": [],
    "object": {},
}  # fmt: skip
WRONG_IDS = ["", "1a", "a b", "ä", "a" * 200]


@dataclass(frozen=True)
class Place:
    """A place of the definition, what the schema says of it, and the value there."""

    path: Path
    schema: dict[str, Any]
    value: Any

    @property
    def pointer(self) -> str:
        return pointer_of(self.path)


@dataclass(frozen=True)
class Miss:
    """A definition that the schema refuses, why, and where."""

    reason: str
    definition: Any
    pointer: str


def places(value: Any, schema: dict[str, Any] = SCHEMA, path: Path = ()) -> Iterator[Place]:
    """Every place of a sound definition, with the form that is meant where there is a choice."""
    schema = resolved(schema)
    if "oneOf" in schema:
        # What looks like no form at all is told of the choice, and within the form only what is deeper.
        yield Place(path, schema, value)
        yield from list(places(value, _form_of(value, schema), path))[1:]
        return
    yield Place(path, schema, value)
    if isinstance(value, dict):
        for name, member in value.items():
            if name in schema.get("properties", {}):
                yield from places(member, schema["properties"][name], (*path, name))
    elif isinstance(value, list) and value and "items" in schema:
        for position, item in enumerate(value):
            yield from places(item, schema["items"], (*path, position))


def _form_of(value: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """The one form of a choice that a value has."""
    [form] = [
        form for form in schema["oneOf"] if not Shape({**form, "$defs": SCHEMA["$defs"]}).problems(value)
    ]
    return dict(form)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for; a description beside it does not matter."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def changed(definition: Any, path: Path, value: Any) -> Any:
    """The definition with another value at a place."""
    if not path:
        return value
    made = json.loads(json.dumps(definition))
    part = made
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return made


def near_misses(definition: Any, place: Place) -> Iterator[Miss]:
    """The definition made wrong at one place, in every way that the schema there rules out."""
    wrong = [*_wrong_kinds(place), *_wrong_texts(place), *_beyond(place)]
    for reason, value in wrong:
        yield Miss(reason, changed(definition, place.path, value), place.pointer)
    if isinstance(place.value, dict) and "properties" in place.schema:
        yield from _wrong_members(definition, place)


def _wrong_kinds(place: Place) -> Iterator[tuple[str, Any]]:
    for kind, sample in SAMPLES.items():
        if kind not in allowed_kinds(place.schema):
            yield f"a value of the kind {kind}", sample
    if "oneOf" in place.schema:
        yield "no form of the choice", {"surprise": 1}
        yield "a word of no form", "nonsense"
        both = {name: "a" for form in place.schema["oneOf"] for name in resolved(form).get("properties", {})}
        if len(both) > 1:
            yield "two forms at once", both


def _wrong_texts(place: Place) -> Iterator[tuple[str, Any]]:
    if "enum" in place.schema:
        yield "a word of another list", "nonsense"
        yield "a word in capitals", place.schema["enum"][0].upper()
        yield "a word with a space after it", f"{place.schema['enum'][0]} "
    if "pattern" in place.schema:
        yield from ((f"{text!r} as an id", text) for text in WRONG_IDS)


def _beyond(place: Place) -> Iterator[tuple[str, Any]]:
    for keyword, limit in place.schema.items():
        for reason, value, fits in bounds(place.value, keyword, limit):
            if not fits:
                yield reason, value


def bounds(value: Any, keyword: str, limit: Any) -> list[tuple[str, Any, bool]]:
    """Values on both sides of a bound: why, which, and whether it fits."""
    if keyword not in _BOUNDS or (keyword == "maxLength" and not isinstance(value, str)):
        return []
    return _BOUNDS[keyword](value, limit)


_ITEM = {"of": {"field": "status"}}
_BOUNDS: dict[str, Callable[[Any, Any], list[tuple[str, Any, bool]]]] = {
    "maxLength": lambda _, most: [("as long", "x" * most, True), ("longer", "x" * (most + 1), False)],
    "minLength": lambda _, least: [("as short", "x" * least, True), ("shorter", "x" * (least - 1), False)],
    "maxItems": lambda value, most: [
        ("as many", [*value, _ITEM][:1] * most, True),
        ("too many", [*value, _ITEM][:1] * (most + 1), False),
    ],
    "minItems": lambda value, least: [
        ("enough", value[:least], True),
        ("too few", value[: least - 1], False),
    ],
    "minimum": lambda _, least: [("the smallest", least, True), ("smaller", least - 1, False)],
    "maximum": lambda _, most: [("the largest", most, True), ("larger", most + 1, False)],
    "exclusiveMinimum": lambda _, bound: [
        ("just more", 5e-324, True),
        ("the bound", bound, False),
        ("less", bound - 1, False),
    ],
}


def _wrong_members(definition: Any, place: Place) -> Iterator[Miss]:
    for name in place.schema.get("required", ()):
        rest = {member: value for member, value in place.value.items() if member != name}
        yield Miss(f"no {name}", changed(definition, place.path, rest), pointer_of([*place.path, name]))
    assert place.schema["additionalProperties"] is False
    for name in ("surprise", "", "Of", "a/b~c"):
        more = {**place.value, name: 1}
        yield Miss(
            "an unknown member", changed(definition, place.path, more), pointer_of([*place.path, name])
        )


def allowed_kinds(schema: dict[str, Any]) -> set[str]:
    """The kinds of JSON values that a schema lets through at all."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return {kind for form in schema["oneOf"] for kind in allowed_kinds(form)}
    if "enum" in schema or "const" in schema:
        return {"string"}
    kinds = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    return kinds | ({"integer"} if "number" in kinds else set())
