from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import falcon.testing
import jwt
import pytest

from api.app import create_app
from api.services import Services
from core.qsh import query_string_hash
from tests.integration.api.connect_site import BASE_URL, OTHER_KEY, Answering, Site, pem_of

LIST = "/api/v1/reports"


@pytest.fixture
def stranger(client: falcon.testing.TestClient) -> Site:
    """A site that has not installed the app yet."""
    return Site(client, "https://acme.atlassian.net")


def later(seconds: int = 1) -> int:
    return int(time.time()) + seconds


def test_an_installation_makes_a_tenant_that_can_call(stranger: Site) -> None:
    assert stranger.install().status_code == 204
    assert stranger.call("GET", LIST).status_code == 200


def test_the_stored_secret_is_not_readable_in_the_database(stranger: Site, services: Services) -> None:
    stranger.install()

    [row] = services.database.read_system("select * from find_tenant(%s)", (stranger.client_key,))

    assert stranger.secret.encode() not in bytes(row["secret"])


@pytest.mark.parametrize(
    "changes",
    [
        {"signing_key": OTHER_KEY},
        {"kid": "unknown-key"},
        {"kid": "../the-key"},
        {"kid": None},
        {"aud": "https://other.example.com"},
        {"aud": None},
        {"iss": "somebody-else"},
        {"iat": later(86_400)},
        {"exp": later(-86_400)},
        {"qsh": "context-qsh"},
        {"qsh": query_string_hash("POST", "/connect/uninstalled")},
        {"qsh": None},
    ],
)
def test_an_installation_with_a_wrong_token_is_401_and_changes_nothing(
    stranger: Site, changes: dict[str, Any]
) -> None:
    assert stranger.install(**changes).status_code == 401
    assert stranger.call("GET", LIST).status_code == 401


@pytest.mark.parametrize("audience", [BASE_URL + "/", [BASE_URL], ["other", BASE_URL]])
def test_the_audience_may_be_a_list_or_end_in_a_slash(stranger: Site, audience: Any) -> None:
    assert stranger.install(aud=audience).status_code == 204


def test_a_shared_secret_does_not_sign_an_installation(site: Site) -> None:
    token = jwt.encode(
        site.claims(aud=BASE_URL, qsh=query_string_hash("POST", "/connect/installed")),
        site.secret,
        algorithm="HS256",
        headers={"kid": "the-key"},
    )

    assert site.install(token=token).status_code == 401


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"clientKey": "somebody-else"}, 401),
        ({"eventType": "uninstalled"}, 401),
        ({"key": "com.other.app"}, 401),
        ({"baseUrl": "https://evil.example.com"}, 401),
        ({"baseUrl": "http://acme.atlassian.net"}, 401),
        ({"baseUrl": "https://acme.atlassian.net.evil.example"}, 401),
        ({"baseUrl": "https://evilatlassian.net"}, 401),
        ({"baseUrl": "https://user@acme.atlassian.net"}, 401),
        ({"baseUrl": "https://acme.atlassian.net:8080"}, 401),
        ({"baseUrl": "https://[::1"}, 401),
        ({"baseUrl": "javascript:alert(1)"}, 401),
        ({"baseUrl": 5}, 400),
        ({"clientKey": None}, 400),
        ({"clientKey": "x" * 300}, 400),
        ({"sharedSecret": ""}, 400),
        ({"sharedSecret": ["a"]}, 400),
        ({"sharedSecret": None}, 400),
    ],
)
def test_an_installation_with_a_wrong_body_is_refused(
    stranger: Site, members: dict[str, Any], status: int
) -> None:
    body = stranger.body("installed", sharedSecret=stranger.secret) | members

    assert stranger.callback("installed", body=body).status_code == status
    assert stranger.call("GET", LIST).status_code == 401


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b'"x"'])
def test_a_callback_whose_body_is_no_object_is_400(stranger: Site, raw: bytes) -> None:
    assert stranger.callback("installed", raw=raw).status_code == 400


def test_members_that_jira_adds_are_ignored(stranger: Site) -> None:
    body = stranger.body(
        "installed", sharedSecret=stranger.secret, publicKey="x", entitlementId="1", new={"a": 1}
    )

    assert stranger.callback("installed", body=body).status_code == 204


def test_two_sites_may_report_the_same_base_url(client: falcon.testing.TestClient) -> None:
    sites = [Site(client, "https://acme.atlassian.net") for _ in range(2)]
    for site in sites:
        assert site.install().status_code == 204
    sites[0].create("Only the first's")

    assert sites[1].names() == []


def test_the_same_client_key_from_another_address_keeps_its_reports(site: Site) -> None:
    site.create("Kept")
    site.base_url = "https://renamed.atlassian.net"

    assert site.install(iat=later()).status_code == 204
    assert site.names() == ["Kept"]


