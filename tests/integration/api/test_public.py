from __future__ import annotations

import base64
import hashlib
import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import falcon.testing

import descriptor
from core.statement import statement
from core.stored_data import STORED
from tests.integration.api.connect_site import APP_KEY, BASE_URL

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "data-storage.md"
NGINX = ROOT / "nginx" / "templates" / "sightline.conf.template"


def test_the_descriptor_is_the_one_for_our_base_url(client: falcon.testing.TestClient) -> None:
    result = client.simulate_get("/atlassian-connect.json")

    assert result.json == descriptor.connect(BASE_URL, APP_KEY)
    assert result.json["baseUrl"] == BASE_URL


def test_the_statement_on_stored_data_is_a_page_for_people(client: falcon.testing.TestClient) -> None:
    result = client.simulate_get("/data-storage", headers={"Accept": "text/html,*/*;q=0.8"})

    assert result.headers["Content-Type"].startswith("text/html")
    words = html.unescape(result.text)
    assert all(entry.what in words and entry.kept in words for entry in STORED)
    sentences = [
        sentence for section in statement() for paragraph in section.paragraphs for sentence in paragraph
    ]
    assert [sentence.text for sentence in sentences if sentence.text not in words] == []
    assert "tests/" not in words


def test_the_page_has_the_one_style_that_nginx_lets_it_have_and_nothing_else(
    client: falcon.testing.TestClient,
) -> None:
    page = client.simulate_get("/data-storage", headers={"Accept": "text/html"}).text
    (policy,) = re.findall(r'^    /data-storage "(.*)";$', NGINX.read_text(), re.MULTILINE)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r" style=|<script|<img|<link|https?://|url\(", page)


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
