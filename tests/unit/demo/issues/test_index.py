"""Indexes after any number of edits hold what indexes built afresh hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from demo.issues.bitmap import bits_of, bytes_of, rows_of
from demo.issues.index import Ordering, RangeIndex, ValueIndex, ordered_key
from demo.issues.model import Issue

CAPACITY = 40
Edits = list[tuple[int, dict[str, Any] | None]]

values = st.fixed_dictionaries(
    {}, optional={"number": st.integers(-3, 3), "labels": st.lists(st.sampled_from("abc"), max_size=3)}
)
edits = st.lists(st.tuples(st.integers(0, CAPACITY - 1), st.none() | values), max_size=60)


def issue(row: int, fields: dict[str, Any]) -> Issue:
    return Issue(row, row, f"A-{row}", "A", row, fields)


def labels(held: Issue) -> list[str]:
    return list(held.fields.get("labels", ()))


def number(held: Issue) -> float | None:
    return held.fields.get("number")


def replayed(index: Any, changes: Edits) -> dict[int, Issue]:
    alive: dict[int, Issue] = {}
    for row, fields in changes:
        new = None if fields is None else issue(row, fields)
        index.replace(row, alive.get(row), new)
        if new is None:
            alive.pop(row, None)
        else:
            alive[row] = new
    return alive


@given(st.sets(st.integers(0, 500)))
def test_a_bitmap_holds_its_rows(rows: set[int]) -> None:
    bits = bits_of(rows, 501)
    assert list(rows_of(bits)) == sorted(rows)
    held = bytes_of(bits)
    assert {row for row in range(len(held) * 8) if held[row >> 3] >> (row & 7) & 1} == rows


@given(edits)
def test_rows_by_value_follow_every_edit(changes: Edits) -> None:
    index = ValueIndex(labels, [], 1)
    alive = replayed(index, changes)
    for value in "abc":
        assert set(rows_of(index.rows(value))) == {
            row for row, held in alive.items() if value in labels(held)
        }
    assert set(rows_of(index.empty)) == {row for row, held in alive.items() if not labels(held)}


@given(edits, st.integers(-4, 4))
def test_rows_by_range_follow_every_edit(changes: Edits, bound: int) -> None:
    index = RangeIndex(number, [], 1)
    alive = replayed(index, changes)
    numbers = {row: value for row, held in alive.items() if (value := number(held)) is not None}
    tests: dict[str, Callable[[float], bool]] = {
        "=": lambda value: value == bound,
        "<": lambda value: value < bound,
        "<=": lambda value: value <= bound,
        ">": lambda value: value > bound,
        ">=": lambda value: value >= bound,
    }
    for operator, test in tests.items():
        wanted = {row for row, value in numbers.items() if test(value)}
        assert set(rows_of(index.compare(operator, bound))) == wanted
    assert set(rows_of(index.empty)) == alive.keys() - numbers.keys()


def test_ranges_hold_beyond_one_step_of_prefixes() -> None:
    count = RangeIndex.STEP * 3 + 7
    issues = [issue(row, {"number": (row * 7919) % count}) for row in range(count)]
    index = RangeIndex(number, issues, count)
    for bound in (0, 1, RangeIndex.STEP, RangeIndex.STEP * 2 + 1, count - 1):
        wanted = {held.row for held in issues if held.fields["number"] < bound}
        assert set(rows_of(index.compare("<", bound))) == wanted


@given(edits, st.booleans())
def test_an_ordering_follows_every_edit_and_goes_on_after_a_key(changes: Edits, descending: bool) -> None:
    key_of = ordered_key([(number, descending)])
    ordering = Ordering(key_of, [])
    alive = replayed(ordering, changes)
    wanted = sorted(alive, key=lambda row: key_of(alive[row]))
    everyone = bytes_of(bits_of(alive, CAPACITY))
    assert list(ordering.after(None, everyone)) == wanted
    for place, row in enumerate(wanted):
        assert list(ordering.after(key_of(alive[row]), everyone)) == wanted[place + 1 :]


@given(st.lists(st.none() | st.text(max_size=6), max_size=20))
def test_descending_is_ascending_turned_round_but_for_ties(texts: list[str | None]) -> None:
    issues = [issue(row, {"text": text}) for row, text in enumerate(texts)]
    up, down = (
        sorted(issues, key=ordered_key([(lambda held: held.fields["text"], descending)]))
        for descending in (False, True)
    )
    assert [held.fields["text"] for held in down] == [held.fields["text"] for held in reversed(up)]
    assert [held.fields["text"] is None for held in up] == sorted(text is None for text in texts)
