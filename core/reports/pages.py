"""Pages of the list that a process has built, for as long as the database would give the same.

1. A page is read in one statement with its tenant's change mark, so that both are of one moment.
2. Before a page is given again the mark is read anew, by the statement that also checks that the tenant is
   active with the caller's secret. The same mark means that no report and no star of the tenant has changed.
   The mark is the tenant's own and random, so that another tenant's page would not do either.
3. Kept is what nothing else bears on: all was known of the caller's groups and projects, which are part of
   the key and asked anew after five minutes; deleted reports go by the clock, and are read each time.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from core.callers import Caller
from core.database import Row
from core.recent import Recent
from core.reports.listing import ListRequest
from core.rights import Standing

_SECONDS = 300.0
MOST_BYTES = 1 << 24
# What a page takes besides its text, and for each id that is known of its reader, at most.
_BYTES_EACH = 2000
_BYTES_AN_ID = 150

_Key = tuple[UUID, str, Standing, ListRequest]


class Page(NamedTuple):
    """A page as JSON text in UTF-8, and a digest of it that no other text has."""

    content: bytes
    digest: str


class _Kept(NamedTuple):
    mark: str
    page: Page


def page_of(text: str) -> Page:
    """The page of a text."""
    content = text.encode()
    return Page(content, hashlib.blake2b(content, digest_size=12).hexdigest())


class Pages:
    """What one process keeps: in memory, at most MOST_BYTES, each page for five minutes. Safe for threads."""

    def __init__(self) -> None:
        self._recent: Recent[_Key, _Kept] = Recent(size=MOST_BYTES, seconds=_SECONDS)

    def find(
        self, caller: Caller, standing: Standing, request: ListRequest, present: Callable[[], str | None]
    ) -> Page | None:
        """The page as it is now, if it is kept; `present` reads the tenant's change mark where one is."""
        kept = self._recent.get(_key(caller, standing, request)) if _is_kept(request) else None
        return kept.page if kept and kept.mark == present() else None

    def keep(self, caller: Caller, standing: Standing, request: ListRequest, row: Row, page: Page) -> None:
        """Keeps a page that was made of a row of the list's query for this standing."""
        if not _is_kept(request) or standing.unchecked or row["unasked_groups"] or row["unasked_projects"]:
            return
        if row["mark"] is not None:
            ids = len(standing.groups or ()) + len(standing.browsable) + len(standing.closed)
            weight = len(page.content) + _BYTES_EACH + _BYTES_AN_ID * ids
            self._recent.put(_key(caller, standing, request), _Kept(row["mark"], page), weight=weight)


def _is_kept(request: ListRequest) -> bool:
    """Whether a list is likely to be asked for again, and does not go by the clock."""
    return not request.deleted and request.cursor is None and not request.search


def _key(caller: Caller, standing: Standing, request: ListRequest) -> _Key:
    return caller.tenant.id, caller.account_id, standing, request
