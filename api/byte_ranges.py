"""Parts of a file, and files that the caller has already (RFC 9110, 13 and 14)."""

import re
from http import HTTPStatus

import falcon

from api.problems import Refusal

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def wanted_range(req: falcon.Request, tag: str, length: int) -> tuple[int, int] | None:
    """The first byte and the one after the last that are asked for; None for all. Refuses with 416.

    More than one range, or what is no range, may be answered with all of it (RFC 9110, 14.2).
    """
    match = _RANGE.fullmatch((req.get_header("Range") or "").replace(" ", ""))
    if match is None or not any(match.groups()) or req.get_header("If-Range") not in {None, tag}:
        return None
    if not match[1]:
        start, end = max(length - int(match[2]), 0), length
    else:
        start, end = int(match[1]), min(int(match[2] or length) + 1, length)
        if match[2] and int(match[2]) < start:
            return None
    if start >= end:
        raise Refusal(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            f"The file has {length} bytes.",
            headers={"Content-Range": f"bytes */{length}"},
        )
    return start, end


def is_known(req: falcon.Request, tag: str) -> bool:
    """Whether the caller says that it has the representation of this entity tag."""
    header = req.get_header("If-None-Match") or ""
    known = [entry.strip().removeprefix("W/") for entry in header.split(",")]
    return tag in known or known == ["*"]
