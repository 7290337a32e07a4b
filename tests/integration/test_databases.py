from __future__ import annotations

import psycopg2
import pytest
import redis

from tests.databases import DatabaseServer, DatabaseUrls


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


def test_a_fresh_database_is_migrated(database: DatabaseUrls) -> None:
    assert rows(database.owner, "select count(*) > 0 from schema_migrations") == [(True,)]


@pytest.mark.parametrize("role", ["api", "worker", "backup"])
def test_each_role_can_log_in_to_it(database: DatabaseUrls, role: str) -> None:
    assert rows(getattr(database, role), "select current_user") == [(f"sightline_{role}",)]


def test_two_databases_share_nothing(postgres: DatabaseServer, database: DatabaseUrls) -> None:
    other = postgres.fresh_database()
    assert rows(other.owner, "select current_database()") != rows(database.owner, "select current_database()")
    postgres.drop(other.owner)


def test_an_empty_database_has_no_tables(postgres: DatabaseServer) -> None:
    url = postgres.empty_database()
    assert rows(url, "select count(*) from pg_tables where schemaname = 'public'") == [(0,)]
    postgres.drop(url)


def test_the_redis_database_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.set("greeting", "hello")
        assert client.get("greeting") == b"hello"
