"""Sealing every tenant's secret anew under the newest key, so that older keys can be taken away.

1. One pass goes through the tenants in the order of their ids, so many at a time. What a key of ours opens is
   sealed under the newest one and written where the row still holds what was read: an installation at the
   same moment has brought a newer secret, and wins.
2. Each batch is one short transaction. Whatever ends the command, running it again does the rest.
3. Passes are repeated while one finds something to do, as a process that still has the old keys may have
   sealed with them meanwhile.
4. What is left then is counted in the database, not concluded from what was done.

The secret stays what it was, and so does its version: callers are not refused, and a process that remembers
the secret goes on with it. The owner itself sees no tenant; it acts as the role `sightline_definer`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from core.personal_data.hashes import ACCOUNTS_OF
from core.secrets import SealedSecret, Secrets, SecretUnreadable

_NO_TENANT = UUID(int=0)
_BATCH = """
    select {tenant}, {bound_to}, secret, secret_key_id from {table}
    where secret_key_id <> %s and {tenant} > %s order by {tenant} limit %s
"""
_REPLACE = """
    update {table} present set secret = new.secret, secret_key_id = new.key_id
    from (values %s) as new (id, key_id, secret, old_key_id, old_secret)
    where present.{tenant} = new.id
      and present.secret_key_id = new.old_key_id and present.secret = new.old_secret
"""
_WAITING = "select count(*) from {table} where secret_key_id <> %s"
# What is sealed: the sites' shared secrets, and the keys of the hashes of their accounts. `bound_to` is what
# the ciphertext belongs to.
_PLACES: tuple[Mapping[str, str], ...] = (
    {"table": "tenants", "tenant": "id", "bound_to": "client_key"},
    {"table": "account_keys", "tenant": "tenant_id", "bound_to": f"'{ACCOUNTS_OF}' || tenant_id"},
)
_TYPES = "(%s::uuid, %s, %s, %s, %s)"
# Without the power to see every tenant a rotation would find nothing and call that success.
_SEES_ALL = """
    select me.rolbypassrls or exists (
        select from pg_policy
        where polrelid = 'tenants'::regclass and polroles = array[me.oid] and polcmd = '*'
          and pg_get_expr(polqual, polrelid) = 'true' and pg_get_expr(polwithcheck, polrelid) = 'true')
    from pg_roles me where me.rolname = current_user
"""

_Row = tuple[UUID, str, bytes, str]


class RotationImpossible(Exception):
    """The role may not see every tenant, so that a rotation could not tell what it leaves."""


@dataclass(frozen=True)
class Rotated:
    """How many secrets were sealed anew, how many still wait, and whose open with none of the keys."""

    done: int
    left: int
    unreadable: tuple[UUID, ...]


def rotate_secrets(
    url: str, secrets: Secrets, *, at_once: int = 100, progress: Callable[[int], None] = lambda _: None
) -> Rotated:
    """Brings all secrets under the newest key; `url` is the owner's. `progress` hears how many are done.

    Raises psycopg2.Error where the database gives no answer, and RotationImpossible.
    """
    with closing(psycopg2.connect(url, application_name="sightline secrets rotate")) as connection:
        done = 0
        while True:
            unreadable: list[UUID] = []
            before = done
            for place in _PLACES:
                for batch in _batches(connection, place, secrets.newest, at_once):
                    done += _seal_anew(connection, place, secrets, batch, unreadable)
                    progress(done)
            if done == before:
                break
        waiting = sum(_waiting(connection, place, secrets.newest) for place in _PLACES)
    return Rotated(done, max(0, waiting - len(unreadable)), tuple(unreadable))


def _batches(
    connection: psycopg2.extensions.connection, place: Mapping[str, str], newest: str, at_once: int
) -> Iterator[list[_Row]]:
    after = _NO_TENANT
    while True:
        with _as_definer(connection) as cursor:
            cursor.execute(_BATCH.format(**place), (newest, after, at_once))
            batch = [(row[0], row[1], bytes(row[2]), row[3]) for row in cursor.fetchall()]
        if not batch:
            return
        yield batch
        after = batch[-1][0]


def _seal_anew(
    connection: psycopg2.extensions.connection,
    place: Mapping[str, str],
    secrets: Secrets,
    batch: Sequence[_Row],
    unreadable: list[UUID],
) -> int:
    """How many of a batch were replaced; adds to `unreadable` those that no key opens."""
    changes = []
    for tenant_id, bound_to, old, old_key_id in batch:
        try:
            sealed = secrets.seal(bound_to, secrets.open(bound_to, SealedSecret(old_key_id, old)))
        except SecretUnreadable:
            unreadable.append(tenant_id)
            continue
        changes.append((tenant_id, sealed.key_id, sealed.data, old_key_id, old))
    if not changes:
        return 0
    with _as_definer(connection) as cursor:
        statement = _REPLACE.format(**place)
        psycopg2.extras.execute_values(cursor, statement, changes, _TYPES, page_size=len(changes))
        replaced = cursor.rowcount
        if not 0 <= replaced <= len(changes):
            raise AssertionError(f"{replaced} rows were changed for {len(changes)} secrets")
    return replaced


def _waiting(connection: psycopg2.extensions.connection, place: Mapping[str, str], newest: str) -> int:
    with _as_definer(connection) as cursor:
        cursor.execute(_WAITING.format(**place), (newest,))
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _as_definer(
    connection: psycopg2.extensions.connection,
) -> Iterator[psycopg2.extensions.cursor]:
    """A transaction of the role that sees every tenant. Raises RotationImpossible where it does not."""
    with connection, connection.cursor() as cursor:
        cursor.execute("set local role sightline_definer")
        cursor.execute(_SEES_ALL)
        row = cursor.fetchone()
        if row is None or not row[0]:
            raise RotationImpossible("the role sightline_definer does not see every tenant")
        yield cursor
