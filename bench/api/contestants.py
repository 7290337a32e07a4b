"""The two servers: ours as production runs it, and an app on atlassian-connect-express at its best.

Both listen on loopback without a proxy before them, with two processes of eight connections each.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil

from bench.api.data import Site
from bench.api.servers import Database, Servers, started
from cli.local.part import Part, free_port
from cli.local.product import Product

PEER = Path(__file__).with_name("peer")
LISTS = ("whole", "items", "columns")
_PROCESSES = 2
_UNLIMITED = {"api.app:get_app()": "bench.api.unlimited:get_app()"}


@dataclass(frozen=True)
class Contestant:
    """A server under test, and the processes whose time it uses."""

    name: str
    url: str
    processes: tuple[psutil.Process, ...]

    def answer(self, path: str, token: str) -> bytes:
        """The body of an answer with status 200."""
        headers = {"Authorization": f"JWT {token}"}
        request = Request(self.url + path, headers=headers)  # noqa: S310 - loopback
        with urlopen(request, timeout=10) as response:  # noqa: S310 - loopback
            body: bytes = response.read()
        return body


@contextmanager
def our_server(
    servers: Servers, database: Database, key: str, name: str = "ours", *, limited: bool = True
) -> Iterator[Contestant]:
    """Our API as `sightline serve` starts it, its access log going to a file.

    Unless it is `limited`, one account may ask as often as it can.
    """
    environment = {
        "BASE_URL": "https://localhost:8443",
        "REDIS_URL": servers.redis_url,
        "SECRET_KEYS": key,
        "LOG_LEVEL": "INFO",
    }
    port = free_port()
    part = Product(environment, port).api(database.api)
    if not limited:
        part = replace(part, command=[_UNLIMITED.get(word, word) for word in part.command])
    with started(part, servers.folder) as process:
        ours = (process, servers.postgres_process, servers.redis_process)
        yield Contestant(name, f"http://127.0.0.1:{port}", ours)


@contextmanager
def peer_server(servers: Servers, database: Database, variant: str) -> Iterator[Contestant]:
    """The peer, which makes its pages in one of the ways of `LISTS`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    part = Part(
        name=f"peer-{variant}",
        command=["node", "cluster.js"],
        folder=PEER,
        environment=_environment(database, port) | {"PROCESSES": str(_PROCESSES), "LIST": variant},
        ready=lambda: _answers(f"{url}/ready"),
    )
    with started(part, servers.folder) as process:
        yield Contestant(part.name, url, (process, servers.postgres_process))


def install_peer(database: Database, sites: Sequence[Site]) -> None:
    """Installs the peer's packages where their lock has changed, and the sites in the framework's store."""
    lock = hashlib.sha256((PEER / "package-lock.json").read_bytes()).hexdigest()
    stamp = PEER / "node_modules" / ".lock"
    if not (stamp.exists() and stamp.read_text() == lock):
        options = ["--loglevel=error", "--no-update-notifier", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "ci", *options], cwd=PEER, check=True, capture_output=True)
        stamp.write_text(lock)
    known = [
        {
            "clientKey": str(s.tenant_id),
            "sharedSecret": s.secret,
            "baseUrl": f"https://{s.tenant_id}.atlassian.net",
        }
        for s in sites
    ]
    subprocess.run(
        ["node", "install.js"],
        cwd=PEER,
        env=_environment(database, 1),
        input=json.dumps(known).encode(),
        check=True,
    )


def _environment(database: Database, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "NODE_ENV": "production",
        "DATABASE_URL": database.owner,
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
    }


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310 - loopback
            return bool(response.status == HTTPStatus.NO_CONTENT)
    except (URLError, OSError):
        return False
