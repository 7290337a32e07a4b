from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.definition import LARGEST_BYTES, check
from core.shapes import Problem
from tests.unit.core.definition.whole import CREATED, POINTS, STATUS, SUMMARY, WHOLE

SUM = {"of": POINTS, "aggregate": "sum"}
WORKLOG = {"field": "worklog.timeSpentSeconds"}


def minimal(**members: Any) -> dict[str, Any]:
    return {"jql": "project = TIMOB", "columns": [{"of": SUMMARY}], **members}


def places(definition: Any) -> list[str]:
    return [problem.pointer for problem in check(definition)]


def test_the_smallest_definition_is_sound() -> None:
    assert check(minimal()) == []


def test_a_definition_with_every_member_is_sound() -> None:
    assert check(WHOLE) == []


def schema_members() -> set[str]:
    schema = json.loads(resources.files("core.definition").joinpath("definition.schema.json").read_text())
    pending, found = [schema], set()
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            found |= set(part.get("properties", {}))
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
    return found


def test_the_definition_with_every_member_really_has_every_member() -> None:
    used, pending = set(), [WHOLE]
    while pending:
        part: Any = pending.pop()
        if isinstance(part, dict):
            used |= set(part)
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)

    assert used == schema_members()


def every_object(part: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = [(path, part)] if isinstance(part, dict) else []
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, member in items:
        found += every_object(member, f"{path}/{step}")
    return found


@pytest.mark.parametrize("path", [path for path, _ in every_object(WHOLE)])
def test_an_unknown_member_is_refused_wherever_it_stands(path: str) -> None:
    definition = json.loads(json.dumps(WHOLE))
    dict(every_object(definition))[path]["surprise"] = 1

    found = places(definition)

    assert any(pointer.startswith(path) for pointer in found), found


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"jql": 5}, "/jql"),
        ({"jql": "x" * 10_001}, "/jql"),
        ({"jql": "a\0b"}, "/jql"),
        ({"rows": "epic"}, "/rows"),
        ({"columns": []}, "/columns"),
        ({"columns": [{"of": SUMMARY}] * 101}, "/columns"),
        ({"columns": [{}]}, "/columns/0/of"),
        ({"columns": [{"of": {}}]}, "/columns/0/of"),
        ({"columns": [{"of": {"field": "a", "formula": "b"}}]}, "/columns/0/of"),
        ({"columns": [{"of": {"field": "1a"}}]}, "/columns/0/of/field"),
        ({"columns": [{"of": {"formula": "A"}}]}, "/columns/0/of/formula"),
        ({"columns": [{"of": SUMMARY, "width": 31}]}, "/columns/0/width"),
        ({"columns": [{"of": SUMMARY, "width": 2001}]}, "/columns/0/width"),
        ({"columns": [{"of": SUMMARY, "width": 50.5}]}, "/columns/0/width"),
        ({"columns": [{"of": SUMMARY, "label": "x" * 101}]}, "/columns/0/label"),
        ({"columns": [{"of": SUMMARY, "hidden": "yes"}]}, "/columns/0/hidden"),
        ({"columns": [{"of": SUMMARY, "pinned": 1}]}, "/columns/0/pinned"),
        ({"columns": [{"of": POINTS, "aggregate": "summ"}]}, "/columns/0/aggregate"),
        ({"columns": [{"of": POINTS, "aggregate": {"percentile": 101}}]}, "/columns/0/aggregate/percentile"),
        ({"columns": [{"of": POINTS, "aggregate": {"share": "whole"}}]}, "/columns/0/aggregate/share"),
        ({"columns": [{"of": POINTS, "format": {}}]}, "/columns/0/format/style"),
        ({"columns": [{"of": POINTS, "format": {"style": "bold"}}]}, "/columns/0/format/style"),
        ({"columns": [{"of": POINTS, "format": {"style": "plain", "digits": 7}}]},
         "/columns/0/format/digits"),
        ({"formulas": [{"id": "A", "name": "x", "expression": "1"}]}, "/formulas/0/id"),
        ({"formulas": [{"id": "a", "name": "", "expression": "1"}]}, "/formulas/0/name"),
        ({"formulas": [{"id": "a", "name": "x", "expression": ""}]}, "/formulas/0/expression"),
        ({"formulas": [{"id": "a", "name": "x", "expression": "1", "rollup": "all"}]}, "/formulas/0/rollup"),
        ({"formulas": [{"id": "a", "name": "x"}]}, "/formulas/0/expression"),
        ({"filters": [{"of": STATUS, "operator": "like"}]}, "/filters/0/operator"),
        ({"filters": [{"of": STATUS}]}, "/filters/0/operator"),
        ({"filters": [{"of": STATUS, "operator": "any of", "values": [None]}]}, "/filters/0/values/0"),
        ({"filters": [{"of": STATUS, "operator": "any of", "values": ["x" * 256]}]}, "/filters/0/values/0"),
        ({"groups": [{"of": STATUS, "by": "decade"}]}, "/groups/0/by"),
        ({"groups": [{"of": POINTS, "by": "range", "step": 0}]}, "/groups/0/step"),
        ({"groups": [{"of": STATUS, "values": "all"}]}, "/groups/0/values"),
        ({"groups": [{"of": STATUS, "direction": "up"}]}, "/groups/0/direction"),
        ({"groups": [{"of": STATUS, "limit": 0}]}, "/groups/0/limit"),
        ({"groups": [{"of": STATUS, "empty": "never"}]}, "/groups/0/empty"),
        ({"groups": [{"of": STATUS, "collapsed": None}]}, "/groups/0/collapsed"),
        ({"groups": [{"of": STATUS, "orderBy": {"of": POINTS}}]}, "/groups/0/orderBy/aggregate"),
        ({"sort": [{"of": STATUS, "direction": "x"}]}, "/sort/0/direction"),
        ({"formatting": [{"of": STATUS, "style": "blink"}]}, "/formatting/0/style"),
        ({"formatting": [{"of": STATUS, "style": "bar", "colour": "pink"}]}, "/formatting/0/colour"),
        ({"chart": {"kind": "pie", "category": {"of": STATUS}, "measure": SUM}}, "/chart/kind"),
        ({"chart": {"kind": "bar", "measure": SUM}}, "/chart/category"),
        ({"chart": {"kind": "bar", "category": {"of": STATUS}}}, "/chart/measure"),
        ({"pivot": {"rows": [], "columns": [], "measures": [SUM]}}, "/pivot/rows"),
        ({"pivot": {"rows": [{"of": STATUS}], "columns": [], "measures": []}}, "/pivot/measures"),
        ({"options": {"view": "map"}}, "/options/view"),
        ({"options": {"weekStart": "friday"}}, "/options/weekStart"),
        ({"options": {"fiscalYearStart": 13}}, "/options/fiscalYearStart"),
        ({"options": {"zone": "Berlin"}}, "/options/zone"),
        ({"options": {"zone": "../etc/passwd"}}, "/options/zone"),
        ({"options": {"zone": ""}}, "/options/zone"),
    ],
)  # fmt: skip
def test_a_wrong_member_is_refused_at_its_place(change: dict[str, Any], pointer: str) -> None:
    assert places(minimal() | change) == [pointer]


