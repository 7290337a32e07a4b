"""Which report a gadget of a dashboard shows.

Jira lets an app with the scope READ write nothing into a dashboard, so that the choice is kept here. Every
gadget has a version from the beginning: 0 until somebody chooses for the first time, and it never goes back,
so that each change can name what it is meant for.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Database, Row
from core.json_time import json_time
from core.reports import ReportMissing
from core.reports.learning import learnt
from core.reports.rows import IS_ADMINISTRATOR, parameters_of, unasked, visible
from core.rights import Rights, Standing
from core.stale import VersionStale

LARGEST_NUMBER_OF_GADGETS = 10_000
ID_PATTERN = r"^[A-Za-z0-9:._-]{1,64}$"
"""Jira's ids of dashboards and their items: digits under Connect; Forge does not say."""
_ID = re.compile(ID_PATTERN, re.ASCII)

State = Literal["empty", "shown", "hidden", "deleted"]

_FIND = "g.dashboard = %(dashboard)s and g.item = %(item)s"
# One row also where nothing was ever chosen.
_LOOK = f"""
    select coalesce(g.version, 0) as version, g.report_id, g.set_by,
           {json_time("g.set_at")} as set_at,
           r.deleted_at is not null as is_deleted,
           coalesce({{visible}}, false) as is_visible,
           coalesce({IS_ADMINISTRATOR}, false) as is_administrator
    from (values (true)) one
    left join gadgets g on {_FIND}
    left join reports r on r.tenant_id = g.tenant_id and r.id = g.report_id
"""  # noqa: S608 - of constants
_WRITE = """
    insert into gadgets (tenant_id, dashboard, item, report_id, set_by)
    values (current_tenant(), %(dashboard)s, %(item)s, %(report)s, %(account)s)
    on conflict (tenant_id, dashboard, item) do update
    set report_id = excluded.report_id, version = gadgets.version + 1,
        set_by = excluded.set_by, set_at = now()
"""
_VERSION = f"select coalesce((select g.version from gadgets g where {_FIND}), 0) as version"  # noqa: S608 - of constants
_LOCK = "select pg_advisory_xact_lock(hashtextextended('gadgets ' || current_tenant(), 0))"
# What was emptied stays for a day, so that a page which still knows an older version is told so.
_TIDY = "delete from gadgets where report_id is null and set_at < now() - interval '1 day'"


class NotTheirs(Exception):
    """Somebody else chose what the gadget shows; `unchecked` where Jira could not be asked for the right."""

    def __init__(self, *, unchecked: bool) -> None:
        super().__init__()
        self.unchecked = unchecked


class TooManyGadgets(Exception):
    """The tenant has as many gadgets as it may have."""


class Place(NamedTuple):
    """Where a gadget stands: the ids of a dashboard and of its item, as `place_of` lets them through."""

    dashboard: str
    item: str


@dataclass(frozen=True)
class Choice:
    """What a gadget shows, to one caller.

    `report` is the id of a report that they see, where `state` is `shown`. `hidden`: one is chosen that they
    do not see; nothing more is told of it. `deleted`: they would see it, had it not been deleted. `editable`:
    they may change the choice, as far as can be told without asking Jira. `unchecked`: Jira could not be
    asked, and may well show them the report.
    """

    state: State
    report: UUID | None
    version: int
    set_by: str | None
    set_at: str | None
    editable: bool
    unchecked: bool = False


def place_of(dashboard: str, item: str) -> Place | None:
    """The place that two ids name; None where Jira has no such ids."""
    return Place(dashboard, item) if _ID.fullmatch(dashboard) and _ID.fullmatch(item) else None


