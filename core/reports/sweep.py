"""The end of deleted reports: kept for a while to be restored, then gone.

The ledger is told in the transaction that removes them, so that no restored backup has them again.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.database import Database
from core.ledger import Deleted, Ledger
from core.tasks import Kind

REPORT_SWEEP = Kind(name="sweep-reports", urgency=8, every=timedelta(hours=1))
RESTORABLE_FOR = timedelta(days=30)


def remove_expired(database: Database, ledger: Ledger, *, at_most: int) -> int:
    """Removes reports of all tenants that were deleted longer ago than RESTORABLE_FOR; returns how many."""
    with database.system() as cursor:
        cursor.execute(
            "select tenant_id, id from take_deleted_reports(%s, %s)",
            (datetime.now(UTC) - RESTORABLE_FOR, at_most),
        )
        removed: dict[UUID, list[UUID]] = {}
        for row in cursor.fetchall():
            removed.setdefault(row["tenant_id"], []).append(row["id"])
        for tenant_id, report_ids in removed.items():
            ledger.record(Deleted(tenant_id=tenant_id, report_ids=tuple(report_ids)))
    return sum(map(len, removed.values()))
