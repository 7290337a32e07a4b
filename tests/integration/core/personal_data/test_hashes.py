from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import falcon.testing
import jwt
import psycopg2
import pytest

from api.app import create_app
from api.services import services_of
from core.accounts import CLOSED, HASH
from core.database import Database
from core.personal_data.hashes import HASHED_AFTER, HASHING
from core.rotation import rotate_secrets
from core.secrets import Secrets
from core.setting_types import new_secret_key, secret_keys
from core.settings import Settings
from tests.jira_server import JiraServer
from tests.personal_data import GONE, SECRET, STAYS, Site
from tests.whole_database import dump

MONTH = HASHED_AFTER + timedelta(hours=1)
Call = Callable[..., falcon.testing.Result]


def app_of(site: Site, keys: str | None = None) -> Iterator[falcon.testing.TestClient]:
    environment = site.place.environment | {"DATABASE_URL": site.place.urls.api}
    settings = Settings.from_environment(environment | ({"SECRET_KEYS": keys} if keys else {}))
    services = services_of(settings, Database(settings.database_url))
    yield falcon.testing.TestClient(create_app(services))
    services.database.close()
    services.redis.close()
    services.rates.close()


def calling(client: falcon.testing.TestClient, site: Site) -> Call:
    def call(method: str, path: str, account: str, **options: Any) -> falcon.testing.Result:
        now = int(time.time())
        claims = {"iss": site.client_key, "iat": now, "exp": now + 180, "qsh": "context-qsh", "sub": account}
        token = jwt.encode(claims, SECRET, algorithm="HS256")
        headers = {"Authorization": f"JWT {token}", **options.pop("headers", {})}
        return client.simulate_request(method, f"/api/v1/{path}", headers=headers, **options)

    return call


@pytest.fixture
def call(site: Site) -> Iterator[Call]:
    """A person's call of the real API, at whose site the app is installed."""
    for client in app_of(site):
        yield calling(client, site)


def leave(site: Site) -> None:
    """The site leaves for longer than ids are kept, and they are hashed."""
    site.uninstall(ago=MONTH)
    assert site.hash_accounts().state == "done"


def stored(site: Site) -> dict[str, list[dict[str, Any]]]:
    """What is stored of the site in tables that name accounts, without the numbers of versions."""
    tables = ["reports", "report_versions", "stars", "gadgets", "site_settings", "imports", "audit"]
    found = {}
    with site.everything() as cursor:
        for table in tables:
            cursor.execute(f"select to_jsonb(t) from {table} t where tenant_id = %s", (str(site.id),))
            rows = [row for (row,) in cursor.fetchall()]
            if table == "audit":
                rows = [
                    row for row in rows if row["event"] not in {"uninstalled", "reinstalled", "installed"}
                ]
            if table == "reports":
                rows = [{**row, "version": None} for row in rows]
            found[table] = sorted(rows, key=json.dumps)
    return found


def waiting(site: Site) -> int:
    with site.everything() as cursor:
        cursor.execute("select count(*) from hashed_accounts where tenant_id = %s", (str(site.id),))
        (number,) = cursor.fetchone() or (0,)
        return int(number)


def test_a_month_after_a_site_left_no_account_stands_anywhere(site: Site, jira: JiraServer) -> None:
    site.plant(GONE)
    other = Site(site.place, jira)
    other.install()
    other.plant(STAYS)
    before = other.rows()

    leave(site)

    rows = dump(site.place.urls)
    assert [table for table, found in rows.items() if any(GONE in row for row in found)] == []
    assert STAYS not in str(site.rows())
    assert waiting(site) == 3  # both, and the admin that the trail names
    assert other.rows() == before


def test_who_comes_back_finds_everything_as_it_was(site: Site, call: Call) -> None:
    theirs = site.plant(GONE)
    before = stored(site)
    leave(site)
    assert HASH.fullmatch(site.row(theirs)["administrators"][0])
    site.install()

    listed = call("GET", "reports", GONE)

    assert {item["name"] for item in listed.json["items"]} == {f"For {GONE}", "Shared"}
    for account in (STAYS, "eve"):
        assert call("GET", "reports", account).status_code == 200
    assert stored(site) == before
    assert waiting(site) == 0