@pytest.mark.parametrize("zone", ["user", "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata"])
def test_a_zone_is_the_readers_or_one_of_the_iana_database(zone: str) -> None:
    assert check(minimal(options={"zone": zone})) == []


@pytest.mark.parametrize("value", [None, 3, "x", [], True, {}])
def test_what_is_no_definition_at_all_is_refused(value: Any) -> None:
    assert check(value) != []


def test_a_definition_that_is_too_long_is_refused_as_a_whole() -> None:
    filters = [{"of": STATUS, "operator": "any of", "values": ["x" * 255] * 300}]
    [problem] = check(minimal(filters=filters))

    assert problem.pointer == ""
    assert str(LARGEST_BYTES) in problem.detail


@pytest.mark.parametrize(
    "use",
    [
        {"columns": [{"of": {"formula": "gone"}}]},
        {"filters": [{"of": {"formula": "gone"}, "operator": "is empty"}]},
        {"groups": [{"of": {"formula": "gone"}}]},
        {"groups": [{"of": STATUS, "orderBy": {"of": {"formula": "gone"}, "aggregate": "sum"}}]},
        {"sort": [{"of": {"formula": "gone"}}]},
        {"formatting": [{"of": {"formula": "gone"}, "style": "bar"}]},
        {"formatting": [
            {"of": STATUS, "style": "bar", "when": {"of": {"formula": "gone"}, "operator": "is empty"}}
        ]},
        {"chart": {"kind": "bar", "category": {"of": {"formula": "gone"}},
                   "measure": {"of": POINTS, "aggregate": "sum"}}},
        {"pivot": {"rows": [{"of": STATUS}], "columns": [],
                   "measures": [{"of": {"formula": "gone"}, "aggregate": "sum"}]}},
    ],
)  # fmt: skip
def test_a_formula_that_is_not_there_is_refused_wherever_it_is_used(use: dict[str, Any]) -> None:
    [problem] = check(minimal() | use)

    assert problem.pointer.endswith("/of/formula")
    assert "gone" in problem.detail


