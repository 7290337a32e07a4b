"""Report definitions drawn at random from a seed: every kind of group, aggregate, filter and order."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.oracle.case import Case, Formula, Json
from tests.oracle.fields import FIELDS, SHAPES, Field
from tests.oracle.formulas import FormulaDrawing

PLACES = [
    ("Europe/Berlin", "en-GB"),
    ("America/St_Johns", "en-US"),
    ("Asia/Kolkata", "en-GB"),
    ("America/New_York", "en-US"),
]

_NUMBERS = [one for one in FIELDS.values() if one.numeric]
_DATES = [one for one in FIELDS.values() if one.dated]
_NAMED = [one for one in FIELDS.values() if one.named and one not in SHAPES]
_MULTIPLE = [one for one in FIELDS.values() if one.multiple and one not in SHAPES]
_SINGLE = [FIELDS[id_] for id_ in ("project", "issuetype", "status", "priority", "resolution", "assignee")]
_ORDERED = [FIELDS[id_] for id_ in ("priority", "status", "versions", "fixVersions", "customfield_10020")]

_UNITS = ["week", "month", "quarter", "year", "fiscal quarter", "fiscal year", "day"]
_SPREAD = ["count", "count distinct", "count empty", "minimum", "maximum"]
_OF_DATES = [*_SPREAD, "average", "range", "median", "standard deviation", "first", "list"]
_OF_NUMBERS = [*_OF_DATES, "sum", "sum", {"share": "parent"}, {"share": "total"}]
_OF_NAMES = [*_SPREAD, "first", "list", {"share": "parent"}]
_PARTS = ["crash", "Android", "ios", "the ", "Login", "ö", "10", "zzz"]
# Computed exactly on both sides, so that no rounding decides between two groups.
_MEASURES = ["count", "count distinct", "count empty", "sum", "minimum", "maximum", "median", "average"]


@dataclass(frozen=True)
class Samples:
    """What filters over one set of issues may name, by field, and the present in milliseconds since 1970."""

    now: int
    years: tuple[int, int]
    ids: dict[str, list[str]]
    parts: dict[str, list[str]]


class Drawing:
    """One definition after the other from a seed; the same seed gives the same ones."""

    def __init__(self, seed: int, samples: Samples) -> None:
        self._random = random.Random(seed)  # noqa: S311  no secret
        self._samples = samples
        self._shapes = [one for one in SHAPES if samples.ids[one.id]]

    def case(self, index: int) -> Case:
        """The next case; zones take turns, so that issues need be read few times."""
        zone, locale = PLACES[index % len(PLACES)]
        definition: Json = {
            "jql": self._one(["project is not EMPTY", "project is not EMPTY ORDER BY created DESC"]),
            "columns": [self._column() for _ in range(self._random.randint(2, 5))],
            "groups": [self._group(depth) for depth in range(self._one([0, 1, 1, 2, 2, 2, 3]))],
            "filters": [self._filter() for _ in range(self._one([0, 0, 1, 1, 2]))],
            "options": {
                "zone": zone,
                "fiscalYearStart": self._random.randint(1, 12),
                "weekStart": self._one(["iso", "iso", "locale", "monday", "sunday", "saturday"]),
            },
        }
        if self._random.random() < 0.7:
            definition["sort"] = [self._sort() for _ in range(self._random.randint(0, 3))]
        formulas = FormulaDrawing(self._random, zone).formulas() if self._random.random() < 0.35 else ()
        if formulas:
            self._use_formulas(definition, formulas)
        if self._shapes and self._random.random() < 0.6:
            self._use_shapes(definition, self._one(self._shapes))
        return Case(definition, zone, locale, self._samples.now, formulas)

    def _use_formulas(self, definition: Json, formulas: tuple[Formula, ...]) -> None:
        """Columns of all formulas; some also group, sort and filter."""
        definition["formulas"] = [one.as_defined() for one in formulas]
        for one in formulas:
            aggregate = {} if one.id.startswith("n") else {"aggregate": self._one(_SPREAD)}
            definition["columns"].append({"of": {"formula": one.id}, **aggregate})
        if self._random.random() < 0.4:
            rules = [{"of": {"formula": "t1"}}, {"of": {"formula": "d1"}, "by": self._one(_UNITS)}]
            definition["groups"] = [self._one(rules), *definition["groups"][:1]]
        if self._random.random() < 0.3:
            definition["sort"] = [{"of": {"formula": self._one(["n1", "n2", "t1", "d1"])}}]
        if self._random.random() < 0.3:
            operator, values = self._one([("greater", [1]), ("is not empty", []), ("between", [0, 5])])
            definition["filters"] = [{"of": {"formula": "n1"}, "operator": operator, "values": values}]

    def _use_shapes(self, definition: Json, of: Field) -> None:
        """A column of a field that only some issues have; often it also groups, filters and sorts."""
        reference = {"field": of.id}
        definition["columns"].append({"of": reference, "aggregate": self._one(_OF_NAMES)})
        if self._random.random() < 0.6:
            definition["groups"] = [{"of": reference, **self._by(of)}, *definition["groups"][:2]]
        if self._random.random() < 0.4:
            operator, values = self._condition(of)
            definition["filters"] = [{"of": reference, "operator": operator, "values": values}]
        if self._random.random() < 0.3:
            definition["sort"] = [{"of": reference, "direction": self._one(["ascending", "descending"])}]

    def _one(self, choices: list[Any]) -> Any:
        return self._random.choice(choices)

    def _column(self) -> Json:
        of = self._one(self._one([_NUMBERS, _NUMBERS, _DATES, _NAMED]))
        column: Json = {"of": {"field": of.id}}
        if self._random.random() < 0.9:
            column["aggregate"] = self._aggregate(of)
        if self._random.random() < 0.05:
            column["hidden"] = True
        return column

    def _aggregate(self, of: Field) -> Any:
        if of.named:
            return self._one(_OF_NAMES)
        if self._random.random() < 0.15:
            return {"percentile": self._one([0, 5, 10, 25, 75, 90, 95, 99, 100, 33.3])}
        return self._one(_OF_NUMBERS if of.numeric else _OF_DATES)

    def _group(self, depth: int) -> Json:
        of = self._one(self._one([_SINGLE, _MULTIPLE, _DATES, _NUMBERS, _SINGLE, _MULTIPLE, _DATES]))
        rule: Json = {"of": {"field": of.id}, **self._by(of)}
        if self._random.random() < 0.4:
            rule["direction"] = self._one(["ascending", "descending"])
        if self._random.random() < 0.5:
            rule["empty"] = self._one(["first", "hide", "last"])
        if self._random.random() < 0.25:
            rule["orderBy"] = self._measure()
        if self._random.random() < 0.3 or (rule.get("by") == "day" and depth > 0):
            rule["limit"] = self._random.randint(1, 12)
        return rule

    def _by(self, of: Field) -> Json:
        if of.dated:
            return {"by": self._one(_UNITS)}
        if of.numeric:
            step = self._one([3600, 7200, 28800]) if of.kind == "duration" else self._one([0.5, 1, 3, 5, 2.5])
            return {"by": "range", "step": step} if self._random.random() < 0.7 else {}
        by = {"by": "first letter"} if self._random.random() < 0.12 else {}
        return {**by, **({"values": self._one(["each", "combined", "first"])} if of.multiple else {})}

    def _measure(self) -> Json:
        of = self._one([*_NUMBERS, *_NUMBERS, *_DATES, *_SINGLE])
        allowed = _SPREAD if not of.numeric else [*_MEASURES, {"share": "parent"}]
        return {"of": {"field": of.id}, "aggregate": self._one(allowed)}

    def _sort(self) -> Json:
        of = self._one([*_NUMBERS, *_DATES, *_NAMED])
        return {"of": {"field": of.id}, "direction": self._one(["ascending", "descending"])}

    def _filter(self) -> Json:
        of = self._one(self._one([_SINGLE, _MULTIPLE, _NUMBERS, _DATES, _ORDERED, [FIELDS["summary"]]]))
        operator, values = self._condition(of)
        return {"of": {"field": of.id}, "operator": operator, "values": values}

    def _condition(self, of: Field) -> tuple[str, list[Any]]:
        if self._random.random() < 0.12:
            return self._one(["is empty", "is not empty"]), []
        if of.numeric:
            return self._of_number(of)
        return self._of_date() if of.dated else self._of_name(of)

    def _of_number(self, of: Field) -> tuple[str, list[Any]]:
        numbers: list[Any] = [1, 2, 3, 5, 8, 0, 0.5]
        if of.kind == "duration":
            numbers = [3600, 7200, 0, 14400, "PT2H", "PT30M", "P1D", 28800]
        operator = self._one([
            "any of", "none of", "equals", "differs", "less", "at most", "greater", "at least", "between",
        ])  # fmt: skip
        if operator == "between":
            low = self._random.randint(0, 4)
            return operator, [low, low + 4] if of.kind == "number" else [low * 3600, (low + 4) * 3600]
        return operator, self._random.sample(numbers, 3 if operator in {"any of", "none of"} else 1)

    def _of_date(self) -> tuple[str, list[Any]]:
        operator = self._one([
            "any of", "none of", "equals", "differs", "before", "at most", "after", "at least", "between",
            "in the last", "in the next",
        ])  # fmt: skip
        if operator.startswith("in the"):
            return operator, [self._one(["P1W", "P1M", "P2Y3M", "P30D", "P1Y2M10DT5H", "PT100H"])]
        moments = sorted(self._moment() for _ in range(2))
        if operator == "between":
            return operator, [moments[0][:10], moments[1][:10]]
        return operator, moments if operator in {"any of", "none of"} else moments[:1]

    def _moment(self) -> str:
        number = self._random.randint
        day = f"{number(*self._samples.years)}-{number(1, 12):02}-{number(1, 28):02}"
        return day if self._random.random() < 0.7 else f"{day}T{number(0, 23):02}:30:00Z"

    def _of_name(self, of: Field) -> tuple[str, list[Any]]:
        ids, parts = self._samples.ids[of.id], self._samples.parts[of.id]
        if of.kind == "text":
            return self._one(["contains", "does not contain"]), [self._one(_PARTS)]
        if of in _ORDERED and self._random.random() < 0.6:
            return self._by_order(ids)
        operator = self._one(
            ["any of", "none of", "all of", "equals", "differs", "contains", "does not contain"]
        )
        if "contain" in operator:
            return operator, self._random.sample(parts, min(2, len(parts)))
        several = operator in {"any of", "none of", "all of"}
        return operator, self._random.sample(ids, min(len(ids), 2 if several else 1))

    def _by_order(self, ids: list[str]) -> tuple[str, list[Any]]:
        operator = self._one(["less", "at most", "greater", "at least", "between", "before", "after"])
        return operator, self._random.sample(ids, min(len(ids), 2 if operator == "between" else 1))
