"""Pages by offset, as most of Jira's lists have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from demo.issues.model import Json
from demo.issues.site import Site
from demo.rest.call import Answer, Call

Thing = TypeVar("Thing")


def offset_page(
    site: Site,
    call: Call,
    things: Sequence[Thing],
    shown: Callable[[Thing], Json],
    *,
    default: int,
    most: int,
) -> Answer:
    """The page that `startAt` and `maxResults` ask for."""
    start, size = call.integer("startAt", 0), call.integer("maxResults", default, most)
    values = [shown(thing) for thing in things[start : start + size]]
    path = call.url.partition("?")[0]
    page = {
        "self": _address(site, path, start, size),
        "maxResults": size,
        "startAt": start,
        "total": len(things),
        "isLast": start + size >= len(things),
        "values": values,
    }
    if not page["isLast"]:
        page["nextPage"] = _address(site, path, start + size, size)
    return Answer(page, len(values))


def _address(site: Site, path: str, start: int, size: int) -> str:
    return f"{site.base_url}{path}?{urlencode({'startAt': start, 'maxResults': size})}"
