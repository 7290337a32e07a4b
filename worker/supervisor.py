"""Runs the worker's processes and keeps them running.

1. Each child is a process on a leash, its standard input (`worker.leash`): it stops when the supervisor asks
   it to, or is killed.
2. A child that ends is started again after a pause: 1 s, doubling up to 30 s, and 1 s again once it has lived
   for a minute. RQ's worker ends on some errors of Redis, which must not need a person.
3. A child that ends ten times in a row within a minute of its start cannot work here: everything is stopped
   and the exit status is 1, so that whatever runs the supervisor knows.
4. On SIGTERM or SIGINT the children are asked to stop; who has not after 20 s is killed. Exit status 0.
"""

import logging
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_STOP = {signal.SIGTERM, signal.SIGINT}
_WATCHED = _STOP | {signal.SIGCHLD}
_LONGEST_PAUSE = 30.0
_SETTLED_SECONDS = 60.0
_QUICK_DEATHS = 10
STOP_SECONDS = 20.0
_log = logging.getLogger(__name__)


@dataclass
class Child:
    """A process that is to be running; `start_at` is when to start it, on the monotonic clock."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    start_at: float = field(default_factory=time.monotonic)
    started_at: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        """Starts it, in a process group of its own: Ctrl-C is for the supervisor to pass on."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, process_group=0)
        self.started_at = time.monotonic()
        _log.info("started", extra={"child": self.name, "pid": self.process.pid})

    def look(self) -> None:
        """Notes its end, if it has ended, and when to start it again."""
        if self.process is None or self.process.poll() is None:
            return
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < _SETTLED_SECONDS else 1
        pause = min(2.0 ** (self.quick_deaths - 1), _LONGEST_PAUSE)
        self.start_at = time.monotonic() + pause
        about = {"child": self.name, "status": self.process.returncode, "again_in": pause}
        _log.warning("ended unasked", extra=about)
        self._forget()

    def let_go(self) -> None:
        """Asks it to stop, by the same sign that tells it of the supervisor's death."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def stop(self, deadline: float) -> None:
        """Waits for its end until the deadline, then kills it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            _log.warning("killed", extra={"child": self.name})
            self.process.kill()
            self.process.wait()
        self._forget()

    def _forget(self) -> None:
        self.let_go()
        self.process = None


def supervise(children: Sequence[Child]) -> int:
    """Runs until asked to stop, or until a child proves unable to run; the exit status."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    try:
        return _run(children)
    finally:
        _stop(children)


def _run(children: Sequence[Child]) -> int:
    while True:
        for child in children:
            child.look()
            if child.quick_deaths >= _QUICK_DEATHS:
                _log.error("cannot run", extra={"child": child.name})
                return 1
            if child.process is None and child.start_at <= time.monotonic():
                child.start()
        waiting = [child.start_at for child in children if child.process is None]
        pause = max(min(waiting, default=float("inf")) - time.monotonic(), 0)
        got = signal.sigtimedwait(_WATCHED, min(pause, 3600))
        if got is not None and got.si_signo in _STOP:
            _log.info("stopping")
            return 0


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        child.let_go()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.stop(deadline)
