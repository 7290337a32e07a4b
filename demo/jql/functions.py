"""JQL's functions: what they may be used with, and the ids or moments they stand for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from demo.issues.fields import FieldDef
from demo.issues.model import Version
from demo.jql.dates import Clock
from demo.jql.lookup import Lookup
from demo.jql.syntax import Function, JqlError

Values: TypeAlias = list[Hashable]
_USERS = frozenset({"user", "worklog author"})
_DATES = frozenset({"date", "datetime", "worklog date"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What a function may look at."""

    lookup: Lookup
    clock: Clock

    @property
    def account(self) -> str | None:
        """Id of the caller, None for an app."""
        return self.lookup.account.id if self.lookup.account else None


@dataclass(frozen=True, slots=True)
class FunctionDef:
    """`many`: gives a list, for `in` and `not in` only. `arguments`: fewest and most."""

    name: str
    kinds: frozenset[str]
    many: bool
    arguments: tuple[int, int]
    call: Callable[[Setting, tuple[str, ...]], Values]

    @property
    def usage(self) -> str:
        """As autocomplete offers it."""
        return f'{self.name}("")' if self.arguments[0] else f"{self.name}()"


def _members(setting: Setting, arguments: tuple[str, ...]) -> Values:
    name = arguments[0]
    known = setting.lookup.site.catalogue
    matching = [group for group in known.groups if group.casefold() == name.casefold()]
    if not matching:
        raise JqlError(f"Function 'membersOf' can not generate a list of usernames for group '{name}'; "
                       "the group does not exist.")  # fmt: skip
    return [account.id for account in known.accounts.values() if matching[0] in account.groups]


def _versions(setting: Setting, arguments: tuple[str, ...], released: bool) -> list[Version]:
    projects = setting.lookup.site.projects(setting.lookup.account)
    if arguments:
        projects = []
        for name in arguments:
            if not (found := setting.lookup.projects(name)):
                raise JqlError(f"Could not resolve the project '{name}' provided to function "
                               f"'{'released' if released else 'unreleased'}Versions'.")  # fmt: skip
            projects += found
    keys = {project.key for project in projects}
    held = setting.lookup.site.catalogue.versions.values()
    kept = [v for v in held if v.project in keys and v.released == released and not v.archived]
    return sorted(kept, key=lambda version: version.sequence)


def _sprints(state: str) -> Callable[[Setting, tuple[str, ...]], Values]:
    def call(setting: Setting, _: tuple[str, ...]) -> Values:
        return [s.id for s in setting.lookup.site.catalogue.sprints.values() if s.state == state]

    return call


def _types(subtask: bool) -> Callable[[Setting, tuple[str, ...]], Values]:
    def call(setting: Setting, _: tuple[str, ...]) -> Values:
        return [t.id for t in setting.lookup.site.catalogue.types.values() if (t.level < 0) == subtask]

    return call


def _linked(setting: Setting, arguments: tuple[str, ...]) -> Values:
    (id_,) = setting.lookup.issue_ids("issuekey", arguments[0])
    issue = setting.lookup.site.store.get(str(id_))
    wanted = {word.casefold() for word in arguments[1:]}
    found: Values = []
    for link in issue.fields.get("issuelinks", ()) if issue else ():
        side, word = ("outwardIssue", "outward") if "outwardIssue" in link else ("inwardIssue", "inward")
        if not wanted or link["type"][word].casefold() in wanted:
            found.append(int(link[side]["id"]))
    return found


def _bound(name: str) -> Callable[[Setting, tuple[str, ...]], Values]:
    def call(setting: Setting, arguments: tuple[str, ...]) -> Values:
        moment = setting.clock.bound(name.lower(), arguments[0] if arguments else None)
        if moment is None:
            form = "should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier"
            raise JqlError(f"Duration for function '{name}' {form}.")
        return [moment]

    return call


def _lead_by(setting: Setting, arguments: tuple[str, ...]) -> Values:
    leads = _named_or_self(setting, arguments)
    return [p.key for p in setting.lookup.site.projects(setting.lookup.account) if p.lead in leads]


