from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.definition.formulas import check_formulas
from core.definition.functions import FUNCTIONS, Function


def formulas(**expressions: str) -> list[dict[str, Any]]:
    return [{"id": name, "name": name, "expression": text} for name, text in expressions.items()]


def details(**expressions: str) -> list[tuple[str, str]]:
    found = check_formulas(formulas(**expressions), worklogs=False)
    return [(problem.pointer, problem.detail) for problem in found.problems]


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("1", "number"),
        ("'a'", "text"),
        ("true", "boolean"),
        ("null", "any"),
        ("timespent / 3600", "number"),
        ("summary", "text"),
        ("status", "text"),
        ("created", "datetime"),
        ("duedate", "date"),
        ("if(votes > 1, created, duedate)", "datetime"),
        ("add_days(duedate, 1)", "date"),
        ("add_days(customfield_1, 1)", "date"),
        ("earliest(duedate, now())", "datetime"),
        ("created = today()", "boolean"),
        ("labels", "list"),
        ("customfield_1", "any"),
        ("[anything-else]", "any"),
        ("customfield_1 * 2", "number"),
        ("votes > 1 and not is_empty(assignee)", "boolean"),
        ("if(votes > 1, 'a', 'b')", "text"),
        ("if(votes > 1, 'a', null)", "text"),
        ("if(votes > 1, created)", "datetime"),
        ("coalesce(customfield_1, 0)", "number"),
        ("first(labels)", "text"),
        ("days_between(created, resolutiondate)", "number"),
        ("created < resolutiondate", "boolean"),
        ("summary = null", "boolean"),
        ("status != 'Done'", "boolean"),
    ],
)
def test_the_type_of_a_formula_follows_from_what_it_says(expression: str, type_: str) -> None:
    found = check_formulas(formulas(f=expression), worklogs=False)

    assert found.problems == []
    assert found.types == {"f": type_}


