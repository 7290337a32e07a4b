"""One site's callers name another site's things on every route, and get, see and change nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import falcon.testing
import psycopg2
import pytest

from api.services import Services
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import DEFINITION, Answering, Site
from tests.integration.api.two_sites import (
    ACCOUNT,
    WORDS,
    World,
    faults,
    furnished,
    grant_everything,
    grant_nothing,
    methods_of_all_routes,
)
from tests.integration.api.two_tenants import CASES
from tests.separation import TRIPPED, breaches, rows_of, session, stretch_tripwire, tenant_tables
from tests.workers import Workplace

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own, with the wire stretched."""
    stretch_tripwire(database)
    return database


@pytest.fixture
def world(
    services: Services,
    client: falcon.testing.TestClient,
    jira: Answering,
    api_database: DatabaseUrls,
    place: Workplace,
) -> World:
    here, there = Site(client, f"{jira.url}/here"), Site(client, f"{jira.url}/there")
    grant_everything(jira, "/there")
    for site in (here, there):
        assert site.install().status_code == 204
    theirs = furnished(there, place)
    here.create("One of ours", as_=ACCOUNT)
    known = [services.tenants.find(site.client_key) for site in (here, there)]
    assert known[0] is not None
    assert known[1] is not None
    return World(services, api_database, here, there, theirs, (known[0].id, known[1].id))


def test_every_method_of_every_route_has_a_case(services: Services) -> None:
    missing = set(methods_of_all_routes(services)) - set(CASES)

    assert missing == set(), "say in two_tenants.CASES how one site asks it for another's things"
    assert set(CASES) <= set(methods_of_all_routes(services))


@pytest.mark.parametrize(
    ("jira_says", "refused"), [(grant_everything, ()), (grant_nothing, (403,))], ids=["admin", "nobody"]
)
def test_another_sites_things_are_to_a_caller_as_if_they_did_not_exist(
    world: World,
    jira: Answering,
    jira_says: Callable[[Answering, str], None],
    refused: tuple[int, ...],
) -> None:
    jira_says(jira, "/here")
    before = rows_of(world.urls, world.ids[1])

    assert faults(world, refused=refused) == []

    assert rows_of(world.urls, world.ids[1]) == before
    assert breaches(world.urls, *world.ids) == []


def test_the_other_site_itself_sees_what_the_first_one_asked_for(world: World) -> None:
    assert world.there.call("GET", f"/api/v1/reports/{world.theirs.report}", as_=ACCOUNT).status_code == 200
    assert world.there.call("GET", f"/api/v1/exports/{world.theirs.export}", as_=ACCOUNT).status_code == 200
    assert world.there.names(f"search={WORDS}", as_=ACCOUNT) == [WORDS, f"{WORDS}, for some"]


def test_an_idempotency_key_of_another_site_stands_for_nothing(world: World) -> None:
    body = {"name": "Ours", "definition": DEFINITION}
    key = {"Idempotency-Key": world.theirs.key}

    made = world.here.call("POST", "/api/v1/reports", as_=ACCOUNT, json=body, headers=key)

    assert made.status_code == 201
    assert made.json["id"] != world.theirs.report


BREACHES = {
    "no row security": "alter table {table} disable row level security",
    "not forced": "alter table {table} no force row level security",
    "an open policy": "alter policy own_tenant on {table} using (true)",
    "an open check": "alter policy own_tenant on {table} with check (true)",
    "no policy": "drop policy own_tenant on {table}",
    "a second policy": "create policy second on {table} to sightline_api using (true)",
}


def test_every_breach_of_the_fence_is_found_in_every_table(world: World) -> None:
    tables = tenant_tables(world.urls)
    assert len(tables) >= 6
    assert breaches(world.urls, *world.ids) == []
    for table, column in tables.items():
        for name, breach in BREACHES.items():
            with broken(world.urls, table, column, breach):
                assert breaches(world.urls, *world.ids), (table, name)
    assert breaches(world.urls, *world.ids) == []


@contextmanager
def broken(urls: DatabaseUrls, table: str, column: str, breach: str) -> Iterator[None]:
    """A breach that is made good again."""
    rule = f"{column} = nullif(current_setting('sightline.tenant', true), '')::uuid"
    with session(urls.owner) as cursor:
        cursor.execute(breach.format(table=table))
    yield
    with session(urls.owner) as cursor:
        cursor.execute(
            f"alter table {table} enable row level security, force row level security;"
            f" drop policy if exists second on {table}; drop policy if exists own_tenant on {table};"
            f" create policy own_tenant on {table} to sightline_api, sightline_worker using ({rule})"
            f" with check ({rule})"
        )


@pytest.mark.parametrize("wire", ["with the wire", "without the wire"])
@pytest.mark.parametrize("name", ["no row security", "an open policy", "no policy", "a second policy"])
def test_a_breach_shows_on_the_routes_too(world: World, jira: Answering, name: str, wire: str) -> None:
    grant_everything(jira, "/here")
    with session(world.urls.owner) as cursor:
        if wire == "without the wire":
            cursor.execute("drop policy tripwire on reports")
        cursor.execute(BREACHES[name].format(table="reports"))

    assert faults(world) != []


def test_a_query_that_looks_at_another_sites_row_trips(world: World) -> None:
    with session(world.urls.owner) as cursor:
        cursor.execute("alter policy own_tenant on reports using (true)")

    with pytest.raises(psycopg2.Error) as raised:
        world.services.database.read(world.ids[0], "select count(*) from reports")
    assert raised.value.pgcode == TRIPPED


def test_a_query_without_any_condition_finds_the_callers_site_alone(world: World) -> None:
    wrong = "select r.name, t.client_key from reports r cross join tenants t"

    rows = world.services.database.read(world.ids[0], wrong)

    assert rows == [{"name": "One of ours", "client_key": world.here.client_key}]
    assert world.services.database.read_system(wrong) == []
