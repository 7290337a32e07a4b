"""The API as it is served: gunicorn as the product starts it, nginx before it, and sites with reports."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.api.data import Site, fill, make_sites
from cli.local.account import server_account
from cli.local.certificates import certificates
from cli.local.nginx import Nginx
from cli.local.part import Part, free_port, spawn
from cli.local.product import Product
from cli.local.programs import Programs
from core.setting_types import new_secret_key
from tests.servers import wait_until


@dataclass(frozen=True)
class Served:
    """`api` and `nginx` are the ports; `sites` have reports that their reader sees."""

    sites: Sequence[Site]
    api: int
    nginx: int
    trust: ssl.SSLContext
    master: psutil.Process
    processes: tuple[psutil.Process, ...]

    def memory(self) -> int:
        """Bytes that the API's and nginx's processes hold."""
        family = [one for root in self.processes for one in (root, *root.children(recursive=True))]
        return sum(one.memory_info().rss for one in family)


@contextmanager
def served(
    folder: Path, *, owner_url: str, api_url: str, redis_url: str, sites: int, reports: int = 20
) -> Iterator[Served]:
    """Starts both, and ends them by their own ids. `owner_url` is a superuser's."""
    key, made = new_secret_key(), make_sites(sites)
    fill(owner_url, key, made, reports)
    port, account = free_port(), server_account()
    environment = {
        "BASE_URL": "https://localhost",
        "REDIS_URL": redis_url,
        "SECRET_KEYS": key,
        "STATE_DIR": str(folder),
    }
    with ExitStack() as stack:
        nginx = _nginx(folder, stack.enter_context(Programs(account)).nginx(), port)
        api = stack.enter_context(_running(Product(environment, port).api(api_url), folder))
        front = stack.enter_context(_running(nginx.part(), folder))
        trust = ssl.create_default_context(cafile=str(nginx.certificates.authority))
        yield Served(made, port, nginx.port, trust, api, (api, front))


def _nginx(folder: Path, program: Path, api_port: int) -> Nginx:
    client = folder / "client"
    client.mkdir()
    (client / "index.html").write_text("<!doctype html><title>A page</title>")
    nginx = Nginx(
        folder=folder / "nginx",
        program=program,
        account=server_account(),
        certificates=certificates(folder / "tls", "localhost"),
        client=client,
        base_url="https://localhost",
        port=free_port(),
        api_port=api_port,
        connect_hosts=("*.atlassian.net",),
        connect_js_url="https://jira.example/all.js",
    )
    nginx.prepare()
    return nginx


@contextmanager
def _running(part: Part, folder: Path) -> Iterator[psutil.Process]:
    log = folder / f"{part.name}.log"
    with log.open("ab") as output:
        process = spawn(part, output.fileno())
    try:
        wait_until(lambda: part.ready() or process.poll() is not None, part.name, 60)
        assert process.poll() is None, log.read_text()[-3000:]
        yield psutil.Process(process.pid)
    finally:
        if process.poll() is None:
            process.send_signal(part.stop_signal)
        process.wait(timeout=30)
