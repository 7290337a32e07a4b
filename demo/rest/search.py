"""Searching: `/search/jql`, its estimate, and the removed `/search`."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from demo.issues.model import Json
from demo.issues.site import Site
from demo.jql import search
from demo.jql.syntax import JqlError
from demo.rest.call import Answer, Call, JiraError, refused, strings
from demo.rest.rendering import Renderer, identity_only, wanted_fields
from demo.rest.tokens import issue_token, read_token

MOST_WITH_FIELDS = 100
MOST_IDENTITIES = 5000
MOST_RECONCILED = 50
MOST_PROPERTIES = 5
_DEFAULT_SIZE = 50
_SHORT_PAGES = 1 / 6
_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A search as asked for."""

    jql: str
    size: int
    fields: list[str]
    token: str | None
    expand: frozenset[str]


def removed(_site: Site, _call: Call) -> Answer:
    """`/search`, as Jira answers it since its removal."""
    return Answer({"errorMessages": [_REMOVED], "errors": {}}, status=410)


def by_parameters(site: Site, call: Call) -> Answer:
    """GET `/search/jql`."""
    expand = frozenset(call.texts("expand"))
    size = call.integer("maxResults", _DEFAULT_SIZE)
    _limit("reconcileIssues", call.texts("reconcileIssues"), MOST_RECONCILED)
    _limit("properties", call.texts("properties"), MOST_PROPERTIES)
    request = Request(call.text("jql") or "", size, call.texts("fields"), call.text("nextPageToken"), expand)
    return _search(site, call, request)


def by_body(site: Site, call: Call) -> Answer:
    """POST `/search/jql`."""
    body = call.body(
        expand=str,
        fields=list,
        fieldsByKeys=bool,
        jql=str,
        maxResults=int,
        nextPageToken=str,
        properties=list,
        reconcileIssues=list,
    )
    _limit("reconcileIssues", body.get("reconcileIssues", []), MOST_RECONCILED)
    _limit("properties", body.get("properties", []), MOST_PROPERTIES)
    expand = frozenset(part.strip() for part in body.get("expand", "").split(","))
    fields = [part.strip() for name in strings(body.get("fields", []), "fields") for part in name.split(",")]
    size = body.get("maxResults", _DEFAULT_SIZE)
    return _search(site, call, Request(body.get("jql", ""), size, fields, body.get("nextPageToken"), expand))


def _limit(name: str, given: list[Json], most: int) -> None:
    if len(given) > most:
        raise JiraError(400, f"The maximum number of values allowed for '{name}' is {most}.")


def _search(site: Site, call: Call, request: Request) -> Answer:
    if request.size <= 0:
        raise JiraError(400, "The 'maxResults' parameter must be greater than 0.")
    account, names = call.account, request.fields or ["id"]
    lean = identity_only(names)
    size = min(request.size, MOST_IDENTITIES if lean else MOST_WITH_FIELDS)
    try:
        query = search.bounded(request.jql)
        after = read_token(site, account, request.jql, request.token) if request.token else None
        page = search.page(site, account, query, after, _perhaps_short(site, request, size))
    except JqlError as error:
        raise refused(error) from None
    renderer = Renderer(site, account, [] if lean else wanted_fields(site, names))
    with site.store.lock:
        issues = [renderer.issue(issue, request.expand) for issue in page.issues]
    if lean:
        issues = [_identity(issue, names, request.expand) for issue in issues]
    body: dict[str, Json] = {"issues": issues, "isLast": page.end is None}
    if page.end is not None:
        body["nextPageToken"] = issue_token(site, account, request.jql, page.end)
    if "names" in request.expand:
        body["names"] = renderer.names()
    if "schema" in request.expand:
        body["schema"] = renderer.schemas()
    return Answer(body, len(issues))


def _identity(issue: Json, names: list[str], expand: frozenset[str]) -> Json:
    """Without fields Jira answers the id alone, or what it always adds to a key."""
    if set(names) == {"id"}:
        return {"id": issue["id"]} | ({"changelog": issue["changelog"]} if "changelog" in expand else {})
    return {name: value for name, value in issue.items() if name != "fields"}


def _perhaps_short(site: Site, request: Request, size: int) -> int:
    """Jira may return fewer than asked for; here one page in six, the same ones each time."""
    chance = random.Random(f"{site.seed} {request.jql} {request.token} {size}")  # noqa: S311  no secret
    if size == 1 or chance.random() >= _SHORT_PAGES:
        return size
    return max(1, size - chance.randint(1, max(1, size * 3 // 10)))


def approximate_count(site: Site, call: Call) -> Answer:
    """POST `/search/approximate-count`: up to 3 % off, the same for the same query."""
    jql = call.body(jql=str).get("jql", "")
    try:
        exact = search.count(site, call.account, search.bounded(jql))
    except JqlError as error:
        raise refused(error) from None
    share = int.from_bytes(hashlib.sha256(f"{site.seed} {jql}".encode()).digest()[:4]) / 0xFFFFFFFF
    return Answer({"count": exact + int(exact * (share * 0.06 - 0.03))})
