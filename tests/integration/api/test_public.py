from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import falcon.testing

import descriptor
from core.stored_data import STORED
from tests.integration.api.connect_site import APP_KEY, BASE_URL

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "data-storage.md"


def test_the_descriptor_is_the_one_for_our_base_url(client: falcon.testing.TestClient) -> None:
    result = client.simulate_get("/atlassian-connect.json")

    assert result.json == descriptor.connect(BASE_URL, APP_KEY)
    assert result.json["baseUrl"] == BASE_URL


def test_the_statement_on_stored_data_is_a_page_for_people(client: falcon.testing.TestClient) -> None:
    result = client.simulate_get("/data-storage", headers={"Accept": "text/html,*/*;q=0.8"})

    assert result.headers["Content-Type"].startswith("text/html")
    assert all(entry.kept in result.text.replace("&#x27;", "'") for entry in STORED)


def test_the_statement_on_stored_data_is_json_for_who_asks(client: falcon.testing.TestClient) -> None:
    result = client.simulate_get("/data-storage", headers={"Accept": "application/json"})

    assert [item["table"] for item in result.json["items"]] == [entry.table for entry in STORED]


def test_the_statement_says_what_the_documentation_says() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]

    assert rows == [f"| `{e.table}` | {e.what} | {e.personal} | {e.kept} |" for e in STORED]


def test_the_address_for_vulnerabilities_is_valid_for_less_than_a_year(
    client: falcon.testing.TestClient,
) -> None:
    lines = dict(
        line.split(": ", 1) for line in client.simulate_get("/.well-known/security.txt").text.splitlines()
    )

    assert lines["Contact"].startswith("mailto:")
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert lines["Canonical"] == f"{BASE_URL}/.well-known/security.txt"
