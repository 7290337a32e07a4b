"""Reports as a plain model: lists and sets in memory, and who may do what by the letter of the documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

ACCOUNTS = ("ada", "bob", "cem", "eve")
SITE_ADMIN = "eve"
GROUPS = {"ada": {"g1"}, "bob": {"g1", "g2"}, "cem": set[str](), "eve": {"g2"}}
PROJECTS = {"ada": set[str](), "bob": {"7"}, "cem": {"7", "8"}, "eve": set[str]()}
MOST_VERSIONS = 20


class Refused(Exception):
    """The status of a refusal; `current` is the report that the caller should have known."""

    def __init__(self, status: int, current: Report | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.current = current


@dataclass
class Report:
    """A report; `created` and `updated` are places in the order of events, not times."""

    id: str
    site: int
    name: str
    description: str
    definition: dict[str, Any]
    administrators: list[str]
    visibility: str
    shared_with: dict[str, list[Any]]
    created: int
    created_by: str
    updated: int
    updated_by: str
    version: int = 1
    deleted: bool = False
    stars: set[str] = field(default_factory=set)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def shown(self, account: str) -> dict[str, Any]:
        """As the API shows it to an account, without times."""
        members = ("id", "name", "description", "definition", "administrators", "visibility", "shared_with")
        more = ("version", "created_by", "updated_by")
        return {name: getattr(self, name) for name in (*members, *more)} | {"starred": account in self.stars}

    def content(self) -> dict[str, Any]:
        return {"name": self.name, "description": self.description, "definition": self.definition}

    def versions(self) -> list[dict[str, Any]]:
        """The newest last."""
        return self.changes or [{"version": 1, "by": self.created_by, **self.content()}]

    def seen_by(self, account: str) -> bool:
        if self.deleted:
            return False
        if self.visibility == "public" or account in self.administrators:
            return True
        shared = self.shared_with
        groups = {group["id"] for group in shared["groups"]}
        named = account in shared["accounts"]
        known = bool(groups & GROUPS[account] or set(shared["projects"]) & PROJECTS[account])
        return self.visibility == "limited" and (named or known)


@dataclass(frozen=True)
class Asked:
    """A list: who asks what of which site."""

    site: int
    account: str
    sort: str = "-updated"
    search: str = ""
    owner: str | None = None
    starred: bool | None = None
    deleted: bool = False

    def query(self) -> dict[str, str]:
        """As query parameters."""
        flags = {"starred": self.starred, "deleted": self.deleted or None}
        return {
            "sort": self.sort,
            **({"search": self.search} if self.search else {}),
            **({"owner": self.owner} if self.owner else {}),
            **{name: str(flag).lower() for name, flag in flags.items() if flag is not None},
        }

    def matches(self, report: Report) -> bool:
        return (
            report.site == self.site
            and (
                report.deleted and self.account in report.administrators
                if self.deleted
                else report.seen_by(self.account)
            )
            and (
                self.search.lower() in report.name.lower()
                or self.search.lower() in report.description.lower()
            )
            and (self.owner is None or self.owner in report.administrators)
            and (self.starred is None or self.starred == (self.account in report.stars))
        )

    def place(self, report: Report) -> tuple[Any, str]:
        """What its order goes by."""
        column = self.sort.lstrip("-")
        return folded(report.name) if column == "name" else getattr(report, column), report.id


def folded(name: str) -> str:
    """Without case and accents, for the letters that the tests use."""
    return name.lower().replace("ü", "u").replace("ï", "i")


class Model:
    """The reports of all sites. Whatever is refused raises Refused and has changed nothing."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self._keys: dict[tuple[int, str, str], tuple[str, Report]] = {}
        self._clock = count(1)

    def listed(self, asked: Asked, after: tuple[Any, str] | None = None) -> list[Report]:
        """What a list holds, in order, beyond a place."""
        descending = asked.sort.startswith("-")
        found = sorted(filter(asked.matches, self.reports), key=asked.place, reverse=descending)
        if after is None:
            return found
        return [r for r in found if (asked.place(r) < after if descending else asked.place(r) > after)]

    def seen(self, site: int, account: str, report: Report) -> Report:
        if report.site != site or not report.seen_by(account):
            raise Refused(404)
        return report

    def made_before(self, site: int, account: str, key: str | None, asked: object) -> Report | None:
        """What a key has made."""
        text = json.dumps(asked, sort_keys=True)
        made_for, report = self._keys.get((site, account, key or ""), (text, None))
        if report and (made_for != text or report.deleted or account not in report.administrators):
            raise Refused(422)
        return report

    def create(
        self, site: int, account: str, key: str | None, asked: object, new_id: str, **members: Any
    ) -> Report:
        now = next(self._clock)
        defaults = {"description": "", "administrators": [account], "visibility": "private"}
        report = Report(
            id=new_id, site=site, created=now, created_by=account, updated=now, updated_by=account,
            **{**defaults, "shared_with": sharing(), **members},
        )  # fmt: skip
        self.reports.append(report)
        if key is not None:
            self._keys[site, account, key] = (json.dumps(asked, sort_keys=True), report)
        return report

    def hold(self, site: int, account: str, report: Report, version: int) -> None:
        """Who may change a report, and what it has to know."""
        self.seen(site, account, report)
        if account not in report.administrators:
            raise Refused(403)
        if version != report.version:
            raise Refused(412, report)

    def hold_deleted(self, site: int, account: str, report: Report, version: int) -> None:
        if report.site != site or not report.deleted or account not in report.administrators:
            raise Refused(404)
        if version != report.version:
            raise Refused(412, report)

    def change(self, account: str, report: Report, **members: Any) -> None:
        """Sets members of a report that is held."""
        before = report.content()
        for name, value in members.items():
            setattr(report, name, value)
        report.version += 1
        report.updated, report.updated_by = next(self._clock), account
        if report.content() != before:
            first = {"version": 1, "by": report.created_by, **before}
            entry = {"version": report.version, "by": account, **report.content()}
            report.changes = [*(report.changes or [first]), entry][-MOST_VERSIONS:]

    def version(self, site: int, account: str, report: Report, number: int) -> dict[str, Any]:
        """One version of a report, for its administrators."""
        self.seen(site, account, report)
        if account not in report.administrators:
            raise Refused(403)
        for entry in report.versions():
            if entry["version"] == number:
                return entry
        raise Refused(404)


def sharing(
    accounts: list[str] | None = None, groups: list[str] | None = None, projects: list[str] | None = None
) -> dict[str, list[Any]]:
    """Whom a report is shared with, as the API has it."""
    named = [{"id": group, "name": f"name of {group}"} for group in groups or []]
    return {"accounts": accounts or [], "groups": named, "projects": projects or []}


@dataclass
class Walk:
    """Somebody who goes through a list page by page, while others change what is in it.

    `steady` are the places of those that match since the first page and have not moved.
    """

    asked: Asked
    steady: dict[str, tuple[Any, str]]
    cursor: str | None = None
    after: tuple[Any, str] | None = None
    ids: list[str] = field(default_factory=list)

    def look_again(self, report_of: Callable[[str], Report]) -> None:
        """Drops from the steady ones who moved or no longer match."""
        for report_id, place in list(self.steady.items()):
            report = report_of(report_id)
            if not self.asked.matches(report) or self.asked.place(report) != place:
                del self.steady[report_id]

    def wrongly_met(self) -> Iterator[str]:
        """The steady ones that all the pages have not shown exactly once."""
        return (report_id for report_id in self.steady if self.ids.count(report_id) != 1)
