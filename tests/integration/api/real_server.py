"""The API as it really runs: gunicorn with two processes of several threads."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.local.part import free_port, listens
from core.settings import Settings
from tests.servers import ROOT
from tests.steps import tool
from tests.workers import eventually


@contextmanager
def real_server(settings: Settings, folder: Path) -> Iterator[int]:
    """Serves these settings on a port of loopback; `folder` is for its state and log."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "BASE_URL": settings.base_url,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEYS": ",".join(base64.urlsafe_b64encode(key.key).decode() for key in settings.secret_keys),
        "INSTALL_KEYS_URL": settings.install_keys_url,
        "CONNECT_HOSTS": ",".join(settings.connect_hosts),
        "STATE_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
    }
    command = tool("gunicorn", "api.app:get_app()", "--config=python:api.serving")
    options = [f"--bind=127.0.0.1:{port}", "--backlog=2048"]
    with (folder / "api.log").open("wb") as log:
        process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: listens(port), "the API")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
