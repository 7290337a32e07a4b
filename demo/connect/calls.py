"""HTTP calls of the stand-in site to the app: short, without redirects, trusting the development CA."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Json: TypeAlias = Any  # a JSON value that the other side made up
TIMEOUT_SECONDS = 10
MAX_BYTES = 4 * 1024 * 1024


class Unreachable(Exception):
    """The app gave no answer; the text says why."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of the app."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Json:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


class Caller:
    """Calls one app. `ca_file` is trusted beside the system's own authorities."""

    def __init__(self, base_url: str, ca_file: Path | None = None) -> None:
        parts = urlsplit(base_url)
        self.base_url = base_url.rstrip("/")
        self._is_tls = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._is_tls else 80)
        self._base_path = parts.path.rstrip("/")
        self._trust = ssl.create_default_context()
        if ca_file is not None:
            self._trust.load_verify_locations(ca_file)

    @property
    def base_path(self) -> str:
        """The path of the base URL without a trailing slash, empty for most apps."""
        return self._base_path

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: Json = None
    ) -> Answer:
        """One call; `path` is below the base URL, `body` is sent as JSON. Raises Unreachable."""
        content = None if body is None else json.dumps(body).encode()
        sent = {"Accept": "application/json", **(headers or {})}
        if content is not None:
            sent["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            connection.request(method, self._base_path + path, body=content, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.read(MAX_BYTES), dict(response.getheaders()))
        except (OSError, HTTPException) as error:
            raise Unreachable(f"{self.base_url} gives no answer: {error}") from error
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self._is_tls:
            return HTTPSConnection(self._host, self._port, timeout=TIMEOUT_SECONDS, context=self._trust)
        return HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
