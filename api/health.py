"""`/healthz` and `/readyz`, for whoever runs the service."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import ClassVar

import falcon
import redis

from api.access import Access
from api.openapi import Answer, Operation
from api.problems import Refusal
from api.services import Services
from core.database import Database, DatabaseUnavailable
from core.migrate import missing_migrations


class Health:
    """The process runs and answers; says nothing of what it rests on."""

    access: ClassVar = {"GET": Access.PUBLIC}
    operations: ClassVar = {
        "GET": Operation(
            summary="Say whether the process lives", answers={HTTPStatus.OK: Answer("It does.", "Status")}
        )
    }

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Always 200."""
        resp.media = {"status": "alive"}


class Readiness:
    """Whether requests can be answered, and if not, which dependency is missing."""

    access: ClassVar = {"GET": Access.PUBLIC}
    operations: ClassVar = {
        "GET": Operation(
            summary="Say whether requests can be answered",
            answers={HTTPStatus.OK: Answer("They can.", "Status")},
            refusals={HTTPStatus.SERVICE_UNAVAILABLE: "A dependency is missing."},
        )
    }

    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._redis = services.redis

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """200, or 503 with `missing`: any of `database`, `migrations` and `redis`."""
        missing = [*_missing_from_database(self._database), *_missing_redis(self._redis)]
        if missing:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"Missing: {', '.join(missing)}.",
                members={"missing": missing},
                headers={"Retry-After": "5"},
            )
        resp.media = {"status": "ready"}


def _missing_from_database(database: Database) -> list[str]:
    try:
        return ["migrations"] if missing_migrations(database) else []
    except DatabaseUnavailable:
        return ["database"]


def _missing_redis(client: redis.Redis) -> list[str]:
    try:
        client.ping()
    except redis.RedisError:
        return ["redis"]
    return []


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/healthz", Health()), ("/readyz", Readiness(services))]
