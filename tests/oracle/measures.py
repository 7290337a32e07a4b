"""Aggregates as SQL: what a column makes of each group of a table `members(gid, issue, position)`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import duckdb

from tests.oracle.case import Case, Formula, Json
from tests.oracle.fields import FIELDS, SIGMA, Field, field_of

Cell: TypeAlias = "list[float | str | Instant]"
Numbers: TypeAlias = dict[int, float | None]

_DAY_MS = 86_400_000
_SHOWN = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPREADS = ["range", "standard deviation"]
_OF_ITS_KIND = ["sum", "average", "minimum", "maximum", "range", "median", "standard deviation"]
_COUNTS = ["count", "count distinct", "count empty"]

_AGGREGATES = {
    "count": "count(*)",
    "count distinct": "count(DISTINCT {x})",
    "count empty": "count(*) - count({x})",
    "sum": "CASE WHEN count({x}) > 0 THEN fsum({x}) END",
    "average": "CASE WHEN count({x}) > 0 THEN fsum({x}) / count({x}) END",
    "minimum": "min({x})",
    "maximum": "max({x})",
    "range": "max({x}) - min({x})",
    "median": "quantile_cont({x}, 0.5)",
    "standard deviation": "stddev_samp({x})",
    "first": "arg_min({x}, position) FILTER ({x} IS NOT NULL)",
    "list": "list({x} ORDER BY position) FILTER ({x} IS NOT NULL)",
}
_NAMED = {
    "count": "count(DISTINCT issue)",
    "count distinct": "count(DISTINCT rank)",
    "count empty": "count(DISTINCT issue) FILTER (rank IS NULL)",
    "minimum": "min(rank)",
    "maximum": "max(rank)",
    "first": "arg_min(rank, position * 1000 + place) FILTER (rank IS NOT NULL)",
    "list": "list(rank ORDER BY position, place) FILTER (rank IS NOT NULL)",
}


@dataclass(frozen=True)
class Instant:
    """A point in time, which the engine keeps to the millisecond."""

    milliseconds: float

    def day(self) -> str:
        """Its date in UTC, which is where dates without a time live."""
        return (_EPOCH + timedelta(days=self.milliseconds // _DAY_MS)).date().isoformat()


class Measures:
    """Aggregates over one database; `names` gives a field's names by rank."""

    def __init__(self, database: duckdb.DuckDBPyConnection, names: dict[str, dict[int, str]]) -> None:
        self._database = database
        self._names = names
        self.case: Case | None = None

    def numbers(self, members: str, of: Json, aggregate: Any) -> Numbers:
        """What groups are ordered by: shares order like sums, names by their order, lists not at all."""
        one = field_of(of)
        if aggregate in ("first", "list"):
            return {}
        return self._raw(members, one, _additive(one, aggregate))

    def cells(self, members: list[str], parents: list[dict[int, int]], column: Json) -> list[dict[int, Cell]]:
        """The cells of each depth's groups; `parents` tells each group's parent by depth."""
        one, aggregate = field_of(column["of"]), self.aggregate(column)
        formula = self._formula(column["of"])
        if formula and aggregate == "evaluate":
            return [self._evaluated(table, formula) for table in members]
        if aggregate is None:
            return [{} for _ in members]
        values = [self._raw(table, one, _additive(one, aggregate)) for table in members]
        if isinstance(aggregate, dict) and "share" in aggregate:
            return _shares(aggregate["share"], values, parents)
        return [{gid: self._cell(one, aggregate, raw) for gid, raw in level.items()} for level in values]

    def aggregate(self, column: Json) -> Any:
        """What a column makes of groups: its own aggregate before its formula's roll-up."""
        formula = self._formula(column["of"])
        return column.get("aggregate", formula.rollup if formula else None)

    def _formula(self, of: Json) -> Formula | None:
        formulas = self.case.formulas if self.case else ()
        return next((one for one in formulas if one.id == of.get("formula")), None)

    def _evaluated(self, members: str, formula: Formula) -> dict[int, Cell]:
        """The expression over what each of its fields' columns shows of a group, or else over their sums."""
        taken = " ".join(
            f"JOIN ({self._query(members, FIELDS[id_], self._shown(id_))}) AS g_{id_}(gid, {id_}) USING (gid)"
            for id_ in formula.fields
        )
        query = f"SELECT gid, {formula.sql} FROM (SELECT DISTINCT gid FROM {members}) {taken}"
        rows = self._database.execute(query).fetchall()
        return {gid: [] if value is None else [float(value)] for gid, value in rows}

    def _shown(self, id_: str) -> Any:
        """The aggregate of the field's first column that has one of the field's own kind."""
        columns = self.case.definition["columns"] if self.case else []
        for column in columns:
            aggregate = column.get("aggregate")
            if column["of"].get("field") == id_ and (_percentile(aggregate) or aggregate in _OF_ITS_KIND):
                return aggregate
        return "sum"

    def _raw(self, members: str, one: Field, aggregate: Any) -> dict[int, Any]:
        return dict(self._database.execute(self._query(members, one, aggregate)).fetchall())

    def _query(self, members: str, one: Field, aggregate: Any) -> str:
        if one.named:
            return f"""SELECT gid, {_NAMED[aggregate]} FROM {members} LEFT JOIN v_{one.id} USING (issue)
                       GROUP BY gid"""
        once = aggregate == "sum" and self._holds_subtasks(one)
        source = _without_counted_subtasks(members, one) if once else members
        expression = _expression(one, aggregate)
        return f"SELECT gid, {expression} FROM {source} LEFT JOIN numbers USING (issue) GROUP BY gid"

    def _holds_subtasks(self, one: Field) -> bool:
        formula = self._formula({"formula": one.id.removeprefix("formula_")})
        return one.id in SIGMA or (formula is not None and formula.sigma)

    def _cell(self, one: Field, aggregate: Any, raw: Any) -> Cell:
        if raw is None:
            return []
        values = raw if aggregate == "list" else [raw]
        shown = [self._value(one, aggregate, value) for value in dict.fromkeys(values)]
        rest = len(shown) - _SHOWN
        return [*shown[:_SHOWN], f"and {rest} more"] if rest > 0 else shown

    def _value(self, one: Field, aggregate: Any, raw: Any) -> float | str | Instant:
        if aggregate in _COUNTS:
            return float(raw)
        if one.named:
            return self._names[one.id][raw]
        if one.dated:
            return raw / _DAY_MS if aggregate in _SPREADS else moment(one, raw)
        return float(raw)


