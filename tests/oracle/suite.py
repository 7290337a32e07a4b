"""Sets of issues, the definitions drawn for each, and what engine and oracle disagree about."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.issues import generate
from tests.oracle import edges
from tests.oracle.answer import Oracle
from tests.oracle.case import Case, Json
from tests.oracle.compare import differences
from tests.oracle.definitions import Drawing
from tests.oracle.engine import SOURCES, answers

# `make soak` draws ten times as many definitions, the usual ones first.
LENGTH = 10 if os.environ.get("SOAK") else 1
REAL_NOW = 1_522_054_800_000  # 2018-03-26T09:00:00Z, the day after Europe's clocks went forward
DEMO_NOW = 1_700_000_000_000  # 2023-11-14T22:13:20Z


@dataclass(frozen=True)
class IssueSet:
    """A file of issues; `now` is the present of its reports, `years` those that filters name."""

    issues: Path
    now: int
    years: tuple[int, int]


def real_issues(path: Path) -> IssueSet:
    """Issues of a public Jira."""
    return IssueSet(path, REAL_NOW, (2011, 2021))


def demo_issues(folder: Path, count: int = 2500) -> IssueSet:
    """Issues as the stand-in Jira generates them."""
    path = folder / "demo.jsonl"
    site = generate("https://jira.example", seed=7, count=count, now=DEMO_NOW)
    made = ({"id": str(one.id), "key": one.key, "fields": one.fields} for one in site.store.issues())
    write_issues(path, made)
    return IssueSet(path, DEMO_NOW, (2021, 2023))


def edge_issues(folder: Path, count: int = 700) -> IssueSet:
    """Issues at the edges of the calendar and of Jira's shapes."""
    path = folder / "edges.jsonl"
    write_issues(path, edges.issues(count))
    return IssueSet(path, edges.NOW, (2009, 2027))


def write_issues(path: Path, issues: Any) -> None:
    """One JSON a line."""
    path.write_text("".join(json.dumps(issue) + "\n" for issue in issues), encoding="utf-8")


class Trial:
    """Definitions drawn for one set of issues: the engine answers all at once, the oracle one by one."""

    def __init__(self, issues: IssueSet, *, seed: int, count: int, sources: Path = SOURCES) -> None:
        self.oracle = Oracle(issues.issues)
        drawing = Drawing(seed, self.oracle.samples(issues.now, issues.years))
        self.cases = [drawing.case(index) for index in range(count)]
        self._engine: list[Json] = answers(issues.issues, self.cases, sources)

    def disagreement(self, index: int) -> str:
        """What engine and oracle say differently, with the definition; empty where they agree."""
        case = self.cases[index]
        found = list(differences(self._engine[index], self.oracle.answer(case)))
        return "" if not found else "\n".join([f"{len(found)} differences", *found[:8], _told(case)])

    def disagreements(self) -> Iterator[str]:
        """All of them."""
        return filter(None, map(self.disagreement, range(len(self.cases))))


def _told(case: Case) -> str:
    return json.dumps(case.for_engine(), ensure_ascii=False)
