"""A generated site behind its REST API, and Jira's own description of the API."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import Result
from jsonschema import Draft202012Validator

from demo.issues import Site, generate
from tests.integration.demo.rest.jira import PREFIX, Jira

NOW = 1_795_000_000_000  # 2026-11-18T11:06:40Z


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
