"""The pool under whatever its users do to it: nothing of one tenant is left for the next, none is lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import Cursor, Database, DatabaseUnavailable, TransactionBroken
from core.ids import uuid7
from tests.databases import DatabaseUrls

INSTALL = (
    "select * from install_tenant(%s, %s, 'https://a', 'x', 'k', now(), 't', 'b', now() + interval '1 h')"
)
POOL = 3
EXPECTED = (DatabaseUnavailable, TransactionBroken, psycopg2.Error, KeyError)


@dataclass(frozen=True)
class Place:
    """A database with two tenants, and its owner's connection for looking at the server."""

    urls: DatabaseUrls
    api: Database
    tenants: tuple[UUID, UUID]
    owner: psycopg2.extensions.connection
    lock: threading.Lock

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with self.lock, self.owner.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def connections(self) -> int:
        """How many the server has of this pool."""
        ((number,),) = self.ask(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and application_name = 'the pool'"
        )
        return int(str(number))


@pytest.fixture
def place(database: DatabaseUrls) -> Iterator[Place]:
    api = Database(
        database.api, pool_size=POOL, wait=30, statement_timeout=20, lock_timeout=10, name="the pool"
    )
    tenants = (uuid7(), uuid7())
    for tenant_id in tenants:
        api.read_system(INSTALL, (tenant_id, str(tenant_id)))
    with closing(psycopg2.connect(database.owner)) as owner:
        owner.autocommit = True
        yield Place(database, api, tenants, owner, threading.Lock())
    api.close()


# What a user of a transaction may do to it; each gets the place and the cursor.
Deed = Callable[[Place, Cursor], None]


def look(_place: Place, cursor: Cursor) -> None:
    cursor.execute("select * from tenants")


def fail(_place: Place, cursor: Cursor) -> None:
    cursor.execute("select * from tenants")
    raise KeyError


def write_nonsense(_place: Place, cursor: Cursor) -> None:
    cursor.execute("select no such thing")


def catch_an_error(_place: Place, cursor: Cursor) -> None:
    with suppress(psycopg2.Error):
        cursor.execute("select 1/0")


def set_for_the_session(place: Place, cursor: Cursor) -> None:
    cursor.execute(f"set sightline.tenant to '{place.tenants[0]}'")


def set_for_the_session_by_function(place: Place, cursor: Cursor) -> None:
    cursor.execute("select set_config('sightline.tenant', %s, false)", (str(place.tenants[1]),))


def set_and_commit(place: Place, cursor: Cursor) -> None:
    set_for_the_session(place, cursor)
    cursor.execute("commit")


def commit_and_begin(place: Place, cursor: Cursor) -> None:
    cursor.execute("commit; begin")
    set_for_the_session(place, cursor)


def roll_back(_place: Place, cursor: Cursor) -> None:
    cursor.execute("rollback")


def time_out(_place: Place, cursor: Cursor) -> None:
    cursor.execute("set local statement_timeout to 1; select pg_sleep(20)")


def be_cancelled(place: Place, cursor: Cursor) -> None:
    """By another session, while a statement is under way."""
    pid = cursor.connection.info.backend_pid
    canceller = threading.Thread(target=cancel_when_sleeping, args=(place, pid))
    canceller.start()
    try:
        cursor.execute("select pg_sleep(20)")
    finally:
        canceller.join()


def cancel_when_sleeping(place: Place, pid: int) -> None:
    sql = (
        f"select pg_cancel_backend({pid}) from pg_stat_activity where pid = {pid} and wait_event = 'PgSleep'"
    )
    while not place.ask(sql):
        threading.Event().wait(0.005)


def be_cut_off(place: Place, cursor: Cursor) -> None:
    place.ask(f"select pg_terminate_backend({cursor.connection.info.backend_pid}, 10000)")
    cursor.execute("select 1")


def be_cut_off_at_the_end(place: Place, cursor: Cursor) -> None:
    place.ask(f"select pg_terminate_backend({cursor.connection.info.backend_pid}, 10000)")


def close_the_connection(_place: Place, cursor: Cursor) -> None:
    cursor.connection.close()


DEEDS: list[Deed] = [
    look, fail, write_nonsense, catch_an_error, set_for_the_session, set_for_the_session_by_function,
    set_and_commit, commit_and_begin, roll_back, time_out, be_cancelled, be_cut_off, be_cut_off_at_the_end,
    close_the_connection,
]  # fmt: skip


def do(place: Place, whose: int, deed: Deed) -> None:
    """One transaction of a tenant (0, 1) or of nobody (2), whatever becomes of it."""
    transaction = (
        place.api.system() if whose == len(place.tenants) else place.api.tenant(place.tenants[whose])
    )
    with suppress(*EXPECTED), transaction as cursor:
        deed(place, cursor)


