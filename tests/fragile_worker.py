"""`python -m tests.fragile_worker FOLDER`: workers and a relay that kill one another where they are told to.

They are forked from a process that has imported everything already, and forked again as soon as one dies,
which a supervisor would do after a pause. What is to be killed where stands in `FOLDER/plan.json`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

import worker.__main__
import worker.relay
from core.checkpoints import watch
from core.tasks_lease import Lease
from worker.kinds import runners

PARTS = ("work", "work", "relay")
_PACKAGES = ("core.", "worker.kinds.")
# What everything passes through is no step of its own.
_CHOKE_POINTS = frozenset(
    {"core.checkpoints", "core.database", "core.store", "core.store_cipher", "core.outbound", "core.jira"}
)
_SHARED = frozenset(
    {"Lease._write", "Lease._free", "Lease._end", "Lease.step", "held_tenant", "snapshot", "_watched"}
)
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Plan:
    """Who dies: the `horse` that is at a place for the `turn`-th time in an attempt at a kind's task, its
    `parent`, or the `relay`."""

    kind: str
    place: str
    turn: int
    victim: str

    def write(self, folder: Path) -> None:
        """Makes it known."""
        unfinished = folder / "plan.new"
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.rename(folder / "plan.json")


def place_of(event: str) -> str:
    """A place's name: what happened, and the function of ours that had it happen."""
    for frame in _frames():
        module = str(frame.f_globals.get("__name__", ""))
        name = frame.f_code.co_qualname
        if module.startswith(_PACKAGES) and module not in _CHOKE_POINTS and name not in _SHARED:
            return f"{event} @ {module}.{name}"
    return f"{event} @ ?"


def functions_at_work() -> set[str]:
    """The functions of ours that this thread is in."""
    named = ((str(frame.f_globals.get("__name__", "")), frame.f_code.co_qualname) for frame in _frames())
    return {f"{module}.{name}" for module, name in named if module.startswith(("core.", "worker."))}


def kind_at_work() -> object:
    """The kind of the task that this thread is at or has just claimed, by what stands in its frames."""
    for frame in _frames():
        module, held = frame.f_globals.get("__name__"), frame.f_locals
        if module == "core.database" and "claim_task" in str(held.get("sql")):
            return held["rows"][0]["kind"] if held.get("rows") else None
        if module == "worker.attempt" and isinstance(held.get("lease"), Lease):
            return held["lease"].task.kind
    return None


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        yield frame
        frame = frame.f_back


@dataclass
class Killer:
    """Carries out the plan in a process of the family."""

    folder: Path
    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, event: str) -> None:
        plan = self._plan()
        if plan is None or kind_at_work() != plan.kind:
            return
        place = place_of(event)
        self.seen[place] += 1
        if place == plan.place and self.seen[place] == plan.turn and self._taken():
            os.kill(self._victim(plan.victim), signal.SIGKILL)

    def _plan(self) -> Plan | None:
        with suppress(FileNotFoundError):
            return Plan(**json.loads((self.folder / "plan.json").read_text()))
        return None

    def _taken(self) -> bool:
        """Only one process carries it out, once."""
        with suppress(FileNotFoundError):
            (self.folder / "plan.json").rename(self.folder / "carried-out.json")
            return True
        return False

    def _victim(self, name: str) -> int:
        match name:
            case "horse":
                return os.getpid()
            case "parent":
                return os.getppid()
            case _:
                return int((self.folder / "relay.pid").read_text())


class Family:
    """The processes. Each holds one end of a pipe whose other end is ours: their leash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[int, tuple[str, int]] = {}

    def run(self) -> None:
        """Until standard input ends."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for part in PARTS:
            self._start(part)
        while sys.stdin.fileno() not in select.select([sys.stdin.fileno(), woken], [], [])[0]:
            os.read(woken, 1000)
            self._start_again()
        for _, leash in self._parts.values():
            os.close(leash)
        for pid in self._parts:
            os.waitpid(pid, 0)

    def _start_again(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                part, leash = self._parts.pop(ended)
                os.close(leash)
                self._start(part)

    def _start(self, part: str) -> None:
        theirs, ours = os.pipe()
        pid = os.fork()
        if pid == 0:
            for _, leash in self._parts.values():
                os.close(leash)
            os.close(ours)
            self._be(part, theirs)
        os.close(theirs)
        self._parts[pid] = (part, ours)
        if part == "relay":
            (self._folder / "relay.pid").write_text(str(pid))

    def _be(self, part: str, leash: int) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(leash, sys.stdin.fileno())
        os.close(leash)
        worker.relay.LOOK_SECONDS = _LOOK_SECONDS
        # A sweep that comes by itself would take away what another is to be killed over.
        vars(worker.relay)["schedule_task"] = lambda *_: False
        watch(Killer(self._folder))
        sys.argv = ["worker", part]
        main: Callable[[], int] = worker.__main__.main
        try:
            os._exit(main())
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        finally:
            os._exit(1)


if __name__ == "__main__":
    runners()
    Family(Path(sys.argv[1])).run()
