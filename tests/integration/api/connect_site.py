"""A Jira site as the add-on meets it: it installs the app with Atlassian's key and signs with its secret."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import falcon.testing
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.qsh import query_string_hash

BASE_URL = "https://reports.example.com"
APP_KEY = "com.sightline.reports"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass
class Answering:
    """A server on loopback; `answers` maps a path to status and body, `asked` records requests."""

    url: str
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def answering() -> Iterator[Answering]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            here.asked.append((self.command, self.path, dict(self.headers), body))
            status, answer = here.answers.get(self.path, (404, b"not here"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            if status in {301, 302}:
                self.send_header("Location", answer.decode())
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = handle_any  # noqa: N815 - the names that the library calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Answering(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Site:
    """One site; `jira` answers the questions that we ask it."""

    client: falcon.testing.TestClient
    base_url: str
    client_key: str = field(default_factory=lambda: secrets.token_hex(16))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def install(self, **changes: Any) -> falcon.testing.Result:
        return self.callback("installed", body=self.body("installed", sharedSecret=self.secret), **changes)

    def uninstall(self, **changes: Any) -> falcon.testing.Result:
        return self.callback("uninstalled", **changes)

    def body(self, event: str, **members: Any) -> dict[str, Any]:
        return {
            "key": APP_KEY,
            "clientKey": self.client_key,
            "baseUrl": self.base_url,
            "productType": "jira",
            "eventType": event,
            **members,
        }

    def callback(
        self,
        event: str,
        *,
        body: Any = None,
        token: str | None = None,
        raw: bytes | None = None,
        **claims: Any,
    ) -> falcon.testing.Result:
        content = json.dumps(self.body(event) if body is None else body).encode() if raw is None else raw
        path = f"/connect/{event}"
        if token is None:
            token = (
                self.install_token(path, **claims) if event.endswith("installed") else self.event_token(path)
            )
        return self.client.simulate_post(
            path,
            body=content,
            headers={"Authorization": f"JWT {token}", "Content-Type": "application/json"},
        )

    def install_token(self, path: str, **changes: Any) -> str:
        key = changes.pop("signing_key", KEY)
        algorithm = changes.pop("algorithm", "RS256")
        key_id = changes.pop("kid", "the-key")
        claims = self.claims(aud=BASE_URL, qsh=query_string_hash("POST", path)) | changes
        return jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            key,
            algorithm=algorithm,
            headers={"kid": key_id} if key_id is not None else None,
        )

    def event_token(self, path: str, **changes: Any) -> str:
        claims = self.claims(qsh=query_string_hash("POST", path)) | changes
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.client_key, "iat": now, "exp": now + 180} | changes

    def token(self, account: str | None = "ada", **changes: Any) -> str:
        claims = self.claims(qsh="context-qsh") | ({"sub": account} if account else {}) | changes
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def call(
        self,
        method: str,
        path: str,
        *,
        as_: str | None = "ada",
        token: str | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> falcon.testing.Result:
        authorization = f"JWT {token or self.token(as_)}"
        return self.client.simulate_request(
            method, path, headers={"Authorization": authorization, **(headers or {})}, **options
        )

    def create(self, name: str = "A report", *, as_: str = "ada", **members: Any) -> dict[str, Any]:
        body = {"name": name, "definition": DEFINITION, **members}
        result = self.call("POST", "/api/v1/reports", as_=as_, json=body)
        assert result.status_code == 201, result.text
        report: dict[str, Any] = result.json
        return report

    def names(self, query: str = "", *, as_: str = "ada") -> list[str]:
        result = self.call("GET", "/api/v1/reports", as_=as_, query_string=query)
        assert result.status_code == 200, result.text
        return [item["name"] for item in result.json["items"]]


DEFINITION = {"jql": "project = TIMOB", "columns": [{"of": {"field": "issuekey"}}]}
