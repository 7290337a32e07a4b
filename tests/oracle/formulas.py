"""Formulas drawn at random, each as the product's expression and as SQL over one row an issue.

SQL refers to the table `wide` of `facts`: numbers and dates by their field's id, names as `t_<field>`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar

from tests.oracle.case import Formula, quoted

_NUMBERS = ["customfield_10016", "comment", "timeoriginalestimate", "timeestimate", "timespent"]
_SIGMA = ["aggregatetimeoriginalestimate", "aggregatetimespent"]
_NAMES = ["status", "assignee", "resolution", "priority", "issuetype"]
_ROLLUPS: list[Any] = ["sum", "average", "median", "maximum", "count empty", {"percentile": 75}, None]


class Part(NamedTuple):
    """The same thing in both languages."""

    expression: str
    sql: str


Maker: TypeAlias = Callable[[], Part]
T = TypeVar("T")


def _number(value: float) -> Part:
    return Part(repr(value), f"CAST({value!r} AS DOUBLE)")


@dataclass(frozen=True)
class FormulaDrawing:
    """Draws formulas of a report whose days begin in `zone`."""

    source: random.Random
    zone: str

    def formulas(self) -> tuple[Formula, ...]:
        """One of each kind, one evaluated over groups, both over Σ; the first letter tells the kind."""
        plain = [
            ("n1", self._numeric(2)),
            ("n2", self._numeric(1)),
            ("t1", self._text()),
            ("d1", self._date()),
        ]
        made = [Formula(id_, part.expression, part.sql, self._rollup(id_)) for id_, part in plain]
        return (*made, self._evaluated(), *self._over_sigma())

    def _rollup(self, id_: str) -> Any:
        return self._one(_ROLLUPS) if id_.startswith("n") else None

    def _one(self, choices: Sequence[T]) -> T:
        return self.source.choice(choices)

    def _day(self, id_: str) -> str:
        return f"CAST(timezone({quoted(self.zone)}, {id_}) AS DATE)"

    def _evaluated(self) -> Formula:
        """A ratio of sums is not a sum of ratios: groups put their own aggregates into the expression."""
        left, right = self.source.sample(_NUMBERS, 2)
        if self._one([True, False]):
            part = Part(f"{left} / {right} * 100", f"{left} / nullif({right}, 0) * 100")
            return Formula("n3", *part, "evaluate", (left, right))
        part = Part(f"({left} - {right}) / 3600", f"({left} - {right}) / 3600")
        return Formula("n3", *part, "evaluate", (left, right))

    def _over_sigma(self) -> tuple[Formula, Formula]:
        """What Σ holds is its sub-tasks' as well, whether formulas are added up or groups put into them."""
        sigma, own = self._one(_SIGMA), self._one(_NUMBERS)
        each = self._one([
            Part(f"{sigma} / 3600", f"{sigma} / 3600"),
            Part(f"{sigma} - coalesce({own}, 0)", f"{sigma} - coalesce({own}, 0)"),
            Part(f"max({sigma}, 1800)", f"greatest({sigma}, 1800)"),
        ])  # fmt: skip
        other = self._one([own, *_SIGMA])
        ratio = Part(f"{sigma} / {other} * 100", f"{sigma} / nullif({other}, 0) * 100")
        return (
            Formula("n4", *each, self._one(["sum", "sum", "sum", "average", "maximum"]), sigma=True),
            Formula("n5", *ratio, "evaluate", tuple(dict.fromkeys((sigma, other)))),
        )

    def _numeric(self, depth: int) -> Part:
        if depth == 0:
            simple: list[Maker] = [self._field, self._field, self._of_dates, self._of_names, self._constant]
            return self._one(simple)()
        left, right = self._numeric(depth - 1), self._numeric(depth - 1)
        makers: list[Maker] = [
            lambda: _infix(self._one(["+", "-", "*"]), left, right),
            lambda: _infix(self._one(["+", "-", "*"]), left, right),
            lambda: Part(
                f"({left.expression} / {right.expression})", f"({left.sql} / nullif({right.sql}, 0))"
            ),
            lambda: self._choice(left, right),
            lambda: Part(f"coalesce({left.expression}, 0)", f"coalesce({left.sql}, 0)"),
            lambda: _call(("min", "least"), left, right),
            lambda: _call(("max", "greatest"), left, right),
            lambda: _call(("abs", "abs"), left),
        ]
        return self._one(makers)()

    def _constant(self) -> Part:
        return _number(self._one([1, 2, 0.5, 60, 3600]))

    def _field(self) -> Part:
        id_ = self._one(_NUMBERS)
        return Part(id_, id_)

    def _of_dates(self) -> Part:
        first, last = self._day("created"), self._day("updated")
        parts = {"year": "year", "month": "month", "week": "week", "weekday": "isodow", "day": "day"}
        return self._one([
            Part("days_between(created, updated)", f"CAST({last} - {first} AS DOUBLE)"),
            Part("hours_between(created, updated)", "((epoch_ms(updated) - epoch_ms(created)) / 3600000.0)"),
            *[Part(f"{ours}(created)", f"CAST({sql}({first}) AS DOUBLE)") for ours, sql in parts.items()],
        ])  # fmt: skip

    def _of_names(self) -> Part:
        return self._one([
            Part("count(components)", "CAST(coalesce(len(t_components), 0) AS DOUBLE)"),
            Part("count(labels)", "CAST(coalesce(len(t_labels), 0) AS DOUBLE)"),
            Part("length(summary)", "CAST(coalesce(length(t_summary), 0) AS DOUBLE)"),
            Part("hours(timespent)", "(timespent / 3600)"),
            Part("days(timespent)", "(timespent / 28800)"),
        ])  # fmt: skip

    def _condition(self) -> Part:
        left, right = self._field(), self._numeric(0)
        name = self._one(_NAMES)
        tests = [
            Part(f"{left.expression} < {right.expression}", f"coalesce({left.sql} < {right.sql}, false)"),
            Part(f"{left.expression} >= {right.expression}", f"coalesce({left.sql} >= {right.sql}, false)"),
            Part(f"{left.expression} = {right.expression}", f"{left.sql} IS NOT DISTINCT FROM {right.sql}"),
            Part(f"{left.expression} != 0", f"{left.sql} IS DISTINCT FROM 0"),
            Part(f"is_empty({name})", f"t_{name} IS NULL"),
            Part(
                'has(labels, "A")',
                "coalesce(list_contains(list_transform(t_labels, lambda x: lower(x)), 'a'), false)",
            ),
            Part('contains(summary, "crash")', "coalesce(contains(lower(t_summary), 'crash'), false)"),
            Part(
                'one_of(status, "open", "Closed")', "coalesce(lower(t_status) IN ('open', 'closed'), false)"
            ),
        ]
        one, other = self._one(tests), self._one(tests)
        return self._one([
            one,
            Part(f"({one.expression} and {other.expression})", f"(({one.sql}) AND ({other.sql}))"),
            Part(f"({one.expression} or {other.expression})", f"(({one.sql}) OR ({other.sql}))"),
            Part(f"not ({one.expression})", f"NOT ({one.sql})"),
        ])  # fmt: skip

    def _choice(self, left: Part, right: Part) -> Part:
        test = self._condition()
        return Part(
            f"if({test.expression}, {left.expression}, {right.expression})",
            f"CASE WHEN {test.sql} THEN {left.sql} ELSE {right.sql} END",
        )

    def _text(self) -> Part:
        test = self._condition()
        return self._one([
            self._choice(Part('"yes"', "'yes'"), Part('"no"', "'no'")),
            Part(f'if({test.expression}, "only")', f"CASE WHEN {test.sql} THEN 'only' END"),
            Part('concat(project, " / ", status)', "concat(t_project, ' / ', t_status)"),
            Part('concat(assignee, ", ", resolution)', "concat(t_assignee, ', ', t_resolution)"),
            Part('coalesce(assignee, "nobody")', "coalesce(t_assignee, 'nobody')"),
            Part("upper(issuetype)", "upper(t_issuetype)"),
            Part("first(fixVersions)", "t_fixVersions[1]"),
            Part("left(status, 3)", "left(t_status, 3)"),
            Part("text(year(created))", f"CAST(year({self._day('created')}) AS VARCHAR)"),
        ])  # fmt: skip

    def _date(self) -> Part:
        created = self._day("created")
        return self._one([
            Part("date(created)", created),
            Part("start_of_month(updated)", f"CAST(date_trunc('month', {self._day('updated')}) AS DATE)"),
            Part("start_of_week(created)", f"CAST(date_trunc('week', {created}) AS DATE)"),
            Part("add_days(duedate, 3)", "(duedate + 3)"),
            self._choice(Part("duedate", "duedate"), Part("date(created)", created)),
        ])  # fmt: skip


def _infix(sign: str, left: Part, right: Part) -> Part:
    return Part(f"({left.expression} {sign} {right.expression})", f"({left.sql} {sign} {right.sql})")


def _call(names: tuple[str, str], *parts: Part) -> Part:
    """`names`: the product's and SQL's."""
    ours, theirs = names
    given = ", ".join(part.expression for part in parts)
    return Part(f"{ours}({given})", f"{theirs}({', '.join(part.sql for part in parts)})")
