from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

import psutil
import pytest

from tests.integration.cli.operator import sightline
from tests.ports import free_ports
from tests.servers import ROOT, wait_until

START_SECONDS = 90
pytestmark = pytest.mark.skipif(
    not (ROOT / "static-client" / "dist" / "index.html").exists() and os.environ.get("CI") != "true",
    reason="the client is not built; run: make setup",
)


@dataclass(frozen=True)
class Served:
    """A `sightline serve` that was started, with its output in a file."""

    process: subprocess.Popen[bytes]
    port: int
    state: Path
    output: Path

    def wait_until_ready(self) -> None:
        wait_until(
            lambda: self.says("Ready: ") or self.process.poll() is not None, "the product", START_SECONDS
        )
        assert self.says(f"Ready: https://localhost:{self.port}"), self.output.read_text()

    def says(self, text: str) -> bool:
        return text in self.output.read_text()

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def status_of(self, path: str) -> int:
        trust = ssl.create_default_context(cafile=str(self.state / "tls" / "ca.pem"))
        connection = HTTPSConnection("localhost", self.port, timeout=10, context=trust)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()


Start = Callable[..., Served]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Served] = []

    def start_one(port: int | None = None, **settings: str) -> Served:
        port = port or free_ports(1)[0]
        output = tmp_path / f"output-{len(started)}"
        environment = {**os.environ, "PORT": str(port), "STATE_DIR": str(tmp_path / "state"), **settings}
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        started.append(Served(process, port, tmp_path / "state", output))
        return started[-1]

    yield start_one
    for served in started:
        if served.process.poll() is None:
            served.process.terminate()
        served.process.wait(timeout=60)


def all_gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=0)[1]


def test_it_serves_and_a_signal_stops_every_part(start: Start) -> None:
    served = start()
    served.wait_until_ready()
    assert served.status_of("/readyz") == 200
    assert served.status_of("/ui/index.html") == 200
    family = served.family()
    assert {"postgres", "redis-server", "nginx"} <= {process.name() for process in family}
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0, served.output.read_text()
    assert served.says("Stopped.")
    assert all_gone(family)


def test_as_root_the_servers_run_under_another_account(start: Start) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root needs another account")
    served = start()
    served.wait_until_ready()
    servers = [p for p in served.family() if p.name() in {"postgres", "redis-server", "nginx"}]
    assert servers
    assert {process.username() for process in servers} == {"nobody"}
    for folder in ("postgres", "postgres/data", "redis", "nginx"):
        assert (served.state / folder).stat().st_mode & 0o777 == 0o700
    assert (served.state / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_backups_are_made_and_the_operators_command_finds_them(start: Start) -> None:
    served = start()
    served.wait_until_ready()
    file = served.state / "operator.env"
    settings = dict(line.split("=", 1) for line in shlex.split(file.read_text()))
    assert file.stat().st_mode & 0o777 == 0o600
    wait_until(lambda: sightline("backup", "status", **settings).status == 0, "a backup", 60)

    assert sightline("backup", "verify", "--json", **settings).json["rows"]["schema_migrations"] > 0

    for process in served.family():
        if any("gunicorn" in word for word in process.cmdline()[:3]):
            assert not {"BACKUP_KEYS", "BACKUP_DATABASE_URL", "OWNER_DATABASE_URL"} & set(process.environ())


@pytest.mark.parametrize("name", ["nginx", "redis-server", "postgres", "gunicorn"])
def test_the_end_of_any_part_ends_all_with_the_reason(start: Start, name: str) -> None:
    served = start()
    served.wait_until_ready()
    family = served.family()
    part = next(
        p for p in family if p.ppid() == served.process.pid and any(name in word for word in p.cmdline()[:3])
    )
    part.kill()
    assert served.process.wait(timeout=60) == 1
    assert served.says("was ended by SIGKILL, so everything is stopped. Its last lines:")
    wait_until(lambda: all_gone(family), "all parts to be gone", 20)


def test_a_port_in_use_is_named_with_its_setting(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = start(port)
        assert served.process.wait(timeout=30) == 1
    assert served.says(f"Port {port} cannot be used (Address already in use)")
    assert served.says("PORT=")


def test_a_wrong_setting_is_named(start: Start) -> None:
    served = start(LEASE_SECONDS="soon")
    assert served.process.wait(timeout=30) == 1
    assert served.says("LEASE_SECONDS must be a whole number")


def test_a_folder_serves_one_product_at_a_time(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    second = start()
    assert second.process.wait(timeout=30) == 1
    assert second.says(f"Already running (process {first.process.pid}) with STATE_DIR {first.state}")


def test_a_killed_supervisor_leaves_nothing_in_the_way_of_the_next_start(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    family = first.family()
    secrets = json.loads((first.state / "secrets.json").read_text())
    first.process.kill()
    first.process.wait(timeout=10)
    wait_until(lambda: all_gone(family), "the parts to follow it", 30)
    begun = time.monotonic()
    second = start()
    second.wait_until_ready()
    sys.stdout.write(f"second start: {time.monotonic() - begun:.1f} s\n")
    assert json.loads((second.state / "secrets.json").read_text()) == secrets
    assert second.status_of("/readyz") == 200


def test_parts_that_outlive_a_killed_supervisor_are_ended_by_the_next_start(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    family = first.family()
    stopped = next(process for process in family if process.name() == "nginx")
    stopped.suspend()  # it cannot act on the signal that the kernel sends
    first.process.kill()
    first.process.wait(timeout=10)
    second = start()
    second.wait_until_ready()
    assert second.says("Ended nginx, which an earlier run had left behind.")
    wait_until(lambda: all_gone(family), "the old parts to be gone", 20)
