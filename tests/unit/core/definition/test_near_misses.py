from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from core.definition import SCHEMA, check
from core.shapes import Shape
from tests.unit.core.definition.near_misses import Place, bounds, changed, near_misses, places
from tests.unit.core.definition.whole import WHOLE

PLACES = list(places(WHOLE))
# Another implementation of JSON Schema, so that no bug of one is taken for what the schema says.
ORACLE = jsonschema.Draft202012Validator(SCHEMA)
SHAPE = Shape(SCHEMA)
EVERY_FIELD = {"field": "customfield_1"}


def minimal(**members: Any) -> dict[str, Any]:
    return {"jql": "", "columns": [{"of": EVERY_FIELD}], **members}


def pointers(definition: Any) -> list[str]:
    return [problem.pointer for problem in check(definition)]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.pointer or "/")
def test_what_just_does_not_fit_is_refused_at_its_place(place: Place) -> None:
    misses = list(near_misses(WHOLE, place))

    found = {miss.reason: set(pointers(miss.definition)) for miss in misses}

    assert found == {miss.reason: {miss.pointer} for miss in misses}
    for miss in misses:
        assert not ORACLE.is_valid(miss.definition), miss.reason


def test_there_are_as_many_near_misses_as_the_schema_has_bounds() -> None:
    number = sum(len(list(near_misses(WHOLE, place))) for place in PLACES)

    assert number > 1200
    visited = {json.dumps(place.schema, sort_keys=True) for place in PLACES}
    assert {json.dumps(part, sort_keys=True) for part in parts_with_bounds(SCHEMA)} <= visited


def parts_with_bounds(part: Any) -> list[dict[str, Any]]:
    """Every part of the schema with a keyword that a value can break, but for the forms of a choice."""
    if not isinstance(part, dict):
        return []
    below = [
        found
        for name, value in part.items()
        if name != "oneOf"
        for found in (parts_with_bounds(value) if isinstance(value, dict) else [])
    ]
    is_schema = isinstance(part.get("type"), str | list) or "enum" in part
    return [part, *below] if is_schema else below


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.pointer or "/")
def test_what_just_fits_is_accepted(place: Place) -> None:
    for keyword, limit in place.schema.items():
        for reason, value, fits in bounds(place.value, keyword, limit):
            definition = changed(WHOLE, place.path, value)
            if fits:
                assert SHAPE.problems(definition) == [], reason
                assert ORACLE.is_valid(definition), reason


@pytest.mark.parametrize("place", [p for p in PLACES if "enum" in p.schema], ids=lambda place: place.pointer)
def test_every_choice_of_every_list_fits(place: Place) -> None:
    for choice in place.schema["enum"]:
        assert SHAPE.problems(changed(WHOLE, place.path, choice)) == []


def test_an_id_does_not_end_in_a_line_break() -> None:
    assert pointers(minimal(sort=[{"of": {"field": "created\n"}}])) == ["/sort/0/of/field"]
    assert pointers(minimal(sort=[{"of": {"formula": "a\n"}}])) == ["/sort/0/of/formula"]


AGGREGATES = SCHEMA["$defs"]["aggregate"]["oneOf"][0]["enum"]
GROUPINGS = SCHEMA["$defs"]["group"]["properties"]["by"]["enum"]
OPERATORS = SCHEMA["$defs"]["filter"]["properties"]["operator"]["enum"]
ENOUGH: dict[str, list[Any]] = {
    "is empty": [], "is not empty": [], "between": [1, 2], "in the last": ["P1D"], "in the next": ["P1D"],
    "before": ["2026-01-01"], "after": ["2026-01-01"],
}  # fmt: skip


@pytest.mark.parametrize("aggregate", [*AGGREGATES, {"percentile": 50}, {"share": "total"}])
def test_every_aggregate_is_accepted_of_a_field_of_any_kind(aggregate: Any) -> None:
    assert (
        check(minimal(sort=[{"of": EVERY_FIELD}], columns=[{"of": EVERY_FIELD, "aggregate": aggregate}]))
        == []
    )


@pytest.mark.parametrize("step", [None, 5])
@pytest.mark.parametrize("by", GROUPINGS)
def test_a_step_goes_with_ranges_and_with_nothing_else(by: str, step: int | None) -> None:
    group = {"of": EVERY_FIELD, "by": by, **({} if step is None else {"step": step})}

    assert pointers(minimal(groups=[group])) == (
        [] if (by == "range") == (step is not None) else ["/groups/0/step"]
    )


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_takes_its_number_of_values(operator: str, number: int) -> None:
    wanted = ENOUGH.get(
        operator, ["1"] if operator not in {"less", "at most", "greater", "at least"} else [1]
    )
    several = operator in {"any of", "none of", "all of"}
    values = ((wanted or ["1"]) * 3)[:number]
    fits = number == len(wanted) or (several and number > 0)

    found = pointers(minimal(filters=[{"of": EVERY_FIELD, "operator": operator, "values": values}]))

    assert found == ([] if fits else ["/filters/0/values"])
