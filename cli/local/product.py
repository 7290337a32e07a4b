"""The product's own processes as parts, and the stand-in Jira beside it."""

import os
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from cli.local.part import Part

ROOT = Path(__file__).resolve().parents[2]
# Each process is given its own of these and no other.
_NOT_FOR_ALL = frozenset(
    f"{name}{suffix}"
    for name in (
        "OWNER_DATABASE_URL",
        "BACKUP_DATABASE_URL",
        "DRILL_DATABASE_URL",
        "DATABASE_URL",
        "BACKUP_KEYS",
    )
    for suffix in ("", "_FILE")
)


@dataclass(frozen=True)
class Product:
    """How the product's processes are started: what all of them are told, and where the API listens."""

    environment: Mapping[str, str]
    api_port: int

    def api(self, database_url: str) -> Part:
        """The HTTP API behind nginx, on loopback."""
        command = [
            *_python("gunicorn"),
            "api.app:get_app()",
            "--config=python:api.serving",
            f"--bind=127.0.0.1:{self.api_port}",
        ]
        environment = {"DATABASE_URL": database_url}
        return self._part("api", command, environment, _answers(self.api_port, "/readyz"))

    def worker(self, database_url: str, backups: Mapping[str, str] | None = None) -> Part:
        """Background work; `backups` are the settings that backups need, which nobody else gets."""
        environment = {"DATABASE_URL": database_url, **(backups or {})}
        return self._part("worker", _python("worker"), environment, lambda: True)

    def demo(self, port: int, authority: Path) -> Part:
        """The stand-in Jira. It is ready when it has installed the add-on and made the example reports."""
        ready = _answers(port, "/ready", ssl.create_default_context(cafile=str(authority)))
        return self._part("demo", _python("demo"), {}, ready, ready_seconds=120)

    def _part(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        ready: Callable[[], bool],
        ready_seconds: float = 60,
    ) -> Part:
        all_told = {**os.environ, "PYTHONUNBUFFERED": "1", **self.environment}
        known = {key: value for key, value in all_told.items() if key not in _NOT_FOR_ALL}
        return Part(
            name=name,
            command=command,
            folder=ROOT,
            environment={**known, **environment},
            ready=ready,
            ready_seconds=ready_seconds,
        )


def answers_at(port: int, path: str, authority: Path) -> Callable[[], bool]:
    """Whether an https request to `localhost` at a port and path answers 200."""
    return _answers(port, path, ssl.create_default_context(cafile=str(authority)))


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def _answers(port: int, path: str, trust: ssl.SSLContext | None = None) -> Callable[[], bool]:
    def ask() -> bool:
        connection = (
            HTTPSConnection("localhost", port, timeout=2, context=trust)
            if trust
            else HTTPConnection("127.0.0.1", port, timeout=2)
        )
        try:
            connection.request("GET", path)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return ask