def assert_nothing_is_left(place: Place) -> None:
    """Each way of asking sees what it says, over whichever connection it gets."""
    for tenant_id in place.tenants:
        assert place.api.read(tenant_id, "select id from tenants") == [{"id": tenant_id}]
        with place.api.tenant(tenant_id) as cursor:
            cursor.execute("select id from tenants")
            assert cursor.fetchall() == [{"id": tenant_id}]
    assert place.api.read_system("select id from tenants") == []
    with place.api.system() as cursor:
        cursor.execute("select id, current_tenant() from tenants")
        assert cursor.fetchall() == []


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(DEEDS)), min_size=1, max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_transaction_does_the_next_one_sees_its_own_tenant_alone(
    place: Place, deeds: list[tuple[int, Deed]]
) -> None:
    for whose, deed in deeds:
        do(place, whose, deed)
        assert_nothing_is_left(place)
    assert place.connections() <= 1


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
@pytest.mark.parametrize("whose", [0, 2], ids=["a tenant's", "nobody's"])
def test_no_deed_leaves_anything(place: Place, deed: Deed, whose: int) -> None:
    do(place, whose, deed)

    assert_nothing_is_left(place)
    assert place.connections() == 1


def test_after_a_thousand_random_failures_in_many_threads_no_connection_is_lost_or_doubled(
    place: Place,
) -> None:
    dice = random.Random(7)  # noqa: S311 - the same failures in every run
    cheap = [deed for deed in DEEDS if deed not in {be_cancelled}]
    jobs = [(dice.randrange(3), dice.choice(cheap)) for _ in range(1000)]
    highest = 0

    def one(number: int) -> None:
        nonlocal highest
        whose, deed = jobs[number]
        do(place, whose, deed)
        tenant_id = place.tenants[whose % 2]
        assert place.api.read(tenant_id, "select id from tenants") == [{"id": tenant_id}]
        if number % 10 == 0:
            highest = max(highest, place.connections())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(len(jobs))))

    assert_nothing_is_left(place)
    # A session that was just ended may be counted for a moment beside the one that took its place.
    assert highest <= 2 * POOL
    assert_all_can_be_used_at_once(place)
    assert place.connections() == POOL


def assert_all_can_be_used_at_once(place: Place) -> None:
    together = threading.Barrier(POOL)

    def hold(number: int) -> None:
        with place.api.tenant(place.tenants[number % 2]) as cursor:
            cursor.execute("select id from tenants")
            assert cursor.fetchall() == [{"id": place.tenants[number % 2]}]
            together.wait(timeout=30)

    with ThreadPoolExecutor(POOL) as threads:
        list(threads.map(hold, range(POOL)))


def test_an_error_that_was_caught_does_not_pass_for_a_commit(place: Place) -> None:
    def write_and_catch() -> None:
        with place.api.tenant(place.tenants[0]) as cursor:
            cursor.execute(
                "insert into reports"
                " (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by)"
                " values (%s, %s, 'a', 'a', '{}', array['a'], 'a', 'a')",
                (place.tenants[0], uuid7()),
            )
            with suppress(psycopg2.Error):
                cursor.execute("select 1/0")

    with pytest.raises(TransactionBroken):
        write_and_catch()
    assert place.api.read(place.tenants[0], "select count(*) as n from reports") == [{"n": 0}]


def test_the_isolation_of_a_transaction_without_tenant_can_still_be_chosen(place: Place) -> None:
    with place.api.system() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("show transaction_isolation")
        assert cursor.fetchall() == [{"transaction_isolation": "repeatable read"}]


def test_what_was_sent_over_a_connection_that_is_lost_is_not_sent_again(place: Place) -> None:
    ran = place.urls.api.replace("sightline_api", "sightline_worker")
    counter = Database(ran, pool_size=1)
    with closing(psycopg2.connect(place.urls.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("create sequence tries; grant usage on sequence tries to sightline_worker")
    counter.read_system("select 1")

    with pytest.raises(DatabaseUnavailable):
        counter.read_system("select nextval('tries'), pg_terminate_backend(pg_backend_pid(), 0)")

    assert place.ask("select last_value from tries") == [(1,)]
    counter.close()


def test_a_lock_that_is_not_given_up_is_not_waited_for_without_end(place: Place) -> None:
    hurried = Database(place.urls.api, lock_timeout=0.05)
    with closing(psycopg2.connect(place.urls.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("lock table reports in access exclusive mode")

        with pytest.raises(DatabaseUnavailable, match="LockNotAvailable"):
            hurried.read(place.tenants[0], "select * from reports")
    assert hurried.read(place.tenants[0], "select * from reports") == []
    hurried.close()


def test_a_transaction_in_which_nothing_is_asked_for_too_long_is_ended(place: Place) -> None:
    watched = Database(place.urls.api, idle_timeout=0.05, name="the idler")

    def idle() -> None:
        with watched.tenant(place.tenants[0]) as cursor:
            while place.ask("select from pg_stat_activity where application_name = 'the idler'"):
                threading.Event().wait(0.01)
            cursor.execute("select 1")

    with pytest.raises(DatabaseUnavailable):
        idle()
    assert watched.read(place.tenants[0], "select 1 as one") == [{"one": 1}]
    watched.close()
