"""The one entry: is this a definition?"""

import json
import zoneinfo
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from core.definition.formulas import check_formulas
from core.definition.rules import check_rollups, check_rule, rules_of
from core.shapes import Problem, Shape

LARGEST_BYTES = 65_536
_WORDS = {
    "reference": '{"field": id} or {"formula": id}',
    "aggregate": 'the name of an aggregate, {"percentile": 0 to 100} or {"share": "parent" or "total"}',
    "formula": 'an aggregate or "evaluate"',
    "^[A-Za-z][A-Za-z0-9_.-]{0,127}$": (
        "must be a field's id: letters, digits, dots, dashes and underscores, a letter first, 128 at most"
    ),
    "^[a-z][a-z0-9_]{0,31}$": (
        "must be lower-case letters, digits and underscores, a letter first, 32 at most"
    ),
}
SCHEMA: dict[str, Any] = json.loads(
    resources.files("core.definition").joinpath("definition.schema.json").read_text("utf-8")
)
_SHAPE = Shape(SCHEMA, _WORDS)


def check(definition: object) -> list[Problem]:
    """Everything wrong with a definition of this version, with JSON Pointers into it; empty if sound.

    Where it does not fit the schema, only that is told: the rest would follow from it.
    """
    return _SHAPE.problems(definition) or _beyond_schema(definition)


def _beyond_schema(definition: Any) -> list[Problem]:  # noqa: ANN401 - it fits the schema
    size = len(json.dumps(definition, ensure_ascii=False, separators=(",", ":")).encode())
    if size > LARGEST_BYTES:
        return [Problem("", f"is {size} bytes long, {LARGEST_BYTES} at most are possible")]
    worklogs = definition.get("rows") == "worklog"
    written = definition.get("formulas", [])
    formulas = check_formulas(written, worklogs=worklogs)
    rules = sorted(rules_of(definition), key=lambda rule: [str(step).zfill(4) for step in rule.path])
    found = [p for rule in rules for p in check_rule(rule, formulas.types, worklogs=worklogs)]
    rollups = check_rollups(written, formulas.types)
    return [*formulas.problems, *rollups, *found, *_check_zone(definition.get("options", {}))]


def _check_zone(options: dict[str, Any]) -> Iterator[Problem]:
    zone = options.get("zone", "user")
    if zone != "user" and zone not in _zones():
        yield Problem("/options/zone", 'must be "user" or a zone of the IANA database such as Europe/Berlin')


@cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()
