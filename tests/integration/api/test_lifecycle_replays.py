from __future__ import annotations

import time

import pytest

from api.services import Services
from tests.integration.api.connect_site import Site

LIST = "/api/v1/reports"
ATTACKERS_SECRET = "a-secret-that-the-attacker-knows-very-well"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def assert_a_replay_is_refused(site: Site, token: str) -> None:
    """A recorded installation's token with the attacker's secret in the body leaves the site as it is."""
    body = site.body("installed", sharedSecret=ATTACKERS_SECRET)
    assert site.callback("installed", body=body, token=token).status_code == 401
    attacker = Site(site.client, site.base_url, site.client_key, ATTACKERS_SECRET)
    assert attacker.call("GET", LIST).status_code == 401
    assert site.call("GET", LIST).status_code == 200


def installed_with(site: Site, **claims: int) -> str:
    token = site.install_token("/connect/installed", **claims)
    assert site.install(token=token).status_code == 204
    return token


def test_whoever_recorded_an_installation_cannot_put_a_secret_of_their_own_in(site: Site) -> None:
    token = installed_with(site, iat=int(time.time()) + 1)

    assert_a_replay_is_refused(site, token)


def test_nor_by_spelling_the_signature_another_way(site: Site) -> None:
    token = installed_with(site, iat=int(time.time()) + 1)
    last = LETTERS.index(token[-1])

    for other in (token[:-1] + LETTERS[last ^ 1], token + ",", token + "=", token + " ,"):
        assert_a_replay_is_refused(site, other)


def test_nor_while_the_token_has_expired_but_is_within_the_leeway(site: Site, services: Services) -> None:
    now = int(time.time())
    token = installed_with(site, iat=now, exp=now - 30)

    assert_a_replay_is_refused(site, token)
    assert_a_replay_is_refused(site, token)
    [row] = services.database.read_system("select secret_version from find_tenant(%s)", (site.client_key,))
    assert row["secret_version"] == 2


def test_a_recorded_installation_does_not_bring_an_uninstalled_site_back(site: Site) -> None:
    now = int(time.time())
    token = installed_with(site, iat=now + 1)
    assert site.uninstall(iat=now + 2).status_code == 204

    assert site.install(token=token).status_code == 204
    assert site.call("GET", LIST).status_code == 401


def test_a_recorded_uninstallation_does_not_close_a_site_that_was_installed_again(site: Site) -> None:
    now = int(time.time())
    token = site.install_token("/connect/uninstalled", iat=now + 1)
    assert site.uninstall(token=token).status_code == 204
    assert site.install(iat=now + 2).status_code == 204

    assert site.uninstall(token=token).status_code == 204
    assert site.call("GET", LIST).status_code == 200


@pytest.mark.parametrize("event", ["enabled", "disabled"])
def test_a_recorded_switch_with_another_body_is_refused(site: Site, event: str) -> None:
    token = site.event_token(f"/connect/{event}", iat=int(time.time()) + 1)
    assert site.callback(event, token=token).status_code == 204

    again = site.callback(event, token=token)
    other = site.callback(event, token=token, body=site.body(event, description="changed"))

    assert (again.status_code, other.status_code) == (204, 401)


@pytest.mark.parametrize("event", ["uninstalled", "enabled", "disabled"])
def test_the_token_of_one_callback_is_refused_at_another(site: Site, event: str) -> None:
    others = {"installed", "uninstalled", "enabled", "disabled"} - {event}
    for other in others:
        path = f"/connect/{other}"
        token = site.install_token(path) if other.endswith("installed") else site.event_token(path)
        assert site.callback(event, token=token).status_code == 401, other
    assert site.call("GET", LIST).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.atla\nssian.net",
        "https://evil.example\\.atlassian.net",
        "https://evil.example%2f.atlassian.net",
        "https://evil.example/.atlassian.net",
        "https://acme.atlassian.net/?next=evil",
        "https://acme.atlassian.net/#evil",
        "https://acme.atlassian.net\t",
        "https://évil.atlassian.net",
        "https://acme.atlassian.net:99999",
        "https://:443",
        "//acme.atlassian.net",
    ],
)
def test_an_address_that_others_might_read_otherwise_is_refused(site: Site, address: str) -> None:
    body = site.body("installed", sharedSecret=ATTACKERS_SECRET, baseUrl=address)

    assert site.callback("installed", body=body, iat=int(time.time()) + 1).status_code == 401
    assert site.call("GET", LIST).status_code == 200
