"""Puts keyed hashes in place of the accounts of a site that left (`core.personal_data.hashes`)."""

from collections.abc import Mapping
from typing import Any

from core.personal_data.hashes import HASHING, hashes_of, is_due
from core.personal_data.held import accounts_of
from core.personal_data.removal import held_tenant, take_out
from core.secrets import Secrets
from worker.work import Work

KIND = HASHING


def run(work: Work) -> Mapping[str, Any]:
    """All in one transaction; nothing where the app was installed again meanwhile."""
    tenant_id, database = work.task.tenant_id, work.resources.database
    if not is_due(database, tenant_id):
        return {"due": False}
    with held_tenant(database, work.lease) as cursor:
        accounts = accounts_of(cursor, tenant_id)
        ids = hashes_of(cursor, Secrets(work.resources.settings.secret_keys), tenant_id, accounts)
        take_out(cursor, work.lease, ids)
    return {"accounts": len(ids)}
