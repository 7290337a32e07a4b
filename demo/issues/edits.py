"""Edits at run time: the change itself, its history, and the sums that depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from demo.issues.model import Account, Change, History, Issue, Json, Project

if TYPE_CHECKING:
    from demo.issues.site import Site

SUMS = {
    "aggregatetimeoriginalestimate": "timeoriginalestimate",
    "aggregatetimespent": "timespent",
    "aggregatetimeestimate": "timeestimate",
}
_TIMES = frozenset(SUMS.values())


def shown(milliseconds: int) -> str:
    """A time as issues keep it, in UTC."""
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000"


def update(site: Site, issue: Issue, author: Account | None, fields: Mapping[str, Json]) -> Issue:
    """Applies `fields`, moves `updated` and writes the history."""
    unknown = [name for name in fields if name not in site.fields.by_id]
    if unknown:
        raise KeyError(unknown[0])
    now = site.now()
    changes = tuple(
        _change(name, issue.fields.get(name), value)
        for name, value in fields.items()
        if issue.fields.get(name) != value
    )
    merged = _without_empty({**issue.fields, **fields, "updated": shown(now)})
    if "parent" in fields:
        merged.pop("customfield_10014", None)
    writer = author.id if author else issue.fields["creator"]["accountId"]
    history = History(now * 10 + len(issue.histories) % 10, writer, now, changes)
    histories = (*issue.histories, history) if changes else issue.histories
    stored = site.store.put(replace(issue, fields=merged, histories=histories))
    if _TIMES & fields.keys():
        stored = _summed(site, stored)
    return stored


def create(site: Site, project: Project, fields: Mapping[str, Json]) -> Issue:
    """The next key of the project, the next id of the site; type, status and reporter where none is given."""
    catalogue, shapes = site.catalogue, site.shapes
    issues = list(site.store.issues())
    number = max((issue.number for issue in issues if issue.project == project.key), default=0) + 1
    id_ = max((issue.id for issue in issues), default=10000) + 1
    person = shapes.user(next(iter(catalogue.accounts.values())))
    standard = next(type_ for type_ in catalogue.types.values() if type_.level == 0)
    status = next(status for status in catalogue.statuses.values() if status.category == "new")
    now = shown(site.now())
    values = {
        "project": shapes.project(project),
        "issuetype": shapes.type(standard),
        "status": shapes.status(status),
        "reporter": person,
        "creator": person,
        "created": now,
        "updated": now,
        "summary": "Untitled",
        **fields,
    }
    issue = Issue(-1, id_, f"{project.key}-{number}", project.key, number, _without_empty(values))
    return site.store.put(issue)


def forget(site: Site, issue: Issue) -> None:
    """Takes a deleted issue out of its parent's sums and list of sub-tasks."""
    parent = issue.fields.get("parent")
    held = site.store.get(parent["id"]) if parent else None
    if held is not None:
        left = [task for task in held.fields.get("subtasks", ()) if task["id"] != str(issue.id)]
        site.store.put(replace(held, fields=_without_empty({**held.fields, "subtasks": left})))
        _sum_of(site, held.id)


def _summed(site: Site, issue: Issue) -> Issue:
    """Brings the Σ fields of the issue and its parent up to date."""
    stored = _sum_of(site, issue.id) or issue
    if issue.fields["issuetype"]["subtask"] and (parent := issue.fields.get("parent")):
        _sum_of(site, int(parent["id"]))
    return stored


def _sum_of(site: Site, id_: int) -> Issue | None:
    issue = site.store.get(id_)
    if issue is None:
        return None
    tasks = [site.store.get(task["id"]) for task in issue.fields.get("subtasks", ())]
    fields = dict(issue.fields)
    for total, own in SUMS.items():
        parts = [held.fields.get(own) for held in (issue, *tasks) if held is not None]
        known = [part for part in parts if part is not None]
        fields[total] = sum(known) if known else None
    return site.store.put(replace(issue, fields=_without_empty(fields)))


def _without_empty(fields: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None and value != []}


def _change(name: str, old: Json, new: Json) -> Change:
    return Change(name, _id(old), _text(old), _id(new), _text(new))


def _id(value: Json) -> str | None:
    if isinstance(value, dict):
        return str(value.get("accountId") or value.get("id") or value.get("key"))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return ", ".join(str(item.get("id")) for item in value)
    return None


def _text(value: Json) -> str | None:
    if isinstance(value, dict):
        return str(
            value.get("displayName") or value.get("name") or value.get("value") or value.get("key") or ""
        )
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(item) or str(item) for item in value)))
    return None if value is None else str(value)
