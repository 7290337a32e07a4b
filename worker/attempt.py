"""One attempt at the fairest due task: claim it, keep the lease, do it, record how it ended.

1. Claim. Nothing due is a fine end: a nudge may come twice, or after another worker was quicker.
2. Run the kind's runner while a keeper renews the lease.
3. Done: the result is recorded, if the lease still holds. Otherwise what the attempt left is undone, and the
   task is parked (`CannotSucceed`), given back (`Stopping`), put off (`Later`), or tried again after a pause
   (anything else). A lost lease means that the task is somebody else's by now, or cancelled: nothing is
   recorded.
"""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from core.database import DatabaseUnavailable
from core.tasks_lease import Lease, LeaseLost, claim_task
from worker.keeper import Keeper, Stopping, TookTooLong
from worker.kinds import Runner
from worker.work import CannotSucceed, Later, Resources, Work

_log = logging.getLogger(__name__)


def attempt_one(resources: Resources, runners: Mapping[str, Runner], leash: int) -> str:
    """Does one attempt and returns how it ended, one word for the log.

    `leash` is a file descriptor that ends when this process is to stop. Raises DatabaseUnavailable where no
    task could be claimed.
    """
    duration = timedelta(seconds=resources.settings.lease_seconds)
    lease = claim_task(resources.database, list(runners), duration)
    if lease is None:
        return "nothing"
    began = time.monotonic()
    _log.info("attempt began", extra={"task": lease.task.id, "kind": lease.task.kind})
    outcome = _attempt(resources, runners[lease.task.kind], lease, leash)
    about = {
        "task": lease.task.id,
        "kind": lease.task.kind,
        "tenant": lease.task.tenant_id,
        "attempt": lease.task.attempts,
        "outcome": outcome,
        "seconds": round(time.monotonic() - began, 3),
    }
    _log.info("attempt ended", extra=about)
    return outcome


def _attempt(resources: Resources, runner: Runner, lease: Lease, leash: int) -> str:
    keeper = Keeper(lease, leash, time_limit=runner.kind.time_limit.total_seconds())
    work = Work(resources, lease, keeper)
    try:
        with keeper:
            result = runner.run(work)
        lease.finish(result)
    except Exception as error:  # noqa: BLE001 - whatever a runner raises is an end of the attempt, see _record
        work.undo()
        with suppress(LeaseLost, DatabaseUnavailable):
            return _record(lease, error)
        return "lost"
    return "done"


def _record(lease: Lease, error: Exception) -> str:
    if isinstance(error, LeaseLost):
        raise error
    if isinstance(error, Stopping):
        lease.release()
        return "released"
    if isinstance(error, Later):
        lease.postpone(error.pause, str(error)[:2000] or None)
        return "postponed"
    if isinstance(error, CannotSucceed):
        lease.fail(str(error))
        return "failed"
    if isinstance(error, TookTooLong):
        lease.retry("It took longer than allowed.")
        return "too long"
    _log.error("attempt failed", extra={"task": lease.task.id}, exc_info=error)
    # Details may name servers or queries, which are no business of the tenant's admins; the log has them.
    lease.retry(f"Attempt {lease.task.attempts} failed ({type(error).__name__}).")
    return "failed"
