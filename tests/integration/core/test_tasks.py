from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg2
import pytest

from core.database import Database
from core.ids import uuid7
from core.tasks import (
    SERVICE,
    Kind,
    cancel_task,
    find_task,
    list_tasks,
    remove_task,
    request_task,
    schedule_task,
)
from core.tasks_lease import Lease, LeaseLost, claim_task, due_tasks
from tests.databases import DatabaseUrls

LEASE = timedelta(seconds=30)
LONG = Kind(name="long", urgency=5, attempts=3)
URGENT = Kind(name="urgent", urgency=0, attempts=3)
HOURLY = Kind(name="hourly", every=timedelta(hours=1))
KINDS = ["long", "urgent", "hourly"]


@pytest.fixture
def api(database: DatabaseUrls) -> Iterator[Database]:
    pool = Database(database.api)
    yield pool
    pool.close()


@pytest.fixture
def worker(database: DatabaseUrls) -> Iterator[Database]:
    pool = Database(database.worker, pool_size=8)
    yield pool
    pool.close()


def request(
    api: Database, tenant: UUID, kind: Kind = LONG, subject: str = "", after: timedelta = timedelta()
) -> UUID:
    with api.tenant(tenant) as cursor:
        return request_task(cursor, kind, tenant, subject=subject, after=after)[0].id


def claim(worker: Database, lease: timedelta = LEASE) -> Lease:
    taken = claim_task(worker, KINDS, lease)
    assert taken is not None
    return taken


def state_of(api: Database, tenant: UUID, task_id: UUID, kind: Kind = LONG) -> str | None:
    with api.tenant(tenant) as cursor:
        task = find_task(cursor, tenant, kind, task_id)
    return task.state if task else None


def make_due(database: DatabaseUrls) -> None:
    with psycopg2.connect(database.owner) as connection, connection.cursor() as cursor:
        cursor.execute("set role sightline_definer")
        cursor.execute("update tasks set due_at = now() where state in ('waiting', 'queued')")
    connection.close()


def test_a_like_request_finds_the_unfinished_task(api: Database, worker: Database) -> None:
    tenant = uuid7()
    with api.tenant(tenant) as cursor:
        first, first_is_new = request_task(cursor, LONG, tenant, requested_by="ann", params={"a": 1})
        again, again_is_new = request_task(cursor, LONG, tenant, requested_by="bob")
        other, other_is_new = request_task(cursor, LONG, tenant, subject="another")
    assert (first_is_new, again_is_new, other_is_new) == (True, False, True)
    assert again == first
    assert other.id != first.id
    assert (first.requested_by, first.params) == ("ann", {"a": 1})
    claim(worker).finish({})
    assert request(api, tenant) != first.id


def test_a_task_exists_only_if_the_causing_transaction_commits(api: Database, worker: Database) -> None:
    tenant = uuid7()
    with pytest.raises(psycopg2.errors.DivisionByZero), api.tenant(tenant) as cursor:
        cursor.execute("select 1 / %s", (0 * len(request_task(cursor, LONG, tenant)),))
    assert claim_task(worker, KINDS, LEASE) is None


def test_a_claimed_task_is_nobody_elses(api: Database, worker: Database) -> None:
    request(api, uuid7())
    assert due_tasks(worker, at_most=9)
    lease = claim(worker)
    assert claim_task(worker, KINDS, LEASE) is None
    assert due_tasks(worker, at_most=9) == []
    lease.finish({"rows": 3})
    assert claim_task(worker, KINDS, LEASE) is None


def test_a_worker_claims_only_kinds_it_knows(api: Database, worker: Database) -> None:
    request(api, uuid7())
    assert claim_task(worker, ["urgent"], LEASE) is None


