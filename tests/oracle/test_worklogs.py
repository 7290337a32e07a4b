from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.oracle import edges
from tests.oracle.case import Case, Json, quoted
from tests.oracle.definitions import PLACES
from tests.oracle.engine import answers
from tests.oracle.suite import write_issues

# How a definition groups, and the same in SQL over rows of worklogs; `part` is one component.
DIMENSIONS: dict[str, tuple[Json, str]] = {
    "author": ({"of": {"field": "worklog.author"}}, "author"),
    "week": ({"of": {"field": "worklog.started"}, "by": "week"}, "strftime(day, '%G-W%V')"),
    "year": ({"of": {"field": "worklog.started"}, "by": "year"}, "strftime(day, '%Y')"),
    "type": ({"of": {"field": "issuetype"}}, "type"),
    "components": ({"of": {"field": "components"}}, "part"),
}
GROUPS = [
    ["author"],
    ["week"],
    ["type", "author"],
    ["components", "author"],
    ["author", "year"],
    ["week", "components"],
]
FILTERS: list[tuple[list[Json], str]] = [
    ([], "true"),
    ([{"of": {"field": "worklog.author"}, "operator": "none of", "values": ["Ben"]}], "author <> 'Ben'"),
    (
        [{"of": {"field": "worklog.timeSpentSeconds"}, "operator": "greater", "values": [3600]}],
        "seconds > 3600",
    ),
]
COLUMNS = [
    ("issuekey", "count", "count(DISTINCT issue)"),
    ("worklog.timeSpentSeconds", "sum", "sum(seconds)"),
    ("worklog.timeSpentSeconds", "average", "avg(seconds)"),
    ("worklog.timeSpentSeconds", "median", "median(seconds)"),
]
CASES = [
    (groups, filters, place)
    for at, groups in enumerate(GROUPS)
    for filters, place in ((FILTERS[at % 3], PLACES[at % 4]), (FILTERS[(at + 1) % 3], PLACES[(at + 1) % 4]))
]


class Worklogs:
    """Issues with worklogs at the edges of the calendar, and a table of them."""

    def __init__(self, path: Path) -> None:
        source = random.Random(3)  # noqa: S311  no secret
        issues = edges.issues(300)
        for issue in issues:
            issue["fields"]["worklog"] = {
                "worklogs": [_worklog(source, issues) for _ in range(source.randrange(4))]
            }
        write_issues(path, issues)
        self.path = path
        self.database = duckdb.connect()
        self.database.execute(
            """CREATE TABLE logged AS SELECT row_number() OVER () AS row, * FROM (
               SELECT id AS issue, fields.issuetype.name AS type, fields.timeoriginalestimate AS estimate,
                      list_transform(fields.components, lambda one: one.name) AS parts,
                      unnest(fields.worklog.worklogs) AS one
               FROM read_json(?, format = 'newline_delimited', sample_size = -1))""",
            [str(path)],
        )

    def groups(self, names: list[str], condition: str, zone: str) -> dict[tuple[str, ...], list[Any]]:
        """Cells by the labels of a group and those above it."""
        labels = ", ".join(f"{DIMENSIONS[name][1]} AS l{at}" for at, name in enumerate(names))
        keys = ", ".join(f"l{at}" for at in range(len(names)))
        spread = (
            "unnest(CASE WHEN len(parts) = 0 THEN [''] ELSE parts END)" if "components" in names else "''"
        )
        query = f"""
            WITH rows AS (SELECT *, {spread} AS part, one.author.displayName AS author,
                   one.timeSpentSeconds AS seconds,
                   CAST(timezone({quoted(zone)}, CAST(one.started AS TIMESTAMPTZ)) AS DATE) AS day
                   FROM logged),
            labelled AS (SELECT DISTINCT row, issue, seconds, estimate, {labels} FROM rows WHERE {condition}),
            once AS (SELECT {keys}, sum(estimate) AS estimate FROM (
                SELECT DISTINCT issue, estimate, {keys} FROM labelled) GROUP BY ALL)
            SELECT {keys}, {", ".join(sql for _, _, sql in COLUMNS)}, any_value(once.estimate)
            FROM labelled JOIN once USING ({keys}) GROUP BY {keys}"""
        rows = self.database.execute(query).fetchall()
        return {row[: len(names)]: list(row[len(names) :]) for row in rows}


def _worklog(source: random.Random, issues: list[Json]) -> Json:
    author = source.choice(["Ann", "Ben", "Cem"])
    return {
        "author": {"accountId": author, "displayName": author},
        "started": source.choice(issues)["fields"]["created"],
        "timeSpentSeconds": source.choice([60, 1800, 3600, 5400, 28_800]),
    }


@pytest.fixture(scope="module")
def worklogs(tmp_path_factory: pytest.TempPathFactory) -> Worklogs:
    return Worklogs(tmp_path_factory.mktemp("worklogs") / "issues.jsonl")


@pytest.fixture(scope="module")
def engine(worklogs: Worklogs) -> list[Json]:
    return answers(worklogs.path, [_case(*one) for one in CASES])


def _case(names: list[str], filters: tuple[list[Json], str], place: tuple[str, str]) -> Case:
    columns = [{"of": {"field": id_}, "aggregate": aggregate} for id_, aggregate, _ in COLUMNS]
    definition: Json = {
        "jql": "project is not EMPTY",
        "rows": "worklog",
        "columns": [*columns, {"of": {"field": "timeoriginalestimate"}, "aggregate": "sum"}],
        "groups": [DIMENSIONS[name][0] for name in names],
        "filters": filters[0],
    }
    return Case(definition, *place, edges.NOW)


def _told(answer: Json) -> dict[tuple[str, ...], list[Any]]:
    found: dict[tuple[str, ...], list[Any]] = {}
    path: list[str] = []
    for depth, label, _, _, cells in answer["groups"]:
        path[depth:] = ["" if not label else label[0].partition(" (")[0]]
        found[tuple(path)] = [cell[0] if cell else None for cell in cells]
    return found


@pytest.mark.parametrize("index", range(len(CASES)))
def test_worklogs_add_up_row_by_row_and_what_is_their_issues_once(
    worklogs: Worklogs, engine: list[Json], index: int
) -> None:
    names, (_, condition), (zone, _) = CASES[index]
    expected: dict[tuple[str, ...], list[Any]] = {}
    for depth in range(len(names)):
        expected |= worklogs.groups(names[: depth + 1], condition, zone)
    found = _told(engine[index])
    assert expected
    assert found.keys() == expected.keys(), json.dumps(_case(*CASES[index]).for_engine())
    for path, cells in expected.items():
        for cell, right in zip(found[path], cells, strict=True):
            assert cell == right or math.isclose(cell, right, rel_tol=1e-9), (path, found[path], cells)
