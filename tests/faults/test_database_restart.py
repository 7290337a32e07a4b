from __future__ import annotations

import secrets
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import falcon.testing
import pytest

from api.app import create_app
from api.services import services_of
from cli.local.account import server_account
from cli.local.part import free_port
from cli.local.postgres import Postgres
from cli.local.programs import Programs
from core.database import Database, DatabaseUnavailable, wait_for
from core.ids import uuid7
from core.secrets import Secrets
from core.setting_types import new_secret_key
from core.settings import Settings
from tests.databases import DatabaseServer, DatabaseUrls
from tests.faults.own_servers import AT_ONCE, FAST, OwnPostgres
from tests.integration.api.connect_site import Site
from tests.workers import eventually

INSTALL = (
    "select * from install_tenant(%s, %s, 'https://a.atlassian.net', %s, %s, now(), 't', 'b',"
    " now() + interval '1 h')"
)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnPostgres]:
    folder = tmp_path_factory.mktemp("postgres")
    account = server_account()
    with Programs(account) as programs:
        server = Postgres(folder / "server", programs.postgres(), account, free_port(), secrets.token_hex(8))
        own = OwnPostgres(server, folder / "postgres.log")
        own.start()
        yield own
        own.stop()


@pytest.fixture(scope="module")
def urls(postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> DatabaseUrls:
    server = DatabaseServer(postgres.server.url_of("").rstrip("/"))
    server.make_template(tmp_path_factory.mktemp("template") / "done")
    return server.fresh_database()


@pytest.fixture
def api(urls: DatabaseUrls) -> Iterator[Database]:
    made = Database(urls.api, pool_size=3, name="the pool")
    yield made
    made.close()


def new_tenant(api: Database, client_key: str = "", secret: bytes = b"x", key_id: str = "k") -> UUID:
    tenant_id = uuid7()
    api.read_system(INSTALL, (tenant_id, client_key or str(tenant_id), secret, key_id))
    return tenant_id


@pytest.mark.parametrize("how", [FAST, AT_ONCE], ids=["stopped", "killed"])
def test_a_pool_in_use_survives_a_restart_of_the_server(
    postgres: OwnPostgres, api: Database, how: signal.Signals
) -> None:
    tenants = [new_tenant(api) for _ in range(4)]
    done = threading.Event()
    answered: dict[UUID, int] = dict.fromkeys(tenants, 0)

    def look(tenant_id: UUID) -> int:
        """Until told to stop, and once more; how often there was no database."""
        missed, last = 0, False
        while not last:
            last = done.is_set()
            try:
                assert api.read(tenant_id, "select id from tenants") == [{"id": tenant_id}]
                answered[tenant_id] += 1
            except DatabaseUnavailable:
                missed += 1
                assert not last
        return missed

    def all_answered_again() -> bool:
        assert not any(job.done() for job in jobs)
        return all(answered[tenant_id] > before[tenant_id] + 5 for tenant_id in tenants)

    with ThreadPoolExecutor(len(tenants)) as threads:
        jobs = [threads.submit(look, tenant_id) for tenant_id in tenants]
        try:
            before = dict.fromkeys(tenants, 0)
            eventually(all_answered_again, "everyone to be answered")
            postgres.stop(how)
            postgres.start()
            before = dict(answered)
            eventually(all_answered_again, "everyone to be answered again")
        finally:
            done.set()
        assert sum(job.result() for job in jobs) > 0


def test_idle_connections_of_before_a_restart_are_not_noticed_after_it(
    postgres: OwnPostgres, api: Database
) -> None:
    tenant_id = new_tenant(api)
    with ThreadPoolExecutor(3) as threads:
        together = threading.Barrier(3)

        def hold(_: int) -> None:
            with api.system():
                together.wait(timeout=30)

        list(threads.map(hold, range(3)))
    postgres.stop()
    postgres.start()

    assert [api.read(tenant_id, "select id from tenants") for _ in range(4)] == [[{"id": tenant_id}]] * 4


@pytest.mark.parametrize("how", [FAST, AT_ONCE], ids=["stopped", "killed"])
def test_a_transaction_that_a_restart_interrupts_is_told_and_leaves_nothing(
    postgres: OwnPostgres, api: Database, how: signal.Signals
) -> None:
    tenant_id = new_tenant(api)

    def write_half() -> None:
        with api.tenant(tenant_id) as cursor:
            cursor.execute(
                "insert into reports"
                " (tenant_id, id, name, name_key, definition, administrators, created_by, updated_by)"
                " values (%s, %s, 'a', 'a', '{}', array['a'], 'a', 'a')",
                (tenant_id, uuid7()),
            )
            postgres.stop(how)

    with pytest.raises(DatabaseUnavailable):
        write_half()
    postgres.start()
    assert api.read(tenant_id, "select count(*) as n from reports") == [{"n": 0}]


def test_the_api_answers_503_meanwhile_and_is_there_again_afterwards(
    postgres: OwnPostgres, urls: DatabaseUrls, redis_url: str
) -> None:
    settings = Settings.from_environment(
        {
            "BASE_URL": "https://reports.example.com",
            "DATABASE_URL": urls.api,
            "REDIS_URL": redis_url,
            "SECRET_KEYS": new_secret_key(),
        }
    )
    services = services_of(settings, Database(urls.api))
    client = falcon.testing.TestClient(create_app(services))
    site = Site(client, "https://a.atlassian.net")
    tenant_id = uuid7()
    sealed = Secrets(settings.secret_keys).seal(site.client_key, site.secret)
    services.database.read_system(INSTALL, (tenant_id, site.client_key, sealed.data, sealed.key_id))
    assert site.call("GET", "/api/v1/reports").status_code == 200

    postgres.stop()
    away = site.call("GET", "/api/v1/reports")
    not_ready = client.simulate_get("/readyz")
    postgres.start()

    assert away.status_code == 503
    assert int(away.headers["Retry-After"]) > 0
    assert not_ready.json["missing"] == ["database"]
    wait_for(services.database, seconds=10)
    assert site.call("GET", "/api/v1/reports").status_code == 200
    with suppress(DatabaseUnavailable):
        services.database.close()
    services.redis.close()
