"""The site: what it holds, who may see what, and how tests change it while reports load."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from demo.issues import edits
from demo.issues.fields import Fields
from demo.issues.index import ValueIndex
from demo.issues.model import Account, Catalogue, Issue, Json, Project
from demo.issues.shapes import Shapes
from demo.issues.store import Store


def system_clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Jira's time tracking settings."""

    hours_per_day: float = 8
    days_per_week: float = 5

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds of each unit in which people write durations."""
        day = self.hours_per_day * 3600
        return {"m": 60, "h": 3600, "d": day, "w": day * self.days_per_week}


class Site:
    """A Jira Cloud site. Thread safe; `now` gives milliseconds since 1970 and is replaced in tests."""

    def __init__(
        self,
        base_url: str,
        catalogue: Catalogue,
        fields: Fields,
        store: Store,
        *,
        shapes: Shapes | None = None,
        now: Callable[[], int] = system_clock,
        seed: int = 1,
        working_time: WorkingTime | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.catalogue = catalogue
        self.fields = fields
        self.store = store
        self.shapes = shapes or Shapes(self.base_url)
        self.now = now
        self.seed = seed
        self.working_time = working_time or WorkingTime()

    def accounts(self) -> list[Account]:
        """Those that a visitor may sign in as; the site's admin comes first."""
        return [account for account in self.catalogue.accounts.values() if account.demo]

    def account(self, account_id: str) -> Account | None:
        """Anybody known to the site."""
        return self.catalogue.accounts.get(account_id)

    def may_browse(self, project: Project, account: Account | None) -> bool:
        """Whether the account may see the project at all; None is an app, which sees everything."""
        return account is None or project.browsers is None or bool(project.browsers & account.groups)

    def projects(self, account: Account | None) -> list[Project]:
        """The projects that the account may browse, by key."""
        known = self.catalogue.projects
        return [known[key] for key in sorted(known) if self.may_browse(known[key], account)]

    def visible(self, account: Account | None) -> int:
        """The rows that the account may see, as a bitmap."""
        store = self.store
        if account is None:
            return store.alive
        with store.lock:
            levels = store.index(
                "visible levels",
                lambda issues, n: ValueIndex(lambda i: (i.level,) if i.level else (), issues, n),
            )
            projects = store.index(
                "visible projects", lambda issues, n: ValueIndex(lambda i: (i.project,), issues, n)
            )
            closed = [
                level.id for level in self.catalogue.levels.values() if not level.groups & account.groups
            ]
            hidden = [p.key for p in self.catalogue.projects.values() if not self.may_browse(p, account)]
            return store.alive & ~levels.any_of(closed) & ~projects.any_of(hidden)

    def issue(self, id_or_key: str | int, account: Account | None) -> Issue | None:
        """An issue, if it exists and the account may see it."""
        issue = self.store.get(id_or_key)
        if issue is None or not self.may_browse(self.catalogue.projects[issue.project], account):
            return None
        level = self.catalogue.levels.get(issue.level or "")
        return issue if level is None or account is None or level.groups & account.groups else None

    def update(self, id_or_key: str | int, author: Account | None = None, **fields: Json) -> Issue:
        """Edits an issue with values as the API shows them; None empties a field. Raises KeyError."""
        with self.store.lock:
            issue = self.store.get(id_or_key)
            if issue is None:
                raise KeyError(id_or_key)
            return edits.update(self, issue, author, fields)

    def restrict(self, id_or_key: str | int, level: str | None) -> Issue:
        """Sets or clears an issue's security level by id. Raises KeyError."""
        with self.store.lock:
            issue = self.store.get(id_or_key)
            if issue is None:
                raise KeyError(id_or_key)
            return self.store.put(replace(issue, level=level))

    def create(self, project: str, fields: Mapping[str, Json]) -> Issue:
        """Creates an issue in the project of that key; absent fields are empty or get Jira's defaults."""
        with self.store.lock:
            return edits.create(self, self.catalogue.projects[project], fields)

    def delete(self, id_or_key: str | int) -> None:
        """Deletes an issue for good. Raises KeyError."""
        with self.store.lock:
            issue = self.store.get(id_or_key)
            if issue is None:
                raise KeyError(id_or_key)
            self.store.remove(issue)
            edits.forget(self, issue)
