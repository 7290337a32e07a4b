"""The client's own loader, run in Node against a stand-in site, and what a plain search finds there."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from demo.issues.accounts import account_id
from tests.addon import APP_KEY, Tls

CLIENT = Path(__file__).resolve().parents[1] / "static-client"
TIMEOUT_SECONDS = 400
Json = Any


@dataclass(frozen=True)
class Jira:
    """A running stand-in site and who looks at it."""

    url: str
    tls: Tls
    person: str = "Ada Lovett"
    zone: str = "Europe/Berlin"

    def seen_by(self, person: str, zone: str) -> Jira:
        """The same site for another of its people."""
        return replace(self, person=person, zone=zone)

    def call(self, method: str, path: str, body: Json = None) -> Json:
        """Calls the site as the person, outside of any app: no limits, no faults. Raises HTTPError."""
        headers = {"Cookie": f"demo.account={account_id(self.person)}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, headers, method=method)  # noqa: S310 - https on loopback
        trust = ssl.create_default_context(cafile=str(self.tls.authority))
        with urlopen(request, context=trust, timeout=60) as answer:  # noqa: S310 - https on loopback
            text = answer.read()
        return json.loads(text) if text else None

    def switch(self, **switches: Json) -> None:
        """Changes the gateway from the next call on."""
        self.call("PATCH", "/__demo/switches", switches)

    def find(self, jql: str, *fields: str) -> list[Json]:
        """Every issue that a query finds, paged plainly."""
        found: list[Json] = []
        body: dict[str, Json] = {"jql": jql, "fields": list(fields) or ["id", "key"], "maxResults": 5000}
        while True:
            page = self.call("POST", "/rest/api/3/search/jql", body)
            found += page["issues"]
            if page["isLast"]:
                return found
            body["nextPageToken"] = page["nextPageToken"]

    def ids(self, jql: str) -> list[str]:
        """Ids of every issue that a query finds, sorted."""
        return sorted(issue["id"] for issue in self.find(jql))

    def start(self, module: str, **job: Json) -> subprocess.Popen[str]:
        """Starts `run` of a module in the client's `tests/site` over this site."""
        session = {
            "site": self.url,
            "account": account_id(self.person),
            "app": APP_KEY,
            "timeZone": self.zone,
        }
        process = subprocess.Popen(
            ["node", "tests/site/run.mjs", module],
            cwd=CLIENT,
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(self.tls.authority)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps({"session": session, **job}))
        process.stdin.close()
        process.stdin = None
        return process

    def load(self, jql: str, fields: tuple[str, ...] = ("summary",), **job: Json) -> Json:
        """What the loader made of a query; see `Outcome` in the client's `tests/site/load.ts`."""
        return finished(self.start("load", jql=jql, fields=fields, **job))


def finished(process: subprocess.Popen[str], timeout: float = TIMEOUT_SECONDS) -> Json:
    """What a started module returned. Raises AssertionError with its complaint where it failed."""
    try:
        told, complaint = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0, complaint[-3000:]
    return json.loads(told)


def wait_for_pages(jira: Jira, count: int) -> None:
    """Returns once the app has been answered so many calls."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if sum(call["app"] for call in jira.call("GET", "/__demo/calls")["calls"]) >= count:
            return
    raise AssertionError("the loader does not call")
