"""The cycles in which a tenant's accounts are reported: the schedule, and the record that can be audited.

A cycle is a row that names nobody: when it was due, began and ended, how many accounts were reported in how
many calls, and what came of it. The row without an end is the next one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.database import Cursor, Database
from core.tasks import Kind

REPORTING = Kind(name="personal-data-report", urgency=7)
ACCOUNTS_SWEEP = Kind(name="sweep-accounts", urgency=7, every=timedelta(minutes=15))
RECORDS_KEPT_FOR = timedelta(days=365)
_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(days=366)

_REQUEST = "select request_account_reports(%s::smallint, %s, %s) as written"
_BEGIN = """
    update account_report_cycles set begun_at = coalesce(begun_at, now())
    where tenant_id = current_tenant() and ended_at is null and due_at <= now()
    returning *, begun_at + period < now() as is_over
"""
_NOTE = """
    update account_report_cycles
    set period = %(period)s, position = %(position)s, calls = %(calls)s, troubles = %(troubles)s,
        reported = %(reported)s, closed = %(closed)s, updated = %(updated)s, refused = %(refused)s
    where tenant_id = current_tenant() and due_at = %(due_at)s
"""
_END = "update account_report_cycles set ended_at = now() where tenant_id = current_tenant() and due_at = %s"
_NEXT = """
    insert into account_report_cycles (tenant_id, due_at, period)
    select tenant_id, greatest(begun_at + period, now()), period
    from account_report_cycles where tenant_id = current_tenant() and due_at = %s
"""
_FORGET = """
    delete from account_report_cycles where tenant_id = current_tenant() and ended_at < now() - %s
"""
_FORGET_TASKS = """
    delete from tasks where tenant_id = current_tenant() and kind = %s and finished_at is not null
"""


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """A cycle as it stands. `position`: the hash of the last account that was dealt with."""

    due_at: datetime
    begun_at: datetime
    period: timedelta
    position: bytes
    calls: int
    troubles: int
    reported: int
    closed: int
    updated: int
    refused: int

    def with_period(self, period: timedelta | None) -> "Cycle":
        """With the length that Atlassian asked for, within reason."""
        return replace(self, period=period) if period and _SHORTEST <= period <= _LONGEST else self

    @property
    def counts(self) -> dict[str, int]:
        """What came of it, by name."""
        return {name: getattr(self, name) for name in ("calls", "reported", "closed", "updated", "refused")}


def request_reports(database: Database, *, at_most: int) -> int:
    """Writes the tasks of the reports that are due, of any tenant; how many."""
    values = (REPORTING.urgency, REPORTING.attempts, at_most)
    return int(database.read_system(_REQUEST, values)[0]["written"])


def begin(cursor: Cursor) -> Cycle | None:
    """The tenant's cycle that is due, begun now or earlier; None where none is.

    One that was not done within its own length ends as it is, and the next one begins.
    """
    for _ in range(2):
        cursor.execute(_BEGIN)
        row = cursor.fetchone()
        if row is None:
            return None
        cycle = _cycle(row)
        if not row["is_over"]:
            return cycle
        end(cursor, cycle)
    return None


def note(cursor: Cursor, cycle: Cycle) -> None:
    """Records how far a cycle is."""
    cursor.execute(_NOTE, vars(cycle))


def end(cursor: Cursor, cycle: Cycle) -> None:
    """Ends a cycle and plans the next, and forgets what is too old."""
    cursor.execute(_END, (cycle.due_at,))
    cursor.execute(_NEXT, (cycle.due_at,))
    cursor.execute(_FORGET, (RECORDS_KEPT_FOR,))
    cursor.execute(_FORGET_TASKS, (REPORTING.name,))


def _cycle(row: dict[str, Any]) -> Cycle:
    values = {name: row[name] for name in Cycle.__dataclass_fields__}
    return Cycle(**{**values, "position": bytes(row["position"] or b"")})
