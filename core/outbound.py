"""Calls that we make to other servers: bounded in time and size, and never redirected."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from core.checkpoints import passed

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 16_384
# A server that does not even take the connection in this time is not worth the rest of the call's time.
_CONNECT_SECONDS = 2.0


class Unreachable(Exception):
    """No usable answer came in time. The message names the host and the kind of failure, nothing else."""


@dataclass(frozen=True)
class Answer:
    """Another server's answer, whatever its status. `retry_after` and `cycle_period` are the headers of these
    names, as sent."""

    status: int
    body: bytes
    retry_after: str | None = None
    cycle_period: str | None = None


class Outbound:
    """A small HTTP client. `timeout` is for the whole call, in seconds; `max_bytes` bounds an answer's body.

    `ca_file` adds a certificate authority to the system's own.
    """

    def __init__(self, *, ca_file: Path | None = None, timeout: float = 5.0, max_bytes: int = 65_536) -> None:
        self._context = ssl.create_default_context()
        if ca_file is not None:
            self._context.load_verify_locations(cafile=ca_file)
        self._timeout = timeout
        self._max_bytes = max_bytes

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """Makes one call, in less than the usual time where `timeout` says so; a redirect is an answer like
        any other. Raises Unreachable."""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        seconds = self._timeout if timeout is None else min(timeout, self._timeout)
        deadline = time.monotonic() + seconds
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port, seconds)
        try:
            connection.connect()
            sock = connection.sock
            sock.settimeout(_left(deadline))
            connection.request(method, target, body=body, headers=dict(headers or {}))
            passed("request sent")
            answer = self._answer(sock, method, deadline)
            passed("request answered")
            return answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"{parts.hostname}: {type(error).__name__}") from error
        finally:
            connection.close()

    def _connection(
        self, scheme: str, host: str, port: int | None, seconds: float
    ) -> http.client.HTTPConnection:
        timeout = max(min(seconds, _CONNECT_SECONDS), 0.001)
        if scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=self._context)
        return http.client.HTTPConnection(host, port, timeout=timeout)

    def _answer(self, sock: socket.socket, method: str, deadline: float) -> Answer:
        # All that the library wants of a socket here is a file to read from.
        incoming = cast("socket.socket", _Incoming(sock, deadline))
        response = http.client.HTTPResponse(incoming, method=method)
        try:
            response.begin()
            headers = (response.getheader(name) for name in ("Retry-After", "Cycle-Period"))
            return Answer(response.status, self._body(response), *headers)
        finally:
            response.close()

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > self._max_bytes:
                raise ValueError("the answer is too long")
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return bytes(body)


class _Incoming(io.RawIOBase):
    """What comes over a socket until a deadline, then TimeoutError.

    The socket's own timeout starts anew with every byte of a slow server, in headers and body alike.
    """

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)


def _left(deadline: float) -> float:
    """Seconds until a deadline. Raises TimeoutError where it is over."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
