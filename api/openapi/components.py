"""The shapes of bodies by name, from every place that has some.

- `core/definition/definition.schema.json`: `Definition`, and its parts under names that begin so.
- `core/reports/report.schema.json`: `NewReport`, `ReportChanges` and their parts.
- `core.site_settings`: `SettingsChange` and its part.
- `shapes/*.json` here: what only answers hold, and small bodies; a file a resource.
"""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from core.definition import SCHEMA as DEFINITION
from core.reports.body import CHANGES, NEW, WORDS
from core.shapes import Shape
from core.site_settings import SCHEMA as SETTINGS

_PLACE = "#/components/schemas/"
_DIALECT = {"$schema", "$defs"}


def shape_of(name: str) -> Shape:
    """The check of a body against the shape of this name."""
    return Shape({"$ref": f"{_PLACE}{name}", "components": {"schemas": COMPONENTS}}, WORDS)


def reference(name: str) -> dict[str, str]:
    """How the document refers to a shape. Raises KeyError where there is none."""
    if name not in COMPONENTS:
        raise KeyError(name)
    return {"$ref": f"{_PLACE}{name}"}


def _of_definition() -> Iterator[tuple[str, Any]]:
    yield "Definition", _moved(DEFINITION, "Definition")
    for name, part in DEFINITION["$defs"].items():
        yield f"Definition{name.capitalize()}", _moved(part, "Definition")


def _of_reports() -> Iterator[tuple[str, Any]]:
    definition = {"properties": CHANGES["properties"] | {"definition": {"$ref": f"{_PLACE}Definition"}}}
    yield "NewReport", _moved(NEW | definition | {"title": "A new report"}, "")
    yield "ReportChanges", _moved(CHANGES | definition | {"title": "What is to change of a report"}, "")
    for name, part in CHANGES["$defs"].items():
        yield name, _moved(part, "")


def _of_settings() -> Iterator[tuple[str, Any]]:
    addresses = SETTINGS["properties"]["contact_addresses"]
    yield "SettingsChange", SETTINGS
    yield "ContactAddresses", addresses


def _of_files() -> Iterator[tuple[str, Any]]:
    files = resources.files("api.openapi.shapes").iterdir()
    for file in sorted(files, key=lambda entry: entry.name):
        if file.name.endswith(".json"):
            yield from json.loads(file.read_text("utf-8")).items()


def _moved(part: Any, prefix: str) -> Any:  # noqa: ANN401 - any part of a schema
    """A schema with its own definitions taken out, and referred to where they stand in the document."""
    if isinstance(part, list):
        return [_moved(item, prefix) for item in part]
    if not isinstance(part, dict):
        return part
    moved = {name: _moved(item, prefix) for name, item in part.items() if name not in _DIALECT}
    if str(moved.get("$ref", "")).startswith("#/$defs/"):
        name = moved["$ref"].removeprefix("#/$defs/")
        moved["$ref"] = f"{_PLACE}{prefix}{name.capitalize() if prefix else name}"
    return moved


COMPONENTS: dict[str, Any] = dict([*_of_definition(), *_of_reports(), *_of_settings(), *_of_files()])
