"""RQ's part: a job wakes a worker and names a task, no more.

Whoever can write to Redis could put any function's name into a job. So these jobs never run what they name:
a nudge calls the one function that its worker was made with. There is no pickle (JSON serializer), RQ's
retries are off, and a job that is lost, repeated or late does no harm, as the database decides what is done.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

QUEUE = "sightline-tasks"
# A nudge that lay this long was overtaken by the relay many times over.
_NUDGE_SECONDS = 600
_FAILED_NUDGE_SECONDS = 60
_NO_TIME_LIMIT = -1  # the keeper has one for each kind


class Nudge(Job):
    """A job that does its worker's attempt, whatever function or callback its record in Redis names."""

    attempt: Callable[[], object] | None = None

    def perform(self) -> None:
        """Does the attempt."""
        if self.attempt is None:
            raise RuntimeError("a nudge outside of a task worker")
        self.attempt()

    @property
    def success_callback(self) -> None:
        """None, ever."""

    @property
    def failure_callback(self) -> None:
        """None, ever."""

    @property
    def stopped_callback(self) -> None:
        """None, ever."""

    def send_webhooks(self, *_: object, **__: object) -> None:
        """Sends none: their addresses would come from Redis."""


def task_queue(redis: Redis) -> Queue:
    """The one queue of nudges."""
    return Queue(QUEUE, connection=redis, job_class=Nudge, serializer=JSONSerializer)


def top_up(queue: Queue, due: Iterable[UUID]) -> int:
    """Sees to it that as many nudges lie in the queue as tasks are due; how many were added.

    Counting what lies there, rather than remembering what was sent, heals every way in which RQ or Redis can
    lose a job. A nudge too many finds nothing due.
    """
    added = list(due)[len(queue) :]
    for task_id in added:
        queue.enqueue_call(
            "worker.nudge",
            args=(str(task_id),),
            timeout=_NO_TIME_LIMIT,
            result_ttl=0,
            ttl=_NUDGE_SECONDS,
            failure_ttl=_FAILED_NUDGE_SECONDS,
        )
    return len(added)
