"""Issues as the REST API shows them: times in the caller's zone, links to what the caller may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from demo.issues.edits import shown as utc
from demo.issues.fields import FieldDef
from demo.issues.model import Account, History, Issue, Json, Worklog
from demo.issues.site import Site
from demo.issues.text import document

EMBEDDED_WORKLOGS = 20
EMBEDDED_HISTORIES = 40
EXPANDABLE = "operations,versionedRepresentations,editmeta,changelog,renderedFields"
_ID_ONLY = frozenset({"id", "key", "issuekey"})


@lru_cache(maxsize=65536)
def local_time(text: str, zone: str) -> str:
    """A time kept in UTC as Jira shows it to somebody in the zone."""
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}{at:%z}"


def pretty(seconds: int, units: dict[str, float]) -> str:
    """A duration as Jira writes it: `1w 2d 3h`."""
    parts = []
    for unit in "wdhm":
        count, seconds = divmod(seconds, int(units[unit]))
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"


def wanted_fields(site: Site, names: Iterable[str]) -> list[FieldDef]:
    """The fields that a `fields` parameter asks for, in the site's order; unknown ones are passed over."""
    given = list(names)
    known = site.fields.by_id
    keep: set[str] = set()
    if "*all" in given or "*navigable" in given or all(name.startswith("-") for name in given):
        keep = {field.id for field in known.values() if "*all" in given or field.navigable}
    keep |= {name for name in given if name in known}
    keep -= {name[1:] for name in given if name.startswith("-")}
    return [
        field
        for field in known.values()
        if field.id in keep and field.kind != "key" and field.id != "thumbnail"
    ]


def identity_only(names: Iterable[str]) -> bool:
    """Whether nothing but id and key is asked for."""
    return set(names) <= _ID_ONLY


