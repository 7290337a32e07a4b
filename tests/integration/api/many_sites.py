"""Many sites that install the app at once, over real HTTP."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeVar

import jwt

from core.qsh import query_string_hash
from tests.integration.api.connect_site import APP_KEY, BASE_URL, KEY

INSTALLED = "/connect/installed"
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Tenant:
    """One of many sites."""

    client_key: str
    base_url: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def installation(self, *, signed_at: int) -> tuple[str, dict[str, Any]]:
        """A token and a body."""
        claims = {"iss": self.client_key, "aud": BASE_URL, "qsh": query_string_hash("POST", INSTALLED)}
        times = {"iat": signed_at, "exp": signed_at + 600}
        token = jwt.encode(claims | times, KEY, algorithm="RS256", headers={"kid": "the-key"})
        return token, {
            "key": APP_KEY, "clientKey": self.client_key, "baseUrl": self.base_url,
            "sharedSecret": self.secret, "eventType": "installed",
        }  # fmt: skip

    def context_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.client_key, "sub": "ada", "qsh": "context-qsh", "iat": now, "exp": now + 900}
        return jwt.encode(claims, self.secret, algorithm="HS256")


def post(port: int, path: str, token: str, body: object) -> int:
    """The status of the answer, over a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        headers = {"Authorization": f"JWT {token}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def all_at_once(do: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    """A thread for each item; all begin in the same moment."""
    together = threading.Barrier(len(items))

    def begin(item: Item) -> Result:
        together.wait()
        return do(item)

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(begin, items))
