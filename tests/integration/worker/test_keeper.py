from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from core.database import Database
from core.export import EXPORT
from core.tasks_lease import Lease, LeaseLost, claim_task
from tests.workers import Workplace, eventually
from worker.keeper import Keeper, Stopping, TookTooLong

SHORT = timedelta(seconds=1)


class Case:
    """A claimed task whose lease a keeper keeps; `ended` is set in place of the process's end."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.tenant = place.tenant()
        self.task_id = place.request_export(self.tenant)
        self.database = Database(place.urls.worker)
        lease = claim_task(self.database, [EXPORT.name], SHORT)
        assert lease is not None
        self.lease: Lease = lease
        self.leash, self.held = os.pipe()
        self.ended = threading.Event()

    def keeper(self, *, time_limit: float = 60, grace: float = 30) -> Keeper:
        return Keeper(self.lease, self.leash, time_limit=time_limit, grace=grace, end_process=self.ended.set)

    def let_go(self) -> None:
        os.close(self.held)
        self.held = -1

    def state(self) -> str:
        return self.place.task(self.tenant, self.task_id).state

    def token(self) -> UUID:
        return self.place.lease_of(self.tenant, self.task_id).token

    def close(self) -> None:
        self.database.close()
        for end in {self.leash, self.held} - {-1}:
            os.close(end)


@pytest.fixture
def case(place: Workplace) -> Iterator[Case]:
    made = Case(place)
    yield made
    made.close()


def raised(keeper: Keeper) -> type[Exception] | None:
    try:
        keeper.check()
    except Exception as error:  # noqa: BLE001 - whichever it is, is what the tests ask for
        return type(error)
    return None


def test_the_lease_outlives_its_duration_while_it_is_kept(case: Case) -> None:
    first = case.place.lease_of(case.tenant, case.task_id)
    with case.keeper() as keeper:
        eventually(
            lambda: case.place.lease_of(case.tenant, case.task_id).until > first.until + 3 * SHORT,
            "three renewals",
        )
        keeper.check()
        assert claim_task(case.database, [EXPORT.name], SHORT) is None
    assert case.token() == case.lease.token
    assert not case.ended.is_set()


def test_work_learns_at_its_next_step_that_it_was_cancelled(case: Case) -> None:
    with case.keeper() as keeper:
        case.place.cancel(case.tenant, case.task_id)
        eventually(lambda: raised(keeper) is LeaseLost, "the loss to be noticed")
    assert not case.ended.is_set()


def test_work_learns_at_its_next_step_that_the_parent_let_go(case: Case) -> None:
    with case.keeper() as keeper:
        case.let_go()
        eventually(lambda: raised(keeper) is Stopping, "the parent's wish")
    assert not case.ended.is_set()
    assert case.state() == "running"


def test_work_without_a_step_is_cut_off_and_its_task_given_back(case: Case) -> None:
    with case.keeper(grace=0.05):
        case.let_go()
        assert case.ended.wait(10)
    assert case.state() == "queued"


def test_work_that_takes_too_long_is_told_so(case: Case) -> None:
    with case.keeper(time_limit=0.05) as keeper:
        eventually(lambda: raised(keeper) is TookTooLong, "the time to be over")


def test_hanging_work_is_cut_off_and_its_failure_recorded(case: Case) -> None:
    with case.keeper(time_limit=0.05, grace=0.05):
        assert case.ended.wait(10)
    task = case.place.task(case.tenant, case.task_id)
    assert (task.state, task.error) == ("queued", "It took longer than allowed.")


def test_a_lease_counts_as_lost_when_the_database_is_away_for_longer_than_it(case: Case) -> None:
    keeper = case.keeper()
    case.place.refuse_connections()
    with keeper:
        eventually(lambda: raised(keeper) is LeaseLost, "the loss")
