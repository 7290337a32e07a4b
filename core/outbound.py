"""Calls that we make to other servers: bounded in time and size, and never redirected."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK = 16_384


class Unreachable(Exception):
    """No usable answer came in time. The message names the host and the kind of failure, nothing else."""


@dataclass(frozen=True)
class Answer:
    """Another server's answer, whatever its status."""

    status: int
    body: bytes


class Outbound:
    """A small HTTP client. `timeout` is for the whole call, in seconds; `max_bytes` bounds an answer.

    `ca_file` adds a certificate authority to the system's own.
    """

    def __init__(self, *, ca_file: Path | None = None, timeout: float = 5.0, max_bytes: int = 65_536) -> None:
        self._context = ssl.create_default_context()
        if ca_file is not None:
            self._context.load_verify_locations(cafile=ca_file)
        self._timeout = timeout
        self._max_bytes = max_bytes

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Makes one call; a redirect is an answer like any other. Raises Unreachable."""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        deadline = time.monotonic() + self._timeout
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request(method, target, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, self._read(connection, response, deadline))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"{parts.hostname}: {type(error).__name__}") from error
        finally:
            connection.close()

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._context)
        return http.client.HTTPConnection(host, port, timeout=self._timeout)

    def _read(
        self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float
    ) -> bytes:
        """The body, in time: the socket's own timeout starts anew with every byte of a slow server."""
        body = bytearray()
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if connection.sock is not None:
                connection.sock.settimeout(left)
            chunk = response.read1(_CHUNK)
            if not chunk:
                return bytes(body)
            body += chunk
            if len(body) > self._max_bytes:
                raise ValueError("the answer is too long")
