from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.definition import SCHEMA, check

# Every text that a definition can hold and that is no word of a list. A new one is put here with its reason.
IDS = {
    "/$defs/reference/oneOf/0/properties/field",
    "/$defs/identifier",
}
WRITTEN_BY_PEOPLE = {
    "/properties/jql": "the base query, which Jira reads",
    "/$defs/column/properties/label": "a heading of one's own",
    "/$defs/formula/properties/name": "a formula's heading",
    "/$defs/formula/properties/expression": "names fields and formulas by id, see below",
    "/$defs/filter/properties/values/items": "literals that were typed, or ids that were picked",
    "/$defs/options/properties/zone": "a zone of the IANA database",
}


def parts(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, list):
        for position, item in enumerate(part):
            yield from parts(item, f"{path}/{position}")
    elif isinstance(part, dict):
        yield path, part
        for name, item in part.items():
            yield from parts(item, f"{path}/{name}")


def takes_text(part: dict[str, Any]) -> bool:
    kinds = part.get("type", ())
    return "string" in ([kinds] if isinstance(kinds, str) else kinds)


def test_every_text_of_a_definition_is_an_id_or_was_written_by_a_person() -> None:
    assert {path for path, part in parts(SCHEMA) if takes_text(part)} == IDS | WRITTEN_BY_PEOPLE.keys()


def test_nothing_takes_any_value_whatever() -> None:
    keywords = {"type", "enum", "const", "$ref", "oneOf"}
    schemas = [
        (f"{path}/{name}", member)
        for path, part in parts(SCHEMA)
        for name, member in part.items()
        if path.endswith(("/properties", "/$defs")) or name == "items"
    ]

    assert len(schemas) > 40
    assert [path for path, schema in schemas if not keywords & schema.keys()] == []


def test_every_rule_says_what_it_is_about_by_reference() -> None:
    subjects = [part["of"] for path, part in parts(SCHEMA) if path.endswith("/properties") and "of" in part]

    assert len(subjects) == 6
    assert all(subject == {"$ref": "#/$defs/reference"} for subject in subjects)


@pytest.mark.parametrize(
    "name", ["Story Points", "Größe", "Σ Time Spent", "cf[10016]", "Fix version/s", "见"]
)
def test_the_name_of_a_field_is_no_reference_to_it(name: str) -> None:
    definition = {"jql": "", "columns": [{"of": {"field": name}}]}

    assert [problem.pointer for problem in check(definition)] == ["/columns/0/of/field"]


@pytest.mark.parametrize("expression", ["[Story Points] * 2", "Story * 2", "[Größe]", "Points"])
def test_a_formula_names_fields_by_id_too(expression: str) -> None:
    formula = {"id": "a", "name": "A", "expression": expression}
    definition = {"jql": "", "columns": [{"of": {"formula": "a"}}], "formulas": [formula]}

    assert [problem.pointer for problem in check(definition)] == ["/formulas/0/expression"]
