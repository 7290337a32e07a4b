"""The odd application under gunicorn, and a client that sends bytes as they are."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.local.part import free_port, listens
from tests.servers import ROOT, wait_until

OURS = "api.http1.worker.ThreadsWorker"
GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What a client reads."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class OddServer:
    """gunicorn with one process of two threads."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, request: bytes) -> Answer:
        with closing(self.connect()) as connection:
            connection.sendall(request)
            return answer(connection)

    def log(self) -> str:
        return (self.folder / "log").read_text()


@contextmanager
def odd_server(folder: Path, *options: str, worker: str = OURS) -> Iterator[OddServer]:
    """Serves until the end of the block; `folder` holds its log and what the application leaves."""
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command(port, worker), *options],
            cwd=ROOT,
            env={**os.environ, "ODD_FOLDER": str(folder)},
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: listens(port) or process.poll() is not None, "gunicorn", 60)
        assert process.poll() is None, (folder / "log").read_text()
        yield OddServer(port, process, folder)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)


def command(port: int, worker: str = OURS) -> list[str]:
    """How it is started."""
    program = [sys.executable, "-m", "gunicorn", "tests.integration.api.http1.odd_app:app"]
    program += [f"--bind=127.0.0.1:{port}", f"--worker-class={worker}", "--threads=2", "--keep-alive=75"]
    return [*program, "--worker-connections=50", "--no-control-socket"]


def answer(connection: socket.socket) -> Answer:
    """The next answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += piece(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    parts = bytearray(body)
    while len(parts) < int(headers.get("content-length", 0)):
        parts += piece(connection)
    return Answer(int(first.split()[1]), headers, bytes(parts))


def piece(connection: socket.socket) -> bytes:
    """What has come; raises ConnectionError at the end."""
    data = connection.recv(65_536)
    if not data:
        raise ConnectionAbortedError("the server has closed the connection")
    return data


def closes(connection: socket.socket) -> bool:
    """Whether the server closes it, and says no more before."""
    return connection.recv(10) == b""
