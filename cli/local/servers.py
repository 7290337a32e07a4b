"""PostgreSQL and Redis of a local product: embedded, or those that the settings name."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg2
from psycopg2 import sql

from cli.local.account import Account, LocalError
from cli.local.part import Part, free_port
from cli.local.postgres import Postgres
from cli.local.programs import Programs
from cli.local.redis import Redis
from cli.local.state import State
from core.migrate import migrate

_ROLES = ("api", "worker", "backup")
# Owns the databases of restore drills and nothing else. Handing functions over needs the membership, which
# reaches every database of the server: where others use the product, drills have a server of their own.
_DRILL_ROLE = """
    do $$
    begin
        if not exists (select from pg_roles where rolname = 'sightline_drill') then
            create role sightline_drill login createdb noinherit;
            grant sightline_definer to sightline_drill with inherit false, set true;
        end if;
    end
    $$
"""


@dataclass(frozen=True)
class Servers:
    """The servers to use, and the parts to start for them (none where the settings name servers)."""

    postgres: Postgres | None
    redis: Redis | None
    owner_url: str
    redis_url: str
    given: Mapping[str, str]

    def parts(self) -> list[Part]:
        """The embedded servers among them."""
        return [server.part() for server in (self.postgres, self.redis) if server is not None]

    def provision(self, state: State) -> "dict[str, str]":
        """Migrates the database, gives its roles passwords, and returns the address for each role.

        An address that the settings give is taken as it is and its role's password left alone. The embedded
        server has a role for restore drills besides.
        """
        if self.postgres is not None:
            self.postgres.create_database()
        migrate(self.owner_url)
        urls = dict(self.given)
        missing = [role for role in _ROLES if role not in urls]
        if self.postgres is not None and "drill" not in urls:
            self._execute(sql.SQL(_DRILL_ROLE))
            missing.append("drill")
        passwords = {role: state.secret(f"postgres_{role}") for role in missing}
        self._set_passwords(passwords)
        return urls | {role: _as_role(self.owner_url, role, passwords[role]) for role in missing}

    def _set_passwords(self, passwords: Mapping[str, str]) -> None:
        for role, password in passwords.items():
            login = sql.Identifier(f"sightline_{role}")
            self._execute(sql.SQL("alter role {} password {}").format(login, sql.Literal(password)))

    def _execute(self, statement: sql.Composable) -> None:
        with closing(psycopg2.connect(self.owner_url, connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)


def choose_servers(
    state: State, programs: Programs, account: Account | None, environment: Mapping[str, str]
) -> Servers:
    """The servers that `environment` names, else embedded ones, made ready to start. Raises LocalError."""
    owner_url = environment.get("OWNER_DATABASE_URL", "")
    if not owner_url and (environment.get("DATABASE_URL") or environment.get("BACKUP_DATABASE_URL")):
        raise LocalError(
            "Set OWNER_DATABASE_URL too: the database is migrated by its owner before the product starts."
        )
    postgres = None if owner_url else _embedded_postgres(state, programs, account)
    redis_url = environment.get("REDIS_URL", "")
    redis = None if redis_url else _embedded_redis(state, programs, account)
    return Servers(
        postgres,
        redis,
        postgres.url if postgres else owner_url,
        redis.url if redis else redis_url,
        _given_roles(environment),
    )


def _embedded_postgres(state: State, programs: Programs, account: Account | None) -> Postgres:
    folder = state.folder / "postgres"
    server = Postgres(folder, programs.postgres(), account, free_port(), state.secret("postgres_owner"))
    server.prepare()
    return server


def _embedded_redis(state: State, programs: Programs, account: Account | None) -> Redis:
    folder = state.folder / "redis"
    server = Redis(folder, programs.redis(), account, free_port(), state.secret("redis"))
    server.prepare()
    return server


def _given_roles(environment: Mapping[str, str]) -> dict[str, str]:
    """`DATABASE_URL` is one process's own; here it stands for the role that it names, else for the API's."""
    given = {}
    if url := environment.get("DATABASE_URL"):
        user = urlsplit(url).username or ""
        given["worker" if user == "sightline_worker" else "api"] = url
    for role in ("backup", "drill"):
        if url := environment.get(f"{role.upper()}_DATABASE_URL"):
            given[role] = url
    return given


def _as_role(owner_url: str, role: str, password: str) -> str:
    parts = urlsplit(owner_url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"sightline_{role}:{quote(password, safe='')}@{host}").geturl()
