"""What a person may do and see in Jira, which we ask Jira as the app and forget within five minutes.

Answers are kept in memory only, never stored or logged; their age counts from the moment we asked. They are
kept for an account, a tenant and a version of its secret, so that a new installation begins with none.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.jira import Jira, Question
from core.outbound import Unreachable
from core.recent import Recent
from core.tenants import Tenant

_KEPT_SECONDS = 300.0
# How long we do not ask again a Jira that gave no answer: a page that polls must not wait each time.
_UNREACHABLE_SECONDS = 10.0
# A person waits for what we ask; all questions of one request share this time.
_PATIENCE_SECONDS = 3.0
_ACCOUNTS_KEPT = 20_000
_IDS_KEPT = 500_000
_CHECK = "/rest/api/3/permissions/check"
_GROUPS = "/rest/api/3/user/groups"
# Jira checks at most so many projects in one call, and knows no larger id.
_PROJECTS_A_CALL = 1000
_LARGEST_ID = (1 << 63) - 1

_Key = tuple[UUID, int, str]


@dataclass(frozen=True)
class Right:
    """Whether a person has a right. `unchecked` where Jira could not be asked, which means no."""

    granted: bool
    unchecked: bool = False


@dataclass(frozen=True)
class Standing:
    """What is known of a person's place in Jira; what is not known grants nothing.

    `groups`: the ids of all their groups, None where we have not asked. `browsable` and `closed`: ids of
    projects that they may and may not browse, of those we asked about. `unchecked`: Jira could not be asked.
    """

    groups: frozenset[str] | None = None
    browsable: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    unchecked: bool = False

    def same_as(self, other: "Standing") -> bool:
        """Whether both show their person the same."""
        return replace(self, unchecked=other.unchecked) == other


@dataclass(frozen=True)
class _Projects:
    browsable: frozenset[str]
    closed: frozenset[str]
    until: float


class Rights:
    """Asks a tenant's Jira about accounts. `clock` times what is remembered."""

    def __init__(self, jira: Jira, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._jira = jira
        self._clock = clock
        self._site_admins: Recent[_Key, Right] = Recent(
            size=_ACCOUNTS_KEPT, seconds=_KEPT_SECONDS, clock=clock
        )
        self._groups: Recent[_Key, frozenset[str]] = Recent(
            size=_IDS_KEPT, seconds=_KEPT_SECONDS, clock=clock
        )
        self._projects: Recent[_Key, _Projects] = Recent(size=_IDS_KEPT, seconds=_KEPT_SECONDS, clock=clock)
        self._unanswered: Recent[_Key, bool] = Recent(
            size=_ACCOUNTS_KEPT, seconds=_UNREACHABLE_SECONDS, clock=clock
        )

    def site_admin(self, tenant: Tenant, account_id: str, *, fresh: bool = False) -> Right:
        """Whether an account administers the site; `fresh` asks Jira even where the answer is remembered."""
        key = _key(tenant, account_id)
        right = None if fresh else self._site_admins.get(key)
        if right is None:
            asked_at = self._clock()
            right = self._asked_site_admin(tenant, account_id)
            seconds = _UNREACHABLE_SECONDS if right.unchecked else self._left(asked_at)
            self._site_admins.put(key, right, seconds=seconds)
        return right

    def standing(self, tenant: Tenant, account_id: str) -> Standing:
        """What is remembered of an account; asks nobody."""
        key = _key(tenant, account_id)
        projects = self._projects.get(key)
        return Standing(
            groups=self._groups.get(key),
            browsable=projects.browsable if projects else frozenset(),
            closed=projects.closed if projects else frozenset(),
        )

    def learn(
        self, tenant: Tenant, account_id: str, known: Standing, *, groups: bool, projects: Sequence[str]
    ) -> Standing:
        """Asks Jira about an account's groups, and about these projects, and adds that to what is known.

        Takes three seconds at most, whatever Jira does.
        """
        key = _key(tenant, account_id)
        if self._unanswered.get(key):
            return replace(known, unchecked=True)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        known = self._with_groups(tenant, account_id, known, deadline) if groups else known
        for start in range(0, len(projects), _PROJECTS_A_CALL):
            some = projects[start : start + _PROJECTS_A_CALL]
            known = self._with_projects(tenant, account_id, known, some, deadline)
        if known.unchecked:
            self._unanswered.put(key, True)
        return known

    def _with_groups(self, tenant: Tenant, account_id: str, known: Standing, deadline: float) -> Standing:
        asked_at = self._clock()
        question = Question("GET", _GROUPS, query={"accountId": account_id})
        try:
            groups = _group_ids(self._jira.ask(tenant, question, deadline))
        except Unreachable:
            return replace(known, unchecked=True)
        key = _key(tenant, account_id)
        self._groups.put(key, groups, seconds=self._left(asked_at), weight=1 + len(groups))
        return replace(known, groups=groups)

    def _with_projects(
        self, tenant: Tenant, account_id: str, known: Standing, projects: Sequence[str], deadline: float
    ) -> Standing:
        asked_at = self._clock()
        try:
            browsable = self._asked_projects(tenant, account_id, projects, deadline)
        except Unreachable:
            return replace(known, unchecked=True)
        key = _key(tenant, account_id)
        before = self._projects.get(key)
        # What was asked about before makes the whole as old as itself: nothing is kept for longer.
        until = before.until if before else asked_at + _KEPT_SECONDS
        closed = frozenset(projects) - browsable
        merged = _Projects(known.browsable | browsable, known.closed | closed, until)
        weight = 1 + len(merged.browsable) + len(merged.closed)
        self._projects.put(key, merged, seconds=until - self._clock(), weight=weight)
        return replace(known, browsable=merged.browsable, closed=merged.closed)

    def _asked_projects(
        self, tenant: Tenant, account_id: str, projects: Sequence[str], deadline: float
    ) -> frozenset[str]:
        """Those of at most a thousand projects that an account may browse. Raises Unreachable."""
        numbers = {project: _project_number(project) for project in projects}
        asked = sorted({number for number in numbers.values() if number is not None})
        if not asked:
            return frozenset()
        browse = {"permissions": ["BROWSE_PROJECTS"], "projects": asked}
        body = {"accountId": account_id, "projectPermissions": [browse]}
        granted = _granted(self._jira.ask(tenant, Question("POST", _CHECK, body=body), deadline))
        return frozenset(project for project, number in numbers.items() if number in granted)

    def _asked_site_admin(self, tenant: Tenant, account_id: str) -> Right:
        body = {"accountId": account_id, "globalPermissions": ["ADMINISTER"]}
        deadline = time.monotonic() + _PATIENCE_SECONDS
        try:
            answer = self._jira.ask(tenant, Question("POST", _CHECK, body=body), deadline)
        except Unreachable:
            return Right(granted=False, unchecked=True)
        if not isinstance(answer, dict):
            return Right(granted=False, unchecked=True)
        permissions = answer.get("globalPermissions")
        return Right(granted=isinstance(permissions, list) and "ADMINISTER" in permissions)

    def _left(self, asked_at: float) -> float:
        return asked_at + _KEPT_SECONDS - self._clock()


def _key(tenant: Tenant, account_id: str) -> _Key:
    return tenant.id, tenant.secret_version, account_id


def _group_ids(answer: object) -> frozenset[str]:
    """The ids in Jira's list of a person's groups; a name is no id, as groups are renamed."""
    if not isinstance(answer, list):
        raise Unreachable("Jira answered something unexpected")
    ids = (group.get("groupId") for group in answer if isinstance(group, dict))
    return frozenset(group_id for group_id in ids if isinstance(group_id, str))


def _project_number(project: str) -> int | None:
    """A project's id as Jira takes it. One impossible id would make Jira refuse the whole question."""
    if not (project.isascii() and project.isdigit()) or int(project) > _LARGEST_ID:
        return None
    return int(project)


def _granted(answer: object) -> frozenset[int]:
    """The projects that Jira says may be browsed."""
    grants = answer.get("projectPermissions") if isinstance(answer, dict) else None
    if not isinstance(grants, list):
        raise Unreachable("Jira answered something unexpected")
    projects: set[int] = set()
    for grant in grants:
        if isinstance(grant, dict) and grant.get("permission") == "BROWSE_PROJECTS":
            listed = grant.get("projects")
            if isinstance(listed, list):
                projects.update(number for number in listed if type(number) is int)
    return frozenset(projects)
