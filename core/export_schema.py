"""What an export's document may be: `export.schema.json`, completed by what reports and settings say.

A table that is to stand in the export needs its list here too; a test compares them with the sections.
"""

import json
from importlib import resources
from typing import Any

from core.reports.body import CHANGES, WORDS
from core.shapes import Problem, Shape
from core.site_settings import SCHEMA as SETTINGS

_OWN: dict[str, Any] = json.loads(resources.files("core").joinpath("export.schema.json").read_text("utf-8"))
_PARTS: dict[str, Any] = {
    **CHANGES["$defs"],
    "ContactAddresses": SETTINGS["properties"]["contact_addresses"],
    **_OWN["$defs"],
}
SCHEMA: dict[str, Any] = {**_OWN, "$defs": _PARTS}
"""The schema of a whole document of the present version (JSON Schema, draft 2020-12)."""
VERSION: int = SCHEMA["properties"]["version"]["const"]
LISTS: tuple[str, ...] = tuple(
    name for name, member in SCHEMA["properties"].items() if member.get("type") == "array"
)
OTHERS: tuple[str, ...] = tuple(name for name in SCHEMA["properties"] if name not in LISTS)
MOST_SETTINGS: int = SCHEMA["properties"]["settings"]["maxItems"]
_WORDS = {
    **WORDS,
    _PARTS["Moment"]["pattern"]: "must be a time in UTC such as 2026-01-31T09:00:00Z",
    _PARTS["Uuid"]["pattern"]: "must be a UUID in lower case",
    "MomentOrNull": "a time in UTC such as 2026-01-31T09:00:00Z, or null",
    "UuidOrNull": "a UUID in lower case, or null",
    "AccountOrNull": "an Atlassian account id, or null",
    _PARTS["Place"]["pattern"]: "must be Jira's id of a dashboard or of its item",
}


def _shape(schema: dict[str, Any]) -> Shape:
    return Shape({**schema, "$defs": _PARTS}, _WORDS)


_ENTRIES = {name: _shape(SCHEMA["properties"][name]["items"]) for name in LISTS}
_MEMBERS = {name: _shape(SCHEMA["properties"][name]) for name in OTHERS}
_WHOLE = {name: _shape({**SCHEMA["properties"][name], "items": {}}) for name in LISTS}


def check_entry(member: str, value: object) -> list[Problem]:
    """Everything wrong with the shape of an entry of the list `member`."""
    return _ENTRIES[member].problems(value)


def check_member(member: str, value: object) -> list[Problem]:
    """Everything wrong with the shape of a member; of a list, whether it is one."""
    shape = _WHOLE[member] if member in _WHOLE else _MEMBERS[member]
    return shape.problems(value)
