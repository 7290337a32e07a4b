"""A workplace with a database of its own in which processes are killed, one after the other."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from core.checkpoints import watch
from core.tasks import SERVICE, Kind, request_task
from tests.databases import DatabaseServer
from tests.fragile_worker import Plan, functions_at_work, place_of
from tests.jira_server import JiraServer
from tests.mail_server import MailServer
from tests.separation import session
from tests.workers import Workplace, alive, descendants, eventually

WITHIN_SECONDS = 60.0
_recording = threading.local()


@dataclass(frozen=True)
class Case:
    """A task that somebody will be killed over, and what is to be remembered for the look at its effect."""

    task: UUID
    tenant: UUID = SERVICE
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Passed:
    """Where a task can be killed: places with the number of times that they were passed, in order, and the
    functions that were at work then."""

    places: Counter[str] = field(default_factory=Counter)
    functions: set[str] = field(default_factory=set)


@dataclass
class Lane:
    """One kind's place: its databases and store, and servers that play Jira and the mail server."""

    place: Workplace
    postgres: DatabaseServer
    jira: JiraServer
    mail: MailServer
    scratch: str
    family: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where the plan of the next killing stands."""
        return self.place.log.parent

    def request(self, kind: Kind, tenant: UUID = SERVICE, **how: Any) -> UUID:
        """Asks for a task."""
        with self.place.as_worker() as database, database.tenant(tenant) as cursor:
            task, is_new = request_task(cursor, kind, tenant, **how)
        assert is_new
        return task.id

    def find(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of any tenant."""
        with session(self.place.urls.owner) as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def change(self, sql: str, *values: object) -> None:
        """Changes rows of any tenant."""
        with session(self.place.urls.owner) as cursor:
            cursor.execute("set local role sightline_definer")
            cursor.execute(sql, values)

    def change_as_owner(self, sql: str, *values: object) -> None:
        """Changes what the definer may not."""
        with session(self.place.urls.owner) as cursor:
            cursor.execute(sql, values)

    def finish(self, task: UUID) -> None:
        """Has a task done: by the family where there is one, else in this process."""
        if self.family is None:
            while self.place.work() != "nothing":
                pass
        eventually(lambda: self.ended(task), f"task {task} to end", WITHIN_SECONDS)

    def ended(self, task: UUID) -> bool:
        """Whether it is done, or gone with its tenant; fails where it failed."""
        rows = self.find("select state, error from tasks where id = %s", str(task))
        assert not rows or rows[0][0] in {"waiting", "queued", "running", "done"}, rows
        return not rows or rows[0][0] == "done"

    def record(self) -> Passed:
        """Does the due task in this process and returns what it passed."""
        _watch_this_process()
        _recording.passed = passed = Passed()
        try:
            assert self.place.work() == "done", self.find("select kind, state, error from tasks")
        finally:
            _recording.passed = None
        return passed

    def kill(self, plan: Plan) -> None:
        """Has the family carry out a plan as soon as it comes to it."""
        (self.folder / "carried-out.json").unlink(missing_ok=True)
        plan.write(self.folder)

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Nobody is killed meanwhile."""
        plan, aside = self.folder / "plan.json", self.folder / "plan.aside"
        with suppress(FileNotFoundError):
            plan.rename(aside)
        yield
        with suppress(FileNotFoundError):
            aside.rename(plan)

    def killed(self) -> bool:
        """Whether somebody was killed; takes the plan back where nobody was."""
        with suppress(AssertionError):
            eventually((self.folder / "carried-out.json").exists, "somebody to be killed", 3)
        (self.folder / "plan.json").unlink(missing_ok=True)
        return (self.folder / "carried-out.json").exists()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The family works meanwhile."""
        command = [sys.executable, "-m", "tests.fragile_worker", str(self.folder)]
        with self.place.log.open("ab") as log:
            self.family = subprocess.Popen(
                command, env=self.place.environment, stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        members = descendants(self.family.pid)
        try:
            yield
        finally:
            members += descendants(self.family.pid)
            assert self.family.stdin is not None
            self.family.stdin.close()
            self.family.wait(60)
            eventually(lambda: not any(alive(member) for member in members), "their end")
            self.family = None


@cache
def _watch_this_process() -> None:
    def note(event: str) -> None:
        passed: Passed | None = getattr(_recording, "passed", None)
        if passed is not None:
            passed.places[place_of(event)] += 1
            passed.functions |= functions_at_work()

    watch(note)
