"""A generated site behind its REST API, and Jira's own description of the API."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import falcon
import pytest
from falcon.testing import Result, TestClient
from jsonschema import Draft202012Validator

from demo.issues import Account, Site, generate
from demo.rest import create_rest

NOW = 1_795_000_000_000  # 2026-11-18T11:06:40Z
PREFIX = "/rest/api/3"


class SignedIn:
    """Stands where the gateway stands: says who calls, keeps what the call cost."""

    account: Account | None = None
    points = 0

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        req.context.account = self.account

    def process_response(
        self, _req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        self.points = resp.context.points


class Jira:
    """Calls the API as one account or as the app."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.caller = SignedIn()
        self.caller.account = site.accounts()[0]
        self._client = TestClient(create_rest(site, [self.caller]))

    def as_(self, account: Account | None) -> Jira:
        """The same site for somebody else."""
        other = Jira(self.site)
        other.caller.account = account
        return other

    def get(self, path: str, **params: Any) -> Result:
        return self._client.simulate_get(PREFIX + path, params=params)

    def post(self, path: str, body: Any, **params: Any) -> Result:
        return self._client.simulate_post(PREFIX + path, json=body, params=params)

    def raw(self, path: str, body: str, content_type: str) -> Result:
        return self._client.simulate_post(PREFIX + path, body=body, content_type=content_type)

    def pages(self, jql: str, **body: Any) -> Iterator[list[Any]]:
        """Every page of a search."""
        token: dict[str, str] = {}
        while True:
            answer = self.post("/search/jql", {"jql": jql, **body, **token})
            assert answer.status_code == 200, answer.text
            assert answer.json["isLast"] == ("nextPageToken" not in answer.json)
            yield answer.json["issues"]
            if answer.json["isLast"]:
                return
            token = {"nextPageToken": answer.json["nextPageToken"]}

    def all(self, jql: str, **body: Any) -> list[Any]:
        """Every issue of a search."""
        return [issue for page in self.pages(jql, **body) for issue in page]


@pytest.fixture(scope="session")
def site() -> Site:
    """Read only."""
    return generate("https://jira.example", seed=11, count=1200, now=NOW)


@pytest.fixture
def jira(site: Site) -> Jira:
    return Jira(site)


@pytest.fixture
def changing() -> Jira:
    """Over a site that the test may change."""
    return Jira(generate("https://jira.example", seed=12, count=400, now=NOW))


class Contract:
    """Jira's OpenAPI description."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path) as file:
            self.document = _json_schema(json.load(file))
        # Jira answers null for what a change came from or went to, though its description forgets to say so.
        change = self.document["components"]["schemas"]["ChangeDetails"]["properties"]
        for name in ("from", "fromString", "to", "toString"):
            change[name] = {"type": ["string", "null"]}

    def check(self, method: str, path: str, answer: Result) -> None:
        """The answer has a status that is described and the shape described for it."""
        operation = self.document["paths"][PREFIX + path][method.lower()]
        described = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        schema = {"components": self.document["components"], "allOf": [described]}
        errors = [
            f"{e.json_path}: {e.message[:300]}" for e in Draft202012Validator(schema).iter_errors(answer.json)
        ]
        assert errors[:5] == []


@pytest.fixture(scope="session")
def contract(data_file: Callable[[str], Path]) -> Contract:
    return Contract(data_file("JIRA_OPENAPI"))


def _json_schema(node: Any) -> Any:
    """OpenAPI 3.0 as JSON schema: `nullable` means or null, and a closed object of alternatives is a slip."""
    if isinstance(node, list):
        return [_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _json_schema(value)
        for key, value in node.items()
        if key not in {"example", "examples", "nullable"}
    }
    if kept.get("additionalProperties") is False and "anyOf" in kept and "properties" not in kept:
        del kept["additionalProperties"]
    return {"anyOf": [kept, {"type": "null"}]} if node.get("nullable") is True else kept
