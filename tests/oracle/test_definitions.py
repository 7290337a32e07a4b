from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.oracle.case import Json
from tests.oracle.definitions import Drawing, Samples
from tests.oracle.fields import FIELDS, SHAPES, Field
from tests.oracle.test_demo_issues import COUNT as DEMO
from tests.oracle.test_edge_issues import COUNT as EDGES
from tests.oracle.test_real_issues import COUNT as REAL

SCHEMA_OPERATORS = {
    "any of", "none of", "all of", "is empty", "is not empty", "contains", "does not contain", "equals",
    "differs", "less", "at most", "greater", "at least", "between", "in the last", "in the next", "before",
    "after",
}  # fmt: skip
AGGREGATES = {
    "count", "count distinct", "count empty", "sum", "average", "minimum", "maximum", "range", "median",
    "standard deviation", "first", "list", "percentile", "share of parent", "share of total",
}  # fmt: skip
UNITS = {
    "value", "day", "week", "month", "quarter", "year", "fiscal quarter", "fiscal year", "first letter",
    "range",
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> list[Json]:
    held = {one: ["1", "2", "3"] for one in FIELDS}
    plain = held | {one.id: [] for one in SHAPES}
    return [
        drawing.case(index).definition
        for seed, count, ids in ((20, REAL, plain), (21, DEMO, plain), (22, EDGES, held))
        for drawing in [Drawing(seed, Samples(0, (2011, 2021), ids, ids))]
        for index in range(count)
    ]


def _name(aggregate: Any) -> str:
    if isinstance(aggregate, dict):
        return f"share of {aggregate['share']}" if "share" in aggregate else "percentile"
    return str(aggregate)


def test_at_least_two_hundred_definitions_are_drawn() -> None:
    assert REAL + DEMO + EDGES >= 200


def test_every_operator_is_drawn(drawn: list[Json]) -> None:
    assert {one["operator"] for definition in drawn for one in definition["filters"]} == SCHEMA_OPERATORS


def test_every_aggregate_is_drawn(drawn: list[Json]) -> None:
    columns = [column for definition in drawn for column in definition["columns"] if "aggregate" in column]
    assert {_name(column["aggregate"]) for column in columns} == AGGREGATES


def test_every_way_to_group_is_drawn(drawn: list[Json]) -> None:
    groups = [group for definition in drawn for group in definition["groups"]]
    assert {group.get("by", "value") for group in groups} == UNITS
    several = product(("each", "combined", "first"), ("first", "last", "hide"))
    assert {(group.get("values"), group.get("empty")) for group in groups} >= set(several)
    assert sum("orderBy" in group for group in groups) > 20
    assert sum("limit" in group for group in groups) > 20


def test_formulas_of_every_kind_are_drawn_and_used_in_every_place(drawn: list[Json]) -> None:
    with_formulas = [definition for definition in drawn if "formulas" in definition]
    assert len(with_formulas) > 50
    for place in ("columns", "groups", "filters", "sort"):
        used = [rule for one in with_formulas for rule in one.get(place, []) if "formula" in rule["of"]]
        assert len(used) > 5, place
    assert {formula["id"] for one in with_formulas for formula in one["formulas"]} == {
        "n1", "n2", "n3", "n4", "n5", "t1", "d1",
    }  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind)
def test_cascades_lists_of_people_and_values_of_apps_are_drawn_in_every_place(
    drawn: list[Json], shape: Field
) -> None:
    for place in ("columns", "groups", "filters", "sort"):
        used = [rule for one in drawn for rule in one.get(place, []) if rule["of"] == {"field": shape.id}]
        assert len(used) > 2, place


def test_formulas_over_sigma_are_added_up_and_evaluated(drawn: list[Json]) -> None:
    formulas = [formula for one in drawn for formula in one.get("formulas", [])]
    sigma = [formula["rollup"] for formula in formulas if "aggregatetime" in formula["expression"]]
    assert sigma.count("sum") > 20
    assert sigma.count("evaluate") > 20
