"""RQ's worker, made to do our attempts: it forks a process (RQ's work-horse) for each nudge.

The fork keeps what an attempt takes of memory, and whatever it breaks, out of the long-lived process.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from worker.nudges import QUEUE, Nudge

Attempt = Callable[[int], object]
"""Does one attempt; gets the leash (`worker.leash`) on which the worker holds its work-horse."""


class TaskWorker(Worker):
    """Holds each work-horse on a leash, and lets go of it when asked to stop.

    RQ alone would wait for the end of the work, however long that takes, and a work-horse would outlive it.
    """

    job_class = Nudge
    # RQ's own 60 s would be the whole time in which a task is to be going again.
    max_connection_wait_time = 5.0

    def __init__(self, redis: Redis, attempt: Attempt) -> None:
        super().__init__([QUEUE], connection=redis, serializer=JSONSerializer, log_job_description=False)
        self._attempt = attempt
        self._held: int | None = None
        self._leash = -1

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Forks the process that does the attempt."""
        self._leash, self._held = os.pipe()
        super().fork_work_horse(job, queue)  # returns in the parent only
        os.close(self._leash)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """What the forked process does; does not return."""
        self._let_go()  # of its own copy, which would hide the parent's end
        if isinstance(job, Nudge):
            job.attempt = partial(self._attempt, self._leash)
        super().main_work_horse(job, queue)

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Execution) -> None:
        """Waits for the end of the forked process."""
        super().monitor_work_horse(job, queue, execution)
        self._let_go()

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Tells Redis that this worker lives; that Redis is away is no reason to interrupt the work."""
        with suppress(RedisError):
            super().maintain_heartbeats(job, execution)

    def handle_warm_shutdown_request(self) -> None:
        """Tells the work-horse to stop at its next step, and RQ to stop after it."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]  # RQ leaves it without types
        self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            with suppress(OSError):  # a signal's handler may have closed it just now
                os.close(held)
