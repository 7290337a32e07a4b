"""From an issue's field to what indexes hold: ids, words, numbers; and to what ORDER BY compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from typing import Any, TypeAlias

from demo.issues.fields import FieldDef
from demo.issues.model import Catalogue, Issue, Json
from demo.issues.text import plain, words

ValuesOf: TypeAlias = Callable[[Issue], Iterable[Hashable]]
NumberOf: TypeAlias = Callable[[Issue], float | None]

RANGED = frozenset({"number", "duration", "date", "datetime"})
_COUNTED = {"votes": "votes", "watches": "watchCount"}


def milliseconds(text: str) -> int:
    """A time as the API shows it, as milliseconds since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def numbers_of(field: FieldDef) -> NumberOf:
    """A number, a duration in seconds, a date as its ordinal or a time in milliseconds."""
    name = field.id
    if field.kind == "datetime":
        return lambda issue: milliseconds(text) if (text := issue.fields.get(name)) else None
    if field.kind == "date":
        return lambda issue: (
            date.fromisoformat(text).toordinal() if (text := issue.fields.get(name)) else None
        )
    if name in _COUNTED:
        member = _COUNTED[name]
        return lambda issue: (issue.fields.get(name) or {}).get(member, 0)
    return lambda issue: issue.fields.get(name)


def values_of(field: FieldDef, catalogue: Catalogue) -> ValuesOf:
    """Ids of references, folded labels, words of texts; nothing for an empty field."""
    name = field.id
    match field.kind:
        case "user":
            return _each(name, lambda value: value["accountId"])
        case "label":
            return _each(name, lambda value: value.casefold())
        case "text":
            return _words_of(name)
        case "category":
            categories = {project.key: project.category for project in catalogue.projects.values()}
            return lambda issue: (category[0],) if (category := categories[issue.project]) else ()
        case _:
            return _OF_ISSUE.get(field.kind) or _each(name, lambda value: value["id"])


_OF_ISSUE: dict[str, ValuesOf] = {
    "attachment": lambda issue: ("any",) if issue.fields.get("attachment") else (),
    "issue": lambda issue: {int(task["id"]) for task in issue.fields.get("subtasks", ())},
    "level": lambda issue: (issue.level,) if issue.level else (),
    "link": lambda issue: {_link_word(link) for link in issue.fields.get("issuelinks", ())},
    "parent": lambda issue: (int(parent["id"]),) if (parent := issue.fields.get("parent")) else (),
    "project": lambda issue: (issue.project,),
    "rank": lambda issue: (issue.id,),
    "statuscategory": lambda issue: (issue.fields["status"]["statusCategory"]["key"],),
    "worklog author": lambda issue: {worklog.author for worklog in issue.worklogs},
    "worklog date": lambda issue: {worklog.started for worklog in issue.worklogs},
}


def _words_of(name: str) -> ValuesOf:
    """The words of a text, after an empty one that tells a text without any word from no text."""
    names = ("summary", "description", "environment") if name == "text" else (name,)

    def values(issue: Issue) -> Iterable[Hashable]:
        text = " ".join(filter(None, (plain(issue.fields.get(part)) for part in names)))
        return ["", *words(text)] if text else ()

    return values


def _each(name: str, identity: Callable[[Json], Hashable]) -> ValuesOf:
    def values(issue: Issue) -> Iterable[Hashable]:
        value = issue.fields.get(name)
        if not value:
            return ()
        return [identity(item) for item in value] if isinstance(value, list) else (identity(value),)

    return values


def _link_word(link: Json) -> str:
    word = link["type"]["outward"] if "outwardIssue" in link else link["type"]["inward"]
    return str(word).casefold()


_DIGITS = re.compile(r"(\d+)")


def natural(text: str) -> tuple[Any, ...]:
    """A text's key in which numbers count as numbers; of one length, so that it can be inverted."""
    parts = _DIGITS.split(text.casefold())
    return (parts[0], int(parts[1]) if len(parts) > 1 else -1, "".join(parts[2:]))


def sort_value(field: FieldDef, catalogue: Catalogue) -> Callable[[Issue], Any] | None:  # noqa: PLR0911
    """What ORDER BY compares, None for an empty value; None where Jira cannot sort by the field."""
    if field.kind in RANGED:
        return numbers_of(field)
    ranks = _ranks(field, catalogue)
    if ranks is not None:
        identities = values_of(field, catalogue)
        return lambda issue: min((ranks[identity] for identity in identities(issue)), default=None)
    name = field.id
    match field.kind:
        case "key":
            return lambda issue: (issue.project, issue.number)
        case "rank":
            return lambda issue: issue.fields.get(name) or f"9|{issue.id:012}"
        case "text" if name not in {"text", "comment"}:
            return lambda issue: plain(issue.fields.get(name))[:120].casefold() or None
        case "label":
            return lambda issue: min((str(v).casefold() for v in issue.fields.get(name) or ()), default=None)
        case "parent":
            return lambda issue: natural(parent["key"]) if (parent := issue.fields.get("parent")) else None
        case "option" if not field.many:
            return lambda issue: natural(value["value"]) if (value := issue.fields.get(name)) else None
        case _:
            return None


def _ranks(field: FieldDef, catalogue: Catalogue) -> dict[Any, int] | None:
    """The place of each value among all of its kind, in Jira's order."""
    make = _RANKS.get(field.kind)
    return make(catalogue) if make else None


def _version_ranks(catalogue: Catalogue) -> dict[Any, int]:
    ordered = sorted(catalogue.versions.values(), key=lambda version: (version.sequence, version.id))
    return {version.id: rank for rank, version in enumerate(ordered)}


_RANKS: dict[str, Callable[[Catalogue], dict[Any, int]]] = {
    # Ascending is from lowest to highest, though the highest comes first in the list.
    "priority": lambda known: {id_: -rank for rank, id_ in enumerate(known.priorities)},
    "status": lambda known: {id_: rank for rank, id_ in enumerate(known.statuses)},
    "statuscategory": lambda _: {"undefined": 0, "new": 1, "indeterminate": 2, "done": 3},
    "resolution": lambda known: {id_: rank for rank, id_ in enumerate(known.resolutions)},
    "sprint": lambda known: {id_: rank for rank, id_ in enumerate(known.sprints)},
    "version": _version_ranks,
    "issuetype": lambda known: _by_name({type_.id: type_.name for type_ in known.types.values()}),
    "project": lambda known: _by_name({project.key: project.name for project in known.projects.values()}),
    "user": lambda known: _by_name({account.id: account.name for account in known.accounts.values()}),
    "component": lambda known: _by_name({thing.id: thing.name for thing in known.components.values()}),
}


def _by_name(names: dict[str, str]) -> dict[Any, int]:
    return {id_: rank for rank, id_ in enumerate(sorted(names, key=lambda id_: (natural(names[id_]), id_)))}
