"""The stand-in site as a process, served as `python -m demo` serves it but with few issues."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from demo.app import create_app
from demo.issues.generator import generate
from demo.server import DemoServer
from demo.settings import DemoSettings
from tests.addon import Tls

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 90


@contextmanager
def run_demo_site(
    folder: Path, port: int, tls: Tls, *, module: str = "tests.demo_site", **environment: str
) -> Iterator[str]:
    """Starts the site and yields its address once the app is installed; logs to the folder's `demo.log`.

    `environment` is added to the process's own; `DEMO_COUNT` is how many issues are generated.
    """
    own = {
        "DEMO_PORT": str(port),
        "STATE_DIR": str(folder / "state"),
        "TLS_CERT_FILE": str(tls.chain),
        "TLS_KEY_FILE": str(tls.key),
        "CA_FILE": str(tls.authority),
    }
    url, log = f"https://localhost:{port}", folder / "demo.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env={**os.environ, **own, **environment},
            stdout=output,
            stderr=output,
        )
        try:
            _wait_until_ready(url, tls, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(url: str, tls: Tls, process: subprocess.Popen[bytes], log: Path) -> None:
    trust = ssl.create_default_context(cafile=str(tls.authority))
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{url}/ready", context=trust, timeout=5):  # noqa: S310 - https on loopback
                return
        except (URLError, OSError, HTTPException):
            pass
    pytest.fail(f"the stand-in site did not become ready:\n{log.read_text()[-4000:]}")


def main() -> None:
    """Serves until told to stop."""
    settings = DemoSettings.from_environment(os.environ)
    count = int(os.environ.get("DEMO_COUNT", "300"))
    DemoServer(settings, lambda: create_app(generate(settings.site_url, count=count), settings)).run()


if __name__ == "__main__":
    main()