def moment(one: Field, milliseconds: float) -> str | Instant:
    """A date as the engine tells it: an instant, or a day where the field has no time."""
    instant = Instant(milliseconds)
    return instant.day() if one.kind == "date" else instant


def _additive(one: Field, aggregate: Any) -> Any:
    if isinstance(aggregate, dict) and "share" in aggregate:
        return "count" if one.named else "sum"
    return aggregate


def _expression(one: Field, aggregate: Any) -> str:
    x = f"epoch_ms({one.id})" if one.dated else one.id
    if isinstance(aggregate, dict):
        return f"quantile_cont({x}, {aggregate['percentile'] / 100})"
    return _AGGREGATES[aggregate].format(x=x)


def _percentile(aggregate: Any) -> bool:
    return isinstance(aggregate, dict) and "percentile" in aggregate


def _without_counted_subtasks(members: str, one: Field) -> str:
    """A parent's Σ holds its sub-tasks': they are left out of a group that holds a parent with a Σ."""
    return f"""(FROM {members} ANTI JOIN (
        SELECT child.gid, child.issue FROM {members} child JOIN subtasks USING (issue)
        JOIN {members} holder ON holder.issue = subtasks.parent AND holder.gid = child.gid
        JOIN numbers ON numbers.issue = holder.issue WHERE numbers.{one.id} IS NOT NULL
    ) counted USING (gid, issue))"""


def _shares(of: str, values: list[dict[int, Any]], parents: list[dict[int, int]]) -> list[dict[int, Cell]]:
    shares = []
    for depth, level in enumerate(values):
        above = values[depth - 1] if depth > 0 and of == "parent" else values[0]
        wholes = {gid: above.get(parents[depth][gid] if of == "parent" and depth > 0 else 0) for gid in level}
        shares.append({gid: _share(part, wholes[gid]) for gid, part in level.items()})
    return shares


def _share(part: float | None, whole: float | None) -> Cell:
    return [] if part is None or not whole else [part / whole]
