"""Differences between what the engine says and what the oracle says, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.oracle.answer import Answer
from tests.oracle.measures import Cell, Instant

_TOLERANCE = 1e-9


def differences(engine: dict[str, Any], oracle: Answer) -> Iterator[str]:
    """One line a difference, none where both agree."""
    if engine["notices"]:
        yield f"the engine left something out: {engine['notices']}"
    if engine["issueCount"] != oracle.issue_count:
        yield f"{engine['issueCount']} issues, not {oracle.issue_count}"
    yield from _cells("totals", engine["totals"], oracle.totals)
    yield from _groups(engine["groups"], oracle)
    yield from _blocks(engine["blocks"], oracle.blocks)
    for (id_, cells), (expected_id, expected) in zip(engine["cells"], oracle.issue_cells, strict=False):
        if id_ == expected_id:
            yield from _cells(f"issue {id_}", cells, expected)


def _groups(engine: list[Any], oracle: Answer) -> Iterator[str]:
    if len(engine) != len(oracle.groups):
        yield f"{len(engine)} groups, not {len(oracle.groups)}"
    for at, (found, expected) in enumerate(zip(engine, oracle.groups, strict=False)):
        depth, label, count, share, cells = found
        where = f"group {at} {'/'.join(expected.label) or '(empty)'}"
        if (depth, label) != (expected.depth, expected.label):
            yield f"{where} at depth {expected.depth} is {label} at depth {depth}"
        if count != expected.count:
            yield f"{where} counts {count}, not {expected.count}"
        if not _same(share, expected.share):
            yield f"{where} has a share of {share}, not {expected.share}"
        yield from _cells(where, cells, expected.cells)


def _blocks(engine: list[list[str]], oracle: list[list[str]]) -> Iterator[str]:
    if len(engine) != len(oracle):
        yield f"issues in {len(engine)} blocks, not {len(oracle)}"
    for at, (found, expected) in enumerate(zip(engine, oracle, strict=False)):
        if found != expected:
            place = next((n for n, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), -1)
            yield f"issues of block {at} differ at {place}: {found[place]} and {expected[place]}"


def _cells(where: str, engine: list[Any], oracle: list[Cell]) -> Iterator[str]:
    if len(engine) != len(oracle):
        yield f"{where} has {len(engine)} cells, not {len(oracle)}"
    for at, (found, expected) in enumerate(zip(engine, oracle, strict=False)):
        values = found if isinstance(found, list) else [found]
        if len(values) != len(expected) or not all(map(_same, values, expected)):
            yield f"{where}, column {at}: {found}, not {expected}"


def _same(found: Any, expected: float | str | Instant) -> bool:
    if isinstance(expected, Instant):
        return isinstance(found, str) and abs(_milliseconds(found) - expected.milliseconds) <= 1
    if isinstance(expected, str):
        return bool(found == expected)
    number = isinstance(found, int | float)
    return number and math.isclose(found, expected, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def _milliseconds(iso: str) -> float:
    try:
        return datetime.fromisoformat(iso).timestamp() * 1000
    except ValueError:
        return math.nan
