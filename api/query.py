"""Query parameters: each is known, given once, and read by a reader of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import falcon

from api.problems import Refusal
from core.shapes import Problem
from core.tokens import is_account_id

Reader = Callable[[str], object]
_MOST_ITEMS = 100


def parameters(req: falcon.Request, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """What the parameters say. A reader raises ValueError with the end of a sentence.

    Refuses with 400, a pointer for each parameter that is wrong, unknown or given twice.
    """
    values: dict[str, Any] = {}
    problems = []
    for name, given in req.params.items():
        try:
            values[name] = _value(name, given, readers)
        except ValueError as error:
            problems.append(Problem(f"/{name}", str(error)))
    if problems:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The query parameters are not understood.", errors=problems)
    return values


def limit(text: str) -> int:
    """How many items a page may hold: 1 to 100."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_ITEMS))):
        raise ValueError(f"must be a whole number from 1 to {_MOST_ITEMS}")
    if not 1 <= int(text) <= _MOST_ITEMS:
        raise ValueError(f"must be a whole number from 1 to {_MOST_ITEMS}")
    return int(text)


def account(text: str) -> str:
    """An account's id."""
    if not is_account_id(text):
        raise ValueError("must be an Atlassian account id")
    return text


def moment(text: str) -> datetime:
    """A time as RFC 3339 writes it, with its zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None or "T" not in text.upper():
        raise ValueError("must be a time such as 2026-01-31T09:00:00Z")
    return read


def _value(name: str, given: str | list[str], readers: Mapping[str, Reader]) -> object:
    if name not in readers:
        raise ValueError("is not known here")
    if not isinstance(given, str):
        raise ValueError("is given twice")
    if "\0" in given or not given.isprintable():
        raise ValueError("holds a character that cannot be searched for")
    return readers[name](given)