class Renderer:
    """For one caller and one set of fields."""

    def __init__(self, site: Site, account: Account | None, fields: list[FieldDef]) -> None:
        self.site = site
        self.account = account
        self.zone = account.zone if account else "UTC"
        self._fields = [(field, self._show(field)) for field in fields]

    def issue(self, issue: Issue, expand: frozenset[str] = frozenset()) -> Json:
        """The whole issue."""
        made = {
            "expand": EXPANDABLE,
            "id": str(issue.id),
            "self": self.site.shapes.url(f"issue/{issue.id}"),
            "key": issue.key,
            "fields": {field.id: show(issue) for field, show in self._fields},
        }
        if "changelog" in expand:
            made["changelog"] = self.changelog(issue)
        return made

    def names(self) -> dict[str, str]:
        """Names of the fields shown, for `expand=names`."""
        return {field.id: field.name for field, _ in self._fields}

    def schemas(self) -> dict[str, Json]:
        """Schemas of the fields shown, for `expand=schema`."""
        return {field.id: field.schema for field, _ in self._fields if field.schema}

    def changelog(self, issue: Issue) -> Json:
        """The newest entries only, as embedded histories have it."""
        newest = issue.histories[: -EMBEDDED_HISTORIES - 1 : -1]
        return {
            "startAt": 0,
            "maxResults": len(newest),
            "total": len(issue.histories),
            "histories": [self.history(entry) for entry in newest],
        }

    def history(self, history: History) -> Json:
        """One entry of a changelog."""
        items = [
            {
                "field": self.site.fields.by_id[change.field].name.lower(),
                "fieldtype": "custom" if change.field.startswith("customfield_") else "jira",
                "fieldId": change.field,
                "from": change.old,
                "fromString": change.old_text,
                "to": change.new,
                "toString": change.new_text,
            }
            for change in history.changes
        ]
        author = self._person(history.author)
        return {
            "id": str(history.id),
            "author": author,
            "created": self._time(utc(history.at)),
            "items": items,
        }

    def worklog(self, issue: Issue, worklog: Worklog) -> Json:
        """One worklog."""
        author = self._person(worklog.author)
        return {
            "self": self.site.shapes.url(f"issue/{issue.id}/worklog/{worklog.id}"),
            "author": author,
            "updateAuthor": author,
            "comment": document(worklog.comment) or document(" "),
            "created": self._time(utc(worklog.created)),
            "updated": self._time(utc(worklog.updated)),
            "started": self._time(utc(worklog.started)),
            "timeSpent": pretty(worklog.seconds, self.site.working_time.seconds),
            "timeSpentSeconds": worklog.seconds,
            "id": str(worklog.id),
            "issueId": str(issue.id),
        }

    def worklogs(self, issue: Issue, logs: Iterable[Worklog], start: int, size: int) -> Json:
        """A page of an issue's worklogs, oldest first."""
        ordered = sorted(logs, key=lambda worklog: (worklog.started, worklog.id))
        kept = [self.worklog(issue, worklog) for worklog in ordered[start : start + size]]
        return {"startAt": start, "maxResults": size, "total": len(ordered), "worklogs": kept}

    def _person(self, account_id: str) -> Json:
        account = self.site.account(account_id)
        return dict(self.site.shapes.user(account)) if account else {"accountId": account_id, "active": False}

    def _time(self, text: str) -> str:
        return local_time(text, self.zone)

    def _show(self, field: FieldDef) -> Callable[[Issue], Json]:
        special = self._special().get(field.id)
        if special:
            return special
        name = field.id
        if field.kind == "datetime":
            return lambda issue: self._time(text) if (text := issue.fields.get(name)) else None
        if field.kind == "rank":
            return lambda issue: issue.fields.get(name) or f"0|i{issue.id:05x}:"
        if field.many and not field.custom:
            return lambda issue: issue.fields.get(name) or []
        return lambda issue: issue.fields.get(name)

    def _special(self) -> dict[str, Callable[[Issue], Json]]:
        """Fields that are computed, or refer to other issues."""
        return {
            "parent": lambda issue: self._related(issue.fields.get("parent")),
            "customfield_10014": self._epic,
            "subtasks": lambda issue: self._all_related(issue.fields.get("subtasks", ())),
            "issuelinks": self._links,
            "worklog": lambda issue: self.worklogs(issue, issue.worklogs, 0, EMBEDDED_WORKLOGS),
            "comment": self._comments,
            "timetracking": self._timetracking,
            "progress": lambda issue: _progress(issue, ""),
            "aggregateprogress": lambda issue: _progress(issue, "aggregate"),
            "votes": self._votes,
            "watches": self._watches,
            "workratio": _workratio,
            "security": self._security,
            "statusCategory": lambda issue: issue.fields["status"]["statusCategory"],
            "statuscategorychangedate": lambda issue: self._time(
                issue.fields.get("statuscategorychangedate") or issue.fields["updated"]
            ),
        }

    def _related(self, reference: Json) -> Json:
        """Another issue in short; None where the caller may not see it."""
        other = self.site.issue(reference["id"], self.account) if reference else None
        if other is None:
            return None
        fields = {name: other.fields.get(name) for name in ("summary", "status", "priority", "issuetype")}
        address = self.site.shapes.url(f"issue/{other.id}")
        return {"id": str(other.id), "key": other.key, "self": address, "fields": fields}

    def _all_related(self, references: Iterable[Json]) -> list[Json]:
        return [shown for reference in references if (shown := self._related(reference))]

    def _epic(self, issue: Issue) -> str | None:
        parent = self._related(issue.fields.get("parent"))
        return parent["key"] if parent and parent["fields"]["issuetype"]["hierarchyLevel"] == 1 else None

    def _links(self, issue: Issue) -> list[Json]:
        shown = []
        for link in issue.fields.get("issuelinks", ()):
            side = "outwardIssue" if "outwardIssue" in link else "inwardIssue"
            if other := self._related(link[side]):
                type_ = {**link["type"], "self": self.site.shapes.url(f"issueLinkType/{link['type']['id']}")}
                address = self.site.shapes.url(f"issueLink/{link['id']}")
                shown.append({"id": link["id"], "self": address, "type": type_, side: other})
        return shown

    def _comments(self, issue: Issue) -> Json:
        """Bodies are not kept; how many there are is."""
        total = (issue.fields.get("comment") or {}).get("total", 0)
        address = self.site.shapes.url(f"issue/{issue.id}/comment")
        return {"comments": [], "self": address, "maxResults": total, "total": total, "startAt": 0}

    def _timetracking(self, issue: Issue) -> Json:
        units = self.site.working_time.seconds
        pairs = (
            ("originalEstimate", "timeoriginalestimate"),
            ("remainingEstimate", "timeestimate"),
            ("timeSpent", "timespent"),
        )
        known = {name: seconds for name, field in pairs if (seconds := issue.fields.get(field)) is not None}
        return {name: pretty(seconds, units) for name, seconds in known.items()} | {
            f"{name}Seconds": seconds for name, seconds in known.items()
        }

    def _votes(self, issue: Issue) -> Json:
        address = self.site.shapes.url(f"issue/{issue.key}/votes")
        return {"self": address, "votes": 0, "hasVoted": False} | (issue.fields.get("votes") or {})

    def _watches(self, issue: Issue) -> Json:
        address = self.site.shapes.url(f"issue/{issue.key}/watchers")
        return {"self": address, "watchCount": 0, "isWatching": False} | (issue.fields.get("watches") or {})

    def _security(self, issue: Issue) -> Json:
        level = self.site.catalogue.levels.get(issue.level or "")
        return self.site.shapes.level(level) if level else None


def _progress(issue: Issue, prefix: str) -> Json:
    spent = issue.fields.get(f"{prefix}timespent") or 0
    total = spent + (issue.fields.get(f"{prefix}timeestimate") or 0)
    if not total:
        return {"progress": 0, "total": 0}
    return {"progress": spent, "total": total, "percent": spent * 100 // total}


def _workratio(issue: Issue) -> int:
    """Percent of the estimate that is spent; Jira writes -1 where nothing was estimated."""
    estimate = issue.fields.get("timeoriginalestimate")
    return (issue.fields.get("timespent") or 0) * 100 // estimate if estimate else -1
