"""A tenant's files in the store: exports, and the parts of imports.

Whoever writes one holds the tenant's files meanwhile (`hold_files`, in a transaction that lasts as long), and
whoever removes them all holds them alone (`remove_for_good`). So none is finished after they were removed.
"""

from collections.abc import Callable
from uuid import UUID

from core.database import Cursor
from core.store import Store

FOLDERS = ("exports", "imports")
"""Each tenant has a folder of its own in these, named by its id."""


def hold_files(cursor: Cursor, tenant_id: UUID) -> None:
    """Holds the tenant's files until the transaction ends. Raises TenantRefused where they are being removed,
    or the tenant is gone.

    In a transaction that sees one snapshot throughout, that the task is still held must be looked up after
    this in another transaction, as the tenant may have gone between the snapshot and this.
    """
    cursor.execute("select hold_files(%s)", (tenant_id,))


def remove_for_good(
    cursor: Cursor, store: Store, tenant_id: UUID, check: Callable[[], object] = lambda: None
) -> int:
    """Waits until nobody writes, keeps it so while the transaction lasts, removes all; returns how many."""
    cursor.execute("select hold_files_alone(%s)", (tenant_id,))
    return remove_files(store, tenant_id, check)


def remove_files(store: Store, tenant_id: UUID, check: Callable[[], object] = lambda: None) -> int:
    """Removes what is there now; returns how many. `check` is called before each and ends it by raising."""
    removed = 0
    for folder in FOLDERS:
        for file in store.files(f"{folder}/{tenant_id}"):
            check()
            store.delete(file.name)
            removed += 1
    return removed


def count_files(store: Store, tenant_id: UUID) -> int:
    """How many files the tenant has."""
    return sum(1 for folder in FOLDERS for _ in store.files(f"{folder}/{tenant_id}"))
