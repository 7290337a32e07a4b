"""One question put to both the engine and the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A definition and what its numbers depend on besides the issues; `now` in milliseconds since 1970."""

    definition: Json
    zone: str
    locale: str
    now: int

    def for_engine(self) -> Json:
        """As `engine.mjs` reads it."""
        return {"definition": self.definition, "zone": self.zone, "locale": self.locale, "now": self.now}


def quoted(text: str) -> str:
    """A literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
