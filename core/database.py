"""Connections to PostgreSQL, and transactions that see one tenant only.

Every statement runs under autocommit, so that this module alone says where a transaction begins and ends,
and so that two statements sent in one string are one transaction and one round trip.

1. Every unit of work begins by saying whose it is: one tenant's, or nobody's. It is said for the transaction
   alone, so that nothing of it is left, and what was left by mistake is never relied on.
2. A connection that rested is asked whether the server has closed it before anything is sent over it. What is
   lost later is told and never sent again, as the server may have done it.
3. A transaction that PostgreSQL gave up is told at its end, even where the error in it was caught.
4. A connection goes back to rest without a transaction, or is closed. When one is lost, those at rest are
   closed too: what met it, a restart or a failover, has met them as well.
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import psycopg2.extras
from psycopg2.errors import ForeignKeyViolation

from core.checkpoints import passed
from core.prepared import Connection
from core.turns import Turns

Row = dict[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]
# Rows come as dicts.
Cursor = psycopg2.extras.RealDictCursor

psycopg2.extras.register_uuid()  # type: ignore[no-untyped-call]  # its stub lacks the annotations

_IDLE = psycopg2.extensions.TRANSACTION_STATUS_IDLE
_IN_TRANSACTION = psycopg2.extensions.TRANSACTION_STATUS_INTRANS
_LOST = (psycopg2.OperationalError, psycopg2.InterfaceError)
# Raised by the functions enter_tenant and enter_tenant_marked of the migrations.
_REFUSED = "SL001"
_ENTER = "select enter_tenant(%s, %s)"
_ENTER_NAMED = "select enter_tenant(%(entered_tenant)s, %(entered_version)s)"
_ENTER_MARKED = "select enter_tenant_marked(%(tenant)s, %(version)s)::text as mark"
# A utility statement, so that a transaction's isolation level can still be chosen after it.
_ENTER_NOBODY = "set local sightline.tenant to ''"
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


class TransactionBroken(Exception):
    """A transaction was gone before its block ended: the block caught an error, which undoes all of it, or
    ended it itself. A mistake in the calling code."""


class PowerfulRole(Exception):
    """The role owns tables, is superuser or bypasses row security, so tenants would not be kept apart."""


class Database:
    """A pool of connections of one process to one database, safe for threads; connects when first used.

    `pool_size` bounds the connections; who finds none free waits in line up to `wait` seconds. The timeouts
    are PostgreSQL's, in seconds: for a statement, a whole transaction (0: as long as it takes), a lock, and a
    transaction in which nothing is asked. Unless
    `any_role` is set, a role that could see every tenant is refused (PowerfulRole).
    All methods raise DatabaseUnavailable where PostgreSQL cannot answer.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 4,
        wait: float = 5.0,
        statement_timeout: float = 30.0,
        transaction_timeout: float = 0,
        lock_timeout: float = 20.0,
        idle_timeout: float = 300.0,
        any_role: bool = False,
        name: str = "sightline",
    ) -> None:
        self._url = url
        self._wait = wait
        self._options: dict[str, Any] = {
            "application_name": name,
            "connect_timeout": 3,
            "options": " ".join(
                [
                    f"-c statement_timeout={int(statement_timeout * 1000)}",
                    f"-c transaction_timeout={int(transaction_timeout * 1000)}",
                    f"-c lock_timeout={int(lock_timeout * 1000)}",
                    f"-c idle_in_transaction_session_timeout={int(idle_timeout * 1000)}",
                    "-c timezone=UTC",
                    # A prepared query is planned once, not for each tenant anew. All that plans would differ
                    # by is how many rows a tenant has, and the indexes that begin with it suit any number.
                    "-c plan_cache_mode=force_generic_plan",
                ]
            ),
            # A server that vanished without a word is noticed within half a minute.
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        }
        self._role_checked = any_role
        # The one used last at the end. Its methods are safe for threads.
        self._idle: deque[Connection] = deque()
        self._turns = Turns(pool_size)

    def read(
        self, tenant_id: UUID, sql: str, parameters: Parameters = (), *, secret_version: int | None = None
    ) -> list[Row]:
        """Runs one query that sees one tenant, in a single round trip and transaction.

        `parameters` is a sequence for `%s` or a mapping for `%(name)s`. With a mapping the query is prepared
        when a connection is first asked it, in a round trip of its own, so that its text must be one of few:
        nothing that people send belongs there. With `secret_version`, raises TenantRefused unless the tenant
        is active with that version.
        """
        if not isinstance(parameters, Mapping):
            return self._once(f"{_ENTER}; {sql}", (tenant_id, secret_version, *parameters))
        named = {**parameters, "entered_tenant": tenant_id, "entered_version": secret_version}
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(f"{connection.prepared(_ENTER_NAMED)}; {connection.prepared(sql)}", named)
            rows = _rows(cursor)
        passed("queried")
        return rows

    def change_mark(self, tenant_id: UUID, *, secret_version: int) -> str | None:
        """The mark that all changes of a tenant's reports and stars up to now have left, in one statement.

        While it is the same, a query of these alone has the answer that it had. None where there is no mark.
        Raises TenantRefused as `read` does.
        """
        parameters = {"tenant": tenant_id, "version": secret_version}
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(connection.prepared(_ENTER_MARKED), parameters)
            (mark,) = cursor.fetchall()[0]
            return mark if mark is None else str(mark)

    def read_system(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Runs one query that belongs to no tenant, in a single round trip."""
        return self._once(f"{_ENTER_NOBODY}; {sql}", parameters)

    @contextmanager
    def tenant(self, tenant_id: UUID, *, secret_version: int | None = None) -> Iterator[Cursor]:
        """A transaction that sees one tenant; commits at the end, rolls back where an exception leaves it.

        With `secret_version`, raises TenantRefused unless the tenant is active with that version.
        Raises TransactionBroken where the block did not leave the transaction to be committed.
        """
        with self._transaction(f"begin; {_ENTER}", (tenant_id, secret_version)) as cursor:
            yield cursor

    @contextmanager
    def system(self) -> Iterator[Cursor]:
        """A transaction of no tenant: tables of tenants look empty, SECURITY DEFINER functions work."""
        with self._transaction(f"begin; {_ENTER_NOBODY}", ()) as cursor:
            yield cursor

    def close(self) -> None:
        """Closes the connections that are not in use."""
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _once(self, sql: str, parameters: Parameters) -> list[Row]:
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(sql, parameters or None)
            rows = _rows(cursor)
        passed("queried")
        return rows

    @contextmanager
    def _transaction(self, begin: str, parameters: Parameters) -> Iterator[Cursor]:
        with self._connection() as connection, connection.cursor(cursor_factory=Cursor) as cursor:
            cursor.execute(begin, parameters or None)
            yield cursor
            # PostgreSQL answers `commit` with a silent rollback once a statement has failed.
            if connection.closed == 0 and connection.get_transaction_status() != _IN_TRANSACTION:
                raise TransactionBroken
            passed("about to commit")
            cursor.execute("commit")
            passed("committed")

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection for as long as the block takes; turns the errors in it into those of this module."""
        if not self._turns.take(seconds=self._wait):
            raise DatabaseUnavailable(f"no connection became free within {self._wait} s")
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._release(connection)
        except psycopg2.Error as error:
            if error.pgcode == _REFUSED or _lacks_tenant(error):
                raise TenantRefused from error
            if isinstance(error, _LOST):
                raise DatabaseUnavailable(type(error).__name__) from error
            raise
        finally:
            self._turns.give_back()

    def _take(self) -> Connection:
        with suppress(IndexError):
            while True:
                rested = self._idle.pop()
                if rested.is_quiet():
                    return rested
                rested.close()
        connection: Connection = psycopg2.connect(self._url, connection_factory=Connection, **self._options)
        try:
            connection.autocommit = True
            self._check_role(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _release(self, connection: Connection) -> None:
        """Keeps a healthy connection for the next one, without whatever transaction it was left in."""
        try:
            if connection.closed == 0 and connection.get_transaction_status() != _IDLE:
                connection.cursor().execute("rollback")
        except psycopg2.Error:
            connection.close()
        if connection.closed == 0:
            self._idle.append(connection)
        else:
            self.close()

    def _check_role(self, connection: Connection) -> None:
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


def _lacks_tenant(error: psycopg2.Error) -> bool:
    """Whether a row was to be written of a tenant that was removed since the transaction began."""
    constraint = error.diag.constraint_name or ""
    return isinstance(error, ForeignKeyViolation) and constraint.endswith("_tenant_id_fkey")


def _rows(cursor: psycopg2.extensions.cursor) -> list[Row]:
    columns = [column.name for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


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
