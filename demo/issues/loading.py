"""A site made of a file of issues: one `{id, key, fields}` a line, `.jsonl` or `.jsonl.gz`.

Projects, people, versions and the rest are what the issues refer to. What no issue tells (ranks of
priorities, order of versions) follows ids and dates. Some issues get a security level, by id, so that not
everybody sees all.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from demo.issues import accounts as people
from demo.issues.fields import CUSTOM_FIELDS, SYSTEM_FIELDS, FieldDef, Fields, custom_field
from demo.issues.model import (
    CATEGORIES,
    Account,
    Catalogue,
    Component,
    Issue,
    IssueType,
    Json,
    Level,
    Priority,
    Project,
    Resolution,
    Sprint,
    Status,
    Version,
    Worklog,
)
from demo.issues.shapes import Shapes
from demo.issues.site import Site
from demo.issues.store import Store
from demo.issues.values import milliseconds

STAFF_LEVEL = Level("10101", "Staff only", frozenset({people.STAFF}))
SECURITY_LEVEL = Level("10102", "Security team", frozenset({people.SECURITY}))
_VERY_MANY = 45  # more than an issue embeds
Id = TypeVar("Id")
Thing = TypeVar("Thing")
_KNOWN = frozenset(field.id for field in (*SYSTEM_FIELDS, *CUSTOM_FIELDS))
_CATEGORY_KEYS = {category.key for category in CATEGORIES}


class BadIssues(Exception):
    """The file cannot be read as issues; the message names the line."""


def load(path: Path, base_url: str, seed: int = 1) -> Site:
    """Reads the file. Raises BadIssues, and OSError where it cannot be opened."""
    reader = _Reader(Shapes(base_url.rstrip("/")))
    issues = [reader.issue(row, raw) for row, raw in enumerate(_lines(path))]
    reader.arrange()
    fields = Fields((*CUSTOM_FIELDS, *reader.custom.values()))
    return Site(base_url, reader.catalogue, fields, Store(issues), shapes=reader.shapes, seed=seed)


def _lines(path: Path) -> Iterator[Json]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                raw = json.loads(line)
                (
                    raw["key"],
                    raw["id"],
                    raw["fields"]["project"],
                    raw["fields"]["status"],
                    raw["fields"]["created"],
                )
            except (ValueError, KeyError, TypeError) as error:
                raise BadIssues(f"{path.name}, line {number}: not an issue ({error})") from None
            yield raw


class _Reader:
    """Collects what the issues refer to and replaces each reference by the one shared object."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.catalogue = Catalogue(accounts=people.accounts(), groups=people.groups())
        self.catalogue.levels = {level.id: level for level in (STAFF_LEVEL, SECURITY_LEVEL)}
        self.custom: dict[str, FieldDef] = {}
        self._key = ""
        labels: dict[str, str] = {}
        self._references: dict[str, Callable[[Any], Json]] = {
            "assignee": self._user,
            "reporter": self._user,
            "creator": self._user,
            "project": self._project,
            "issuetype": self._type,
            "status": self._status,
            "priority": self._priority,
            "resolution": self._resolution,
            "versions": self._version,
            "fixVersions": self._version,
            "components": self._component,
            "customfield_10020": self._sprint,
            "labels": lambda label: labels.setdefault(label, label),
        }

    def issue(self, row: int, raw: Json) -> Issue:
        project, _, number = raw["key"].rpartition("-")
        self._key = project
        id_ = int(raw["id"])
        fields = {}
        for name, value in raw["fields"].items():
            if value is None or value == []:
                continue
            field_id, kept = self._field(name, value)
            if field_id:
                fields[field_id] = kept
        return Issue(row, id_, raw["key"], project, int(number), fields, _level(id_), _worklogs(id_, fields))

    def _field(self, name: str, value: Json) -> tuple[str | None, Json]:
        if name == "flagged":
            return ("customfield_10021", [self.shapes.option(10019, "Impediment")]) if value else (None, None)
        if name in self._references:
            make = self._references[name]
            return name, [make(item) for item in value] if isinstance(value, list) else make(value)
        if name not in _KNOWN and not name.startswith("customfield_"):
            return None, None
        if name not in _KNOWN:
            self.custom.setdefault(name, _derived(name, value))
        return name, value

    def _user(self, raw: Json) -> Json:
        known = self.catalogue.accounts
        if (account := known.get(raw["accountId"])) is None:
            groups = frozenset({people.EVERYONE, people.STAFF})
            account = known[raw["accountId"]] = Account(
                raw["accountId"], raw["displayName"], "", raw.get("timeZone") or "Etc/UTC",
                groups=groups, active=raw.get("active", True), kind=raw.get("accountType", "atlassian"),
            )  # fmt: skip
        return self.shapes.user(account)

    def _project(self, raw: Json) -> Json:
        category = raw.get("projectCategory")
        made = Project(
            raw["id"], raw["key"], raw["name"], next(iter(self.catalogue.accounts)),
            (category["id"], category["name"]) if category else None,
        )  # fmt: skip
        return self.shapes.project(self.catalogue.projects.setdefault(raw["key"], made))

    def _status(self, raw: Json) -> Json:
        key = raw.get("statusCategory", {}).get("key", "undefined")
        category = key if key in _CATEGORY_KEYS else "undefined"
        known = self.catalogue.statuses.setdefault(raw["id"], Status(raw["id"], raw["name"], category))
        return self.shapes.status(known)

    def _priority(self, raw: Json) -> Json:
        known = self.catalogue.priorities.setdefault(raw["id"], Priority(raw["id"], raw["name"]))
        return self.shapes.priority(known)

    def _resolution(self, raw: Json) -> Json:
        known = self.catalogue.resolutions.setdefault(raw["id"], Resolution(raw["id"], raw["name"]))
        return self.shapes.resolution(known)

    def _type(self, raw: Json) -> Json:
        level = -1 if raw.get("subtask") else 1 if raw["name"] == "Epic" else 0
        return self.shapes.type(
            self.catalogue.types.setdefault(raw["id"], IssueType(raw["id"], raw["name"], level))
        )

    def _version(self, raw: Json) -> Json:
        made = Version(
            raw["id"], raw["name"], self._key, 0, bool(raw.get("released")), bool(raw.get("archived")),
            raw.get("startDate"), raw.get("releaseDate"),
        )  # fmt: skip
        return self.shapes.version(self.catalogue.versions.setdefault(raw["id"], made))

    def _component(self, raw: Json) -> Json:
        made = Component(raw["id"], raw["name"], self._key)
        return self.shapes.component(self.catalogue.components.setdefault(raw["id"], made))

    def _sprint(self, raw: Json) -> Json:
        made = Sprint(
            int(raw["id"]), raw["name"], raw["state"], int(raw.get("boardId", 1)), raw.get("goal", ""),
            raw.get("startDate"), raw.get("endDate"), raw.get("completeDate"),
        )  # fmt: skip
        return self.shapes.sprint(self.catalogue.sprints.setdefault(made.id, made))

    def arrange(self) -> None:
        """Puts everything in Jira's order and numbers the versions, once all issues are read."""
        known = self.catalogue
        order = [category.key for category in CATEGORIES]
        known.statuses = _sorted(known.statuses, lambda s: (order.index(s.category), int(s.id)))
        known.priorities = _sorted(known.priorities, lambda p: int(p.id))
        known.resolutions = _sorted(known.resolutions, lambda r: int(r.id))
        known.types = _sorted(known.types, lambda t: (-t.level, int(t.id)))
        known.sprints = _sorted(known.sprints, lambda s: (s.start or "9", s.id))
        known.versions = {
            version.id: replace(version, sequence=sequence)
            for sequence, version in enumerate(
                sorted(known.versions.values(), key=lambda v: (v.project, v.release or "9", int(v.id)))
            )
        }


