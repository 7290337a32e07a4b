"""A real nginx in front of a small upstream and a small client."""

from __future__ import annotations

import gzip
import json
import os
import signal
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from cli.local.account import server_account
from cli.local.certificates import certificates
from cli.local.nginx import SOURCES, Nginx
from cli.local.part import listens, spawn
from cli.local.programs import Programs
from tests.ports import free_ports
from tests.servers import docker_answers, wait_until

SCRIPT = b"console.log('a script long enough to be compressed');\n" * 40
JIRA = "jira.example:9443"


class Upstream(BaseHTTPRequestHandler):
    """Answers with what it was asked, and with headers that the front has to replace."""

    server: UpstreamServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def _answer(self) -> None:
        self.server.methods.append(self.command)
        if self.path.startswith("/api/held"):
            self.server.held.release()
            self.server.go_on.wait(30)
        if self.path.startswith("/api/broken"):
            self.close_connection = True
            return
        body = json.dumps({"path": self.path, "headers": dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("ETag", '"3"')
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The one value of a header; empty where there is none."""
        values = self.headers.get(name.lower(), [""])
        assert len(values) == 1, f"{name} came {len(values)} times"
        return values[0]

    @classmethod
    def of(cls, response: HTTPResponse) -> Answer:
        headers: dict[str, list[str]] = {}
        for name, value in response.getheaders():
            headers.setdefault(name.lower(), []).append(value)
        return cls(response.status, headers, response.read())


@dataclass(frozen=True)
class Front:
    port: int
    trust: ssl.SSLContext
    logs: Callable[[], str]
    upstream: UpstreamServer

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        connection = HTTPSConnection("localhost", self.port, timeout=10, context=self.trust)
        try:
            connection.request(method, path, body, headers or {})
            return Answer.of(connection.getresponse())
        finally:
            connection.close()


class UpstreamServer(ThreadingHTTPServer):
    """Holds requests for /api/held until `go_on`, and counts them in `held`; notes every method."""

    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Upstream)
        self.held, self.go_on = threading.Semaphore(0), threading.Event()
        self.methods: list[str] = []


@contextmanager
def upstream_server() -> Iterator[UpstreamServer]:
    server = UpstreamServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def upstream() -> Iterator[UpstreamServer]:
    with upstream_server() as server:
        yield server


@pytest.fixture(autouse=True)
def forgetful(request: pytest.FixtureRequest) -> None:
    """The upstream forgets what it was asked before each test."""
    if "front" in request.fixturenames:
        request.getfixturevalue("upstream").methods.clear()


@pytest.fixture(scope="module", params=["wheel", "official image"])
def front(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, upstream: UpstreamServer
) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    with Programs(server_account()) as programs:
        nginx = Nginx(
            folder=folder / "nginx",
            program=programs.nginx(),
            account=server_account(),
            certificates=certificates(folder / "tls", "localhost"),
            client=a_client(folder / "client"),
            base_url="https://localhost",
            port=free_ports(1)[0],
            api_port=upstream.server_port,
            connect_hosts=("*.jira.example", JIRA),
            connect_js_url=f"https://{JIRA}/all.js",
        )
        nginx.prepare()
        run = from_wheel if request.param == "wheel" else from_image
        with run(nginx, folder, upstream) as front:
            yield front


def a_client(folder: Path) -> Path:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>A page</title>")
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "plain.js").write_bytes(b"let plain;\n")
    script = folder / "assets" / "main.js"
    script.write_bytes(SCRIPT)
    script.with_name("main.js.gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name("main.js.br").write_bytes(b"pretend brotli")
    return folder


@contextmanager
def from_wheel(nginx: Nginx, folder: Path, upstream: UpstreamServer) -> Iterator[Front]:
    output = folder / "output"
    with output.open("wb") as file:
        process = spawn(nginx.part(), file.fileno())
        try:
            wait_until(nginx.part().ready, "nginx to listen", 10)
            yield Front(
                nginx.port, trust(nginx), lambda: output.read_text() + nginx.log.read_text(), upstream
            )
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0, output.read_text()


@contextmanager
def from_image(nginx: Nginx, folder: Path, upstream: UpstreamServer) -> Iterator[Front]:
    if not docker_answers():
        pytest.skip("no Docker engine to run the official image in")
    testcontainers_config.ryuk_disabled = True
    shared = container_folder(nginx, folder / "shared")
    container = DockerContainer("nginx:1.28", env=container_variables(nginx))
    container.with_volume_mapping(str(SOURCES / "templates"), "/etc/nginx/templates")
    container.with_volume_mapping(str(shared), "/site")
    container.with_kwargs(network_mode="host")
    with container:
        wait_until(lambda: listens(nginx.port), "nginx to listen", 20)
        yield Front(nginx.port, trust(nginx), lambda: b"".join(container.get_logs()).decode(), upstream)


def container_folder(nginx: Nginx, folder: Path) -> Path:
    subprocess.run(["cp", "-rL", str(nginx.folder), str(folder)], check=True)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.chown(path, 0, 0)
    return folder


def container_variables(nginx: Nginx) -> dict[str, str]:
    return nginx.variables("/site") | {"ACCESS_LOG": "/var/log/nginx/access.log"}


def trust(nginx: Nginx) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(nginx.certificates.authority))
