"""The query parameters of the list of reports."""

from collections.abc import Mapping

import falcon

from api.query import Reader, account, limit, parameters
from core.reports import ListRequest
from core.reports.listing import SORTS
from core.shapes import quoted_choices

_LONGEST_SEARCH = 255


def list_request(req: falcon.Request) -> ListRequest:
    """What a request asks for. Refuses with 400, a pointer for each parameter that is wrong or unknown."""
    return ListRequest(**parameters(req, _READERS))


def _sort(text: str) -> str:
    if text not in SORTS:
        raise ValueError(f"must be {quoted_choices(SORTS)}")
    return text


def _search(text: str) -> str:
    if len(text) > _LONGEST_SEARCH:
        raise ValueError(f"must have at most {_LONGEST_SEARCH} characters")
    return text


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text == "true"


_READERS: Mapping[str, Reader] = {
    "sort": _sort,
    "limit": limit,
    "cursor": str,
    "search": _search,
    "owner": account,
    "starred": _flag,
    "deleted": _flag,
}