@pytest.mark.parametrize(
    ("use", "pointer"),
    [
        ({"columns": [{"of": WORKLOG}]}, "/columns/0/of/field"),
        ({"sort": [{"of": WORKLOG}]}, "/sort/0/of/field"),
        ({"formulas": [{"id": "a", "name": "x", "expression": "worklog.timeSpentSeconds / 3600"}]},
         "/formulas/0/expression"),
        ({"formulas": [{"id": "a", "name": "x", "expression": "[worklog.timeSpentSeconds] / 3600"}]},
         "/formulas/0/expression"),
    ],
)  # fmt: skip
def test_a_worklogs_field_needs_rows_of_worklogs(use: dict[str, Any], pointer: str) -> None:
    assert places(minimal() | use) == [pointer]
    assert check(minimal(rows="worklog") | use) == []


def test_a_worklog_has_only_the_fields_that_it_has() -> None:
    assert places(minimal(rows="worklog", sort=[{"of": {"field": "worklog.comment"}}])) == [
        "/sort/0/of/field"
    ]


def test_problems_come_in_the_order_of_the_definition() -> None:
    gone = {"of": {"formula": "gone"}}
    definition = minimal(sort=[gone], columns=[{"of": SUMMARY}] * 9 + [gone, {"of": SUMMARY}, gone])

    assert places(definition) == ["/columns/9/of/formula", "/columns/11/of/formula", "/sort/0/of/formula"]


@pytest.mark.parametrize(
    ("group", "pointers"),
    [
        ({"of": STATUS, "by": "month"}, ["/groups/0/by"]),
        ({"of": CREATED, "by": "range", "step": 5}, ["/groups/0/by"]),
        ({"of": POINTS, "by": "range"}, ["/groups/0/step"]),
        ({"of": STATUS, "step": 5}, ["/groups/0/step"]),
        ({"of": POINTS, "by": "month"}, []),
        ({"of": {"field": "duedate"}, "by": "fiscal quarter"}, []),
        ({"of": {"field": "timespent"}, "by": "range", "step": 3600}, []),
        ({"of": SUMMARY, "by": "first letter"}, []),
    ],
)
def test_groups_fit_the_kind_of_field(group: dict[str, Any], pointers: list[str]) -> None:
    assert places(minimal(groups=[group])) == pointers


@pytest.mark.parametrize(
    ("of", "aggregate", "fits"),
    [
        (SUMMARY, "sum", False),
        (STATUS, "average", False),
        (CREATED, "sum", False),
        (CREATED, {"share": "total"}, False),
        ({"field": "components"}, "minimum", False),
        (CREATED, "median", True),
        (CREATED, {"percentile": 50}, True),
        (SUMMARY, "count distinct", True),
        (SUMMARY, "list", True),
        ({"field": "timespent"}, "standard deviation", True),
        (POINTS, "sum", True),
    ],
)
def test_aggregates_fit_the_kind_of_field(of: dict[str, str], aggregate: Any, fits: bool) -> None:
    found = places(minimal(columns=[{"of": of, "aggregate": aggregate}]))

    assert found == ([] if fits else ["/columns/0/aggregate"])


@pytest.mark.parametrize(
    ("expression", "rollup", "fits"),
    [
        ("votes * 2", "sum", True),
        ("votes * 2", "evaluate", True),
        ("upper(summary)", "evaluate", True),
        ("upper(summary)", "list", True),
        ("upper(summary)", "sum", False),
        ("upper(summary)", {"percentile": 85}, False),
        ("created", "maximum", True),
        ("created", "sum", False),
        ("labels", "average", False),
        ("customfield_1", "sum", True),
    ],
)
def test_a_rollup_fits_the_type_of_its_formula(expression: str, rollup: Any, fits: bool) -> None:
    formula = {"id": "a", "name": "x", "expression": expression, "rollup": rollup}

    assert places(minimal(formulas=[formula])) == ([] if fits else ["/formulas/0/rollup"])


def test_the_rollup_of_a_formula_without_a_sound_id_is_no_stumbling_block() -> None:
    formula = {"id": "and", "name": "x", "expression": "1", "rollup": "sum"}

    assert places(minimal(formulas=[formula])) == ["/formulas/0/id"]


MEMBERS = st.sampled_from(["of", "field", "formula", "operator", "values", "aggregate", "by", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(WHOLE)), JSON)
def test_any_value_for_any_member_gets_an_answer(member: str, value: Any) -> None:
    for problem in check({**WHOLE, member: value}):
        assert isinstance(problem, Problem)
        assert problem.pointer == "" or problem.pointer.startswith("/")
        assert problem.detail
