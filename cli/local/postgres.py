"""An embedded PostgreSQL server: made once, kept in its folder, reached over loopback TCP with a password."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from cli.local.account import Account, LocalError, identity, own_file, own_folder
from cli.local.part import Part, path_for

OWNER = "sightline_owner"
DATABASE = "sightline"
_MAJOR = "18"
_STATUS_LINE = 7  # of postmaster.pid
# Byte order everywhere: the same answers on every machine, whatever locales it has.
_LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


@dataclass(frozen=True)
class Postgres:
    """A server in `folder`, which belongs to `account`; `programs` holds `postgres` and `initdb`.

    Its only user is the superuser `OWNER`. A data folder is complete or not there: it is made under another
    name and renamed.
    """

    folder: Path
    programs: Path
    account: Account | None
    port: int
    password: str

    @property
    def url(self) -> str:
        """The address of the product's database, as its owner."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of any database of this server, as its owner."""
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def data(self) -> Path:
        """The folder of the database cluster."""
        return self.folder / "data"

    def prepare(self, *, durable: bool = True) -> None:
        """Makes the cluster where there is none, and clears away what a crash left. Raises LocalError."""
        own_folder(self.folder, self.account)
        if not self.data.exists():
            self._initialise(durable=durable)
        if self.data.stat().st_uid != (self.account.uid if self.account else os.geteuid()):
            raise LocalError(f"{self.data} belongs to another account; set STATE_DIR to another folder.")
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != _MAJOR:
            raise LocalError(f"{self.data} is of PostgreSQL {version}, not {_MAJOR}; move it away.")
        end_stale_server(self.data)

    def part(self, settings: Mapping[str, str] | None = None) -> Part:
        """The server as a part to run, with more of PostgreSQL's own settings if wanted."""
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # a long STATE_DIR would not fit into a socket's address
            "log_line_prefix": "",
            "log_checkpoints": "off",
            "log_min_error_statement": "panic",  # statements quote what people typed
            **(settings or {}),
        }
        place = path_for(self.data, self.account)
        return Part(
            name="postgres",
            command=[
                str(self.programs / "postgres"),
                "-D",
                place,
                *(argument for name, value in options.items() for argument in ("-c", f"{name}={value}")),
            ],
            folder=self.data,
            account=self.account,
            stop_signal=signal.SIGINT,  # fast shutdown: ends sessions, then writes a checkpoint
            ready=self.answers,
        )

    def answers(self) -> bool:
        """Whether the server takes connections, by its own word; trying earlier would fill its log."""
        lock = self.data / "postmaster.pid"
        return lock.exists() and lock.read_text().split("\n")[_STATUS_LINE:][:1] == ["ready   "]

    def create_database(self) -> None:
        """Makes the product's database where there is none; the server must be running."""
        connection = psycopg2.connect(self.url_of("postgres"), connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1 from pg_database where datname = %s", (DATABASE,))
                if cursor.fetchone() is None:
                    cursor.execute(f"create database {DATABASE}")
        finally:
            connection.close()

    def _initialise(self, *, durable: bool) -> None:
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        own_folder(unfinished, self.account)
        password = self.folder / "password"
        own_file(password, self.password, self.account)
        try:
            self._run_initdb(unfinished, durable=durable)
        finally:
            password.unlink()
        unfinished.rename(self.data)

    def _run_initdb(self, data: Path, *, durable: bool) -> None:
        place = path_for(data, self.account)
        done = subprocess.run(
            [
                str(self.programs / "initdb"),
                f"--pgdata={place}",
                f"--username={OWNER}",
                "--auth=scram-sha-256",
                f"--pwfile={place}/../password",
                *_LOCALE,
                *([] if durable else ["--no-sync"]),
            ],
            cwd=data,
            env={},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **identity(self.account),
        )
        if done.returncode != 0:
            raise LocalError(f"PostgreSQL could not make {data}:\n{done.stderr.strip()}")


def end_stale_server(data: Path) -> None:
    """Ends a server that still runs on a data folder, and removes the lock file of one that does not.

    PostgreSQL trusts a process id alone, which after a restart may well belong to another server of ours.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    server = _server_on(data, lock)
    if server is None:
        lock.unlink(missing_ok=True)
        return
    server.send_signal(signal.SIGINT)
    psutil.wait_procs([server], timeout=20)
    if server.is_running():
        raise LocalError(f"PostgreSQL (process {server.pid}) still runs on {data} and does not stop.")


def _server_on(data: Path, lock: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int(lock.read_text().split("\n", 1)[0]))
        return process if Path(process.cwd()) == data.resolve() else None
    except (ValueError, OSError, psutil.Error):
        return None
