"""Every route of the REST API: what it needs, what it costs, who answers it.

Scopes are those of Connect as Jira's OpenAPI declares them. A call costs one point, and more for what it
returns: one an object, two where the objects are people, groups or permissions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from demo.issues.site import Site
from demo.rest import issue, jql, people, personal_data, projects, reference, search
from demo.rest.call import Answer, Call

PREFIX = "/rest/api/3"
READ, WRITE, ADMIN, INACCESSIBLE = "READ", "WRITE", "ADMIN", "INACCESSIBLE"
CORE, IDENTITY = 1, 2


@dataclass(frozen=True, slots=True)
class Route:
    """`points`: for each object of the answer."""

    method: str
    path: str
    scope: str
    points: int
    handle: Callable[[Site, Call], Answer]


def _route(
    method: str, path: str, handle: Callable[[Site, Call], Answer], points: int = CORE, scope: str = READ
) -> Route:
    return Route(method, PREFIX + path, scope, points, handle)


ROUTES: tuple[Route, ...] = (
    _route("GET", "/search", search.removed),
    _route("POST", "/search", search.removed),
    _route("GET", "/search/jql", search.by_parameters),
    _route("POST", "/search/jql", search.by_body),
    _route("POST", "/search/approximate-count", search.approximate_count),
    _route("POST", "/jql/parse", jql.parse_queries),
    _route("GET", "/jql/autocompletedata", jql.reference),
    _route("POST", "/jql/autocompletedata", jql.filtered_reference),
    _route("GET", "/jql/autocompletedata/suggestions", jql.suggestions),
    _route("GET", "/field", reference.fields),
    _route("GET", "/priority", reference.priorities),
    _route("GET", "/priority/search", reference.priority_search),
    _route("GET", "/priority/{id}", reference.priority),
    _route("GET", "/status", reference.statuses),
    _route("GET", "/status/{idOrName}", reference.status),
    _route("GET", "/statuscategory", reference.status_categories),
    _route("GET", "/resolution", reference.resolutions),
    _route("GET", "/resolution/search", reference.resolution_search),
    _route("GET", "/issuetype", reference.types),
    _route("GET", "/issueLinkType", reference.link_types),
    _route("GET", "/label", reference.labels),
    _route("GET", "/configuration", reference.configuration),
    _route("GET", "/configuration/timetracking/options", reference.time_tracking),
    _route("GET", "/serverInfo", reference.server_info),
    _route("GET", "/project/search", projects.search),
    _route("GET", "/project/{projectIdOrKey}", projects.project),
    _route("GET", "/project/{projectIdOrKey}/versions", projects.versions),
    _route("GET", "/project/{projectIdOrKey}/version", projects.versions_page),
    _route("GET", "/project/{projectIdOrKey}/components", projects.components),
    _route("GET", "/project/{projectIdOrKey}/statuses", projects.statuses),
    _route("GET", "/version/{id}", projects.version),
    _route("GET", "/component/{id}", projects.component),
    _route("GET", "/myself", people.myself, IDENTITY),
    _route("GET", "/user", people.user, IDENTITY),
    _route("GET", "/user/bulk", people.users_in_bulk, IDENTITY),
    _route("GET", "/user/groups", people.user_groups, IDENTITY),
    _route("GET", "/user/search", people.user_search, IDENTITY),
    _route("GET", "/user/picker", people.user_picker, IDENTITY),
    _route("GET", "/groups/picker", people.groups_picker, IDENTITY),
    _route("GET", "/mypermissions", people.my_permissions, IDENTITY),
    _route("POST", "/permissions/check", people.check_permissions, IDENTITY),
    _route("POST", "/permissions/project", people.permitted_projects, IDENTITY),
    _route("POST", "/issue/bulkfetch", issue.fetch, scope=WRITE),
    _route("POST", "/changelog/bulkfetch", issue.changelogs, scope=INACCESSIBLE),
    _route("GET", "/issue/{issueIdOrKey}", issue.issue),
    _route("GET", "/issue/{issueIdOrKey}/worklog", issue.worklogs),
    _route("GET", "/issue/{issueIdOrKey}/changelog", issue.changelog),
    _route("POST", "/worklog/list", issue.worklogs_by_id),
    _route("GET", "/worklog/updated", issue.updated_worklogs),
    _route("GET", "/worklog/deleted", issue.deleted_worklogs),
)

CONNECT_ROUTES = (Route("POST", personal_data.PATH, READ, IDENTITY, personal_data.report_accounts),)
"""Those that Connect adds for apps; Jira's OpenAPI does not have them."""


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


_PATTERNS = sorted(
    ((_pattern(route.path), route) for route in (*ROUTES, *CONNECT_ROUTES)),
    key=lambda pair: pair[1].path.count("{"),
)


def route_of(method: str, path: str) -> Route | None:
    """The route that answers the call; literal paths win over variable ones."""
    return next((r for pattern, r in _PATTERNS if r.method == method and pattern.fullmatch(path)), None)


def scope_of(method: str, path: str) -> str | None:
    """The Connect scope that the call needs: READ, WRITE, ADMIN, INACCESSIBLE; None where nothing answers."""
    route = route_of(method, path)
    return route.scope if route else None
