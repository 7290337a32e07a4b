"""The oracle: answers a definition from Jira's raw JSON with SQL, sharing no code with the engine.

1. Filters keep issues; sort rules give each a position.
2. Each group rule splits the groups above it: an issue stands in the group of each of its codes.
3. Siblings are ordered and limited, what a limit cuts off becomes Others.
4. Every aggregate is taken anew over the distinct issues of each group, at every depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.oracle.case import Case, Json
from tests.oracle.codings import Coding, Label, coding_of
from tests.oracle.conditions import conditions
from tests.oracle.definitions import Samples
from tests.oracle.facts import add_formulas, load
from tests.oracle.fields import FIELDS, Field, field_of
from tests.oracle.measures import Cell, Measures, moment

FULL_ISSUES = 60


@dataclass(frozen=True)
class Group:
    """A group as it is shown; depth 0 is the outermost."""

    depth: int
    label: Label
    count: int
    share: float
    cells: list[Cell]


@dataclass(frozen=True)
class Answer:
    """Everything a report shows: groups in their order, issue ids under each innermost one in theirs."""

    issue_count: int
    totals: list[Cell]
    groups: list[Group]
    blocks: list[list[str]]
    issue_cells: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class _Level:
    """One depth: its groups in the order shown, with parents, labels and the table of their members."""

    members: str
    parents: dict[int, int]
    labels: dict[int, Label]


class Oracle:
    """Answers over the issues of one file."""

    def __init__(self, issues: Path) -> None:
        self._database = load(issues)
        self._names = {one.id: self._names_of(one) for one in FIELDS.values() if one.named}
        self._measures = Measures(self._database, self._names)

    def answer(self, case: Case) -> Answer:
        """The report of a case."""
        self._compute(case)
        self._keep(case)
        levels = [_Level("members_0", {0: 0}, {0: []})]
        for rule in case.definition.get("groups", []):
            levels.append(self._split(levels[-1], len(levels), rule, case))
        counts = [self._counts(level.members) for level in levels]
        shown = [column for column in case.definition["columns"] if not column.get("hidden")]
        tables, parents = [level.members for level in levels], [level.parents for level in levels]
        cells = [self._measures.cells(tables, parents, column) for column in shown]

        def row(depth: int, gid: int) -> list[Cell]:
            return [of_column[depth].get(gid, []) for of_column in cells]

        groups = [
            Group(depth - 1, levels[depth].labels[gid], counts[depth][gid],
                  counts[depth][gid] / counts[depth - 1][levels[depth].parents[gid]], row(depth, gid))
            for depth, gid in _walk(levels)
        ]  # fmt: skip
        blocks = self._blocks(levels[-1])
        totals = row(0, 0) if counts[0] else self._totals_of_nothing(shown)
        return Answer(counts[0].get(0, 0), totals, groups, blocks, self._issue_cells(blocks, shown))

    def samples(self, now: int, years: tuple[int, int]) -> Samples:
        """Values that occur, the most frequent of each field, for filters to name."""
        ids, parts = {}, {}
        for id_ in (one.id for one in FIELDS.values() if one.named):
            query = f"SELECT min(id), name FROM v_{id_} GROUP BY name ORDER BY count(*) DESC, name LIMIT 12"
            rows = self._database.execute(query).fetchall()
            ids[id_] = [one for one, _ in rows]
            parts[id_] = sorted({name[:5].strip() for _, name in rows})
        return Samples(now, years, ids, parts)

    def _names_of(self, one: Field) -> dict[int, str]:
        return dict(self._database.execute(f"SELECT rank, name FROM n_{one.id}").fetchall())

    def _compute(self, case: Case) -> None:
        add_formulas(self._database, case.formulas)
        self._measures.case = case
        for one in case.formulas:
            of = field_of({"formula": one.id})
            if of.named:
                self._names[of.id] = self._names_of(of)

    def _keep(self, case: Case) -> None:
        rules = case.definition.get("sort", case_order(case))
        order, joins = [], []
        for index, rule in enumerate([*rules, {"of": {"field": "issuekey"}}]):
            joins.append(f"LEFT JOIN ({_sort_values(field_of(rule['of']))}) s{index} USING (issue)")
            order.append(
                f"s{index}.at IS NULL, s{index}.at {'DESC' if rule.get('direction') == 'descending' else ''}"
            )
        self._database.execute(
            f"""CREATE OR REPLACE TEMP TABLE members_0 AS
                SELECT 0 AS gid, issue, row_number() OVER (ORDER BY {", ".join(order)}) AS position
                FROM (SELECT issue FROM issues WHERE {conditions(case)}) {" ".join(joins)}"""
        )

    def _split(self, above: _Level, depth: int, rule: Json, case: Case) -> _Level:
        coding = coding_of(rule, case, self._names.__getitem__)
        hidden = "WHERE code IS NOT NULL" if rule.get("empty") == "hide" else ""
        self._database.execute(
            f"""CREATE OR REPLACE TEMP TABLE raw AS
                SELECT dense_rank() OVER (ORDER BY parent, code NULLS LAST) AS gid, * FROM (
                    SELECT gid AS parent, issue, position, code
                    FROM {above.members} LEFT JOIN ({coding.query}) USING (issue)) {hidden}"""
        )
        return self._arrange(depth, rule, coding)

    def _arrange(self, depth: int, rule: Json, coding: Coding) -> _Level:
        """Others merges what several groups hold, an issue that stands in two of them once."""
        found = self._database.execute("SELECT DISTINCT gid, parent, code FROM raw ORDER BY gid").fetchall()
        order = rule.get("orderBy")
        numbers = self._measures.numbers("raw", order["of"], order["aggregate"]) if order else None
        groups = [
            (parent, members)
            for parent, siblings in groupby(found, key=lambda one: one[1])
            for members in _siblings(list(siblings), rule, numbers)
        ]
        codes = {gid: code for gid, _, code in found}
        pairs = [(old, new) for new, (_, members) in enumerate(groups) for old in members]
        self._database.execute(
            f"""CREATE OR REPLACE TEMP TABLE members_{depth} AS
                SELECT DISTINCT new AS gid, issue, position FROM raw
                JOIN (SELECT unnest(?::BIGINT[]) AS gid, unnest(?::BIGINT[]) AS new) USING (gid)""",
            [[old for old, _ in pairs], [new for _, new in pairs]],
        )
        labels = {new: _label(members, codes, coding) for new, (_, members) in enumerate(groups)}
        return _Level(f"members_{depth}", {new: parent for new, (parent, _) in enumerate(groups)}, labels)

    def _counts(self, members: str) -> dict[int, int]:
        query = f"SELECT gid, count(DISTINCT issue) FROM {members} GROUP BY gid"
        return dict(self._database.execute(query).fetchall())

    def _totals_of_nothing(self, columns: list[Json]) -> list[Cell]:
        counts = ("count", "count distinct", "count empty")
        return [[0.0] if self._measures.aggregate(column) in counts else [] for column in columns]

    def _blocks(self, level: _Level) -> list[list[str]]:
        rows = self._database.execute(
            f"""SELECT list(id ORDER BY position) FROM {level.members} JOIN issues USING (issue)
                GROUP BY gid ORDER BY gid"""
        ).fetchall()
        return [ids for (ids,) in rows] or ([] if level.members != "members_0" else [[]])

    def _issue_cells(self, blocks: list[list[str]], columns: list[Json]) -> list[tuple[str, list[Cell]]]:
        ids = [id_ for block in blocks for id_ in block][:FULL_ISSUES]
        cells = [self._of_issues(ids, field_of(column["of"])) for column in columns]
        return [(id_, [of_column.get(id_, []) for of_column in cells]) for id_ in ids]

    def _of_issues(self, ids: list[str], one: Field) -> dict[str, Cell]:
        if one.named:
            query = f"""SELECT issues.id, list(v.name ORDER BY place) FROM issues
                        JOIN v_{one.id} v USING (issue) WHERE issues.id IN (SELECT unnest(?)) GROUP BY 1"""
            return dict(self._database.execute(query, [ids]).fetchall())
        x = f"epoch_ms(numbers.{one.id})" if one.dated else f"numbers.{one.id}"
        query = f"SELECT id, {x} FROM issues JOIN numbers USING (issue) WHERE id IN (SELECT unnest(?))"
        rows = self._database.execute(query, [ids]).fetchall()
        return {id_: [moment(one, x) if one.dated else float(x)] for id_, x in rows if x is not None}


def case_order(case: Case) -> list[Json]:
    """The base query's own order, for a definition without sort rules; generated queries have a plain one."""
    _, _, order = case.definition["jql"].partition(" ORDER BY ")
    words = order.split()
    if not words:
        return []
    return [{"of": {"field": words[0]}, "direction": "descending" if words[1:] == ["DESC"] else "ascending"}]