def test_the_first_request_of_any_sort_brings_a_person_back(site: Site, call: Call) -> None:
    theirs = site.plant(GONE)
    leave(site)
    site.install()

    assert call("GET", "me", GONE).status_code == 200

    assert site.row(theirs)["administrators"] == [GONE]


def test_a_stranger_and_an_old_hash_bring_nobody_back(site: Site, call: Call) -> None:
    theirs = site.plant(GONE)
    leave(site)
    site.install()
    hashed = site.row(theirs)["administrators"][0]

    assert call("GET", "reports", "712020:a-stranger-of-today").json["items"] == []
    assert call("GET", "reports", hashed).status_code == 401
    assert call("GET", "reports", CLOSED).status_code == 401
    assert site.row(theirs)["administrators"] == [hashed]


def test_who_stays_away_stays_hashed_and_is_not_reported(site: Site, jira: JiraServer, call: Call) -> None:
    theirs = site.plant(GONE)
    leave(site)
    site.install()
    call("GET", "me", STAYS)

    site.report_accounts()

    assert jira.reported() == [[STAYS]]
    row = site.row(theirs)
    assert HASH.fullmatch(row["administrators"][0])
    assert row["shared_accounts"] == [STAYS, row["administrators"][0]]


def test_an_admin_of_the_site_finds_and_takes_over_what_nobody_came_back_for(
    site: Site, jira: JiraServer, call: Call
) -> None:
    theirs = site.plant(GONE)
    leave(site)
    site.install()
    jira.admins.add("boss")
    hashed = site.row(theirs)["administrators"][0]

    found = call("GET", f"accounts/{hashed}/reports", "boss")
    assert str(theirs) in [item["id"] for item in found.json["items"]]
    assert call("POST", f"reports/{theirs}/take-over", "boss").status_code == 200
    assert site.row(theirs)["administrators"] == [hashed, "boss"]

    assert call("GET", "me", GONE).status_code == 200
    assert site.row(theirs)["administrators"] == [GONE, "boss"]


def test_an_admin_of_the_site_takes_over_the_reports_of_a_closed_account(
    site: Site, jira: JiraServer, call: Call
) -> None:
    theirs = site.plant(GONE)
    jira.closed.add(GONE)
    jira.admins.add("boss")
    site.report_accounts()

    (found,) = call("GET", f"accounts/{CLOSED}/reports", "boss").json["items"]
    assert (found["id"], found["administrators"]) == (str(theirs), [CLOSED])
    taken = call("POST", f"reports/{theirs}/take-over", "boss")

    assert taken.json["administrators"] == ["boss"]
    assert call("GET", f"accounts/{CLOSED}/reports", "boss").json["items"] == []
    changed = call(
        "PUT",
        f"reports/{theirs}",
        "boss",
        json={"name": "Ours", "definition": taken.json["definition"]},
        headers={"If-Match": taken.headers["ETag"]},
    )
    assert changed.status_code == 200


def test_an_editor_that_was_open_while_an_account_was_closed_is_told(
    site: Site, jira: JiraServer, call: Call
) -> None:
    theirs = site.plant(GONE)
    opened = call("GET", f"reports/{theirs}", GONE)
    report = site.report("Both", administrators=[STAYS, GONE])
    tag = call("GET", f"reports/{report}", STAYS).headers["ETag"]
    jira.closed.add(GONE)
    site.report_accounts()

    stale = call(
        "PUT", f"reports/{report}", STAYS, json={"administrators": [STAYS, GONE]}, headers={"If-Match": tag}
    )

    assert (opened.status_code, stale.status_code) == (200, 412)


