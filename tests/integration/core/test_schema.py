from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from core.migrate import migrate
from tests.catalogue import Catalogue, catalogue
from tests.databases import DatabaseServer, DatabaseUrls
from tests.schema_file import FILE, schema_text


def run(url: str, sql: str) -> None:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture(scope="module")
def from_file(postgres: DatabaseServer) -> Iterator[str]:
    """A database made from the file alone."""
    url = postgres.empty_database()
    run(url, FILE.read_text())
    yield url
    postgres.drop(url)


@pytest.fixture(scope="module")
def migrated(postgres: DatabaseServer) -> Iterator[tuple[DatabaseUrls, Catalogue]]:
    """A migrated database and what is in it."""
    urls = postgres.fresh_database()
    yield urls, catalogue(urls.owner)
    postgres.drop(urls.owner)


def test_the_schema_file_makes_what_the_migrations_make(
    from_file: str, migrated: tuple[DatabaseUrls, Catalogue]
) -> None:
    made = catalogue(from_file)

    for kind, found in migrated[1].items():
        assert made[kind] == found, f"{kind}: run `make schema`"


def test_the_schema_file_is_what_is_generated(migrated: tuple[DatabaseUrls, Catalogue]) -> None:
    assert schema_text(migrated[0].owner) == FILE.read_text(), "run `make schema`"


def test_a_database_made_from_the_file_needs_no_migration(from_file: str) -> None:
    assert migrate(from_file) == []


def test_the_catalogue_is_full(migrated: tuple[DatabaseUrls, Catalogue]) -> None:
    empty = {kind for kind, found in migrated[1].items() if not found}

    assert empty == {"memberships"}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("columns", "alter table reports alter description set default 'x'"),
        ("columns", "alter table reports alter updated_by drop not null"),
        ("columns", "alter table stars add extra int"),
        ("constraints", "alter table reports drop constraint reports_version_check"),
        ("indexes", "drop index stars_by_report"),
        ("policies", "alter policy own_tenant on stars using (true)"),
        ("policies", "drop policy backup on stars"),
        ("relations", "alter table stars no force row level security"),
        ("relations", "alter table stars disable row level security"),
        ("functions", "alter function find_tenant(text) security invoker"),
        ("functions", "alter function find_tenant(text) reset search_path"),
        ("functions", "alter function find_tenant(text) owner to sightline_backup"),
        ("functions", "create or replace function new_id() returns uuid language sql as 'select null::uuid'"),
        ("triggers", "alter table tasks disable trigger announce_new_task"),
        ("table grants", "grant truncate on reports to sightline_worker"),
        ("column grants", "grant select (secret) on tenants to sightline_api"),
        ("function grants", "grant execute on function new_id() to public"),
        ("schema grants", "grant create on schema public to sightline_api"),
        ("default grants", "alter default privileges grant select on tables to sightline_api"),
    ],
)  # fmt: skip
def test_the_catalogue_shows_every_sort_of_difference(
    migrated: tuple[DatabaseUrls, Catalogue], database: DatabaseUrls, kind: str, change: str
) -> None:
    run(database.owner, change)

    assert catalogue(database.owner)[kind] != migrated[1][kind]
