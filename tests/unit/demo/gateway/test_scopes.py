from __future__ import annotations

import pytest

from demo.gateway.scopes import is_allowed
from demo.rest import scope_of


@pytest.mark.parametrize(
    ("granted", "needed", "allowed"),
    [
        ({"READ"}, "READ", True),
        ({"READ"}, "WRITE", False),
        ({"WRITE"}, "READ", True),
        ({"ADMIN"}, "DELETE", True),
        ({"READ", "ACT_AS_USER"}, "WRITE", False),
        ({"ADMIN"}, "INACCESSIBLE", False),
        (set(), "READ", False),
        (set(), None, True),
    ],
)
def test_a_scope_brings_the_narrower_ones(granted: set[str], needed: str | None, allowed: bool) -> None:
    assert is_allowed(granted, needed) is allowed


def test_an_app_that_reads_cannot_fetch_in_bulk() -> None:
    assert not is_allowed({"READ"}, scope_of("POST", "/rest/api/3/issue/bulkfetch"))
    assert not is_allowed({"READ"}, scope_of("POST", "/rest/api/3/changelog/bulkfetch"))
    assert is_allowed({"READ"}, scope_of("GET", "/rest/api/3/search/jql"))