def test_a_site_that_comes_back_in_time_is_not_hashed(site: Site) -> None:
    site.plant(GONE)
    site.uninstall(ago=MONTH)
    with site.place.as_worker() as database:
        database.read_system("select request_account_hashing(now(), 8::smallint, 5, 100)")
    site.install()

    assert site.work(HASHING).result == {"due": False}
    assert GONE in str(site.rows())


def test_before_a_month_is_over_nothing_is_hashed(site: Site) -> None:
    site.plant(GONE)
    site.uninstall(ago=HASHED_AFTER - timedelta(hours=1))
    with site.place.as_worker() as database:
        sql = "select request_account_hashing(now() - %s, 8::smallint, 5, 100) as n"
        assert database.read_system(sql, (HASHED_AFTER,)) == [{"n": 0}]


def test_a_site_that_leaves_again_is_hashed_again_and_alike(site: Site, call: Call) -> None:
    theirs = site.plant(GONE)
    leave(site)
    first = site.row(theirs)["administrators"]
    site.install()
    call("GET", "me", GONE)
    assert site.row(theirs)["administrators"] == [GONE]

    leave(site)

    assert site.row(theirs)["administrators"] == first


def test_two_processes_at_once_bring_a_person_back_once(site: Site) -> None:
    theirs = site.plant(GONE)
    leave(site)
    site.install()
    apps = [app_of(site) for _ in range(4)]
    calls = [calling(next(app), site) for app in apps]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda call: call("GET", f"reports/{theirs}", GONE).status_code, calls))
    for app in apps:
        assert next(app, None) is None

    assert answers == [200] * 4
    assert site.row(theirs)["administrators"] == [GONE]


def test_a_rotation_of_the_secret_keys_changes_no_hash(site: Site) -> None:
    theirs = site.plant(GONE)
    old = site.place.environment["SECRET_KEYS"]
    leave(site)
    new = new_secret_key()

    rotated = rotate_secrets(site.place.urls.owner, Secrets(secret_keys(f"{new},{old}")))

    assert (rotated.left, rotated.unreadable) == (0, ())
    site.place.environment["SECRET_KEYS"] = new
    site.install()
    for client in app_of(site):
        assert calling(client, site)("GET", "me", GONE).status_code == 200
    assert site.row(theirs)["administrators"] == [GONE]


def test_where_the_key_is_lost_the_site_works_all_the_same(site: Site) -> None:
    theirs = site.plant(GONE)
    leave(site)
    site.place.environment["SECRET_KEYS"] = new_secret_key()
    site.install()

    for client in app_of(site):
        assert calling(client, site)("GET", "reports", GONE).json["items"] == []
    assert HASH.fullmatch(site.row(theirs)["administrators"][0])


@pytest.mark.parametrize("account", ["unknown", "hashedaaaaaaaaaaaaaaaaab", "a b", ""])
def test_the_api_can_put_back_nothing_but_an_account(site: Site, account: str) -> None:
    site.plant(GONE)
    leave(site)
    with site.place.api() as database, pytest.raises(psycopg2.Error, match="no account"):
        database.read(site.id, "select put_account_back('hashedaaaaaaaaaaaaaaaaaa', %s)", (account,))


def test_a_worker_can_put_nothing_in_an_accounts_place_but_a_hash_or_nobody(site: Site) -> None:
    theirs = site.plant(GONE)
    site.due()
    with site.place.as_worker() as database:
        (lease,) = database.read_system(
            "select * from claim_task(array['personal-data-report'], interval '1 minute')"
        )
        take = "select take_accounts_out(%s, %s, %s, '[]') as done"
        mapping = json.dumps({GONE: "mallory"})
        with pytest.raises(psycopg2.Error, match="unknown or hashes only"):
            database.read_system(take, (lease["id"], lease["lease_token"], mapping))
        stolen = (lease["id"], str(site.id), json.dumps({GONE: CLOSED}))
        assert database.read_system(take, stolen) == [{"done": False}]

    assert site.row(theirs)["administrators"] == [GONE]
