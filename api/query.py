"""Query parameters: each is known, given once, and fits the schema that the API's description shows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import falcon

from api.problems import Refusal
from core.reports.body import ACCOUNT, WORDS
from core.shapes import Problem, Shape, pointer_of

_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_FLAGS = {"true": True, "false": False}
_MOST_ITEMS = 100


def _as_it_is(value: object) -> object:
    return value


@dataclass(frozen=True)
class Parameter:
    """A query parameter: a sentence about it and the JSON schema of its value.

    `read` makes of a value that fits what the resource works with; it raises ValueError with the end of a
    sentence.
    """

    about: str
    schema: Mapping[str, Any]
    read: Callable[[Any], object] = _as_it_is
    _shape: Shape = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_shape", Shape(dict(self.schema), WORDS))

    def value_of(self, text: str) -> object:
        """What a text says. Raises ValueError with the end of a sentence."""
        value = self._typed(text)
        problems = self._shape.problems(value)
        if problems:
            raise ValueError(problems[0].detail)
        return self.read(value)

    def _typed(self, text: str) -> object:
        """A text of a query as JSON writes its kind of value; what is none stays as it is."""
        kind = self.schema.get("type")
        if kind == "integer" and _INTEGER.fullmatch(text):
            return int(text)
        return _FLAGS.get(text, text) if kind == "boolean" else text


def parameters(req: falcon.Request, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """What the parameters say, as far as they are given.

    Refuses with 400, a pointer for each parameter that is wrong, unknown or given twice.
    """
    values: dict[str, Any] = {}
    problems = []
    for name, given in req.params.items():
        try:
            values[name] = _value(name, given, known)
        except ValueError as error:
            problems.append(Problem(pointer_of([name]), str(error)))
    if problems:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The query parameters are not understood.", errors=problems)
    return values


def _value(name: str, given: str | list[str], known: Mapping[str, Parameter]) -> object:
    if name not in known:
        raise ValueError("is not known here")
    if not isinstance(given, str):
        raise ValueError("is given twice")
    return known[name].value_of(given)


def _moment(text: str) -> datetime:
    """A time as RFC 3339 writes it, with its zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None or "T" not in text.upper():
        raise ValueError("must be a time such as 2026-01-31T09:00:00Z")
    return read


LIMIT = Parameter(
    "How many entries a page holds at most.",
    {"type": "integer", "minimum": 1, "maximum": _MOST_ITEMS, "default": 20},
)


def account(about: str) -> Parameter:
    """An account's id."""
    return Parameter(about, ACCOUNT)


def moment(about: str) -> Parameter:
    """A time."""
    return Parameter(about, {"type": "string", "format": "date-time"}, _moment)
