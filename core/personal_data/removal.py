"""Taking accounts out of a tenant: closed ones for good, those of a site that left by hashes.

1. All of it is one transaction. It begins by taking hold of the tenant, and ends by taking hold of the task,
   whose lease is renewed meanwhile (`tenant_of_accounts`): a worker that lost its lease, or whose tenant was
   purged, uninstalled or installed again, changes nothing.
2. Reports are held until the end, so that nobody's change of one is overwritten; versions grow where an
   account was closed, so that an editor which was open before is told to read anew.
3. That an account was closed is written into the ledger first, for restored backups to lose it again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from core.accounts import CLOSED
from core.database import Cursor, Database
from core.ledger import Closed, Ledger, new_salt, salted_hash
from core.personal_data.held import accounts_of, changed_texts
from core.tasks_lease import Lease, LeaseLost

_HOLD = "select tenant_of_accounts(%s, %s, %s) as tenant"
_TAKE_OUT = "select take_accounts_out(%s, %s, %s, %s) as done"
_REPLACE_TEXTS = "select replace_texts(%s, %s, true)"
_REPLACE_ACCOUNTS = "select replace_accounts(%s, %s, true)"


@contextmanager
def held_tenant(database: Database, lease: Lease) -> Iterator[Cursor]:
    """A transaction of the lease's tenant, which stays as it is installed until its end. Raises LeaseLost."""
    with database.tenant(lease.task.tenant_id) as cursor:
        _require_held(cursor, lease, last=False)
        yield cursor
        _require_held(cursor, lease, last=True)


def _require_held(cursor: Cursor, lease: Lease, *, last: bool) -> None:
    cursor.execute(_HOLD, (lease.task.id, lease.token, last))
    (row,) = cursor.fetchall()
    if row["tenant"] is None:
        raise LeaseLost


def take_out(cursor: Cursor, lease: Lease, ids: Mapping[str, str]) -> None:
    """Replaces accounts within a transaction of `held_tenant`: each by CLOSED or by a hash."""
    mapping = json.dumps(dict(ids))
    for texts in changed_texts(cursor, lease.task.tenant_id, ids):
        cursor.execute(_TAKE_OUT, (lease.task.id, lease.token, mapping, texts))
        mapping = "{}"  # once is enough


def close_account(database: Database, ledger: Ledger, lease: Lease, account: str) -> None:
    """Takes a closed account out of the lease's tenant for good. Raises LeaseLost and what the store does."""
    tenant_id, salt = lease.task.tenant_id, new_salt()
    ledger.record(Closed(tenant_id=tenant_id, account_hash=salted_hash(salt, account), salt=salt))
    with held_tenant(database, lease) as cursor:
        take_out(cursor, lease, {account: CLOSED})


class Reclosing:
    """Closes accounts again in a restored database, as the role that sees every tenant."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._held: dict[UUID, list[str]] = {}

    def close(self, entry: Closed) -> int:
        """How many accounts of the entry's tenant were the one that it means: none or one."""
        tenant_id = entry.tenant_id
        if tenant_id not in self._held:
            self._held[tenant_id] = list(accounts_of(self._cursor, tenant_id))
        held = self._held[tenant_id]
        found = [a for a in held if salted_hash(entry.salt, a) == entry.account_hash]
        for account in found:
            ids = {account: CLOSED}
            for texts in changed_texts(self._cursor, tenant_id, ids):
                self._cursor.execute(_REPLACE_TEXTS, (tenant_id, texts))
            self._cursor.execute(_REPLACE_ACCOUNTS, (tenant_id, json.dumps(ids)))
            held.remove(account)
        return len(found)
