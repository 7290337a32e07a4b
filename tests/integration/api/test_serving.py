from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from core.setting_types import new_secret_key
from tests.databases import DatabaseUrls
from tests.ports import free_ports
from tests.servers import ROOT, wait_until

SAMPLE = re.compile(
    r'^sightline_strangers_refused_total\{reason="([^"]*)",route="([^"]*)"\} ([0-9.]+)$', re.M
)
NO_TOKEN = "There is no token of the scheme JWT in the Authorization header."


@dataclass(frozen=True)
class Running:
    """The API under gunicorn with two workers."""

    process: subprocess.Popen[bytes]
    port: int
    metrics_port: int
    log: Path

    def get(self, path: str, *, port: int | None = None, token: str = "") -> tuple[int, str]:
        headers = {"Authorization": f"JWT {token}"} if token else {}
        connection = HTTPConnection("127.0.0.1", port or self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def counted(self) -> dict[tuple[str, str], float]:
        status, text = self.get("/metrics", port=self.metrics_port)
        assert status == 200
        return {(route, reason): float(number) for reason, route, number in SAMPLE.findall(text)}

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@pytest.fixture
def running(api_database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Iterator[Running]:
    port, metrics_port = free_ports(2)
    log = tmp_path / "log"
    stale = tmp_path / "metrics" / "api" / "counter_1.db"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"of a run before")
    environment = os.environ | {
        "DATABASE_URL": api_database.api,
        "REDIS_URL": redis_url,
        "SECRET_KEYS": new_secret_key(),
        "STATE_DIR": str(tmp_path),
        "METRICS_PORT": str(metrics_port),
    }
    command = ["gunicorn", "api.app:get_app()", "--config=python:api.serving", f"--bind=127.0.0.1:{port}",
               "--workers=2", "--threads=4", "--no-control-socket"]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    here = Running(process, port, metrics_port, log)
    try:
        wait_until(lambda: answers(here), "the API", 60)
        yield here
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(running: Running) -> bool:
    try:
        return running.get("/readyz")[0] == 200
    except OSError:
        return False


def test_what_all_workers_counted_stands_on_the_port_for_metrics_alone(running: Running) -> None:
    def knock(number: int) -> int:
        return running.get(f"/api/v1/exports/{number}", token=f"token-{number}" if number % 2 else "")[0]

    with ThreadPoolExecutor(8) as threads:
        assert Counter(threads.map(knock, range(60))) == {401: 60}

    counted = running.counted()
    route = "GET /api/v1/exports/{export_id}"
    assert {where for where, _ in counted} == {route}
    assert counted[route, NO_TOKEN] == 30
    assert sum(counted.values()) == 60
    assert running.get("/metrics")[0] == 404
    text = running.get("/metrics", port=running.metrics_port)[1]
    assert "token-" not in text


def test_a_count_outlives_the_worker_that_made_it(running: Running) -> None:
    for _ in range(10):
        running.get("/api/v1/me")
    before = running.workers()
    for worker in before:
        worker.kill()
    wait_until(
        lambda: len({w.pid for w in running.workers()} - {w.pid for w in before}) == 2 and answers(running),
        "new workers",
        60,
    )

    running.get("/api/v1/me")

    assert running.counted() == {("GET /api/v1/me", NO_TOKEN): 11}


def test_the_log_says_why_a_stranger_was_refused_and_nothing_that_it_sent(running: Running) -> None:
    running.get("/api/v1/me", token="of.my.own")

    wait_until(lambda: '"status": 401' in running.log.read_text(), "the line of the log", 10)
    (line,) = [line for line in running.log.read_text().splitlines() if '"status": 401' in line]
    assert '"reason": "' in line
    assert "of.my.own" not in running.log.read_text()
