"""One site's callers name another site's things on every route, and get, see and change nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import falcon.testing
import psycopg2
import pytest
from redis import Redis

from api.app import all_routes
from api.services import Services
from core.ids import uuid7
from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import DEFINITION, Answering, Site
from tests.integration.api.two_tenants import CASES, Asked, Names, report_cursor
from tests.separation import TRIPPED, breaches, rows_of, session, stretch_tripwire, tenant_tables
from tests.workers import Workplace, workplace

# Atlassian's account ids are global: the same person may be at both sites, and administer reports at one.
ACCOUNT = "712020:the-same-person"
ONLY_THERE = "712020:a-person-of-theirs"
GROUP, PROJECT = "a-group-of-theirs", "10042"
WORDS = "Planted words of the other site"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CHECK = "/rest/api/3/permissions/check"
GROUPS = "/rest/api/3/user/groups"
SHARED = {"accounts": [ACCOUNT], "groups": [{"id": GROUP, "name": WORDS}], "projects": [PROJECT]}


@dataclass(frozen=True)
class World:
    """Two sites, of which one asks and the other has what it asks for."""

    services: Services
    urls: DatabaseUrls
    here: Site
    there: Site
    theirs: Names
    ids: tuple[UUID, UUID]

    @property
    def nobodys(self) -> Names:
        """Names of the same form that stand for nothing."""
        report = str(uuid7())
        return Names(
            report=report, deleted_report=str(uuid7()), export=str(uuid7()), task=str(uuid7()),
            entry=str(uuid7()),
            client_key="0" * 32, base_url=f"{self.here.base_url}/nobody", account="712020:nobody-at-all",
            words="Words that nobody planted anywhere", key="nobodys-key", cursor=report_cursor(report),
        )  # fmt: skip


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own, with the wire stretched."""
    stretch_tripwire(database)
    return database


