"""Databases for tests, each a quick copy of one that was migrated once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from core.migrate import migrate

TEMPLATE = "sightline_template"
PASSWORD = "for-tests-only"
ROLES = ("api", "worker", "backup")


@dataclass(frozen=True)
class DatabaseUrls:
    """The addresses of one migrated database for each role that uses it."""

    owner: str
    api: str
    worker: str
    backup: str


class DatabaseServer:
    """The run's PostgreSQL. `owner_url` is its superuser's address of the database `postgres`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.owner_url = f"{address}/postgres"

    def fresh_database(self) -> DatabaseUrls:
        """A new migrated database that nobody else uses."""
        name = self._create(TEMPLATE)
        host = self._address.rpartition("@")[2]
        urls = (f"postgresql://sightline_{role}:{PASSWORD}@{host}/{name}" for role in ROLES)
        return DatabaseUrls(f"{self._address}/{name}", *urls)

    def empty_database(self) -> str:
        """The owner's address of a new database without any table."""
        return f"{self._address}/{self._create('template1')}"

    def drop(self, url: str) -> None:
        """Drops a database made here, whoever is still connected to it."""
        name = url.rpartition("/")[2]
        with self._administration() as cursor:
            cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def make_template(self, done: Path) -> None:
        """Migrates the database that all others are copies of, unless the file `done` says it was."""
        if done.exists():
            return
        with self._administration() as cursor:
            cursor.execute(f"drop database if exists {TEMPLATE}")
            cursor.execute(f"create database {TEMPLATE}")
        migrate(f"{self._address}/{TEMPLATE}")
        with self._administration() as cursor:
            for role in ROLES:
                login = sql.Identifier(f"sightline_{role}")
                cursor.execute(sql.SQL("alter role {} password {}").format(login, sql.Literal(PASSWORD)))
        done.touch()

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with self._administration() as cursor:
            cursor.execute(f"create database {name} template {template}")
        return name

    @contextmanager
    def _administration(self) -> Iterator[psycopg2.extensions.cursor]:
        connection = psycopg2.connect(self.owner_url, connect_timeout=10)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()
