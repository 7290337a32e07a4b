from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import psycopg2
import pytest

from core.migrate import migrate, migration_names, pending_migrations
from tests.databases import DatabaseServer, DatabaseUrls


def test_a_new_database_gets_every_migration_once(postgres: DatabaseServer) -> None:
    url = postgres.empty_database()

    assert migrate(url) == migration_names()
    assert migrate(url) == []
    postgres.drop(url)


def test_migrators_that_start_together_do_the_work_once(postgres: DatabaseServer) -> None:
    url = postgres.empty_database()

    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(migrate, [url] * 4))

    assert sorted(len(names) for names in applied) == [0, 0, 0, len(migration_names())]
    postgres.drop(url)


def test_a_second_database_of_the_same_cluster_migrates_too(postgres: DatabaseServer) -> None:
    urls = [postgres.empty_database() for _ in range(2)]

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(migrate, urls)) == [migration_names()] * 2
    for url in urls:
        postgres.drop(url)


def test_a_migration_that_fails_leaves_nothing_behind(
    postgres: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.empty_database()
    monkeypatch.setattr(
        "core.migrate._text_of", lambda name: f"create table made (a int); select 1/{name[3]}-1/0"
    )

    with pytest.raises(psycopg2.errors.DivisionByZero):
        migrate(url)

    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass('made'), (select count(*) from schema_migrations)")
        assert cursor.fetchone() == (None, 0)
    postgres.drop(url)


def test_a_migration_that_waits_too_long_for_a_lock_gives_up_and_can_be_run_again(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.migrate.migration_names", lambda: ["9999_one_more.sql"])
    monkeypatch.setattr("core.migrate._text_of", lambda _: "alter table reports add column more int")
    monkeypatch.setattr("core.migrate._LOCK_TIMEOUT", "50ms")

    with closing(psycopg2.connect(database.owner)) as reader, reader.cursor() as cursor:
        cursor.execute("select count(*) from reports")
        with pytest.raises(psycopg2.errors.LockNotAvailable):
            migrate(database.owner)

    assert migrate(database.owner) == ["9999_one_more.sql"]


def test_an_owner_that_is_no_superuser_can_migrate(postgres: DatabaseServer) -> None:
    """It needs to create roles, and to be an administrator of the definer where that exists already."""
    name = f"owner_{uuid4().hex}"
    empty = postgres.empty_database()
    database = empty.rpartition("/")[2]
    with (
        closing(psycopg2.connect(postgres.owner_url)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(f"create role {name} login createrole password 'x'")
        cursor.execute(f"grant sightline_definer to {name} with admin option")
        cursor.execute(f"alter database {database} owner to {name}")
    host = empty.rpartition("@")[2]

    assert migrate(f"postgresql://{name}:x@{host}") == migration_names()
    postgres.drop(empty)


def test_what_is_pending_is_what_was_not_applied() -> None:
    names = migration_names()

    assert pending_migrations(set()) == names
    assert pending_migrations({*names[:1], "9999_later.sql"}) == names[1:]
