"""`python -m worker`: the supervisor; `python -m worker work` and `… relay` are what it runs."""

import argparse
import logging
import os
import signal
import sys

from redis import Redis

from core.backups.make import obstacle as backup_obstacle
from core.database import Database, DatabaseUnavailable, PowerfulRole
from core.migrate import missing_migrations
from core.settings import Settings, SettingsError
from worker.announcements import Announcements
from worker.attempt import attempt_one
from worker.kinds import runners
from worker.leash import stop_when_let_go
from worker.logs import start_logging
from worker.nudges import task_queue
from worker.relay import Relay
from worker.rq_worker import TaskWorker
from worker.supervisor import Child, supervise
from worker.work import Resources

_NEEDS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEYS")
_log = logging.getLogger("worker")


def main() -> int:
    """Runs the part that the arguments name; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m worker", description="Sightline's background work")
    parser.add_argument("part", nargs="?", choices=["all", "work", "relay"], default="all")
    parser.add_argument("--processes", type=int, default=2, help="how many tasks are done at once")
    arguments = parser.parse_args()
    try:
        settings = Settings.from_environment(os.environ, needs=_NEEDS)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    start_logging(settings.log_level)
    os.umask(0o077)  # files of the store are for this account alone
    if arguments.part == "all":
        if reason := _obstacle(settings):
            sys.stderr.write(f"{reason}\n")
            return 2
        _look_at_backups(settings)
        return supervise(_children(arguments.processes))
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # the supervisor's own is inherited
    stop_when_let_go(sys.stdin.fileno())
    return _work(settings) if arguments.part == "work" else _relay(settings)


def _obstacle(settings: Settings) -> str | None:
    """Why this release cannot work on the database. One that gives no answer is waited for as ever."""
    database = Database(settings.database_url, pool_size=1, name="sightline worker")
    try:
        missing = missing_migrations(database)
    except DatabaseUnavailable:
        return None
    except PowerfulRole as error:
        return str(error)
    finally:
        database.close()
    return f"The database lacks {', '.join(missing)}; run: sightline migrate" if missing else None


def _look_at_backups(settings: Settings) -> None:
    """Says at once what else the first backup would fail for; other work goes on without backups."""
    if not settings.backup_database_url:
        _log.warning("no backups", extra={"reason": "BACKUP_DATABASE_URL is not set"})
    elif reason := backup_obstacle(settings.backup_database_url):
        _log.error("backups cannot be made", extra={"reason": reason})


def _children(processes: int) -> list[Child]:
    this = [sys.executable, "-m", "worker"]
    workers = [Child(f"worker {number}", [*this, "work"]) for number in range(1, processes + 1)]
    return [*workers, Child("relay", [*this, "relay"])]


def _work(settings: Settings) -> int:
    known = runners()  # imported before the forks, so that these need not
    worker = TaskWorker(
        Redis.from_url(settings.redis_url),
        lambda leash: attempt_one(Resources.of(settings), known, leash),
    )
    worker.work(logging_level="WARNING")
    return 0


def _relay(settings: Settings) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    queue = task_queue(Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5))
    relay = Relay(
        Database(settings.database_url, pool_size=1, name="sightline relay"),
        queue,
        Announcements(settings.database_url),
        [runner.kind for runner in runners().values()],
    )
    for added in relay.rounds():
        if added:
            _log.debug("nudged", extra={"nudges": added})
    return 0


if __name__ == "__main__":
    sys.exit(main())
