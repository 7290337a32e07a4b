"""Connections to PostgreSQL, and transactions that see one tenant only.

Every statement runs under autocommit, so that this module alone says where a transaction begins and ends,
and so that two statements sent in one string are one transaction and one round trip.
"""

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import psycopg2.extras

Row = dict[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]
# Rows come as dicts.
Cursor = psycopg2.extras.RealDictCursor

psycopg2.extras.register_uuid()  # type: ignore[no-untyped-call]  # its stub lacks the annotations

_IDLE = psycopg2.extensions.TRANSACTION_STATUS_IDLE
_LOST = (psycopg2.OperationalError, psycopg2.InterfaceError)
# Raised by the function enter_tenant of the first migration.
_REFUSED = "SL001"
_ENTER = "select enter_tenant(%s, %s)"
_ENTER_NAMED = "select enter_tenant(%(entered_tenant)s, %(entered_version)s)"
_POWER = """
    select rolsuper or rolbypassrls
        or exists (select from pg_tables where schemaname = 'public'
                   and pg_has_role(tableowner, 'member')) as powerful
    from pg_roles where rolname = current_user
"""


class DatabaseUnavailable(Exception):
    """PostgreSQL cannot be reached, or gave no answer in time; worth another try later."""


class TenantRefused(Exception):
    """The tenant is not active, or its secret is no longer the one that the caller was checked with."""


class PowerfulRole(Exception):
    """The role owns tables, is superuser or bypasses row security, so tenants would not be kept apart."""


class Database:
    """A pool of connections of one process to one database, safe for threads; connects when first used.

    `pool_size` bounds the connections; who finds none free waits up to `wait` seconds. `statement_timeout`
    is in seconds. Unless `any_role` is set, a role that could see every tenant is refused (PowerfulRole).
    All methods raise DatabaseUnavailable where PostgreSQL cannot answer.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 4,
        wait: float = 5.0,
        statement_timeout: float = 30.0,
        any_role: bool = False,
        name: str = "sightline",
    ) -> None:
        self._url = url
        self._wait = wait
        self._options: dict[str, Any] = {
            "application_name": name,
            "connect_timeout": 3,
            "options": f"-c statement_timeout={int(statement_timeout * 1000)} -c timezone=UTC",
            "keepalives_idle": 30,
        }
        self._role_checked = any_role
        self._idle: queue.LifoQueue[psycopg2.extensions.connection] = queue.LifoQueue()
        self._slots = threading.BoundedSemaphore(pool_size)

    def read(
        self, tenant_id: UUID, sql: str, parameters: Parameters = (), *, secret_version: int | None = None
    ) -> list[Row]:
        """Runs one query that sees one tenant, in a single round trip and transaction.

        `parameters` is a sequence for `%s` or a mapping for `%(name)s`.
        With `secret_version`, raises TenantRefused unless the tenant is active with that version.
        """
        if isinstance(parameters, Mapping):
            named = {**parameters, "entered_tenant": tenant_id, "entered_version": secret_version}
            return self._once(f"{_ENTER_NAMED}; {sql}", named)
        return self._once(f"{_ENTER}; {sql}", (tenant_id, secret_version, *parameters))

    def read_system(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Runs one query that belongs to no tenant, in a single round trip."""
        return self._once(sql, parameters)

    @contextmanager
    def tenant(self, tenant_id: UUID, *, secret_version: int | None = None) -> Iterator[Cursor]:
        """A transaction that sees one tenant; commits at the end, rolls back where an exception leaves it.

        With `secret_version`, raises TenantRefused unless the tenant is active with that version.
        """
        with self._transaction(f"begin; {_ENTER}", (tenant_id, secret_version)) as cursor:
            yield cursor

    @contextmanager
    def system(self) -> Iterator[Cursor]:
        """A transaction of no tenant: tables of tenants look empty, SECURITY DEFINER functions work."""
        with self._transaction("begin", ()) as cursor:
            yield cursor

    def close(self) -> None:
        """Closes the connections that are not in use."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _once(self, sql: str, parameters: Parameters) -> list[Row]:
        with self._translated(), self._slot():
            connection, cursor = self._started(sql, parameters)
            try:
                columns = [column.name for column in cursor.description or ()]
                return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            finally:
                self._release(connection)

    @contextmanager
    def _transaction(self, begin: str, parameters: Parameters) -> Iterator[Cursor]:
        with self._translated(), self._slot():
            connection, _ = self._started(begin, parameters)
            try:
                with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
                    yield cursor
                    cursor.execute("commit")
            finally:
                self._release(connection)

    def _started(
        self, sql: str, parameters: Parameters
    ) -> tuple[psycopg2.extensions.connection, psycopg2.extensions.cursor]:
        """Sends what begins a unit of work, over a new connection where an idle one turns out to be dead.

        Nothing was done yet, so that a second try is safe; it carries us over a restart of the server.
        """
        while True:
            connection, fresh = self._take()
            try:
                cursor = connection.cursor()
                cursor.execute(sql, parameters or None)
                return connection, cursor
            except _LOST:
                dead = connection.closed != 0
                self._release(connection)
                if fresh or not dead:
                    raise
            except BaseException:
                self._release(connection)
                raise

    def _take(self) -> tuple[psycopg2.extensions.connection, bool]:
        with suppress(queue.Empty):
            return self._idle.get_nowait(), False
        connection = psycopg2.connect(self._url, **self._options)
        try:
            connection.autocommit = True
            self._check_role(connection)
        except BaseException:
            connection.close()
            raise
        return connection, True

    def _release(self, connection: psycopg2.extensions.connection) -> None:
        """Keeps a healthy connection for the next one, without whatever transaction it was left in."""
        try:
            if connection.closed == 0 and connection.info.transaction_status != _IDLE:
                connection.cursor().execute("rollback")
        except psycopg2.Error:
            connection.close()
        if connection.closed == 0:
            self._idle.put(connection)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=self._wait):
            raise DatabaseUnavailable(f"no connection became free within {self._wait} s")
        try:
            yield
        finally:
            self._slots.release()

    def _check_role(self, connection: psycopg2.extensions.connection) -> None:
        if self._role_checked:
            return
        with connection.cursor() as cursor:
            cursor.execute(_POWER)
            row = cursor.fetchone()
        if row is None or row[0]:
            raise PowerfulRole(
                f"the database role {connection.info.user} could see every tenant; "
                "use sightline_api or sightline_worker"
            )
        self._role_checked = True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except psycopg2.Error as error:
            if error.pgcode == _REFUSED:
                raise TenantRefused from error
            if isinstance(error, _LOST):
                raise DatabaseUnavailable(type(error).__name__) from error
            raise


def wait_for(database: Database, *, seconds: float) -> None:
    """Returns as soon as the database answers; raises DatabaseUnavailable after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            database.read_system("select 1 as up")
            return
        except DatabaseUnavailable:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)
