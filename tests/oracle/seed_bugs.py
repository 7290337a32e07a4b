"""Seeds known bugs into copies of the engine, one at a time, and shows that the oracle finds each.

`python -m tests.oracle.seed_bugs` prints how many of the definitions each bug makes disagree, and fails where
one goes unnoticed.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.oracle.answer import Oracle
from tests.oracle.compare import differences
from tests.oracle.definitions import Drawing
from tests.oracle.engine import SOURCES, answers
from tests.oracle.suite import edge_issues
from tests.steps import ROOT


@dataclass(frozen=True)
class Bug:
    """A mistake that people make: what it replaces, as a regular expression, in a file of the engine."""

    name: str
    file: str
    right: str
    wrong: str


BUGS = [
    Bug("sub-tasks are counted twice", "aggregate/accumulate.ts", r"if \(!held && ", "if ("),
    Bug("empty is zero", "decode/number.ts", r"(readWrapped\(object\) : )Number\.NaN", r"\g<1>0"),
    Bug(
        "a parent's total is the sum of its children",
        "aggregate/accumulate.ts",
        r"below\?\.whole && belowState",
        "below && belowState",
    ),
    Bug(
        "the deviation is the population's",
        "aggregate/records.ts",
        r"(get\(state, at \+ 2\) / )\(count - 1\)",
        r"\g<1>count",
    ),
    Bug("weeks begin on Sunday", "time/bucket.ts", r"(start === 'iso' \? )1", r"\g<1>0"),
    Bug("the zone is ignored", "report.ts", r"new Zone\([^()]*\)", "new Zone('UTC')"),
    Bug(
        "clocks change an hour late",
        "time/zone.ts",
        r"(instant < this\.#block\.change)",
        r"\g<1> + 3_600_000",
    ),
    Bug(
        "percentiles are the nearest rank",
        "aggregate/spread.ts",
        r"return low \+ \(high - low\) \* \(at - Math\.floor\(at\)\)",
        "return at - Math.floor(at) < 0.5 ? low : high",
    ),
    Bug(
        "several values are one group",
        "group/coding.ts",
        r"rule\.values \?\? 'each'",
        "rule.values === 'first' ? 'first' : 'combined'",
    ),
    Bug(
        "shares are of the first parent",
        "aggregate/by-number.ts",
        r"levels\[depth\]\?\.parents\[group\] \?\? 0",
        "0",
    ),
    Bug(
        "a fiscal year is named after its beginning",
        "time/bucket.ts",
        r"first === 1 \? startYear : startYear \+ 1",
        "startYear",
    ),
    Bug(
        "a cascading option is its parent alone",
        "decode/objects.ts",
        r"if \(!parent \|\| !child\) return parent;",
        "return parent;",
    ),
    Bug(
        "values of an app go by their id",
        "decode/unknown.ts",
        r"(return \{ id: )text(, name: text, \.\.\.\(alias)",
        r"\g<1>alias ?? text\g<2>",
    ),
    Bug(
        "formulas over Σ count sub-tasks twice",
        "formula/formulas.ts",
        r"(const subtasks = )this\.#fields\(id\)\.some\(includesSubtasks\)",
        r"\g<1>false",
    ),
    Bug("an ISO week has its day's year", "time/calendar.ts", r"civilDay\(thursday\)", "civilDay(days)"),
]


class Hunt:
    """The oracle's answers, worked out once, to which every copy of the engine is held."""

    def __init__(self, folder: Path, count: int = 80) -> None:
        self._folder = folder
        self._issues = edge_issues(folder)
        oracle = Oracle(self._issues.issues)
        drawing = Drawing(22, oracle.samples(self._issues.now, self._issues.years))
        self.cases = [drawing.case(index) for index in range(count)]
        self._expected = [oracle.answer(case) for case in self.cases]

    def noticed(self, bug: Bug | None) -> int:
        """How many definitions disagree once the bug is in, or without one.

        Raises ValueError for a bug whose place in the engine is not found: then the engine has changed.
        """
        sources = _copy(self._folder / re.sub(r"\W+", "-", bug.name if bug else "none"))
        if bug:
            _seed(bug, sources / "engine" / bug.file)
        found = answers(self._issues.issues, self.cases, sources)
        pairs = zip(found, self._expected, strict=True)
        return sum(any(differences(engine, oracle)) for engine, oracle in pairs)


def _copy(folder: Path) -> Path:
    """The client's sources and, at the same distance, the definitions that they share with the server."""
    for part in (SOURCES, ROOT / "core" / "definition"):
        shutil.copytree(part, folder / part.relative_to(ROOT))
    return folder / SOURCES.relative_to(ROOT)


def _seed(bug: Bug, file: Path) -> None:
    text, times = re.subn(bug.right, bug.wrong, file.read_text(encoding="utf-8"))
    if times == 0:
        raise ValueError(f"There is no place for “{bug.name}” in {bug.file}.")
    file.write_text(text, encoding="utf-8")


def main() -> int:
    """Seeds all bugs and returns the exit status."""
    with TemporaryDirectory() as folder:
        hunt = Hunt(Path(folder))
        found = {"no bug": hunt.noticed(None), **{bug.name: hunt.noticed(bug) for bug in BUGS}}
    for name, times in found.items():
        sys.stdout.write(f"{times:4} of {len(hunt.cases)} definitions disagree: {name}\n")
    return 0 if found.pop("no bug") == 0 and all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
