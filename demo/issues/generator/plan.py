"""The frame of the generated site: projects with components, versions and sprints, and what all share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple, Protocol, TypeVar

from demo.issues import accounts as people
from demo.issues.edits import shown
from demo.issues.loading import SECURITY_LEVEL, STAFF_LEVEL
from demo.issues.model import (
    Catalogue,
    Component,
    IssueType,
    Priority,
    Project,
    Resolution,
    Sprint,
    Status,
    Version,
)

DAY = 86_400_000
SPAN = 730  # days of history
_SPRINT_DAYS = 14
_RELEASE_DAYS = 84
_ARCHIVED = (0, 1)


class ProjectPlan(NamedTuple):
    """`weight`: share of the issues."""

    key: str
    name: str
    kind: str
    category: tuple[str, str]
    weight: float
    components: tuple[str, ...]
    sprints: bool = True
    browsers: frozenset[str] | None = None


PLANS = (
    ProjectPlan(
        "SHOP",
        "Storefront",
        "software",
        ("10100", "Products"),
        0.28,
        ("API", "Search", "Checkout", "Images", "Accounts"),
    ),
    ProjectPlan(
        "PAY", "Payments", "software", ("10100", "Products"), 0.18, ("API", "Ledger", "Cards", "Reports")
    ),
    ProjectPlan(
        "MOB",
        "Mobile apps",
        "software",
        ("10100", "Products"),
        0.18,
        ("iOS", "Android", "API", "Search", "Notifications"),
    ),
    ProjectPlan(
        "OPS",
        "Platform",
        "software",
        ("10101", "Internal"),
        0.15,
        ("Database", "Network", "Monitoring", "Build & Release"),
    ),
    ProjectPlan(
        "HELP", "Help desk", "service_desk", ("10102", "Service"), 0.13, ("Phone", "Email", "Chat"), False
    ),
    ProjectPlan("DOCS", "Handbook / مرجع / מדריך", "business", ("10101", "Internal"), 0.05, (), False),
    ProjectPlan(
        "VAULT",
        "Vault",
        "software",
        ("10101", "Internal"),
        0.03,
        ("Audit",),
        False,
        frozenset({people.SECURITY}),
    ),
)

EPIC, STORY, TASK, BUG, SUBTASK, REQUEST = "10000", "10001", "10002", "10003", "10004", "10005"
BACKLOG, TODO, PROGRESS, REVIEW, TESTING, BLOCKED, WAITING, DONE, CLOSED = (str(10000 + n) for n in range(9))


def catalogue(now: int) -> Catalogue:
    """Everything but the issues. `now`: milliseconds since 1970."""
    known = Catalogue(accounts=people.accounts(), groups=people.groups())
    known.types = _by_id(
        IssueType(EPIC, "Epic", 1, "A big piece of work."),
        IssueType(STORY, "Story"),
        IssueType(TASK, "Task"),
        IssueType(BUG, "Bug"),
        IssueType(REQUEST, "Service Request"),
        IssueType(SUBTASK, "Sub-task", -1),
    )
    known.statuses = _by_id(
        Status(BACKLOG, "Backlog", "new"),
        Status(TODO, "To Do", "new"),
        Status(PROGRESS, "In Progress", "indeterminate"),
        Status(REVIEW, "In Review", "indeterminate"),
        Status(TESTING, "In QA", "indeterminate"),
        Status(BLOCKED, "Blocked", "indeterminate"),
        Status(WAITING, "Waiting for customer", "indeterminate"),
        Status(DONE, "Done", "done"),
        Status(CLOSED, "Closed", "done"),
    )
    names = (
        ("Highest", "#d04437"),
        ("High", "#f15c75"),
        ("Medium", "#f79232"),
        ("Low", "#707070"),
        ("Lowest", "#999999"),
    )
    known.priorities = _by_id(*(Priority(str(n), *pair) for n, pair in enumerate(names, 1)))
    outcomes = ("Done", "Won't Do", "Duplicate", "Cannot Reproduce")
    known.resolutions = _by_id(*(Resolution(str(10000 + n), name) for n, name in enumerate(outcomes)))
    known.levels = _by_id(STAFF_LEVEL, SECURITY_LEVEL)
    for number, plan in enumerate(PLANS):
        _add_project(known, number, plan, now)
    known.sprints = dict(sorted(known.sprints.items(), key=lambda item: (item[1].start or "9", item[0])))
    return known


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_Identified)


def _by_id(*things: _Thing) -> dict[str, _Thing]:
    return {thing.id: thing for thing in things}


def _add_project(known: Catalogue, number: int, plan: ProjectPlan, now: int) -> None:
    leads = [account.id for account in known.accounts.values() if people.LEADS in account.groups]
    lead = leads[number % len(leads)]
    known.projects[plan.key] = Project(
        str(10000 + number), plan.key, plan.name, lead, plan.category, plan.kind, browsers=plan.browsers
    )
    for place, name in enumerate(plan.components):
        id_ = str(10000 + number * 20 + place)
        known.components[id_] = Component(id_, name, plan.key, lead if place == 0 else None)
    if plan.kind == "software":
        for version in _versions(plan.key, number, now):
            known.versions[version.id] = version
    if plan.sprints:
        for sprint in _sprints(plan.key, number, now):
            known.sprints[sprint.id] = sprint


def _versions(key: str, number: int, now: int) -> list[Version]:
    """One release a quarter from two years back to half a year ahead; the oldest are archived."""
    made = []
    for place in range(SPAN // _RELEASE_DAYS + 3):
        release = now - (SPAN - (place + 1) * _RELEASE_DAYS) * DAY
        day, start = _day(release), _day(release - _RELEASE_DAYS * DAY)
        id_ = str(10000 + number * 30 + place)
        name = f"{1 + place // 4}.{place % 4}"
        made.append(Version(id_, name, key, place, release <= now, place in _ARCHIVED, start, day))
    return made


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def _sprints(key: str, number: int, now: int) -> list[Sprint]:
    """Two weeks each, the running one and two to come included."""
    made = []
    count = SPAN // _SPRINT_DAYS
    for place in range(count + 3):
        id_ = number * 100 + place + 1
        start = now - (count - place) * _SPRINT_DAYS * DAY - 5 * DAY
        end = start + _SPRINT_DAYS * DAY
        state = "closed" if end <= now else "active" if start <= now else "future"
        starts = None if state == "future" else _instant(start)
        ends = None if state == "future" else _instant(end)
        complete = _instant(end + DAY // 6) if state == "closed" else None
        goal = "Nothing red on Monday" if place % 5 == 0 else ""
        made.append(Sprint(id_, f"{key} Sprint {place + 1}", state, number + 1, goal, starts, ends, complete))
    return made


def _instant(at: int) -> str:
    return shown(at).replace("+0000", "Z")
