"""The example reports, created through the app's own HTTP API as a person's browser would."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from demo.connect.calls import Answer, Caller
from demo.connect.state import Installation
from demo.connect.tokens import context_token

REPORTS = "/api/v1/reports"
_FILE = Path(__file__).with_name("examples.json")
_log = logging.getLogger(__name__)


class ExamplesFailed(Exception):
    """The app would not list or create the example reports; another try may help."""


def example_reports() -> list[dict[str, Any]]:
    """The bodies of the example reports."""
    reports: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return reports


@dataclass(frozen=True)
class Person:
    """Somebody who uses the app's API: a site's installation and an account."""

    caller: Caller
    installation: Installation
    account_id: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """One call with a token as `AP.context.getToken` gives it. Raises Unreachable."""
        token = context_token(
            client_key=self.installation.client_key,
            shared_secret=self.installation.shared_secret,
            account_id=self.account_id,
        )
        return self.caller.send(method, path, headers={"Authorization": f"JWT {token}"}, body=body)


def create_examples(person: Person) -> dict[str, str]:
    """Creates those that are missing, by name, and returns the ids of all by name. Raises ExamplesFailed.

    A report that the app refuses for good (400 or 422) is logged and left out: the rest is worth having.
    """
    present = _present(person)
    for body in example_reports():
        if body["name"] in present:
            continue
        answer = person.call("POST", REPORTS, body)
        if answer.status in {400, 422}:
            _log.error("The app refuses the example report %r: %s", body["name"], answer.body.decode())
        elif answer.status == HTTPStatus.CREATED:
            present[body["name"]] = answer.json()["id"]
        else:
            raise ExamplesFailed(f"POST {REPORTS} was answered by {answer.status}")
    return present


def _present(person: Person) -> dict[str, str]:
    names: dict[str, str] = {}
    cursor = ""
    while True:
        answer = person.call("GET", f"{REPORTS}?limit=100&sort=created{cursor}")
        if answer.status != HTTPStatus.OK:
            raise ExamplesFailed(f"GET {REPORTS} was answered by {answer.status}")
        page = answer.json()
        for item in page["items"]:
            names.setdefault(item["name"], item["id"])
        if not page.get("next"):
            return names
        cursor = f"&cursor={quote(page['next'], safe='')}"
