"""The whole product beside its stand-in Jira, as `make run` starts it, and a Chromium to open it with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.chromium import chromium_path
from tests.ports import free_ports

# On a busy machine a page takes longer than Playwright's 5 s; what never comes fails all the same.
expect.set_options(timeout=20_000)

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 150
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Product:
    """A running product: where it answers and where it keeps its state and logs."""

    url: str
    base_url: str
    demo_url: str
    state: Path
    output: Path

    def logs(self) -> dict[str, str]:
        """Everything that any part wrote to a log, by file name."""
        files = [self.output, *(path for path in self.state.rglob("*.log") if path.is_file())]
        return {path.name: path.read_text(errors="replace") for path in files}


@contextmanager
def run_product(state: Path, **environment: str) -> Iterator[Product]:
    """Starts `sightline run` on free ports and stops it as Ctrl-C would."""
    port, demo_port = free_ports(2)
    state.mkdir(parents=True, exist_ok=True)
    output = state.parent / f"{state.name}.out"
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "run"],
        cwd=ROOT,
        env={
            **os.environ,
            "PORT": str(port),
            "BASE_URL": f"https://localhost:{port}",
            "DEMO_PORT": str(demo_port),
            "STATE_DIR": str(state),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: Queue[str | None] = Queue()
    copier = threading.Thread(target=_copy_lines, args=(process, output, lines))
    copier.start()
    try:
        url = _wait_until_ready(process, output, lines)
        yield Product(url, f"https://localhost:{port}", f"https://localhost:{demo_port}", state, output)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        copier.join()


def _wait_until_ready(process: subprocess.Popen[str], output: Path, lines: Queue[str | None]) -> str:
    try:
        while (line := lines.get(timeout=READY_SECONDS)) is not None:
            if "Ready: " in line:
                return line.split("Ready: ", 1)[1].strip()
    except Empty:
        process.kill()
    pytest.fail(f"`sightline run` did not become ready:\n{output.read_text()[-4000:]}")


def _copy_lines(process: subprocess.Popen[str], output: Path, lines: Queue[str | None]) -> None:
    assert process.stdout is not None
    with process.stdout, output.open("w") as copy:
        for line in process.stdout:
            copy.write(line)
            copy.flush()
            lines.put(line)
    lines.put(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: browser tests cannot run")
        pytest.skip("no Chromium on PATH and none of Playwright's own")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def real_issues(data_file: Callable[[str], Path]) -> Path:
    return data_file("REAL_ISSUES")


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where a test leaves its pictures, for people to look at."""
    folder = ROOT / "test-results" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        ignore_https_errors=True, viewport={"width": 1360, "height": 860}, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