def _sort_values(one: Field) -> str:
    if one.named:
        return f"SELECT issue, min(rank) AS at FROM v_{one.id} GROUP BY issue"
    return f"SELECT issue, {one.id} AS at FROM numbers"


def _siblings(
    siblings: list[tuple[int, int, Any]], rule: Json, numbers: dict[int, float | None] | None
) -> list[list[int]]:
    """The groups of one parent in their order; several in one list are Others."""
    empty = [[gid] for gid, _, code in siblings if code is None]
    valued = [gid for gid, _, code in siblings if code is not None]
    descending = rule.get("direction") == "descending"
    if numbers is None:
        ordered = valued[::-1] if descending else valued
    else:
        measured = [gid for gid in valued if numbers.get(gid) is not None]
        sign = -1 if descending else 1
        measured.sort(key=lambda gid: sign * float(numbers[gid] or 0))
        ordered = measured + [gid for gid in valued if numbers.get(gid) is None]
    limit = rule.get("limit", len(ordered))
    kept = [[gid] for gid in ordered[:limit]]
    if ordered[limit:]:
        kept.append([-1, *ordered[limit:]])
    return [*empty, *kept] if rule.get("empty") == "first" else [*kept, *empty]


def _label(members: list[int], codes: dict[int, Any], coding: Coding) -> Label:
    if members[0] == -1:
        return ["Others"]
    code = codes[members[0]]
    return [] if code is None else coding.label(code)


def _walk(levels: list[_Level]) -> Iterator[tuple[int, int]]:
    """All groups as the table shows them: each before its children."""
    children: list[dict[int, list[int]]] = []
    for level in levels[1:]:
        below: dict[int, list[int]] = {}
        for gid, parent in level.parents.items():
            below.setdefault(parent, []).append(gid)
        children.append(below)

    def walk(depth: int, parent: int) -> Iterator[tuple[int, int]]:
        for gid in children[depth].get(parent, []) if depth < len(children) else []:
            yield depth + 1, gid
            yield from walk(depth + 1, gid)

    return walk(0, 0)
