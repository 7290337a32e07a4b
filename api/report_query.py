"""The query parameters of the list of reports."""

from collections.abc import Mapping

import falcon

from api.query import LIMIT, Parameter, account, parameters
from core.reports import ListRequest
from core.reports.listing import LONGEST_CURSOR, LONGEST_SEARCH, SORTS

PARAMETERS: Mapping[str, Parameter] = {
    "sort": Parameter(
        "The order; with a dash the largest or latest first.",
        {"type": "string", "enum": SORTS, "default": "-updated"},
    ),
    "limit": LIMIT,
    "cursor": Parameter(
        "Where to go on: `next` of the page before, in the same order.",
        {"type": "string", "minLength": 1, "maxLength": LONGEST_CURSOR},
    ),
    "search": Parameter(
        "Only reports with this text in their name or description, in capitals or small letters.",
        {"type": "string", "maxLength": LONGEST_SEARCH},
    ),
    "owner": account("Only reports that this account administers."),
    "starred": Parameter(
        "`true`: only those with the caller's star; `false`: only those without.", {"type": "boolean"}
    ),
    "deleted": Parameter(
        "`true`: the caller's deleted reports instead.", {"type": "boolean", "default": False}
    ),
}


def list_request(req: falcon.Request) -> ListRequest:
    """What a request asks for. Refuses with 400, a pointer for each parameter that is wrong or unknown."""
    return ListRequest(**parameters(req, PARAMETERS))