def _sorted(known: dict[Id, Thing], key: Callable[[Thing], Any]) -> dict[Id, Thing]:
    return dict(sorted(known.items(), key=lambda item: key(item[1])))


def _level(id_: int) -> str | None:
    """About one issue in thirty is for staff, one in a hundred for the security team."""
    if id_ % 97 == 0:
        return SECURITY_LEVEL.id
    return STAFF_LEVEL.id if id_ % 29 == 0 else None


def _worklogs(id_: int, fields: dict[str, Json]) -> tuple[Worklog, ...]:
    """The file has sums only: they are split into whole minutes, by id; some issues get very many."""
    spent = fields.get("timespent") or 0
    person = fields.get("assignee") or fields.get("reporter")
    if not spent or not person:
        return ()
    count = min(_VERY_MANY if id_ % 211 == 0 else 1 + id_ % 4, max(1, spent // 60))
    share = spent // count // 60 * 60
    first = milliseconds(fields["created"])
    step = (milliseconds(fields["updated"]) - first) // count // 60_000 * 60_000
    made = []
    for place in range(count):
        at = first + step * place
        seconds = share if place else spent - share * (count - 1)
        made.append(Worklog(id_ * 100 + place, person["accountId"], at, seconds, "", at, at))
    return tuple(made)


def _derived(name: str, value: Json) -> FieldDef:
    """A custom field that the site does not know, by the look of its first value."""
    number = int(name.removeprefix("customfield_"))
    title = f"Custom field {number}"
    first = value[0] if isinstance(value, list) else value
    many = "array/" if isinstance(value, list) else ""
    if isinstance(first, bool | int | float):
        return custom_field(number, title, "number", "number", "float")
    if isinstance(first, str):
        return custom_field(number, title, "label", "array/string", "labels") if many else custom_field(
            number, title, "text", "string", "textfield"
        )  # fmt: skip
    if "accountId" in first:
        return custom_field(number, title, "user", f"{many}user", "multiuserpicker" if many else "userpicker")
    if "value" in first and "id" in first:
        return custom_field(number, title, "option", f"{many}option", "multiselect" if many else "select")
    return custom_field(number, title, "none", "any", "other")
