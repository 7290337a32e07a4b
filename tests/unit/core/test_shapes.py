from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shapes import Problem, Shape, pointer_of, quoted_choices, suggestion, unstorable

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z]*$"},
        "size": {"type": "integer", "minimum": 1, "maximum": 5},
        "step": {"type": "number", "exclusiveMinimum": 0},
        "colour": {"enum": ["red", "green"]},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True},
        "of": {"$ref": "#/$defs/either"},
    },
    "$defs": {
        "either": {
            "oneOf": [
                {"type": "object", "additionalProperties": False, "required": ["a"],
                 "properties": {"a": {"type": "integer"}}},
                {"oneOf": [{"enum": ["one", "two"]}, {"const": "three"}]},
            ]
        }
    },
}  # fmt: skip
SHAPE = Shape(SCHEMA, {"either": '{"a": number} or a word', "^[a-z]*$": "must be small letters"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, ("", "must be an object")),
        ({}, ("/name", "is missing")),
        ({"name": 3}, ("/name", "must be a text")),
        ({"name": ""}, ("/name", "must have at least 1 character")),
        ({"name": "abcd"}, ("/name", "must have at most 3 characters")),
        ({"name": "A"}, ("/name", "must be small letters")),
        ({"name": "a", "size": 0}, ("/size", "must be at least 1")),
        ({"name": "a", "size": 6}, ("/size", "must be at most 5")),
        ({"name": "a", "size": 1.5}, ("/size", "must be a whole number")),
        ({"name": "a", "step": 0}, ("/step", "must be more than 0")),
        ({"name": "a", "colour": "rd"}, ("/colour", 'must be "red" or "green"; did you mean "red"?')),
        ({"name": "a", "tags": []}, ("/tags", "must have at least 1 entry")),
        ({"name": "a", "tags": [1, 2, 3]}, ("/tags", "must have at most 2 entries")),
        ({"name": "a", "tags": [1, 1]}, ("/tags", "must not name anything twice")),
        ({"name": "a", "siz/e~": 1}, ("/siz~1e~0", "is not known here")),
        ({"name": "a", "of": {"a": "x"}}, ("/of/a", "must be a whole number")),
        ({"name": "a", "of": "tow"}, ("/of", 'must be {"a": number} or a word; did you mean "two"?')),
        ({"name": "a", "of": {"b": 1}}, ("/of", 'must be {"a": number} or a word')),
    ],
)
def test_what_is_wrong_is_said_at_its_place_in_plain_words(value: Any, expected: tuple[str, str]) -> None:
    assert SHAPE.problems(value) == [Problem(*expected)]


@pytest.mark.parametrize(
    "value", [{"name": "abc"}, {"name": "a", "of": "three"}, {"name": "a", "of": {"a": 1}}]
)
def test_what_fits_has_no_problems(value: Any) -> None:
    assert SHAPE.problems(value) == []


def test_everything_wrong_is_told_but_not_without_end() -> None:
    assert len(SHAPE.problems({"name": 1, "size": "x", "extra": 1})) == 3
    assert len(SHAPE.problems({f"extra{n}": 1 for n in range(1000)})) == 100


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"a": ["x", "\0"]}, "/a/1"),
        ("\ud800", ""),
        ({"a": {"\0": 1}}, "/a"),
        ([float("inf")], "/0"),
        ([float("nan")], "/0"),
        ([10**400], "/0"),
        ([-(2**1024)], "/0"),
        ({"\ud800": "\ud800"}, ""),
    ],
)
def test_what_cannot_be_stored_is_found_wherever_it_is(value: object, pointer: str) -> None:
    assert [problem.pointer for problem in unstorable(value)] == [pointer]


def test_what_is_nested_without_end_is_found_too() -> None:
    value: object = 1
    for _ in range(5000):
        value = [value]

    [problem] = unstorable(value)

    assert problem.detail == "is nested too deeply"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_value_gets_an_answer_that_can_be_sent(value: object) -> None:
    for problem in SHAPE.problems(value):
        assert problem.pointer == "" or problem.pointer.startswith("/")
        json.dumps(problem).encode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(0, 99), max_size=4))
def test_a_pointer_leads_back_to_its_path(path: list[str | int]) -> None:
    steps = pointer_of(path).split("/")[1:]

    assert [step.replace("~1", "/").replace("~0", "~") for step in steps] == [str(step) for step in path]


def test_choices_are_listed_as_a_sentence_does() -> None:
    assert quoted_choices(["a"]) == '"a"'
    assert quoted_choices(["a", 2, "c"]) == '"a", 2 or "c"'


def test_a_suggestion_is_made_only_where_something_is_close() -> None:
    assert suggestion("colur", ["colour", "size"]) == '; did you mean "colour"?'
    assert suggestion("xyz", ["colour"]) == ""
    assert suggestion({"a": 1}, ["colour", None]) == ""
