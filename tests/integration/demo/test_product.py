"""The stand-in site and the product's real API, joined as they are in `sightline run`."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from core.setting_types import new_secret_key
from demo.connect.examples import example_reports
from demo.issues.accounts import account_id, groups
from tests.addon import Tls
from tests.databases import DatabaseServer
from tests.demo_site import ROOT, run_demo_site
from tests.ports import free_ports


@dataclass(frozen=True)
class Joined:
    """Addresses of both, and how to call them."""

    site_url: str
    api_url: str
    trust: ssl.SSLContext

    def call(self, method: str, url: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of one call."""
        content = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers}
        request = Request(url, content, sent, method=method)  # noqa: S310 - loopback
        try:
            with urlopen(request, context=self.trust, timeout=20) as answer:  # noqa: S310 - loopback
                return answer.status, json.loads(answer.read() or b"null")
        except HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def switch(self, method: str, path: str, body: object = None) -> Any:
        """A switch of the stand-in; fails the test where it is refused."""
        status, answer = self.call(method, f"{self.site_url}/__demo/{path}", body)
        assert status < 300, answer
        return answer

    def as_account(self, path: str, **whom: str) -> tuple[int, Any]:
        """A call to the product's API as somebody of an installation."""
        token = self.switch("POST", "tokens", whom)["token"]
        return self.call("GET", f"{self.api_url}{path}", Authorization=f"JWT {token}")

    def report_names(self, **whom: str) -> list[str]:
        """The names of the reports that somebody sees."""
        status, answer = self.as_account("/api/v1/reports?limit=100", **whom)
        assert status == 200, answer
        return [report["name"] for report in answer["items"]]


@pytest.fixture(scope="module")
def joined(
    postgres: DatabaseServer, redis_url: str, tls: Tls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Joined]:
    database, folder = postgres.fresh_database(), tmp_path_factory.mktemp("joined")
    api_port, site_port = free_ports(2)
    api_url, site_url = f"http://localhost:{api_port}", f"https://localhost:{site_port}"
    environment = {
        "BASE_URL": api_url,
        "DATABASE_URL": database.api,
        "REDIS_URL": redis_url,
        "SECRET_KEYS": new_secret_key(),
        "INSTALL_KEYS_URL": f"{site_url}/install-keys",
        "CONNECT_HOSTS": f"localhost:{site_port}",
        "CA_FILE": str(tls.authority),
        "STORE_URL": f"file://{folder}",
    }
    trust = ssl.create_default_context(cafile=str(tls.authority))
    process = _start_api(api_port, environment, folder / "api.log")
    try:
        with run_demo_site(folder, site_port, tls, BASE_URL=api_url):
            yield Joined(site_url, api_url, trust)
    finally:
        process.terminate()
        process.wait(timeout=20)
        postgres.drop(database.owner)


def _start_api(port: int, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "api.app:get_app()", f"--bind=127.0.0.1:{port}"]
    options = ["--worker-class=gthread", "--threads=4", "--graceful-timeout=2", "--no-control-socket"]
    with log.open("w") as output:
        return subprocess.Popen(
            [*command, *options], cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output
        )


def test_the_product_is_installed_used_disabled_removed_and_installed_again(joined: Joined) -> None:
    examples = set(joined.report_names())
    assert len(examples) == len(example_reports())
    assert "Issues by project and status" in examples

    _, accounts = joined.call("GET", f"{joined.site_url}/ready")
    assert set(accounts["reports"]) == examples

    joined.switch("POST", "installations/main", {"event": "disabled"})
    assert joined.as_account("/api/v1/reports")[0] == 401
    joined.switch("POST", "installations/main", {"event": "enabled"})
    assert set(joined.report_names()) == examples

    joined.switch("POST", "installations/main", {"event": "uninstalled"})
    assert joined.as_account("/api/v1/reports")[0] == 401
    joined.switch("PUT", "installations/main")
    assert set(joined.report_names()) == examples


def test_a_second_installation_sees_nothing_of_the_first(joined: Joined) -> None:
    joined.switch("PUT", "installations/second")
    assert joined.report_names(installation="second") == []
    assert len(joined.report_names()) == len(example_reports())


def test_the_products_server_asks_the_site_who_is_an_admin(joined: Joined) -> None:
    status, me = joined.as_account("/api/v1/me")
    assert (status, me["admin"], "unchecked" in me) == (200, True, False)
    calls = joined.switch("GET", "calls")["calls"]
    asked = [call for call in calls if call["path"] == "/rest/api/3/permissions/check"]
    assert asked
    assert all((call["account"], call["app"], call["status"]) == (None, True, 200) for call in asked)


def test_groups_and_projects_of_the_site_decide_who_sees_what_is_shared_with_them(joined: Joined) -> None:
    developers = groups()["developers"]
    vault = "10006"
    token = joined.switch("POST", "tokens", {})["token"]
    for name, shared_with in {
        "For developers": {"groups": [{"id": developers.id, "name": developers.name}]},
        "For who sees the vault": {"projects": [vault]},
    }.items():
        body = {"name": name, "definition": example_reports()[0]["definition"], "visibility": "limited"}
        status, answer = joined.call(
            "POST",
            f"{joined.api_url}/api/v1/reports",
            {**body, "shared_with": shared_with},
            Authorization=f"JWT {token}",
        )
        assert status == 201, answer

    seen = {
        name: {
            report for report in joined.report_names(account=account_id(name)) if report.startswith("For ")
        }
        for name in ("Brendan Power", "Leila Haddad", "Priya Raghunathan")
    }

    assert seen == {
        "Brendan Power": {"For developers"},
        "Leila Haddad": {"For who sees the vault"},
        "Priya Raghunathan": set(),
    }


@pytest.mark.parametrize("token", ["", "JWT nonsense", "Bearer nonsense"])
def test_without_a_token_of_the_site_the_product_says_nothing(joined: Joined, token: str) -> None:
    status, _ = joined.call("GET", f"{joined.api_url}/api/v1/reports", Authorization=token)
    assert status == 401
