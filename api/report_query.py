"""The query parameters of the list of reports."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import falcon

from api.problems import Refusal
from core.reports import ListRequest
from core.reports.listing import SORTS
from core.shapes import Problem, quoted_choices
from core.tokens import is_account_id

_MOST_ITEMS = 100
_LONGEST_SEARCH = 255


def list_request(req: falcon.Request) -> ListRequest:
    """What a request asks for. Refuses with 400, a pointer for each parameter that is wrong or unknown."""
    values: dict[str, Any] = {}
    problems = []
    for name, given in req.params.items():
        try:
            values[name] = _value(name, given)
        except ValueError as error:
            problems.append(Problem(f"/{name}", str(error)))
    if problems:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The query parameters are not understood.", errors=problems)
    return ListRequest(**values)


def _value(name: str, given: str | list[str]) -> object:
    if name not in _READERS:
        raise ValueError("is not known here")
    if not isinstance(given, str):
        raise ValueError("is given twice")
    if "\0" in given or not given.isprintable():
        raise ValueError("holds a character that cannot be searched for")
    return _READERS[name](given)


def _sort(text: str) -> str:
    if text not in SORTS:
        raise ValueError(f"must be {quoted_choices(SORTS)}")
    return text


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_ITEMS))):
        raise ValueError(f"must be a whole number from 1 to {_MOST_ITEMS}")
    if not 1 <= int(text) <= _MOST_ITEMS:
        raise ValueError(f"must be a whole number from 1 to {_MOST_ITEMS}")
    return int(text)


def _search(text: str) -> str:
    if len(text) > _LONGEST_SEARCH:
        raise ValueError(f"must have at most {_LONGEST_SEARCH} characters")
    return text


def _owner(text: str) -> str:
    if not is_account_id(text):
        raise ValueError("must be an Atlassian account id")
    return text


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text == "true"


_READERS: dict[str, Callable[[str], object]] = {
    "sort": _sort,
    "limit": _limit,
    "cursor": str,
    "search": _search,
    "owner": _owner,
    "starred": _flag,
    "deleted": _flag,
}
