"""Reports a tenant's accounts to Atlassian and takes out those that were closed (`core.personal_data`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.jira import Jira
from core.ledger import Ledger
from core.outbound import Outbound
from core.personal_data import cycles
from core.personal_data.cycles import REPORTING, Cycle
from core.personal_data.held import accounts_of
from core.personal_data.removal import close_account, held_tenant
from core.personal_data.reporting import (
    SECONDS_A_CALL,
    Held,
    NothingTaken,
    Reporter,
    Trouble,
    batches,
    in_order,
)
from core.secrets import SealedSecret, Secrets
from core.tenants import Tenant
from worker.work import CannotSucceed, Later, Work

KIND = REPORTING
_TENANT = "select * from tenant_of_account_report(%s, %s)"


def run(work: Work) -> Mapping[str, Any]:
    """Goes on where the cycle is; nothing where the app is not active at the site, or no cycle is due."""
    tenant = _tenant(work)
    begun = _begun(work) if tenant else None
    if tenant is None or begun is None:
        return {"due": False}
    cycle, accounts = begun
    settings = work.resources.settings
    outbound = Outbound(ca_file=settings.ca_file, timeout=SECONDS_A_CALL)
    reporter = Reporter(Jira(outbound, app_key=settings.app_key), tenant)
    for number, batch in enumerate(batches(accounts)):
        work.step(number, number + 1)
        cycle = _reported(work, reporter, cycle, batch)
    with held_tenant(work.resources.database, work.lease) as cursor:
        cycles.end(cursor, cycle)
    return cycle.counts


def _tenant(work: Work) -> Tenant | None:
    rows = work.resources.database.read_system(_TENANT, (work.task.id, work.lease.token))
    if not rows:
        return None
    row = rows[0]
    sealed = SealedSecret(row.pop("secret_key_id"), bytes(row.pop("secret")))
    secret = Secrets(work.resources.settings.secret_keys).open(row["client_key"], sealed)
    return Tenant(id=work.task.tenant_id, secret=secret, **row)


def _begun(work: Work) -> tuple[Cycle, Sequence[Held]] | None:
    tenant_id = work.task.tenant_id
    with held_tenant(work.resources.database, work.lease) as cursor:
        cycle = cycles.begin(cursor)
        if cycle is None:
            return None
        return cycle, in_order(tenant_id, accounts_of(cursor, tenant_id), cycle.position)


def _reported(work: Work, reporter: Reporter, cycle: Cycle, batch: Sequence[Held]) -> Cycle:
    """The cycle after one call more. Raises Later, and CannotSucceed."""
    database = work.resources.database
    try:
        told = reporter.report(batch, cycle)
    except Trouble as trouble:
        with held_tenant(database, work.lease) as cursor:
            cycles.note(cursor, replace(cycle, troubles=cycle.troubles + 1))
        raise Later(trouble.pause, str(trouble)) from trouble
    except NothingTaken as error:
        raise CannotSucceed("Atlassian takes none of the accounts.") from error
    for account in told.closed:
        close_account(database, Ledger.of(work.resources.settings), work.lease, account)
    done = replace(
        cycle.with_period(told.period),
        position=batch[-1].place,
        calls=cycle.calls + told.calls,
        troubles=0,
        reported=cycle.reported + len(batch) - told.refused,
        closed=cycle.closed + len(told.closed),
        updated=cycle.updated + told.updated,
        refused=cycle.refused + told.refused,
    )
    with held_tenant(database, work.lease) as cursor:
        cycles.note(cursor, done)
    return done