@pytest.fixture
def place(api_database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return workplace(api_database, redis_url, tmp_path)


@pytest.fixture
def settings(settings: Settings, place: Workplace) -> Settings:
    return replace(settings, state_dir=place.settings.state_dir, secret_keys=place.settings.secret_keys)


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


def grant_everything(jira: Answering, site: str) -> None:
    """The site's Jira says yes to whatever it is asked about the account."""
    projects = [{"permission": "BROWSE_PROJECTS", "issues": [], "projects": [int(PROJECT)]}]
    yes = json.dumps({"globalPermissions": ["ADMINISTER"], "projectPermissions": projects})
    jira.answers[f"{site}{CHECK}"] = (200, yes.encode())
    groups = json.dumps([{"name": WORDS, "groupId": GROUP}]).encode()
    for account in (ACCOUNT, ACCOUNT.replace(":", "%3A")):
        jira.answers[f"{site}{GROUPS}?accountId={account}"] = (200, groups)


def grant_nothing(jira: Answering, site: str) -> None:
    jira.answers[f"{site}{CHECK}"] = (200, b'{"globalPermissions": [], "projectPermissions": []}')
    for account in (ACCOUNT, ACCOUNT.replace(":", "%3A")):
        jira.answers[f"{site}{GROUPS}?accountId={account}"] = (200, b"[]")


def furnished(site: Site, place: Workplace) -> Names:
    """Gives a site some of everything that is stored, open to everyone as far as the site goes."""
    about = {
        "description": WORDS, "visibility": "public", "shared_with": SHARED, "administrators": [ONLY_THERE],
    }  # fmt: skip
    key = {"Idempotency-Key": "their-key"}
    body = {"name": WORDS, "definition": DEFINITION, **about}
    report = site.call("POST", "/api/v1/reports", as_=ACCOUNT, json=body, headers=key).json["id"]
    site.create(f"{WORDS}, for some", as_=ACCOUNT, **{**about, "visibility": "limited"})
    deleted = site.create(f"{WORDS}, deleted", as_=ACCOUNT, **about)["id"]
    gone = site.call("DELETE", f"/api/v1/reports/{deleted}", as_=ACCOUNT, headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert site.call("PUT", f"/api/v1/reports/{report}/star", as_=ACCOUNT).status_code == 204
    export = site.call("POST", "/api/v1/exports", as_=ACCOUNT).json["id"]
    assert place.work() == "done"
    task = site.call("POST", "/api/v1/exports", as_=ACCOUNT).json["id"]
    return Names(
        report=report, deleted_report=deleted, export=export, task=task, entry=an_entry(place, site),
        client_key=site.client_key, base_url=site.base_url, account=ONLY_THERE, words=WORDS, key="their-key",
        cursor=report_cursor(report),
    )  # fmt: skip


def an_entry(place: Workplace, site: Site) -> str:
    """The id of an entry in a site's audit trail."""
    with session(place.urls.backup) as cursor:
        cursor.execute(
            "select a.id from audit a join tenants t on t.id = a.tenant_id where t.client_key = %s limit 1",
            (site.client_key,),
        )
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def methods_of_all_routes(services: Services) -> Iterator[tuple[str, str]]:
    for template, resource in all_routes(services):
        yield from ((method, template) for method in METHODS if hasattr(resource, f"on_{method.lower()}"))


def test_every_method_of_every_route_has_a_case(services: Services) -> None:
    missing = set(methods_of_all_routes(services)) - set(CASES)

    assert missing == set(), "say in two_tenants.CASES how one site asks it for another's things"
    assert set(CASES) <= set(methods_of_all_routes(services))


def faults(world: World, *, refused: tuple[int, ...] = ()) -> list[str]:
    """What one site's caller got of another's, on every route; statuses in `refused` will do as well."""
    found = []
    for method, template in methods_of_all_routes(world.services):
        cases = CASES[method, template]
        for theirs, nobodys in zip(cases(world.theirs), cases(world.nobodys), strict=True):
            answers = [asked(world, method, one) for one in (theirs, nobodys)]
            where = f"{method} {theirs.path} {theirs.query or ''}"
            if any(answer.status_code not in {*theirs.statuses, *refused} for answer in answers):
                found.append(f"{where}: {[(a.status_code, a.text[:200]) for a in answers]}")
            if not theirs.differs and comparable(answers[0]) != comparable(answers[1]):
                found.append(f"{where}: another answer than to a name that nobody has")
            found += [f"{where}: tells {word!r}" for word in told(world, theirs, answers[0])]
    return found


def asked(world: World, method: str, one: Asked) -> falcon.testing.Result:
    headers = dict(one.headers)
    if one.path.startswith("/connect/"):
        signs = world.here.install_token if one.path.endswith("installed") else world.here.event_token
        headers["Authorization"] = f"JWT {signs(one.path)}"
    elif one.path.startswith("/api/"):
        headers["Authorization"] = f"JWT {world.here.token(ACCOUNT)}"
    return world.here.client.simulate_request(
        method,
        one.path,
        params=one.query,
        headers=headers,
        **({} if one.body is None else {"json": one.body}),
    )


def comparable(answer: falcon.testing.Result) -> tuple[int, dict[str, str], bytes]:
    """An answer without its request id, which is all that may tell it from another."""
    request_id = answer.headers.get("X-Request-Id", "")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    del headers["x-request-id"]
    return answer.status_code, headers, answer.content.replace(request_id.encode(), b"")


def told(world: World, one: Asked, answer: falcon.testing.Result) -> list[str]:
    """What an answer says of the other site that the question did not."""
    question = json.dumps([one.path, one.query, one.body, one.headers])
    names = world.theirs
    secrets = [
        names.report, names.deleted_report, names.export, names.task, names.entry, names.client_key,
        names.base_url, names.words, names.key, names.account, GROUP, str(world.ids[1]), world.there.secret,
    ]  # fmt: skip
    whole = f"{answer.text} {dict(answer.headers)}"
    return [word for word in secrets if word in whole and word not in question]


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
    assert world.there.names(f"search={WORDS}", as_=ACCOUNT) == [f"{WORDS}, for some", WORDS]


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
