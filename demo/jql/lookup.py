"""From what a person writes to the ids it means, per kind of field; a value that is nowhere is refused."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, TypeAlias

from demo.issues.fields import FieldDef
from demo.issues.index import ValueIndex
from demo.issues.model import CATEGORIES, Account, Issue, Project
from demo.issues.site import Site
from demo.jql.syntax import JqlError

Found: TypeAlias = set[Hashable]


class Lookup:
    """Looks up for one caller: what the caller may not see does not exist."""

    def __init__(self, site: Site, account: Account | None) -> None:
        self.site = site
        self.account = account

    def ids(self, field: FieldDef, shown: str, text: str) -> Found:
        """The identities that `text` means for a field named `shown` in the query. Raises JqlError."""
        found = self._ids(field, text)
        if not found:
            raise JqlError(f"The value '{text}' does not exist for the field '{shown}'.")
        return found

    def _ids(self, field: FieldDef, text: str) -> Found:  # noqa: PLR0911  one line a kind
        known = self.site.catalogue
        match field.kind:
            case "label":
                return {text.casefold()}
            case "user" | "worklog author":
                return _users(known.accounts.values(), text)
            case "project":
                return {project.key for project in self.projects(text)}
            case "category":
                pairs = [p.category for p in self.site.projects(self.account) if p.category]
                return {id_ for id_, name in pairs if text.casefold() in (id_, name.casefold())}
            case "statuscategory":
                names = ((c.key, {str(c.id), c.key, c.name.casefold()}) for c in CATEGORIES)
                return {key for key, own in names if text.casefold() in own}
            case "option":
                return self._options(field, text)
            case "link":
                return self._link_words(text)
            case "component" | "version":
                visible = {project.key for project in self.site.projects(self.account)}
                things = known.components if field.kind == "component" else known.versions
                return _named((t for t in things.values() if t.project in visible), text)
            case _:
                return _named(self._all(field), text)

    def _all(self, field: FieldDef) -> Iterable[Any]:
        known = self.site.catalogue
        tables: dict[str, dict[Any, Any]] = {
            "issuetype": known.types,
            "status": known.statuses,
            "priority": known.priorities,
            "resolution": known.resolutions,
            "sprint": known.sprints,
            "level": known.levels,
        }
        return tables.get(field.kind, {}).values()

    def projects(self, text: str) -> list[Project]:
        """Projects by key, name or id."""
        wanted = text.casefold()
        return [
            project
            for project in self.site.projects(self.account)
            if wanted in (project.key.casefold(), project.name.casefold(), project.id)
        ]

    def issue_ids(self, shown: str, text: str) -> Found:
        """An issue by key or id, for a field named `shown`. Raises JqlError."""
        issue = self.site.issue(text, self.account)
        if issue is None:
            what = "id" if text.isdecimal() else "key"
            raise JqlError(f"An issue with {what} '{text}' does not exist for field '{shown}'.")
        return {issue.id}

    def _options(self, field: FieldDef, text: str) -> Found:
        """Options by value or id; those in use are all there are."""
        name = field.id

        def pairs(issue: Issue) -> set[tuple[str, str]]:
            value = issue.fields.get(name) or []
            options = value if isinstance(value, list) else [value]
            return {(option["id"], option["value"].casefold()) for option in options}

        index = self.site.store.index(f"{name} names", lambda issues, n: ValueIndex(pairs, issues, n))
        return {pair[0] for pair in index.values() if isinstance(pair, tuple) and text.casefold() in pair}

    def _link_words(self, text: str) -> Found:
        """A word of one direction; the name of a type stands for both."""

        def types(issue: Issue) -> set[tuple[str, ...]]:
            links = issue.fields.get("issuelinks", ())
            return {
                tuple(link["type"][part].casefold() for part in ("name", "inward", "outward"))
                for link in links
            }

        index = self.site.store.index("link types", lambda issues, n: ValueIndex(types, issues, n))
        wanted = text.casefold()
        found: Found = set()
        for names in index.values():
            if isinstance(names, tuple) and wanted in names:
                found.update(names[1:] if wanted == names[0] else {wanted})
        return found


def _named(things: Iterable[Any], text: str) -> Found:
    """Ids of the things of that name, else of that id: a version may well be called 10."""
    kept = list(things)
    wanted = text.casefold()
    by_name: Found = {thing.id for thing in kept if thing.name.casefold() == wanted}
    return by_name or {thing.id for thing in kept if str(thing.id) == text}


def _users(accounts: Iterable[Account], text: str) -> Found:
    wanted = text.casefold()
    return {
        a.id
        for a in accounts
        if text == a.id or wanted == a.name.casefold() or (a.email and wanted == a.email)
    }