def test_simultaneous_claims_never_share_a_task(api: Database, worker: Database) -> None:
    wanted = {request(api, uuid7()) for _ in range(40)}
    taken: list[UUID] = []

    def claim_until_empty() -> None:
        while lease := claim_task(worker, KINDS, LEASE):
            taken.append(lease.task.id)

    threads = [threading.Thread(target=claim_until_empty) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(wanted)
    assert set(taken) == wanted


def test_an_orphan_changes_nothing_once_its_lease_ran_out(api: Database, worker: Database) -> None:
    tenant = uuid7()
    task_id = request(api, tenant)
    orphan = claim(worker, timedelta(0))
    heir = claim(worker)
    for write in (
        orphan.renew,
        orphan.release,
        lambda: orphan.progress(7, 9),
        lambda: orphan.finish({"by": "orphan"}),
        lambda: orphan.fail("orphan"),
        lambda: orphan.retry("orphan"),
    ):
        with pytest.raises(LeaseLost):
            write()
    with pytest.raises(LeaseLost), orphan.step() as cursor:
        cursor.execute("delete from tasks where tenant_id = %s", (tenant,))
    heir.finish({"by": "heir"})
    with pytest.raises(LeaseLost):
        orphan.finish({"by": "orphan"})
    with api.tenant(tenant) as cursor:
        task = find_task(cursor, tenant, LONG, task_id)
    assert task is not None
    assert (task.state, task.result, task.attempts, task.done) == ("done", {"by": "heir"}, 2, 0)


def test_nobody_takes_over_in_the_middle_of_a_step(api: Database, worker: Database) -> None:
    request(api, uuid7())
    lease = claim(worker, timedelta(0))
    with lease.step():
        assert claim_task(worker, KINDS, LEASE) is None
    assert claim_task(worker, KINDS, LEASE) is not None


def test_renewal_keeps_a_lease_alive(api: Database, worker: Database) -> None:
    request(api, uuid7())
    lease = claim(worker, timedelta(0))
    lease.duration = LEASE
    lease.renew()
    assert claim_task(worker, KINDS, LEASE) is None


def test_a_cancelled_task_is_lost_to_its_worker_and_stays_cancelled(api: Database, worker: Database) -> None:
    tenant = uuid7()
    task_id = request(api, tenant)
    lease = claim(worker)
    with api.tenant(tenant) as cursor:
        assert cancel_task(cursor, tenant, task_id) is not None
        assert cancel_task(cursor, tenant, task_id) is None
    with pytest.raises(LeaseLost):
        lease.finish({})
    assert state_of(api, tenant, task_id) == "cancelled"


def test_a_failing_task_pauses_and_is_parked_with_its_reason_at_last(
    api: Database, worker: Database, database: DatabaseUrls
) -> None:
    tenant = uuid7()
    task_id = request(api, tenant)
    for _ in range(LONG.attempts):
        claim(worker).retry("The store did not answer.")
        assert claim_task(worker, KINDS, LEASE) is None
        make_due(database)
    assert claim_task(worker, KINDS, LEASE) is None
    with api.tenant(tenant) as cursor:
        task = find_task(cursor, tenant, LONG, task_id)
    assert task is not None
    assert (task.state, task.error, task.attempts) == ("failed", "The store did not answer.", LONG.attempts)


def test_a_task_that_kills_its_workers_is_parked(api: Database, worker: Database) -> None:
    tenant = uuid7()
    task_id = request(api, tenant)
    for _ in range(LONG.attempts):
        claim(worker, timedelta(0))
    assert claim_task(worker, KINDS, LEASE) is None
    with api.tenant(tenant) as cursor:
        task = find_task(cursor, tenant, LONG, task_id)
    assert task is not None
    assert (task.state, task.error) == ("failed", "Its worker ended without a word 3 times in a row.")


def test_a_released_task_is_due_at_once_and_the_attempt_does_not_count(
    api: Database, worker: Database
) -> None:
    request(api, uuid7())
    for _ in range(LONG.attempts + 2):
        claim(worker).release()
    assert claim(worker).task.attempts == 1


def test_a_put_off_task_waits_for_its_time(api: Database, worker: Database, database: DatabaseUrls) -> None:
    tenant = uuid7()
    task_id = request(api, tenant, after=timedelta(days=7))
    assert state_of(api, tenant, task_id) == "waiting"
    assert claim_task(worker, KINDS, LEASE) is None
    make_due(database)
    assert claim(worker).task.id == task_id


def test_only_ended_tasks_can_be_removed(api: Database, worker: Database) -> None:
    tenant = uuid7()
    task_id = request(api, tenant)
    with api.tenant(tenant) as cursor:
        assert not remove_task(cursor, tenant, task_id)
    claim(worker).fail("No.")
    with api.tenant(tenant) as cursor:
        assert remove_task(cursor, tenant, task_id)
    assert state_of(api, tenant, task_id) is None


def test_any_number_of_schedulers_makes_one_task_a_slot(worker: Database) -> None:
    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(schedule_task(worker, HOURLY))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(made) == {True: 1, False: 5}
    lease = claim(worker)
    assert lease.task.tenant_id == SERVICE
    lease.finish({})
    assert not schedule_task(worker, HOURLY)


def test_another_tenants_tasks_are_out_of_reach(api: Database, worker: Database) -> None:
    mine, other = uuid7(), uuid7()
    task_id = request(api, mine)
    for pool in (api, worker):
        with pool.tenant(other) as cursor:
            assert find_task(cursor, mine, LONG, task_id) is None
            assert list_tasks(cursor, mine, LONG) == []
            assert cancel_task(cursor, mine, task_id) is None
        with pool.system() as cursor:
            cursor.execute("select count(*) as seen from tasks")
            assert cursor.fetchone() == {"seen": 0}
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), pool.tenant(other) as cursor:
            request_task(cursor, LONG, mine)
    assert state_of(api, mine, task_id) == "queued"


