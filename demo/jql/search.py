"""Pages of a search: where to go on is the last issue's sort key, so edits between pages act as in Jira."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from demo.issues.bitmap import bytes_of, rows_of
from demo.issues.index import Key, ordered_key
from demo.issues.model import Account, Issue
from demo.issues.site import Site
from demo.issues.values import sort_value
from demo.jql.evaluate import Evaluation
from demo.jql.parse import parse
from demo.jql.syntax import Field, JqlError, Query, Sort

MOST_SORTS = 7
_SPARSE = 32  # below one row in so many, sorting the found ones beats walking all
# Each field has a direction of its own where ORDER BY names none.
_LARGEST_FIRST = frozenset(
    {
        "created",
        "updated",
        "resolutiondate",
        "statuscategorychangedate",
        "lastViewed",
        "priority",
        "votes",
        "watches",
        "timespent",
        "timeestimate",
        "timeoriginalestimate",
    }
)
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


@dataclass(frozen=True, slots=True)
class Page:
    """`end`: sort key of the last issue, to go on after; None when nothing is left."""

    issues: list[Issue]
    end: Key | None


def bounded(text: str) -> Query:
    """Parses a query as the search API wants it: restricted, at most seven sorts. Raises JqlError."""
    query = parse(text)
    if query.where is None:
        raise JqlError(UNBOUNDED)
    if len(query.order) > MOST_SORTS:
        raise JqlError(f"The maximum number of fields allowed in the ORDER BY clause is {MOST_SORTS}.")
    return query


def page(site: Site, account: Account | None, query: Query, after: Key | None, size: int) -> Page:
    """Up to `size` issues that stand after the key in the query's order now. Raises JqlError."""
    with site.store.lock:
        evaluation = Evaluation(site, account)
        rows = evaluation.rows(query)
        ordering = site.store.ordering(*_order(evaluation, query))
        if rows.bit_count() * _SPARSE < len(site.store.rows):
            held = [site.store.rows[row] for row in rows_of(rows)]
            keys = sorted((ordering.key_of(issue), issue.row) for issue in held if issue is not None)
            walk = iter([row for key, row in keys if after is None or key > after])
        else:
            walk = ordering.after(after, bytes_of(rows))
        found = [issue for row in islice(walk, size + 1) if (issue := site.store.rows[row]) is not None]
        more = len(found) > size
        return Page(found[:size], ordering.key_of(found[size - 1]) if more else None)


def count(site: Site, account: Account | None, query: Query) -> int:
    """How many issues the query finds. Raises JqlError."""
    with site.store.lock:
        return Evaluation(site, account).rows(query).bit_count()


def check(site: Site, account: Account | None, query: Query) -> list[str]:
    """What Jira would say against the query, in its words; nothing for a good one."""
    with site.store.lock:
        evaluation = Evaluation(site, account)
        complaints: list[str] = []
        for step in (lambda: evaluation.rows(query), lambda: _order(evaluation, query)):
            try:
                step()
            except JqlError as error:
                complaints.extend(error.messages)
        return complaints


def _order(evaluation: Evaluation, query: Query) -> tuple[str, Callable[[Issue], Key]]:
    """A name and the sort key of the query's order; without one the newest come first. Raises JqlError."""
    terms: list[tuple[Callable[[Issue], Any], bool]] = []
    names = []
    sorts = query.order or (Sort(Field("created", "created"), "desc"),)
    for sort in sorts:
        field = evaluation.field(sort.field.name, sort.field.name)
        value = sort_value(field, evaluation.site.catalogue)
        if value is None:
            raise JqlError(f"Not able to sort using field '{sort.field.name}'.")
        direction = sort.direction or ("desc" if field.id in _LARGEST_FIRST else "asc")
        terms.append((value, direction == "desc"))
        names.append(f"{field.id} {direction}")
    return ",".join(names), ordered_key(terms)


def warm(site: Site) -> None:
    """Builds what nearly every search needs, so that the first one is no slower than the rest."""
    everything = (
        "created is not EMPTY AND project is not EMPTY AND status is not EMPTY AND updated is not EMPTY"
    )
    for order in ("created ASC, key ASC", "created DESC"):
        page(site, site.accounts()[0], bounded(f"{everything} ORDER BY {order}"), None, 1)
