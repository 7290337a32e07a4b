"""One question put to both the engine and the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Formula:
    """A formula of a definition and what it is in SQL; `fields` are those of one evaluated over groups.

    `sigma` says that it holds what Σ holds, so that a parent's value counts for its sub-tasks too.
    """

    id: str
    expression: str
    sql: str
    rollup: Any = None
    fields: tuple[str, ...] = ()
    sigma: bool = False

    def as_defined(self) -> Json:
        """As it stands in a definition."""
        rollup = {} if self.rollup is None else {"rollup": self.rollup}
        return {"id": self.id, "name": f"Formula {self.id}", "expression": self.expression, **rollup}


@dataclass(frozen=True)
class Case:
    """A definition and what its numbers depend on besides the issues; `now` in milliseconds since 1970."""

    definition: Json
    zone: str
    locale: str
    now: int
    formulas: tuple[Formula, ...] = ()

    def for_engine(self) -> Json:
        """As `engine.mjs` reads it."""
        return {"definition": self.definition, "zone": self.zone, "locale": self.locale, "now": self.now}


def quoted(text: str) -> str:
    """A literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
