"""Single issues, their worklogs and changelogs."""

from __future__ import annotations

from demo.issues.model import Issue, Json, Worklog
from demo.issues.site import Site
from demo.rest.call import Answer, Call, JiraError, strings
from demo.rest.paging import offset_page
from demo.rest.rendering import Renderer, wanted_fields

MOST_FETCHED = 100
MOST_WORKLOGS = 1000
MOST_CHANGELOG_ISSUES = 1000
MOST_CHANGELOGS = 10_000
MOST_CHANGELOG_FIELDS = 10
_FRESH = 60_000  # the last minute's worklogs are not told yet
_MISSING = "Issue does not exist or you do not have permission to see it."


def _found(site: Site, call: Call) -> Issue:
    issue = site.issue(call.path["issueIdOrKey"], call.account)
    if issue is None:
        raise JiraError(404, _MISSING)
    return issue


def issue(site: Site, call: Call) -> Answer:
    """GET `/issue/{issueIdOrKey}`; all fields unless told otherwise."""
    found = _found(site, call)
    renderer = Renderer(site, call.account, wanted_fields(site, call.texts("fields") or ["*all"]))
    expand = frozenset(call.texts("expand"))
    shown = renderer.issue(found, expand)
    if "names" in expand:
        shown["names"] = renderer.names()
    if "schema" in expand:
        shown["schema"] = renderer.schemas()
    return Answer(shown, 1)


def fetch(site: Site, call: Call) -> Answer:
    """POST `/issue/bulkfetch`, ascending by id; what is not there is passed over."""
    body = call.body(issueIdsOrKeys=list, fields=list, expand=list, fieldsByKeys=bool, properties=list)
    wanted = strings(body.get("issueIdsOrKeys", []), "issueIdsOrKeys")
    if not wanted:
        raise JiraError(400, "At least one issue id or key is required.")
    if len(wanted) > MOST_FETCHED:
        raise JiraError(400, f"The maximum number of issues that can be fetched is {MOST_FETCHED}.")
    found = {issue.id: issue for id_ in wanted if (issue := site.issue(id_, call.account))}
    fields = wanted_fields(site, strings(body.get("fields", []), "fields") or ["*navigable"])
    renderer = Renderer(site, call.account, fields)
    expand = frozenset(strings(body.get("expand", []), "expand"))
    shown = [renderer.issue(found[id_], expand) for id_ in sorted(found)]
    return Answer({"issues": shown, "issueErrors": []}, len(shown))


def worklogs(site: Site, call: Call) -> Answer:
    """GET `/issue/{issueIdOrKey}/worklog`."""
    found = _found(site, call)
    after, before = call.integer("startedAfter", 0), call.integer("startedBefore", 1 << 53)
    kept = [worklog for worklog in found.worklogs if after <= worklog.started < before]
    start, size = call.integer("startAt", 0), call.integer("maxResults", 5000, 5000)
    page = Renderer(site, call.account, []).worklogs(found, kept, start, size)
    return Answer(page, len(page["worklogs"]))


def _visible_worklogs(site: Site, call: Call) -> dict[int, tuple[Issue, Worklog]]:
    return {
        worklog.id: (issue, worklog)
        for issue in site.store.issues()
        if issue.worklogs and site.issue(issue.id, call.account)
        for worklog in issue.worklogs
    }


def worklogs_by_id(site: Site, call: Call) -> Answer:
    """POST `/worklog/list`; unknown and hidden ones are passed over."""
    ids = call.body(ids=list).get("ids")
    if ids is None or not all(isinstance(id_, int) and not isinstance(id_, bool) for id_ in ids):
        raise JiraError(400, "The 'ids' of the worklogs are required.")
    if len(ids) > MOST_WORKLOGS:
        raise JiraError(400, f"The maximum number of worklogs is {MOST_WORKLOGS}.")
    known = _visible_worklogs(site, call)
    renderer = Renderer(site, call.account, [])
    shown = [renderer.worklog(*known[id_]) for id_ in ids if id_ in known]
    return Answer(shown, len(shown))


def updated_worklogs(site: Site, call: Call) -> Answer:
    """GET `/worklog/updated`: 1,000 a page in order of change, without the last minute."""
    since = call.integer("since", 0)
    limit = site.now() - _FRESH
    known = _visible_worklogs(site, call).values()
    changed = sorted((w.updated, w.id) for _, w in known if since <= w.updated <= limit)
    kept = changed[:MOST_WORKLOGS]
    values = [{"worklogId": id_, "updatedTime": at, "properties": []} for at, id_ in kept]
    return Answer(_changes(site, "updated", since, values, last=len(changed) <= MOST_WORKLOGS), len(values))


def deleted_worklogs(site: Site, call: Call) -> Answer:
    """GET `/worklog/deleted`: nobody deletes any here."""
    return Answer(_changes(site, "deleted", call.integer("since", 0), [], last=True))


def _changes(site: Site, kind: str, since: int, values: list[Json], *, last: bool) -> Json:
    until = values[-1]["updatedTime"] if values else site.now() - _FRESH
    page = {
        "values": values,
        "since": since,
        "until": until,
        "self": site.shapes.url(f"worklog/{kind}?since={since}"),
        "lastPage": last,
    }
    return page if last else {**page, "nextPage": site.shapes.url(f"worklog/{kind}?since={until}")}


def changelog(site: Site, call: Call) -> Answer:
    """GET `/issue/{issueIdOrKey}/changelog`, oldest first."""
    found = _found(site, call)
    renderer = Renderer(site, call.account, [])
    return offset_page(site, call, found.histories, renderer.history, default=100, most=100)


def changelogs(site: Site, call: Call) -> Answer:
    """POST `/changelog/bulkfetch`."""
    body = call.body(issueIdsOrKeys=list, fieldIds=list, maxResults=int, nextPageToken=str)
    wanted = strings(body.get("issueIdsOrKeys", []), "issueIdsOrKeys")
    fields = set(strings(body.get("fieldIds", []), "fieldIds"))
    size = body.get("maxResults", 1000)
    if not 1 <= len(wanted) <= MOST_CHANGELOG_ISSUES or len(fields) > MOST_CHANGELOG_FIELDS:
        most = f"{MOST_CHANGELOG_ISSUES} issues and {MOST_CHANGELOG_FIELDS} fields"
        raise JiraError(400, f"At least one issue and at most {most} may be asked for.")
    if not 1 <= size <= MOST_CHANGELOGS:
        raise JiraError(400, f"The 'maxResults' must be between 1 and {MOST_CHANGELOGS}.")
    token = body.get("nextPageToken", "0")
    if not token.isdecimal():
        raise JiraError(400, "The provided nextPageToken is invalid.")
    start = int(token)
    issues = sorted({i.id: i for id_ in wanted if (i := site.issue(id_, call.account))}.items())
    entries = [
        (id_, history)
        for id_, issue in issues
        for history in issue.histories
        if not fields or any(change.field in fields for change in history.changes)
    ]
    renderer = Renderer(site, call.account, [])
    by_issue: dict[int, list[Json]] = {}
    for id_, history in entries[start : start + size]:
        by_issue.setdefault(id_, []).append(renderer.history(history))
    page: Json = {
        "issueChangeLogs": [{"issueId": str(id_), "changeHistories": held} for id_, held in by_issue.items()]
    }
    if start + size < len(entries):
        page["nextPageToken"] = str(start + size)
    return Answer(page, len(by_issue))
