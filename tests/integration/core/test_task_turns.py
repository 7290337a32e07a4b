from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from uuid import UUID

import psycopg2
import pytest

from core.database import Database
from core.ids import uuid7
from core.imports import IMPORT
from core.purge import PURGE
from core.tasks import Kind, request_task
from core.tasks_lease import Lease, claim_task
from tests.databases import DatabaseUrls
from tests.separation import session

LEASE = timedelta(seconds=30)
ORDINARY = Kind(name="ordinary", urgency=5)
PATIENT = Kind(name="patient", urgency=7)
KINDS = ["ordinary", "patient", IMPORT.name, PURGE.name]
_BACKLOG = """
    insert into tasks (tenant_id, id, kind, subject, urgency, state, attempts_allowed, due_at)
    select %s, gen_random_uuid(), %s, number::text, %s, 'queued', 3, now() + %s
    from generate_series(1, %s) number
"""
_CROWD = """
    insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed, due_at)
    select gen_random_uuid(), gen_random_uuid(), 'ordinary', 5, 'queued', 3, now() + %s
    from generate_series(1, %s)
"""
_SITE = """
    insert into tenants (id, client_key, base_url, state, last_event_at)
    values (%(id)s, %(id)s, 'https://a.atlassian.net', 'active', now())
"""


@pytest.fixture
def worker(database: DatabaseUrls) -> Iterator[Database]:
    pool = Database(database.worker, pool_size=4, lock_timeout=5)
    yield pool
    pool.close()


def site(database: DatabaseUrls) -> UUID:
    tenant = uuid7()
    with session(database.owner) as cursor:
        cursor.execute(_SITE, {"id": str(tenant)})
    return tenant


def request(worker: Database, tenant: UUID, kind: Kind = ORDINARY, subject: str = "") -> UUID:
    with worker.tenant(tenant) as cursor:
        return request_task(cursor, kind, tenant, subject=subject)[0].id


def backlog(
    database: DatabaseUrls, tenant: UUID, number: int, kind: Kind = ORDINARY, due: timedelta = timedelta()
) -> None:
    with session(database.owner) as cursor:
        cursor.execute(_BACKLOG, (str(tenant), kind.name, kind.urgency, due, number))


def claim(worker: Database) -> Lease:
    taken = claim_task(worker, KINDS, LEASE)
    assert taken is not None
    return taken


def serve(worker: Database) -> UUID:
    """Does the fairest task; whose it was."""
    lease = claim(worker)
    lease.finish({})
    return lease.task.tenant_id


def test_who_comes_new_goes_before_the_rest_of_a_long_line(worker: Database, database: DatabaseUrls) -> None:
    greedy, modest = uuid7(), uuid7()
    backlog(database, greedy, 1000)
    assert [serve(worker) for _ in range(20)] == [greedy] * 20
    running = claim(worker)
    request(worker, modest)
    assert [serve(worker), serve(worker)] == [modest, greedy]
    running.finish({})


def test_a_thousand_waiting_imports_delay_anothers_purge_by_the_running_one_at_most(
    worker: Database, database: DatabaseUrls
) -> None:
    greedy, other = site(database), site(database)
    backlog(database, greedy, 1000, IMPORT)
    running = claim(worker)
    purge = request(worker, other, PURGE)
    running.finish({})
    assert claim(worker).task.id == purge


def test_who_asks_again_and_again_starves_nobody(worker: Database, database: DatabaseUrls) -> None:
    patient, restless = uuid7(), uuid7()
    backlog(database, patient, 100)
    served = []
    for number in range(90):
        request(worker, restless, subject=str(number))
        served.append(serve(worker))
        with worker.tenant(restless) as cursor:
            cursor.execute("delete from tasks where tenant_id = %s and state = 'done'", (restless,))
    assert 30 <= served.count(patient) <= 60


def test_nobody_saves_up_turns_by_asking_for_nothing(worker: Database, database: DatabaseUrls) -> None:
    busy, idle = uuid7(), uuid7()
    request(worker, idle)
    backlog(database, busy, 200)
    for _ in range(100):
        serve(worker)
    backlog(database, idle, 200)
    assert 9 <= [serve(worker) for _ in range(20)].count(busy) <= 11


def test_what_is_given_back_keeps_its_place(worker: Database, database: DatabaseUrls) -> None:
    tenant = uuid7()
    backlog(database, tenant, 5)
    lease = claim(worker)
    request(worker, uuid7())
    lease.release()
    assert claim(worker).task.id == lease.task.id


def test_what_is_put_off_goes_to_the_end_of_its_tenants_line(
    worker: Database, database: DatabaseUrls
) -> None:
    tenant = uuid7()
    backlog(database, tenant, 5)
    lease = claim(worker)
    lease.postpone(timedelta(0), None)
    order = [claim(worker).task.id for _ in range(5)]
    assert order[-1] == lease.task.id


def test_what_waited_long_still_goes_by_turns(worker: Database, database: DatabaseUrls) -> None:
    greedy, modest, urgent = uuid7(), uuid7(), uuid7()
    backlog(database, greedy, 300, PATIENT, due=timedelta(minutes=-30))
    backlog(database, modest, 1, PATIENT, due=timedelta(minutes=-20))
    request(worker, urgent, Kind(name="ordinary", urgency=0))
    first = [serve(worker) for _ in range(8)]
    assert (first.count(modest), first.count(urgent)) == (1, 1)


def test_a_claim_waits_for_no_other(worker: Database, database: DatabaseUrls) -> None:
    with session(database.owner) as cursor:
        cursor.execute(_CROWD, (timedelta(), 20))
    taken, held = [], threading.Barrier(4)

    def hold() -> None:
        with worker.system() as cursor:
            cursor.execute("select id from claim_task(%s, %s)", (KINDS, LEASE))
            row = cursor.fetchone()
            assert row is not None
            taken.append(row["id"])
            # All four have claimed, and none has committed.
            held.wait(timeout=30)

    threads = [threading.Thread(target=hold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 4


def milliseconds_a_claim(worker: Database, number: int) -> float:
    took = []
    for _ in range(number):
        began = time.perf_counter()
        claim(worker)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def test_claiming_costs_the_same_however_many_tenants_wait(worker: Database, database: DatabaseUrls) -> None:
    with session(database.owner) as cursor:
        cursor.execute(_CROWD, (timedelta(), 50))
    few = milliseconds_a_claim(worker, 25)
    with psycopg2.connect(database.owner) as connection, connection.cursor() as cursor:
        cursor.execute(_CROWD, (timedelta(), 20_000))
        cursor.execute(_CROWD, (timedelta(days=7), 5_000))
        cursor.execute("analyze tasks")
    connection.close()
    many = milliseconds_a_claim(worker, 25)
    assert many < 5 * few + 2