def test_the_same_installation_may_come_twice(stranger: Site) -> None:
    token = stranger.install_token("/connect/installed")

    assert stranger.install(token=token).status_code == 204
    assert stranger.install(token=token).status_code == 204
    assert stranger.call("GET", LIST).status_code == 200


def test_the_same_token_with_another_body_is_401_and_changes_nothing(stranger: Site) -> None:
    token = stranger.install_token("/connect/installed")
    stranger.install(token=token)
    body = stranger.body("installed", sharedSecret="a-secret-that-the-attacker-knows-very-well")

    assert stranger.callback("installed", body=body, token=token).status_code == 401
    assert stranger.call("GET", LIST).status_code == 200


def test_an_older_installation_that_arrives_late_changes_nothing(site: Site) -> None:
    body = site.body("installed", sharedSecret="a-secret-from-long-ago-that-was-replaced")

    assert site.callback("installed", body=body, iat=later(-30)).status_code == 204
    assert site.call("GET", LIST).status_code == 200


def test_uninstalling_closes_the_api_and_a_reinstallation_brings_the_reports_back(site: Site) -> None:
    site.create("Still here")

    assert site.uninstall(iat=later(1)).status_code == 204
    assert site.call("GET", LIST).status_code == 401

    site.secret = "the-secret-of-the-second-installation-here"
    assert site.install(iat=later(2)).status_code == 204
    assert site.names() == ["Still here"]


def test_uninstalling_destroys_the_secret(site: Site, services: Services) -> None:
    site.uninstall(iat=later())

    [row] = services.database.read_system("select * from find_tenant(%s)", (site.client_key,))

    assert row["secret"] is None
    assert row["state"] == "uninstalled"


def test_uninstalling_an_unknown_site_is_204(stranger: Site) -> None:
    assert stranger.uninstall().status_code == 204


def test_uninstalling_takes_atlassians_signature(site: Site) -> None:
    token = site.event_token("/connect/uninstalled")

    assert site.uninstall(token=token).status_code == 401
    assert site.call("GET", LIST).status_code == 200


def test_a_disabled_app_is_closed_until_it_is_enabled(site: Site) -> None:
    assert site.callback("disabled").status_code == 204
    assert site.call("GET", LIST).status_code == 401

    assert site.callback("enabled").status_code == 204
    assert site.call("GET", LIST).status_code == 200


def test_a_late_callback_after_uninstallation_is_401_and_changes_nothing(
    site: Site, services: Services
) -> None:
    site.uninstall(iat=later())

    assert site.callback("enabled").status_code == 401
    [row] = services.database.read_system("select * from find_tenant(%s)", (site.client_key,))
    assert row["state"] == "uninstalled"


@pytest.mark.parametrize("event", ["enabled", "disabled"])
def test_a_context_token_is_no_callback(site: Site, event: str) -> None:
    assert site.callback(event, token=site.token()).status_code == 401


def test_enabling_an_unknown_site_is_401(stranger: Site) -> None:
    assert stranger.callback("enabled").status_code == 401


def test_a_key_server_that_does_not_answer_is_503(stranger: Site, key_server: Answering) -> None:
    key_server.answers["/other"] = (500, b"")

    assert stranger.install(kid="other").status_code == 503


def test_a_redirect_of_the_key_server_is_not_followed(stranger: Site, key_server: Answering) -> None:
    key_server.answers["/moved"] = (302, f"{key_server.url}/elsewhere".encode())
    key_server.answers["/elsewhere"] = (200, pem_of(OTHER_KEY))

    assert stranger.install(kid="moved", signing_key=OTHER_KEY).status_code == 503
    assert "/elsewhere" not in [path for _, path, _, _ in key_server.asked]


def test_a_key_is_fetched_once(new_site: Callable[[], Site], key_server: Answering) -> None:
    key_server.asked.clear()
    for _ in range(3):
        new_site()

    assert [path for _, path, _, _ in key_server.asked] == ["/the-key"]


def test_secrets_and_tokens_stay_out_of_the_log(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    lines: list[str] = []
    client = falcon.testing.TestClient(create_app(services, lines.append))
    stranger = Site(client, "https://acme.atlassian.net")
    token = stranger.install_token("/connect/installed")
    stranger.install(token=token)
    stranger.call("GET", LIST)
    stranger.callback("installed", body=stranger.body("installed", sharedSecret="other"), token=token)

    logged = json.dumps([lines, *(record.__dict__ for record in caplog.records)], default=str)

    assert len(lines) == 3
    assert token not in logged
    assert stranger.secret not in logged
