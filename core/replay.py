"""Bringing a restored database up to date with what was forgotten after its backup was taken.

1. The ledger's entries are gone through in the order in which they were written, from a while before the
   backup's snapshot: what was recorded before it may have been committed after it.
2. Each is done again if there is anything to do. What the backup already lacks is left as it is, so that a
   replay can be repeated, and changes nothing in a database that is up to date.
3. A purged tenant is found by the salted hash of its id. A site that kept its connection keeps it under the
   very id that the purge gave it, so that later entries find it, and what was made under that id is not
   touched.
4. A closed account is found by its salted hash among those that the database holds of its tenant.
5. An entry that cannot be read ends the replay: a database that might hold purged data must not be used.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from core.database import Cursor
from core.ledger import Closed, Deleted, Ledger, Purged
from core.personal_data.removal import Reclosing
from core.receipts import row_of

_MARGIN = timedelta(days=1)
_PURGE = "select replay_purge(jsonb_populate_record(null::purge_receipts, %s::jsonb), %s) as removed"
_DELETE = "delete from reports where tenant_id = %s and id = any (%s)"


@dataclass
class Replayed:
    """How many tenants, accounts and reports the database still had and lost now."""

    purges: int = 0
    closures: int = 0
    deletions: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def replay(cursor: Cursor, ledger: Ledger, taken_at: datetime) -> Replayed:
    """Forgets again what the ledger names since a backup was taken, in the cursor's transaction.

    The cursor is the owner's; the transaction goes on as the role sightline_definer, which sees every tenant.
    Raises LedgerUnreadable, SealBroken.
    """
    cursor.execute("set local role sightline_definer")
    done, reclosing = Replayed(), Reclosing(cursor)
    for entry in ledger.entries(taken_at - _MARGIN):
        match entry:
            case Purged():
                cursor.execute(_PURGE, (row_of(entry), entry.successor))
                (row,) = cursor.fetchall()
                done.purges += row["removed"]
            case Deleted():
                cursor.execute(_DELETE, (entry.tenant_id, list(entry.report_ids)))
                done.deletions += cursor.rowcount
            case Closed():
                done.closures += reclosing.close(entry)
    return done
