"""One attempt at a task, as the runner of a kind sees it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from core.database import Database
from core.settings import Settings
from core.store import Store
from core.tasks import Task
from core.tasks_lease import Lease
from worker.keeper import Keeper

_PROGRESS_EVERY = 1.0
_log = logging.getLogger(__name__)


class CannotSucceed(Exception):
    """The task failed for a reason that no other attempt changes; its text is told to the tenant's admins."""


class Later(Exception):
    """The rest of the task has to wait for `pause`, which is no failure and uses up no attempt.

    The text, which may be empty, is told to whoever looks at the task meanwhile.
    """

    def __init__(self, pause: timedelta, reason: str = "") -> None:
        super().__init__(reason)
        self.pause = pause


@dataclass(frozen=True)
class Resources:
    """What the runners work with; made anew in each working process, as none of it survives a fork."""

    settings: Settings
    database: Database
    store: Store

    @classmethod
    def of(cls, settings: Settings) -> "Resources":
        """Connects lazily: nothing is contacted before its first use."""
        return cls(
            settings,
            Database(settings.database_url, pool_size=4, name="sightline worker"),
            Store.of(settings),
        )


@dataclass
class Work:
    """What a runner gets. It calls `step` between small steps and returns the result to be kept."""

    resources: Resources
    lease: Lease
    keeper: Keeper
    _undo: list[Callable[[], object]] = field(default_factory=list)
    _told_at: float = float("-inf")

    @property
    def task(self) -> Task:
        """The task as it was claimed."""
        return self.lease.task

    def step(self, done: int, total: int) -> None:
        """Says how far the work is, which is recorded once a second at most.

        Raises where the work is to end: cancelled, lost, out of time, or the process is to stop.
        """
        self.keeper.check()
        now = time.monotonic()
        if now - self._told_at >= _PROGRESS_EVERY or done == total:
            self._told_at = now
            self.lease.progress(done, total)

    def undo_unless_done(self, action: Callable[[], object]) -> None:
        """Has something undone if this attempt does not end with its task done; the last one first."""
        self._undo.append(action)

    def undo(self) -> None:
        """Undoes what was asked for by `undo_unless_done`, as far as possible; sweeps find what is left."""
        while self._undo:
            try:
                self._undo.pop()()
            except Exception:  # noqa: BLE001 - what ended the attempt often fails here too, and is told
                _log.warning("not undone", extra={"task": self.task.id}, exc_info=True)
