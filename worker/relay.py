"""The relay: carries due tasks from the database to the queue, and writes the tasks of schedules.

1. It wakes when PostgreSQL announces a task, and every two seconds anyway.
2. It asks which tasks are due and held by nobody: new ones, those whose pause is over, those whose worker
   died.
3. It tops the queue up to as many nudges.
4. Every 30 seconds it writes the tasks of the schedules' present slots.
Any number of relays may run. Without PostgreSQL or Redis it says so once and goes on trying.
"""

import logging
import time
from collections.abc import Iterable, Iterator

from redis.exceptions import RedisError
from rq import Queue

from core.database import Database, DatabaseUnavailable
from core.tasks import Kind, schedule_task
from core.tasks_lease import due_tasks
from worker.announcements import Announcements
from worker.nudges import top_up

LOOK_SECONDS = 2.0
_SCHEDULE_SECONDS = 30.0
_NUDGES_AT_MOST = 100
_log = logging.getLogger(__name__)


class Relay:
    """Does its round for ever; `relay.rounds()` does one at each step, for who wants to count them."""

    def __init__(
        self, database: Database, queue: Queue, announcements: Announcements, kinds: Iterable[Kind]
    ) -> None:
        self._database = database
        self._queue = queue
        self._announcements = announcements
        self._scheduled = [kind for kind in kinds if kind.every is not None]
        self._schedule_at = float("-inf")
        self._trouble: str | None = None

    def rounds(self) -> Iterator[int]:
        """Yields the number of nudges that each round added, and waits before the next."""
        while True:
            yield self._round()
            self._announcements.wait(LOOK_SECONDS)

    def _round(self) -> int:
        try:
            self._write_schedules()
            added = top_up(self._queue, due_tasks(self._database, at_most=_NUDGES_AT_MOST))
        except (DatabaseUnavailable, RedisError) as error:
            self._tell(type(error).__name__)
            return 0
        self._tell(None)
        return added

    def _write_schedules(self) -> None:
        if time.monotonic() < self._schedule_at:
            return
        for kind in self._scheduled:
            if schedule_task(self._database, kind):
                _log.info("scheduled", extra={"kind": kind.name})
        self._schedule_at = time.monotonic() + _SCHEDULE_SECONDS

    def _tell(self, trouble: str | None) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if trouble:
            _log.warning("relay is held up", extra={"reason": trouble})
        else:
            _log.info("relay goes on")
