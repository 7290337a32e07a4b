from __future__ import annotations

from dataclasses import replace

import falcon.testing
import psycopg2
import redis

from api.app import create_app
from api.services import Services
from core.database import Database
from tests.databases import DatabaseServer, DatabaseUrls


def test_a_running_process_is_alive(client: falcon.testing.TestClient) -> None:
    assert client.simulate_get("/healthz").json == {"status": "alive"}


def test_with_all_it_rests_on_it_is_ready(client: falcon.testing.TestClient) -> None:
    result = client.simulate_get("/readyz")

    assert result.status_code == 200
    assert result.json == {"status": "ready"}


def test_readiness_names_a_missing_redis(services: Services) -> None:
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)

    result = falcon.testing.TestClient(create_app(replace(services, redis=nowhere))).simulate_get("/readyz")

    assert result.status_code == 503
    assert result.json["missing"] == ["redis"]
    assert "Retry-After" in result.headers


def test_readiness_names_a_missing_database(services: Services) -> None:
    nowhere = Database("postgresql://sightline_api@127.0.0.1:1/nothing")

    result = falcon.testing.TestClient(create_app(replace(services, database=nowhere))).simulate_get(
        "/readyz"
    )

    assert result.status_code == 503
    assert result.json["missing"] == ["database"]


def test_readiness_names_missing_migrations(services: Services, database: DatabaseUrls) -> None:
    owner = psycopg2.connect(database.owner)
    with owner, owner.cursor() as cursor:
        cursor.execute("delete from schema_migrations where name like '0001%'")
    owner.close()

    behind = Database(database.api)
    app = create_app(replace(services, database=behind))

    result = falcon.testing.TestClient(app).simulate_get("/readyz")
    behind.close()

    assert result.json["missing"] == ["migrations"]


def test_readiness_names_missing_migrations_of_a_database_without_any(
    services: Services, postgres: DatabaseServer, database: DatabaseUrls
) -> None:
    empty = postgres.empty_database()
    untouched = Database(f"{database.api.rpartition('/')[0]}/{empty.rpartition('/')[2]}")
    client = falcon.testing.TestClient(create_app(replace(services, database=untouched)))

    result = client.simulate_get("/readyz")
    untouched.close()

    assert result.status_code == 503
    assert result.json["missing"] == ["migrations"]
    postgres.drop(empty)
