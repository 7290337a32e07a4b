"""The end of deleted reports: kept for a while to be restored, then gone."""

from datetime import UTC, datetime, timedelta

from core.database import Database
from core.tasks import Kind

REPORT_SWEEP = Kind(name="sweep-reports", urgency=8, every=timedelta(hours=1))
RESTORABLE_FOR = timedelta(days=30)


def remove_expired(database: Database, *, at_most: int) -> int:
    """Removes reports of all tenants that were deleted longer ago than RESTORABLE_FOR; returns how many."""
    rows = database.read_system(
        "select remove_deleted_reports(%s, %s) as removed", (datetime.now(UTC) - RESTORABLE_FOR, at_most)
    )
    return int(rows[0]["removed"])