@pytest.mark.parametrize(
    ("expression", "detail"),
    [
        ("summary + 1",
         "at character 1: + takes a number, and this is a text; number(…) reads a text as a number, "
         "concat(…) joins texts"),
        ("1 + created",
         "at character 5: + takes a number, and this is a date and time; "
         "days_between and add_days reckon with dates"),
        ("not votes", "at character 5: not takes a condition, and this is a number"),
        ("votes and true", "at character 1: and takes a condition, and this is a number"),
        ("created > '2026-01-01'",
         "at character 9: a date and time cannot be compared with a text; date(…) reads a text as a date"),
        ("labels = 'a'",
         "at character 1: several values cannot be compared; has(…), join(…) and "
         "first(…) take several values"),
        ("true < false", "at character 1: a condition cannot be compared"),
        ("length(labels)",
         "at character 8: length's text takes a text, and this is several values; has(…), join(…) and "
         "first(…) take several values"),
        ("upper(votes)",
         "at character 7: upper's text takes a text, and this is a number; text(…) makes a text of it"),
        ("abs()", "at character 1: abs takes 1 value, not 0"),
        ("round(1, 2, 3)", "at character 1: round takes 1 to 2 values, not 3"),
        ("max()", "at character 1: max takes 1 or more values, not 0"),
        ("if(true)", "at character 1: if takes 2 to 3 values, not 1"),
        ("today(1)", "at character 1: today takes 0 values, not 1"),
        ("if(true, 'a', votes)",
         "at character 15: if's else must be a text, as what stands before it is; "
         "text(…) makes a text of it"),
        ("coalesce(null, votes, duedate)",
         "at character 23: coalesce's value must be a number, as what stands before it is; "
         "days_between and add_days reckon with dates"),
        ("lenght(summary)", 'at character 1: there is no function called "lenght"; did you mean "length"?'),
        ("Round(1.5)", 'at character 1: there is no function called "Round"; did you mean "round"?'),
        ("eval('x')", 'at character 1: there is no function called "eval"'),
        ("timespnt",
         "at character 1: there is no formula or field of Jira's own called \"timespnt\"; "
         'did you mean "timespent"?'),
        ("zzzz",
         "at character 1: there is no formula or field of Jira's own called \"zzzz\"; "
         "write [zzzz] where another app's field has this id"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_place_and_reason(expression: str, detail: str) -> None:
    assert details(f=expression) == [("/formulas/0/expression", detail)]


def test_a_formula_may_use_others_in_any_order() -> None:
    found = check_formulas(formulas(c="b * 2", b="a + 1", a="votes"), worklogs=False)

    assert found.problems == []
    assert found.types == {"a": "number", "b": "number", "c": "number"}


def test_the_type_of_a_formula_counts_where_it_is_used() -> None:
    assert [pointer for pointer, _ in details(a="upper(summary)", b="a * 2")] == ["/formulas/1/expression"]


def test_a_formula_hides_a_field_of_the_same_name() -> None:
    assert details(summary="1", twice="summary * 2") == []
    assert details(summary="1", twice="[summary] * 2") != []


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        ({"a": "a"}, [("/formulas/0/expression", "goes round in a circle: a → a")]),
        ({"a": "b", "b": "c", "c": "a"},
         [("/formulas/0/expression", "goes round in a circle: a → b → c → a")]),
        ({"x": "a", "c": "a", "b": "c", "a": "b"},
         [("/formulas/1/expression", "goes round in a circle: c → a → b → c")]),
        ({"a": "a + 1", "b": "b + 1"},
         [("/formulas/0/expression", "goes round in a circle: a → a"),
          ("/formulas/1/expression", "goes round in a circle: b → b")]),
        ({"a": "if(votes > 1, b, 1)", "b": "-a"},
         [("/formulas/0/expression", "goes round in a circle: a → b → a")]),
    ],
)  # fmt: skip
def test_formulas_in_a_circle_are_named(expressions: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert sorted(details(**expressions)) == expected


def test_a_formula_that_does_not_parse_is_told_once() -> None:
    assert [pointer for pointer, _ in details(a="1 +", b="a * 2", c="upper(a)")] == ["/formulas/0/expression"]


def test_fifty_formulas_one_upon_the_other_are_checked() -> None:
    chain = {f"f{number}": f"f{number + 1} + 1" for number in range(49)} | {"f49": "votes"}

    assert details(**chain) == []
    assert details(**chain | {"f49": "f0"})[0][1].count("→") == 50


def test_an_id_is_used_once_and_is_no_word_of_the_language() -> None:
    twice = [*formulas(a="1"), *formulas(a="2"), {"id": "and", "name": "x", "expression": "1"}]

    found = check_formulas(twice, worklogs=False)

    assert [problem.pointer for problem in found.problems] == ["/formulas/1/id", "/formulas/2/id"]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_function_is_described_and_its_example_is_sound(function: Function) -> None:
    assert function.help.endswith(".")
    assert f"{function.name}(" in function.example
    assert function.cases
    assert [details(f=text) for text in [function.example, *function.cases] if details(f=text)] == []


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_a_functions_optional_and_repeated_places_come_last(function: Function) -> None:
    kinds = [(parameter.optional, parameter.repeated) for parameter in function.parameters]

    assert kinds == sorted(kinds)
    assert sum(repeated for _, repeated in kinds) <= 1
    assert function.like is None or function.like in {parameter.name for parameter in function.parameters}


LEAVES = st.sampled_from(
    [
        "1",
        "2.5",
        "'a'",
        "true",
        "null",
        "votes",
        "summary",
        "created",
        "duedate",
        "labels",
        "customfield_1",
        "b",
    ]
)
FUNCTION_CALLS = st.builds(
    lambda function, values: f"{function.name}({', '.join(values[: len(function.parameters)])})",
    st.sampled_from(list(FUNCTIONS.values())),
    st.lists(LEAVES, min_size=3, max_size=3),
)
EXPRESSIONS = st.recursive(
    LEAVES | FUNCTION_CALLS,
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["+", "*", "=", "<", "and"]), inner),
        st.builds("if({}, {}, {})".format, inner, inner, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS, EXPRESSIONS)
def test_any_two_formulas_have_types_or_are_refused_at_a_place_within(one: str, other: str) -> None:
    found = check_formulas(formulas(a=one, b=other), worklogs=False)

    for problem in found.problems:
        place = re.match(r"at character (\d+): ", problem.detail)
        text = one if problem.pointer == "/formulas/0/expression" else other
        assert "circle" in problem.detail or (place and 1 <= int(place[1]) <= len(text) + 1)


@given(EXPRESSIONS)
def test_what_is_always_empty_fits_wherever_a_custom_field_does(text: str) -> None:
    unknown = details(f=f"coalesce(customfield_1, {text})")
    empty = details(f=f"coalesce(null, {text})")

    assert bool(unknown) == bool(empty)
