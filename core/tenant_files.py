"""A tenant's files in the store: exports, and the parts of imports.

Whoever writes one holds the tenant's files meanwhile (`hold_files`, in a transaction that lasts as long), and
whoever removes them all holds them alone (`hold_files_alone`). So none is finished after they were removed.
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


def hold_files_alone(cursor: Cursor, tenant_id: UUID) -> None:
    """Waits until nobody writes a file of the tenant, and keeps it so until the transaction ends.

    To be done before the transaction holds anything else, as whoever writes may wait for that. A transaction
    that rests for 20 s then is ended by the database: its process stands still, and others wait for it.
    """
    cursor.execute("set local idle_in_transaction_session_timeout = '20s'")
    cursor.execute("select hold_files_alone(%s)", (tenant_id,))


def remove_held_files(
    cursor: Cursor, store: Store, tenant_id: UUID, check: Callable[[], object] = lambda: None
) -> int:
    """As `remove_files`, in the transaction that holds them alone, if it still does before each."""

    def still_held() -> None:
        check()
        cursor.execute("select")

    return remove_files(store, tenant_id, still_held)


def remove_files(store: Store, tenant_id: UUID, check: Callable[[], object] = lambda: None) -> int:
    """Removes what is there now; returns how many. `check` is called before each and ends it by raising."""
    removed = 0
    for folder in FOLDERS:
        for file in store.files(f"{folder}/{tenant_id}"):
            check()
            store.delete(file.name)
            removed += 1
    return removed


def is_there(cursor: Cursor, tenant_id: UUID) -> bool:
    """Whether there is such a tenant; files of others are nobody's."""
    cursor.execute("select from tenants where id = %s", (tenant_id,))
    return cursor.rowcount == 1


def count_files(store: Store, tenant_id: UUID) -> int:
    """How many files the tenant has."""
    return sum(1 for folder in FOLDERS for _ in store.files(f"{folder}/{tenant_id}"))