def _components_by(setting: Setting, arguments: tuple[str, ...]) -> Values:
    leads = _named_or_self(setting, arguments)
    return [c.id for c in setting.lookup.site.catalogue.components.values() if c.lead in leads]


def _named_or_self(setting: Setting, arguments: tuple[str, ...]) -> set[Hashable]:
    if not arguments:
        return {setting.account}
    users = setting.lookup.site.fields.by_id["assignee"]
    return setting.lookup.ids(users, "user", arguments[0])


def _definitions() -> list[FunctionDef]:
    version, sprint, type_, key = (frozenset({kind}) for kind in ("version", "sprint", "issuetype", "key"))
    bounds = [f"{edge}Of{period}" for edge in ("start", "end") for period in ("Day", "Week", "Month", "Year")]
    return [
        FunctionDef("currentUser", _USERS, False, (0, 0), lambda s, _: [s.account]),
        FunctionDef("membersOf", _USERS, True, (1, 1), _members),
        FunctionDef("now", _DATES, False, (0, 0), lambda s, _: [s.clock.now]),
        FunctionDef("currentLogin", _DATES, False, (0, 0), lambda s, _: [s.clock.now - 3_600_000]),
        FunctionDef("lastLogin", _DATES, False, (0, 0), lambda s, _: [s.clock.now - 86_400_000]),
        *(FunctionDef(name, _DATES, False, (0, 1), _bound(name)) for name in bounds),
        FunctionDef(
            "releasedVersions", version, True, (0, 99), lambda s, a: [v.id for v in _versions(s, a, True)]
        ),
        FunctionDef(
            "unreleasedVersions", version, True, (0, 99), lambda s, a: [v.id for v in _versions(s, a, False)]
        ),
        FunctionDef(
            "latestReleasedVersion",
            version,
            False,
            (1, 1),
            lambda s, a: [v.id for v in _versions(s, a, True)[-1:]],
        ),
        FunctionDef(
            "earliestUnreleasedVersion",
            version,
            False,
            (1, 1),
            lambda s, a: [v.id for v in _versions(s, a, False)[:1]],
        ),
        FunctionDef("openSprints", sprint, True, (0, 0), _sprints("active")),
        FunctionDef("closedSprints", sprint, True, (0, 0), _sprints("closed")),
        FunctionDef("futureSprints", sprint, True, (0, 0), _sprints("future")),
        FunctionDef("standardIssueTypes", type_, True, (0, 0), _types(False)),
        FunctionDef("subtaskIssueTypes", type_, True, (0, 0), _types(True)),
        FunctionDef("linkedIssues", key, True, (1, 9), _linked),
        FunctionDef("projectsLeadByUser", frozenset({"project"}), True, (0, 1), _lead_by),
        FunctionDef("componentsLeadByUser", frozenset({"component"}), True, (0, 1), _components_by),
    ]


FUNCTIONS = {function.name.lower(): function for function in _definitions()}


def call(setting: Setting, field: FieldDef, shown: str, function: Function, many: bool) -> Values:
    """The function's values. `many`: the operator takes a list. Raises JqlError in Jira's words."""
    found = FUNCTIONS.get(function.name.lower())
    if found is None:
        raise JqlError(f"Unable to find JQL function '{function.source}'.")
    if field.kind not in found.kinds:
        raise JqlError(f"Function '{found.name}' is not supported by the field '{shown}'.")
    if found.many and not many:
        raise JqlError(
            f"The function '{found.name}' returns a list and can only be used with 'in' or 'not in'."
        )
    fewest, most = found.arguments
    if not fewest <= len(function.arguments) <= most:
        raise JqlError(f"Function '{found.name}' expected {_count(fewest, most)} but received "
                       f"'{len(function.arguments)}'.")  # fmt: skip
    return found.call(setting, function.arguments)


def _count(fewest: int, most: int) -> str:
    return f"'{fewest}' arguments" if fewest == most else f"between '{fewest}' and '{most}' arguments"
