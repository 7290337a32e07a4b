"""The stand-in site on a port of its own, with the trial app on another."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Frame, Page

from tests.addon import APP_KEY, Addon, Tls, make_tls, run_addon
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[3]
READY_SECONDS = 60


@dataclass(frozen=True)
class Trial:
    """The running site with its app."""

    url: str
    addon: Addon

    def module_url(self, key: str) -> str:
        """The address of one of the app's pages."""
        return f"{self.url}/plugins/servlet/ac/{APP_KEY}/{key}"

    def open(self, page: Page, address: str) -> Frame:
        """Opens an address and returns the app's frame once the bridge is up."""
        page.goto(address)
        page.wait_for_selector("iframe[data-bridge=up]")
        frame = next(frame for frame in page.frames if frame.url.startswith(self.addon.base_url))
        frame.wait_for_function("window.AP && AP.context")
        return frame


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("demo")
    tls = make_tls(folder / "tls")
    site_port, app_port = free_ports(2)
    url = f"https://localhost:{site_port}"
    environment = {
        **os.environ,
        "DEMO_PORT": str(site_port),
        "BASE_URL": f"https://localhost:{app_port}",
        "APP_KEY": APP_KEY,
        "STATE_DIR": str(folder / "state"),
        "TLS_CERT_FILE": str(tls.chain),
        "TLS_KEY_FILE": str(tls.key),
        "CA_FILE": str(tls.authority),
    }
    command = [sys.executable, "-m", "tests.browser.demo.serve"]
    with run_addon(app_port, url, tls) as addon, (folder / "demo.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_ready(url, tls, process, folder / "demo.log")
            yield Trial(url, addon)
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