def test_the_api_role_can_neither_claim_nor_finish(api: Database) -> None:
    tenant = uuid7()
    task_id = request(api, tenant)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        claim_task(api, KINDS, LEASE)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), api.tenant(tenant) as cursor:
        cursor.execute("update tasks set result = '{}' where id = %s", (task_id,))


def test_urgent_kinds_go_first(api: Database, worker: Database) -> None:
    request(api, uuid7())
    urgent = request(api, uuid7(), URGENT)
    assert claim(worker).task.id == urgent


def test_what_has_waited_long_is_not_starved_by_urgent_work(
    api: Database, worker: Database, database: DatabaseUrls
) -> None:
    patient = request(api, uuid7())
    with psycopg2.connect(database.owner) as connection, connection.cursor() as cursor:
        cursor.execute("set role sightline_definer")
        cursor.execute("update tasks set due_at = now() - interval '16 minutes'")
    connection.close()
    for _ in range(5):
        request(api, uuid7(), URGENT)
    assert claim(worker).task.id == patient


def test_a_thousand_tasks_of_fifty_tenants_are_served_in_turn(
    worker: Database, database: DatabaseUrls
) -> None:
    tenants = [uuid7() for _ in range(50)]
    with psycopg2.connect(database.owner) as connection, connection.cursor() as cursor:
        # The first tenant asked for its twenty before anyone else asked for one, and so on.
        cursor.execute(
            "insert into tasks (tenant_id, id, kind, subject, urgency, state, attempts_allowed, due_at)"
            " select (%s::uuid[])[1 + number / 20], gen_random_uuid(), 'long', number::text, 5, 'queued', 3,"
            " now() - (1000 - number) * interval '1 ms' from generate_series(0, 999) number",
            (tenants,),
        )
    connection.close()
    served: list[UUID] = []
    while lease := claim_task(worker, KINDS, LEASE):
        served.append(lease.task.tenant_id)
        lease.finish({})
    rounds = [served[start : start + 50] for start in range(0, 1000, 50)]
    assert len(served) == 1000
    assert [set(turn) == set(tenants) for turn in rounds] == [True] * 20


def test_a_tenant_with_running_tasks_lets_others_go_first(api: Database, worker: Database) -> None:
    greedy, modest = uuid7(), uuid7()
    for number in range(5):
        request(api, greedy, subject=str(number))
    request(api, modest)
    assert [claim(worker).task.tenant_id for _ in range(3)] == [greedy, modest, greedy]