class Gadgets:
    """All work on gadgets. Raises DatabaseUnavailable and TenantRefused throughout."""

    def __init__(self, database: Database, rights: Rights) -> None:
        self._database = database
        self._rights = rights

    def get(self, caller: Caller, place: Place) -> Choice:
        """What the gadget shows to the caller.

        One round trip where what is remembered of the caller shows them the report; else Jira is asked.
        """
        standing = self._rights.standing(caller.tenant, caller.account_id)
        row = self._look(caller, place, standing)
        if row["report_id"] is None or row["is_visible"]:
            return _choice(caller, row)
        known = self._learn(caller, standing)
        if not known.same_as(standing):
            row = self._look(caller, place, known)
        return _choice(caller, row, unchecked=known.unchecked)

    def choose(self, caller: Caller, place: Place, report_id: UUID, matches: Callable[[int], bool]) -> Choice:
        """Lets the gadget show a report that the caller sees, if `matches` accepts the present version.

        Raises ReportMissing, NotTheirs, VersionStale and TooManyGadgets.
        """
        self._require_seen(caller, report_id)
        version = self._require_theirs(caller, place)
        with self._held(caller, place, version, matches) as cursor:
            if version == 0:
                _require_room(cursor)
            cursor.execute(_WRITE, _named(caller, place) | {"report": report_id})
        return self.get(caller, place)

    def clear(self, caller: Caller, place: Place, matches: Callable[[int], bool]) -> None:
        """Lets the gadget show nothing, if `matches` accepts the present version.

        Raises NotTheirs and VersionStale.
        """
        version = self._require_theirs(caller, place)
        with self._held(caller, place, version, matches) as cursor:
            if version > 0:
                cursor.execute(_WRITE, _named(caller, place) | {"report": None})

    @contextmanager
    def _held(
        self, caller: Caller, place: Place, version: int, matches: Callable[[int], bool]
    ) -> Iterator[Cursor]:
        """A transaction with the tenant's gadgets to itself. Raises VersionStale.

        `version` is the one that the right to change it was found for.
        """
        tenant = caller.tenant
        with self._database.tenant(tenant.id, secret_version=tenant.secret_version) as cursor:
            cursor.execute(_LOCK)
            cursor.execute(_VERSION, place._asdict())
            (row,) = cursor.fetchall()
            if row["version"] != version or not matches(version):
                raise VersionStale(row["version"])
            yield cursor

    def _require_seen(self, caller: Caller, report_id: UUID) -> None:
        standing = self._rights.standing(caller.tenant, caller.account_id)
        if self._sees(caller, standing, report_id):
            return
        known = self._learn(caller, standing)
        if known.same_as(standing) or not self._sees(caller, known, report_id):
            raise ReportMissing

    def _require_theirs(self, caller: Caller, place: Place) -> int:
        """The version that the caller may change. No transaction is open while Jira is asked."""
        row = self._look(caller, place, Standing())
        if not _is_editable(caller, row):
            right = self._rights.site_admin(caller.tenant, caller.account_id)
            if not right.granted:
                raise NotTheirs(unchecked=right.unchecked)
        return int(row["version"])

    def _sees(self, caller: Caller, standing: Standing, report_id: UUID) -> bool:
        live = "select 1 as seen from reports r where r.id = %(id)s and r.deleted_at is null"
        parameters = parameters_of(caller.account_id, standing) | {"id": report_id}
        return bool(self._read(caller, f"{live} and {visible(standing)}", parameters))

    def _learn(self, caller: Caller, standing: Standing) -> Standing:
        sql = f"select {unasked(standing)}"
        (row,) = self._read(caller, sql, parameters_of(caller.account_id, standing))
        return learnt(self._rights, caller, standing, row)

    def _look(self, caller: Caller, place: Place, standing: Standing) -> Row:
        parameters = parameters_of(caller.account_id, standing) | place._asdict()
        return self._read(caller, _LOOK.format(visible=visible(standing)), parameters)[0]

    def _read(self, caller: Caller, sql: str, parameters: dict[str, Any]) -> list[Row]:
        return self._database.read(
            caller.tenant.id, sql, parameters, secret_version=caller.tenant.secret_version
        )


def _choice(caller: Caller, row: Row, *, unchecked: bool = False) -> Choice:
    state: State = "deleted" if row["is_deleted"] else "shown"
    if row["report_id"] is None:
        state = "empty"
    elif not row["is_visible"]:
        state = "hidden"
    return Choice(
        state=state,
        report=row["report_id"] if state == "shown" else None,
        version=row["version"],
        set_by=None if state == "empty" else row["set_by"],
        set_at=None if state == "empty" else row["set_at"],
        editable=_is_editable(caller, row),
        unchecked=unchecked and state == "hidden",
    )


def _is_editable(caller: Caller, row: Row) -> bool:
    """Whether the choice is the caller's to change without being a site's administrator."""
    return row["report_id"] is None or row["set_by"] == caller.account_id or bool(row["is_administrator"])


def _named(caller: Caller, place: Place) -> dict[str, Any]:
    return place._asdict() | {"account": caller.account_id}


def _require_room(cursor: Cursor) -> None:
    cursor.execute(_TIDY)
    cursor.execute("select count(*) as number from gadgets")
    (row,) = cursor.fetchall()
    if row["number"] >= LARGEST_NUMBER_OF_GADGETS:
        raise TooManyGadgets
