"""Tenants: who signs with which secret, and what Jira's lifecycle events do to them."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from psycopg2.errors import NoDataFound

from core.database import Database, Row
from core.ids import uuid7
from core.recent import Recent
from core.secrets import SealedSecret, Secrets
from core.tokens import LEEWAY, Claims, signed_part

Outcome = Literal["accepted", "repeated", "stale", "forged", "refused"]
Event = Literal["uninstalled", "enabled", "disabled"]

_CACHED_SECONDS = 300


@dataclass(frozen=True)
class Tenant:
    """A site's record with us, as far as a request needs it. The secret is None once it is destroyed."""

    id: UUID
    client_key: str
    base_url: str
    state: str
    secret_version: int
    secret: str | None = field(repr=False)


@dataclass(frozen=True)
class Callback:
    """A lifecycle callback whose token was checked."""

    token: str = field(repr=False)
    body: bytes = field(repr=False)
    claims: Claims

    def stamps(self) -> tuple[datetime, bytes, bytes, datetime]:
        """When Jira signed it, hashes of token and body, and until when the token could be sent again.

        The leeway counts twice, once more for a database whose clock is ahead of ours.
        """
        return (
            datetime.fromtimestamp(self.claims.issued_at, UTC),
            hashlib.sha256(signed_part(self.token).encode()).digest(),
            hashlib.sha256(self.body).digest(),
            datetime.fromtimestamp(self.claims.expires_at, UTC) + timedelta(seconds=2 * LEEWAY),
        )


class Tenants:
    """Finds tenants by client key and applies lifecycle events. Raises DatabaseUnavailable throughout."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets
        self._recent: Recent[str, Tenant] = Recent(size=10_000, seconds=_CACHED_SECONDS)

    def find(self, client_key: str) -> Tenant | None:
        """The tenant that signs with this key, in whatever state. Raises SecretUnreadable."""
        rows = self._database.read_system("select * from find_tenant(%s)", (client_key,))
        if not rows:
            return None
        tenant = self._tenant(client_key, rows[0])
        self._recent.put(client_key, tenant)
        return tenant

    def recall(self, client_key: str) -> Tenant | None:
        """Like `find`, but perhaps from memory: good enough to check a signature, as the query for the data
        itself demands an active tenant with this version of the secret."""
        return self._recent.get(client_key) or self.find(client_key)

    def forget(self, client_key: str) -> None:
        """Drops what `recall` remembers."""
        self._recent.forget(client_key)

    def install(self, client_key: str, base_url: str, secret: str, callback: Callback) -> Outcome:
        """Makes the tenant of a client key, or gives it a new secret and address; its data is there again."""
        known = self.find(client_key)
        tenant_id = known.id if known else uuid7()
        while True:
            try:
                found_id, outcome = self._install(tenant_id, client_key, base_url, secret, callback)
            except NoDataFound:  # It was there, and was purged before it could be held.
                continue
            if outcome != "mistaken":
                self.forget(client_key)
                return outcome
            tenant_id = found_id

    def change(self, tenant: Tenant, event: Event, callback: Callback, *, by_secret: bool) -> Outcome:
        """Applies another event. `by_secret` says that its signature was checked with the tenant's secret."""
        present: Tenant | None = tenant
        while present is not None:
            try:
                return self._change(present, event, callback, by_secret=by_secret)
            except NoDataFound:  # It was purged this moment, and goes on under another id if it does.
                present = self.find(tenant.client_key)
        return "accepted"

    def _change(self, tenant: Tenant, event: Event, callback: Callback, *, by_secret: bool) -> Outcome:
        rows = self._database.read_system(
            "select change_tenant(%s, %s, %s, %s, %s, %s, %s) as outcome",
            (tenant.id, event, tenant.secret_version if by_secret else None, *callback.stamps()),
        )
        self.forget(tenant.client_key)
        outcome: Outcome = rows[0]["outcome"]
        return outcome

    def _install(
        self, tenant_id: UUID, client_key: str, base_url: str, secret: str, callback: Callback
    ) -> tuple[UUID, Literal[Outcome, "mistaken"]]:
        sealed = self._secrets.seal(client_key, secret)
        rows = self._database.read_system(
            "select id, outcome from install_tenant(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (tenant_id, client_key, base_url, sealed.data, sealed.key_id, *callback.stamps()),
        )
        return rows[0]["id"], rows[0]["outcome"]

    def _tenant(self, client_key: str, row: Row) -> Tenant:
        secret = None
        if row["secret"] is not None:
            secret = self._secrets.open(client_key, SealedSecret(row["secret_key_id"], bytes(row["secret"])))
        return Tenant(
            id=row["id"],
            client_key=client_key,
            base_url=row["base_url"],
            state=row["state"],
            secret_version=row["secret_version"],
            secret=secret,
        )
