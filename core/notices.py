"""What a site's administrators should be told."""

from core.callers import Caller
from core.database import Database, Row

_KEPT_DAYS = 30
_MOST = 10
_MOVES = f"""
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
           details ->> 'from' as "from", details ->> 'to' as "to"
    from audit
    where event = 'moved' and at > now() - interval '{_KEPT_DAYS} days'
    order by audit.at desc, id desc limit {_MOST}
"""  # noqa: S608 - of constants


def notices_of(database: Database, caller: Caller) -> list[Row]:
    """The notices of the caller's site, the newest first, for 30 days.

    `{"kind": "site moved", "at", "from", "to"}`: the add-on was installed with the same client key from
    another base URL, as a cloned site does. Raises DatabaseUnavailable, and TenantRefused where the tenant is
    gone.
    """
    moves = database.read(caller.tenant.id, _MOVES, secret_version=caller.tenant.secret_version)
    return [{"kind": "site moved", **move} for move in moves]
