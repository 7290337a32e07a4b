"""What commands print: text in columns for people at a terminal, JSON for programs."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

_GAP = "  "


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    indent: int = 0,
) -> str:
    """Rows below each other, each column as wide as its widest cell; `numbers` are set to the right.

    Without `columns` there is no head, and the cells that are digits alone are set to the right.
    """
    lines = [[column.upper() for column in columns], *rows] if columns else list(rows)
    widths = [max(len(cell) for cell in cells) for cells in zip(*lines, strict=True)]
    right = [column in numbers for column in columns] or [
        _all_digits(cells) for cells in zip(*rows, strict=True)
    ]
    return "\n".join(" " * indent + _line(line, widths, right) for line in lines)


def aligned(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and their values, a pair a line."""
    return table((), pairs)


def readable(moment: datetime | None) -> str:
    """A moment in UTC to the second; a dash where there is none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else "-"


def rfc3339(moment: datetime) -> str:
    """A moment in UTC as all our JSON has it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def print_json(value: object) -> None:
    """Prints an answer for programs; moments as `rfc3339` writes them."""
    print(json.dumps(value, default=_json_text, ensure_ascii=False, indent=2))


def _json_text(value: object) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return _GAP.join(padded).rstrip()


def _all_digits(cells: Sequence[str]) -> bool:
    return all(cell.isdigit() for cell in cells)
