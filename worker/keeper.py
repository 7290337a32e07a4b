"""Keeps a lease alive while the work goes on, however long one step of it takes.

A thread of the working process, with its own database connection:
1. Every third of the lease's duration it renews the lease.
2. If the lease is lost, if the parent lets go, or if the attempt takes too long, the work is told so at its
   next step (`check`), which ends it.
3. Work that reaches no step within a grace time is cut off: the lease is given back or the failure is
   recorded, and the process ends on the spot.
"""

import logging
import os
import select
import threading
import time
from collections.abc import Callable

from core.database import DatabaseUnavailable
from core.tasks_lease import Lease, LeaseLost
from worker.leash import let_go

GRACE_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Stopping(Exception):
    """The process is to end; the task goes back for another worker."""


class TookTooLong(Exception):
    """The attempt used up the time that its kind allows."""


class Keeper:
    """A context in which a lease is kept. `leash` is a file descriptor whose end means to stop."""

    def __init__(
        self,
        lease: Lease,
        leash: int,
        *,
        time_limit: float,
        grace: float = GRACE_SECONDS,
        end_process: Callable[[], object] = lambda: os._exit(1),
    ) -> None:
        """`time_limit` and `grace` in seconds."""
        self._lease = lease
        self._leash = leash
        self._grace = grace
        self._end_process = end_process
        self._deadline = time.monotonic() + time_limit
        self._held_until = time.monotonic() + lease.duration.total_seconds()
        self._reason: Exception | None = None
        self._over, self._end = os.pipe()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def check(self) -> None:
        """Raises LeaseLost, Stopping or TookTooLong when the work is to end."""
        if self._reason is not None:
            raise self._reason

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops keeping. The lease then still holds for as long as it was last renewed."""
        os.close(self._end)
        self._thread.join()
        os.close(self._over)

    def _keep(self) -> None:
        pause = self._lease.duration.total_seconds() / 3
        while self._reason is None:
            self._wait(pause)
            if let_go(self._over, 0):
                return
            self._reason = self._why_end() or self._renew()
        if not let_go(self._over, self._grace):
            self._cut_off(self._reason)

    def _wait(self, seconds: float) -> None:
        """Waits for whatever comes first: the time, the parent letting go, the end of the work."""
        left = max(min(seconds, self._deadline - time.monotonic()), 0)
        select.select([self._leash, self._over], [], [], left)

    def _why_end(self) -> Exception | None:
        if let_go(self._leash, 0):
            return Stopping()
        if time.monotonic() >= self._deadline:
            return TookTooLong()
        return None

    def _renew(self) -> Exception | None:
        asked_at = time.monotonic()
        try:
            self._lease.renew()
        except LeaseLost as lost:
            return lost
        except DatabaseUnavailable:
            _log.warning("lease not renewed", extra={"task": self._lease.task.id})
            return LeaseLost() if time.monotonic() >= self._held_until else None
        self._held_until = asked_at + self._lease.duration.total_seconds()
        return None

    def _cut_off(self, reason: Exception) -> None:
        _log.warning("work cut off", extra={"task": self._lease.task.id, "reason": type(reason).__name__})
        try:
            if isinstance(reason, Stopping):
                self._lease.release()
            elif isinstance(reason, TookTooLong):
                self._lease.retry("It took longer than allowed.")
        except (LeaseLost, DatabaseUnavailable):
            _log.warning("lease runs out by itself", extra={"task": self._lease.task.id})
        finally:
            self._end_process()
