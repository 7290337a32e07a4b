"""The engine in Chromium: what 29,057 issues with 20 columns hold in memory, and how long a reader waits.

Memory is the browser's own measure of the page with its worker after a garbage collection, over the same page
before any issue came. Times are by the page's clock, from asking the worker to having the first rows.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.nodejs import BENCH, BUILT, CLIENT, run_script
from bench.result import Result
from tests.chromium import chromium_path

ISSUES = 29_057
MOST_MIB = 80.0
ROUNDS = 21
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-blink-features=ForceEagerMeasureMemory",
]
MEMORY = "async () => (await performance.measureUserAgentSpecificMemory()).bytes"


def measure() -> list[Result]:
    """Memory against the target; regrouping and the first sort by text as a reader sees them."""
    with _page() as page:
        page.wait_for_function("window.bench")
        files = run_script("pages", str(ISSUES), str(BUILT / "page" / "issues"))["files"]
        empty = page.evaluate(MEMORY)
        held = page.evaluate("files => bench.hold(files.map(file => `issues/${file}`))", files)
        page.wait_for_timeout(2000)  # the worker gets ready while idle, and what it keeps counts
        first = page.evaluate("bench.sortByText()")
        regroups = [page.evaluate("round => bench.regroup(round)", round_) for round_ in range(ROUNDS)]
        mebibytes = (page.evaluate(MEMORY) - empty) / 2**20
    return [
        _result(f"memory of {held:,} issues with 20 columns in Chromium", mebibytes, "MiB", MOST_MIB),
        _result(
            f"regroup {held:,} issues in Chromium, until rows are there", statistics.median(regroups), "ms"
        ),
        _result(f"sort {held:,} issues by text in Chromium, the first time", first, "ms", 50.0),
    ]


def _result(name: str, value: float, unit: str, most: float | None = None) -> Result:
    bound = f"at most {most:g} {unit}" if most else "none, shown for comparison"
    return Result(name=name, value=round(value, 1), unit=unit, bound=bound, met=most is None or value <= most)


@contextmanager
def _page() -> Iterator[Page]:
    """The built page in a Chromium of its own, alone with its origin so that it may be measured."""
    vite = str(CLIENT / "node_modules" / ".bin" / "vite")
    subprocess.run([vite, "build", "--config", "page/vite.config.mjs"], cwd=BENCH, check=True)
    with _serving(BUILT / "page") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        try:
            page = browser.new_page()
            page.goto(address)
            yield page
        finally:
            browser.close()


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Isolated, directory=os.fspath(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Isolated(SimpleHTTPRequestHandler):
    """Serves files with the headers that the browser wants before it measures memory."""

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        """Says nothing of single requests."""
