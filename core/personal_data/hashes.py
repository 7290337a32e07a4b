"""Hashes in place of the accounts of a site that left, and the accounts again when their owners come back.

1. Thirty days after a site uninstalled the app the ids of its accounts become keyed hashes, wherever they
   stand: HMAC-SHA-256 under a random key of the site's own, cut to 90 bits. The key is sealed as the site's
   shared secret is, so that a rotation of SECRET_KEYS changes no hash.
2. Nobody can tell from a hash whose it is, but who has an account's id and the key finds its hash. After a
   reinstall that is the owner's first request: it puts the id back, before the request is answered.
3. Which hashes stand for somebody is a table: a person who was never there costs one look at it.
4. What nobody came back for stays hashed, is reported to nobody, and can be taken over by a site's admin.
"""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.callers import Caller
from core.database import Cursor, Database, Row
from core.recent import Recent
from core.secrets import SealedSecret, Secrets, SecretUnreadable
from core.tasks import Kind

HASHING = Kind(name="hash-accounts", urgency=8)
HASHED_AFTER = timedelta(days=30)

ACCOUNTS_OF = "accounts of "
"""A sealed key belongs to this and the tenant's id. No client key has a space in it, so that no shared secret
opens as one, or one as a shared secret."""

_PREFIX, _LETTERS = "hashed", 18
_KEY = "select secret, secret_key_id from account_keys where tenant_id = %s"
_ADD_KEY = "insert into account_keys (tenant_id, secret, secret_key_id) values (%s, %s, %s)"
_NOTE = "insert into hashed_accounts select %s, unnest(%s) on conflict do nothing"
_DONE = "update account_keys set hashed_at = now() where tenant_id = %s"
# Nothing where no hash stands for anybody.
_WAITING = """
    select k.secret, k.secret_key_id from account_keys k
    where k.tenant_id = current_tenant()
      and exists (select from hashed_accounts h where h.tenant_id = k.tenant_id)
"""
_IS_WAITING = "select 1 as one from hashed_accounts where tenant_id = current_tenant() and hash = %s"
_PUT_BACK = "select put_account_back(%s, %s)"
_IS_DUE = """
    select 1 as one from tenants
    where id = current_tenant() and state = 'uninstalled' and uninstalled_at < now() - %s
"""
_REQUEST = "select request_account_hashing(%s, %s::smallint, %s, %s) as written"
_REMEMBERED = 50_000
_REMEMBERED_SECONDS = 3600.0


def hash_of(key: str, account: str) -> str:
    """What stands for an account under a site's key."""
    digest = hmac.digest(bytes.fromhex(key), account.encode(), hashlib.sha256)
    return _PREFIX + base64.b32encode(digest).decode().lower()[:_LETTERS]


def hashes_of(
    cursor: Cursor, secrets: Secrets, tenant_id: UUID, accounts: Iterable[str]
) -> Mapping[str, str]:
    """The hashes of accounts under the tenant's key, which is made where there is none; noted in the same
    transaction as standing for somebody. Raises SecretUnreadable."""
    cursor.execute(_KEY, (tenant_id,))
    row = cursor.fetchone()
    if row:
        key = _opened(secrets, tenant_id, row)
    else:
        key = randomness.token_hex(32)
        sealed = secrets.seal(_bound_to(tenant_id), key)
        cursor.execute(_ADD_KEY, (tenant_id, sealed.data, sealed.key_id))
    hashes = {account: hash_of(key, account) for account in accounts}
    cursor.execute(_NOTE, (tenant_id, list(hashes.values())))
    cursor.execute(_DONE, (tenant_id,))
    return hashes


def request_hashing(database: Database, *, at_most: int) -> int:
    """Writes the tasks for sites that left HASHED_AFTER ago; how many."""
    before = datetime.now(UTC) - HASHED_AFTER
    values = (before, HASHING.urgency, HASHING.attempts, at_most)
    return int(database.read_system(_REQUEST, values)[0]["written"])


def is_due(database: Database, tenant_id: UUID) -> bool:
    """Whether the site left HASHED_AFTER ago and has not come back."""
    return bool(database.read(tenant_id, _IS_DUE, (HASHED_AFTER,)))


class Returns:
    """Puts accounts back when their owners come; remembers for whom it has looked.

    What is remembered holds for one version of the site's secret: accounts are hashed after an uninstallation
    only, and a reinstall brings another one.
    """

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets
        self._looked: Recent[tuple[UUID, int, str | None], bool] = Recent(
            size=_REMEMBERED, seconds=_REMEMBERED_SECONDS
        )

    def welcome(self, caller: Caller) -> None:
        """Has everything of the caller's stand under their id again. Raises DatabaseUnavailable and
        TenantRefused."""
        tenant = caller.tenant
        everybody = (tenant.id, tenant.secret_version, None)
        theirs = (tenant.id, tenant.secret_version, caller.account_id)
        if self._looked.get(everybody) or self._looked.get(theirs):
            return
        rows = self._database.read(tenant.id, _WAITING, secret_version=tenant.secret_version)
        if rows:
            self._put_back(caller, rows[0])
        self._looked.put(theirs if rows else everybody, True)

    def _put_back(self, caller: Caller, row: Row) -> None:
        tenant = caller.tenant
        try:
            hashed = hash_of(_opened(self._secrets, tenant.id, row), caller.account_id)
        except SecretUnreadable:
            return  # the key of its key was lost: what was hashed stays so, and the site works all the same
        if self._database.read(tenant.id, _IS_WAITING, (hashed,), secret_version=tenant.secret_version):
            with self._database.tenant(tenant.id, secret_version=tenant.secret_version) as cursor:
                cursor.execute(_PUT_BACK, (hashed, caller.account_id))


def _opened(secrets: Secrets, tenant_id: UUID, row: Row) -> str:
    sealed = SealedSecret(row["secret_key_id"], bytes(row["secret"]))
    return secrets.open(_bound_to(tenant_id), sealed)


def _bound_to(tenant_id: UUID) -> str:
    return f"{ACCOUNTS_OF}{tenant_id}"
