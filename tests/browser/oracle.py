"""What the totals of the real issues are, by DuckDB over the raw JSON: shares no code with the engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

MEASURES = ("timeoriginalestimate", "timespent", "customfield_10016")

_SUMS = ", ".join(f"sum(cast(fields->>'$.{name}' as double))" for name in MEASURES)
_COLUMNS = "{'id': 'varchar', 'key': 'varchar', 'fields': 'json'}"
_SOURCE = f"from read_json(?, format='newline_delimited', columns={_COLUMNS})"


@dataclass(frozen=True)
class Totals:
    """Issues of a group and the sum of each of `MEASURES`; none where every value is empty."""

    count: int
    sums: tuple[float | None, ...]


def by_project_and_status(issues: Path) -> dict[tuple[str, ...], Totals]:
    """Totals by path: `()` is the grand total, `(project,)` and `(project, status)` its groups."""
    rows = duckdb.execute(
        f"""
        select fields->>'$.project.name', fields->>'$.status.name', count(distinct id), {_SUMS}
        {_SOURCE}
        group by rollup(1, 2)
        """,
        [str(issues)],
    ).fetchall()
    return {
        tuple(name for name in row[:2] if name is not None): Totals(row[2], tuple(row[3:])) for row in rows
    }
