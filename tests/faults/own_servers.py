"""A PostgreSQL and a Redis that a test may stop, start and mistreat."""

from __future__ import annotations

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cli.local.part import spawn
from cli.local.postgres import Postgres
from cli.local.redis import Redis
from tests.servers import CARELESS
from tests.workers import eventually

# A server that is killed may lose what it has not written, which is not what is tested here.
SETTINGS = {**CARELESS, "max_connections": "30", "synchronous_commit": "on"}
FAST, AT_ONCE = signal.SIGINT, signal.SIGQUIT


@dataclass
class OwnPostgres:
    """A PostgreSQL that a test may stop and start."""

    server: Postgres
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.server.prepare(durable=False)
        with self.log.open("ab") as log:
            self.process = spawn(self.server.part(SETTINGS), log.fileno())
        eventually(self.server.answers, "PostgreSQL to answer")

    def stop(self, how: signal.Signals = FAST) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None


@dataclass
class OwnRedis:
    """A Redis that a test may stop and start."""

    server: Redis
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = spawn(self.server.part(), log.fileno())
        eventually(self.server.answers, "Redis to answer")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
