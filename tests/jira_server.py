"""A server on loopback that plays the part of Jira's REST API which we ask about rights, and its bad days."""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

GROUPS = "/rest/api/3/user/groups"
CHECK = "/rest/api/3/permissions/check"
REPORT = "/rest/atlassian-connect/latest/report-accounts"


@dataclass(frozen=True)
class Reply:
    """An answer as sent. One that hangs says nothing until the test is over; one that drips sends a byte of a
    header at a time."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: bool = False


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    query: str
    body: Any
    token: str


@dataclass
class JiraServer:
    """What people may, and what goes wrong.

    Replies of `next` come first, once each; `always` replaces what remains.
    """

    url: str
    admins: set[str] = field(default_factory=set)
    groups: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    projects: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    closed: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    cycle_period: str | None = None
    next: deque[Reply] = field(default_factory=deque)
    always: Reply | None = None
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def reply(self, asked: Asked) -> Reply:
        """What a request gets."""
        if self.next:
            return self.next.popleft()
        if self.always is not None:
            return self.always
        if (asked.method, asked.path) == ("GET", GROUPS):
            return self._groups_of(parse_qs(asked.query)["accountId"][0])
        if (asked.method, asked.path) == ("POST", CHECK):
            return self._checked(asked.body)
        if (asked.method, asked.path) == ("POST", REPORT):
            return self._told(asked.body)
        return Reply(404)

    def paths(self) -> list[str]:
        """Which paths were asked for."""
        return [asked.path for asked in self.asked]

    def reported(self) -> list[list[str]]:
        """The accounts that were reported to it, call by call."""
        calls = [asked.body["accounts"] for asked in self.asked if asked.path == REPORT]
        return [[entry["accountId"] for entry in accounts] for accounts in calls]

    def _told(self, body: Any) -> Reply:
        accounts = [entry["accountId"] for entry in body["accounts"]]
        if not 1 <= len(accounts) <= 90 or len(set(accounts)) < len(accounts):
            return Reply(400, b'{"errorType": "INVALID", "errorMessage": "1 to 90 accounts, each once"}')
        told = [{"accountId": a, "status": "closed"} for a in accounts if a in self.closed]
        told += [{"accountId": a, "status": "updated"} for a in accounts if a in self.updated]
        headers = {"Cycle-Period": self.cycle_period} if self.cycle_period else {}
        if not told:
            return Reply(204, headers=headers)
        return Reply(body=json.dumps({"accounts": told}).encode(), headers=headers)

    def _groups_of(self, account: str) -> Reply:
        held = [{"name": f"name of {group}", "groupId": group} for group in sorted(self.groups[account])]
        # Jira's schema allows a group without an id.
        return Reply(body=json.dumps([*held, {"name": "secret", "groupId": None}]).encode())

    def _checked(self, body: Any) -> Reply:
        account = body["accountId"]
        grants = []
        for asked in body.get("projectPermissions", []):
            projects = asked["projects"]
            wanted = [type(p) is int and p < 1 << 63 for p in projects]
            if len(projects) > 1000 or len(set(projects)) != len(projects) or not all(wanted):
                return Reply(400)
            held = [p for p in projects if p in self.projects[account]]
            grants += [{"permission": name, "projects": held, "issues": []} for name in asked["permissions"]]
        admin = ["ADMINISTER"] if account in self.admins and "globalPermissions" in body else []
        return Reply(body=json.dumps({"globalPermissions": admin, "projectPermissions": grants}).encode())


@contextmanager
def jira_server() -> Iterator[JiraServer]:
    """Runs one."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            token = self.headers.get("Authorization", "").removeprefix("JWT ")
            content = json.loads(body) if body else None
            asked = Asked(self.command, parts.path, parts.query, content, token)
            there.asked.append(asked)
            self._send(there.reply(asked))

        do_GET = do_POST = handle_any  # noqa: N815 - the names that the library calls

        def _send(self, reply: Reply) -> None:
            if reply.hangs:
                there.over.wait()
                return
            try:
                if reply.drips:
                    self._drip()
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
            except ConnectionError:
                pass

        def _drip(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not there.over.wait(0.05):
                self.wfile.write(b"x")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = JiraServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        there.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
