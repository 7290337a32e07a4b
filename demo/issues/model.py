"""What a site is made of. References are shared and immutable; an edit puts a new Issue in its row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = Any  # a JSON value as the REST API shows it; its shape is Jira's, checked in the tests


@dataclass(frozen=True, slots=True)
class Group:
    """A group of accounts; rights go by its name here, by its id in the API."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person (or app) known to the site."""

    id: str
    name: str
    email: str
    zone: str  # IANA
    locale: str = "en_GB"
    groups: frozenset[str] = frozenset()  # names
    active: bool = True
    kind: str = "atlassian"
    demo: bool = False  # one of those that a visitor may sign in as

    @property
    def admin(self) -> bool:
        """Holds the global permission ADMINISTER."""
        return "site-admins" in self.groups


@dataclass(frozen=True, slots=True)
class Project:
    """`browsers`: names of the groups that may browse it; None for everybody."""

    id: str
    key: str
    name: str
    lead: str  # account id
    category: tuple[str, str] | None = None  # id, name
    kind: str = "software"
    description: str = ""
    browsers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """An issue security level and the names of the groups in it."""

    id: str
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class IssueType:
    """`level`: -1 sub-task, 0 standard, 1 epic."""

    id: str
    name: str
    level: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A status category; there are four and no site can change them."""

    id: int
    key: str
    color: str
    name: str


CATEGORIES = (
    Category(1, "undefined", "medium-gray", "No Category"),
    Category(2, "new", "blue-gray", "To Do"),
    Category(4, "indeterminate", "yellow", "In Progress"),
    Category(3, "done", "green", "Done"),
)


@dataclass(frozen=True, slots=True)
class Status:
    """`category`: key of a status category."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Priority:
    """Its place in the site's tuple is its rank: first is highest."""

    id: str
    name: str
    color: str = "#999999"


@dataclass(frozen=True, slots=True)
class Resolution:
    """How an issue was settled."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """`sequence` is its place among its project's versions, oldest first."""

    id: str
    name: str
    project: str  # key
    sequence: int
    released: bool = False
    archived: bool = False
    start: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """Components of two projects may share a name, never an id."""

    id: str
    name: str
    project: str  # key
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Sprint:
    """`state`: closed, active or future. Times as the API shows them."""

    id: int
    name: str
    state: str
    board: int
    goal: str = ""
    start: str | None = None
    end: str | None = None
    complete: str | None = None


@dataclass(frozen=True, slots=True)
class Worklog:
    """Times in milliseconds since 1970."""

    id: int
    author: str
    started: int
    seconds: int
    comment: str
    created: int
    updated: int


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one edit: ids and how they were shown then."""

    field: str
    old: str | None
    old_text: str | None
    new: str | None
    new_text: str | None


@dataclass(frozen=True, slots=True)
class History:
    """One edit. `at` in milliseconds since 1970."""

    id: int
    author: str
    at: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One state of one issue. `fields` holds values as the API shows them; absent means empty."""

    row: int
    id: int
    key: str
    project: str  # key
    number: int
    fields: dict[str, Json]
    level: str | None = None  # id of its security level
    worklogs: tuple[Worklog, ...] = ()
    histories: tuple[History, ...] = ()


@dataclass(slots=True)
class Catalogue:
    """Everything that issues refer to, in Jira's own order where Jira has one."""

    projects: dict[str, Project] = field(default_factory=dict)  # by key
    types: dict[str, IssueType] = field(default_factory=dict)  # these by id
    statuses: dict[str, Status] = field(default_factory=dict)
    priorities: dict[str, Priority] = field(default_factory=dict)
    resolutions: dict[str, Resolution] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    components: dict[str, Component] = field(default_factory=dict)
    sprints: dict[int, Sprint] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)  # by name
