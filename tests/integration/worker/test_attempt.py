from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.export import EXPORT
from core.tasks import Kind, Task
from tests.workers import Workplace
from worker import kinds
from worker.attempt import attempt_one
from worker.keeper import Stopping
from worker.kinds import Runner, runners
from worker.work import CannotSucceed, Later, Resources, Work

Run = Callable[[Work], Mapping[str, Any]]


class Case:
    """An export whose runner is replaced by one that does something in particular."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.tenant = place.tenant()
        self.task_id: UUID = place.request_export(self.tenant)
        self.resources = Resources.of(place.settings)
        self.leash, self.held = os.pipe()

    def attempt(self, run: Run, kind: Kind = EXPORT) -> str:
        return attempt_one(self.resources, {EXPORT.name: Runner(kind, run)}, self.leash)

    def task(self) -> Task:
        return self.place.task(self.tenant, self.task_id)


@pytest.fixture
def case(place: Workplace) -> Iterator[Case]:
    made = Case(place)
    yield made
    made.resources.database.close()
    os.close(made.leash)
    os.close(made.held)


def raising(error: Exception) -> Run:
    def run(_: Work) -> Mapping[str, Any]:
        raise error

    return run


def test_a_result_is_kept(case: Case) -> None:
    assert case.attempt(lambda _: {"rows": 5}) == "done"
    assert (case.task().state, case.task().result) == ("done", {"rows": 5})


def test_with_nothing_due_nothing_happens(case: Case) -> None:
    case.place.cancel(case.tenant, case.task_id)
    assert case.attempt(raising(AssertionError())) == "nothing"


def test_an_unexpected_error_is_tried_again_later_and_not_quoted(case: Case) -> None:
    assert case.attempt(raising(LookupError("host db-7 said no"))) == "failed"
    task = case.task()
    assert (task.state, task.error) == ("queued", "Attempt 1 failed (LookupError).")
    assert task.due_at > task.created_at


def test_what_cannot_succeed_is_parked_with_its_reason(case: Case) -> None:
    assert case.attempt(raising(CannotSucceed("The file is no export."))) == "failed"
    assert (case.task().state, case.task().error) == ("failed", "The file is no export.")


def test_what_has_to_wait_is_put_off_without_using_up_an_attempt(case: Case) -> None:
    assert case.attempt(raising(Later(timedelta(minutes=5), "The server is away."))) == "postponed"
    task = case.task()
    assert (task.state, task.attempts, task.error) == ("queued", 0, "The server is away.")
    assert timedelta(minutes=4) < task.due_at - task.created_at < timedelta(minutes=6)


def test_an_attempt_asked_to_stop_gives_the_task_back(case: Case) -> None:
    assert case.attempt(raising(Stopping())) == "released"
    assert (case.task().state, case.task().attempts) == ("queued", 0)


def test_what_an_attempt_left_is_undone_unless_it_is_done(case: Case) -> None:
    undone: list[str] = []

    def run(work: Work, error: Exception | None = None) -> Mapping[str, Any]:
        work.undo_unless_done(lambda: undone.append("first"))
        work.undo_unless_done(lambda: undone.append("second"))
        if error:
            raise error
        return {}

    case.attempt(lambda work: run(work, Stopping()))
    assert undone == ["second", "first"]
    assert case.attempt(run) == "done"
    assert undone == ["second", "first"]


def test_a_task_cancelled_in_the_last_moment_stays_cancelled_and_is_undone(case: Case) -> None:
    undone: list[bool] = []

    def run(work: Work) -> Mapping[str, Any]:
        work.undo_unless_done(lambda: undone.append(True))
        case.place.cancel(case.tenant, case.task_id)
        return {"file": "too late"}

    assert case.attempt(run) == "lost"
    assert undone == [True]
    assert (case.task().state, case.task().result) == ("cancelled", None)


def test_progress_is_recorded(case: Case) -> None:
    def run(work: Work) -> Mapping[str, Any]:
        work.step(0, 8)
        work.step(3, 8)  # too soon after the first to be written
        seen = case.task()
        assert (seen.done, seen.total) == (0, 8)
        work.step(8, 8)
        assert case.task().done == 8
        return {}

    assert case.attempt(run) == "done"


def test_every_module_of_kinds_is_found_under_its_own_name() -> None:
    modules = {path.stem.replace("_", "-") for path in Path(kinds.__file__).parent.glob("[a-z]*.py")}

    # No module can be called by a word of the language.
    named = {"import" if name == "import-site" else name for name in modules}
    assert set(runners()) == named > {"export", "sweep-exports", "sweep-reports"}
    assert all(name == runner.kind.name for name, runner in runners().items())
