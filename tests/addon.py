"""A small Connect app on an origin of its own, to try the stand-in site without the product."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trustme

APP_KEY = "com.example.trial"


@dataclass(frozen=True)
class Tls:
    """Files of a certificate for localhost and of the authority that signed it."""

    authority: Path
    chain: Path
    key: Path


def make_tls(folder: Path) -> Tls:
    """A fresh certificate for localhost in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    tls = Tls(folder / "ca.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(tls.authority))
    certificate.private_key_pem.write_to_path(str(tls.key))
    tls.chain.write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    return tls


@dataclass(frozen=True)
class Received:
    """A request that the app got."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Addon:
    """The running app. `answers` holds statuses of paths; its pages load all.js from `site_url`."""

    base_url: str
    site_url: str
    scopes: list[str] = field(default_factory=lambda: ["READ"])
    received: list[Received] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)

    def descriptor(self) -> dict[str, Any]:
        """What `/atlassian-connect.json` answers."""
        return {
            "key": APP_KEY,
            "name": "Trial app",
            "baseUrl": self.base_url,
            "vendor": {"name": "Example", "url": "https://example.com"},
            "authentication": {"type": "jwt"},
            "scopes": self.scopes,
            "apiMigrations": {"signed-install": True, "context-qsh": True, "gdpr": True},
            "lifecycle": {
                event: f"/{event}" for event in ("installed", "uninstalled", "enabled", "disabled")
            },
            "modules": _modules(),
        }

    def lifecycle(self, event: str) -> list[Received]:
        """The callbacks of one kind, oldest first."""
        return [request for request in self.received if request.target == f"/{event}"]


def _modules() -> dict[str, Any]:
    described = {"description": {"value": "A trial"}, "thumbnailUrl": "/icon.svg"}
    return {
        "generalPages": [
            {"key": "main", "name": {"value": "Trial"}, "url": "/page.html", "cacheable": True},
            {"key": "dead", "name": {"value": "Dead page"}, "url": "/dead.html", "cacheable": True},
            {"key": "signed", "name": {"value": "Signed page"}, "url": "/page.html?who={project.key}"},
        ],
        "adminPages": [
            {
                "key": "admin",
                "name": {"value": "Trial settings"},
                "url": "/page.html",
                "cacheable": True,
                "conditions": [{"condition": "user_is_admin"}],
            }
        ],
        "jiraProjectPages": [
            {"key": "project", "name": {"value": "Trial of project"}, "url": "/page.html?p={project.key}"}
        ],
        "jiraDashboardItems": [
            {
                "key": "gadget",
                "name": {"value": "Trial gadget"},
                "url": "/page.html?d={dashboard.id}&i={dashboardItem.id}",
                **described,
            }
        ],
        "postInstallPage": {"key": "start", "name": {"value": "Get started"}, "url": "/page.html"},
    }


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Browsers break connections off; that is no news."""


@contextmanager
def run_addon(port: int, site_url: str, tls: Tls) -> Iterator[Addon]:
    """Serves the app on a port until the block ends."""
    addon = Addon(f"https://localhost:{port}", site_url)
    server = _QuietServer(("127.0.0.1", port), _handler(addon))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls.chain, tls.key)
    # The handshake is left to the thread of the connection: an idle one must not hold up the others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield addon
    finally:
        server.shutdown()
        server.server_close()


def _handler(addon: Addon) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._keep(b"")
            path = urlsplit(self.path).path
            if path == "/atlassian-connect.json":
                self._send(200, json.dumps(addon.descriptor()), "application/json")
            elif path == "/api/v1/reports":
                self._send(200, json.dumps({"items": addon.reports, "next": None}), "application/json")
            elif path in {"/page.html", "/dead.html"}:
                self._send(200, _page(addon.site_url, alive=path == "/page.html"), "text/html")
            else:
                self._send(404, "{}", "application/json")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self._keep(body)
            path = urlsplit(self.path).path
            if path == "/api/v1/reports":
                report = {"id": str(len(addon.reports)), "name": json.loads(body)["name"]}
                addon.reports.append(report)
                self._send(addon.answers.get(path, 201), json.dumps(report), "application/json")
            else:
                self._send(addon.answers.get(path, 204), "", "text/plain")

        def _keep(self, body: bytes) -> None:
            addon.received.append(Received(self.command, self.path, dict(self.headers), body))

        def _send(self, status: int, text: str, kind: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            pass

    return Handler


def _page(site_url: str, *, alive: bool) -> str:
    options = 'id="ac-iframe-options" data-options="margin:false;sizeToParent:true"'
    script = f'<script {options} src="{site_url}/all.js"></script>' if alive else ""
    return (
        "<!doctype html><html><head><meta charset='utf-8'>"
        f"{script}</head><body><div class='ac-content'><h1>Trial page</h1></div></body></html>"
    )
