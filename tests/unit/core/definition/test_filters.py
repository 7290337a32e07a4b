from __future__ import annotations

from typing import Any

import pytest

from core.definition import check
from core.definition.fields import Field
from core.definition.filters import operators_of

OPERATORS = {
    "any of", "none of", "all of", "is empty", "is not empty", "contains", "does not contain", "equals",
    "differs", "less", "at most", "greater", "at least", "between", "in the last", "in the next", "before",
    "after",
}  # fmt: skip
EMPTINESS = {"is empty", "is not empty"}
CHOICE = {"any of", "none of", "equals", "differs"} | EMPTINESS
TEXT = CHOICE | {"contains", "does not contain"}
NUMBER = CHOICE | {"less", "at most", "greater", "at least", "between"}
DATE = {"equals", "differs", "between", "before", "after", "in the last", "in the next"} | EMPTINESS

FIELDS = {
    "summary": TEXT,
    "issuekey": TEXT,
    "labels": TEXT | {"all of"},
    "status": CHOICE,
    "assignee": CHOICE,
    "project": CHOICE,
    "components": CHOICE | {"all of"},
    "fixVersions": CHOICE | {"all of"},
    "timespent": NUMBER,
    "votes": NUMBER,
    "progress": NUMBER,
    "created": DATE,
    "duedate": DATE,
    "customfield_10016": OPERATORS,
}
VALUES: dict[str, list[Any]] = {
    "is empty": [], "is not empty": [], "between": ["2026-01-01", "2026-02-01"], "in the last": ["P7D"],
    "in the next": ["P7D"], "before": ["2026-01-01"], "after": ["2026-01-01"],
}  # fmt: skip


def problems(field: str, operator: str, values: Any = None, **members: Any) -> list[str]:
    rule = {"of": {"field": field}, "operator": operator}
    if values is not None:
        rule["values"] = values
    found = check({"jql": "", "columns": [{"of": {"field": "summary"}}], "filters": [rule], **members})
    return [problem.pointer for problem in found]


def values_for(field: str, operator: str) -> list[Any]:
    if field in {"timespent", "votes", "progress"}:
        return {"between": [1, 2]}.get(operator, VALUES.get(operator, [1]))
    if field in {"created", "duedate"}:
        return VALUES.get(operator, ["2026-01-01"])
    return VALUES.get(operator, ["1"] if operator not in {"less", "at most", "greater", "at least"} else [1])


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_an_operator_is_taken_where_it_fits_the_field_and_refused_elsewhere(
    field: str, operator: str
) -> None:
    found = problems(field, operator, values_for(field, operator))

    assert found == ([] if operator in FIELDS[field] else ["/filters/0/operator"])


@pytest.mark.parametrize(
    ("field", "operator", "values", "pointer"),
    [
        ("status", "any of", [], "/filters/0/values"),
        ("status", "any of", None, "/filters/0/values"),
        ("status", "is empty", ["x"], "/filters/0/values"),
        ("status", "equals", ["a", "b"], "/filters/0/values"),
        ("votes", "between", [1], "/filters/0/values"),
        ("votes", "between", [2, 1], "/filters/0/values"),
        ("customfield_1", "between", ["2026-01-01", 5], "/filters/0/values"),
        ("created", "between", ["2026-02-01", "2026-01-01"], "/filters/0/values"),
        ("votes", "less", ["5"], "/filters/0/values/0"),
        ("votes", "equals", [True], "/filters/0/values/0"),
        ("status", "any of", ["a", 5], "/filters/0/values/1"),
        ("summary", "contains", [""], "/filters/0/values/0"),
        ("summary", "contains", [5], "/filters/0/values/0"),
        ("created", "after", ["yesterday"], "/filters/0/values/0"),
        ("created", "after", ["2026-02-30"], "/filters/0/values/0"),
        ("created", "after", ["2026-01-01T25:00:00Z"], "/filters/0/values/0"),
        ("created", "after", ["2026-01-01T10:00:00"], "/filters/0/values/0"),
        ("created", "equals", [5], "/filters/0/values/0"),
        ("created", "in the last", ["7 days"], "/filters/0/values/0"),
        ("created", "in the last", ["P0D"], "/filters/0/values/0"),
        ("created", "in the last", [7], "/filters/0/values/0"),
        ("customfield_1", "less", ["soon"], "/filters/0/values/0"),
    ],
)
def test_values_fit_the_operator_in_number_and_kind(
    field: str, operator: str, values: Any, pointer: str
) -> None:
    assert problems(field, operator, values) == [pointer]


@pytest.mark.parametrize(
    ("field", "operator", "values"),
    [
        ("created", "after", ["2026-01-01T10:00:00Z"]),
        ("created", "after", ["2026-01-01T10:00:00.123+05:30"]),
        ("created", "between", ["2026-01-01", "2026-01-01"]),
        ("created", "in the next", ["P1W"]),
        ("votes", "between", [0.5, 0.5]),
        ("customfield_1", "equals", [True]),
        ("customfield_1", "less", ["2026-01-01"]),
        ("status", "is empty", []),
        ("status", "is empty", None),
    ],
)
def test_values_that_fit_are_taken(field: str, operator: str, values: Any) -> None:
    assert problems(field, operator, values) == []


@pytest.mark.parametrize(
    ("expression", "operator", "values", "fits"),
    [
        ("votes * 2", "greater", [1], True),
        ("votes * 2", "contains", ["x"], False),
        ("upper(summary)", "contains", ["x"], True),
        ("upper(summary)", "less", [1], False),
        ("votes > 2", "equals", [True], True),
        ("votes > 2", "equals", ["yes"], False),
        ("today()", "before", ["2026-01-01"], True),
        ("[customfield_1]", "contains", ["x"], True),
    ],
)
def test_a_filter_on_a_formula_fits_its_type(
    expression: str, operator: str, values: list[Any], fits: bool
) -> None:
    definition = {
        "jql": "",
        "columns": [{"of": {"field": "summary"}}],
        "formulas": [{"id": "f", "name": "F", "expression": expression}],
        "filters": [{"of": {"formula": "f"}, "operator": operator, "values": values}],
    }

    assert (check(definition) == []) is fits


def test_nothing_is_refused_for_a_field_of_which_nothing_is_known() -> None:
    assert operators_of(Field("unknown")) == OPERATORS
