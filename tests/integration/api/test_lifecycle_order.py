from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services, services_of
from tests.integration.api.connect_site import KEY as INSTALL_KEY
from tests.integration.api.connect_site import Answering, Site, pem_of

LIST = "/api/v1/reports"


def state_of(services: Services, site: Site) -> tuple[str, bool]:
    """The tenant's state, and whether its secret is there."""
    [row] = services.database.read_system("select * from find_tenant(%s)", (site.client_key,))
    return row["state"], row["secret"] is not None


def at_once(*calls: Callable[[], falcon.testing.Result]) -> list[int]:
    together = threading.Barrier(len(calls))

    def run(call: Callable[[], falcon.testing.Result]) -> int:
        together.wait()
        return call().status_code

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_disabled_before_uninstalled_ends_uninstalled(site: Site, services: Services) -> None:
    now = int(time.time())
    assert site.callback("disabled", token=site.event_token("/connect/disabled", iat=now)).status_code == 204
    assert site.uninstall(iat=now).status_code == 204

    assert state_of(services, site) == ("uninstalled", False)


def test_uninstalled_before_disabled_stays_uninstalled(site: Site, services: Services) -> None:
    now = int(time.time())
    token = site.event_token("/connect/disabled", iat=now + 1)
    assert site.uninstall(iat=now).status_code == 204

    assert site.callback("disabled", token=token).status_code == 401
    assert state_of(services, site) == ("uninstalled", False)


@pytest.mark.parametrize("_round", range(10))
def test_disabled_and_uninstalled_at_once_end_uninstalled(
    site: Site, services: Services, _round: int
) -> None:
    answers = at_once(lambda: site.callback("disabled"), site.uninstall)

    assert answers in ([204, 204], [401, 204])
    assert state_of(services, site) == ("uninstalled", False)


def test_callbacks_that_come_many_times_at_once_count_once(site: Site, services: Services) -> None:
    now = int(time.time())
    token = site.install_token("/connect/installed", iat=now + 1)

    assert set(at_once(*[lambda: site.install(token=token)] * 8)) == {204}
    [row] = services.database.read_system("select secret_version from find_tenant(%s)", (site.client_key,))
    assert row["secret_version"] == 2
    assert site.call("GET", LIST).status_code == 200


def test_whatever_order_installations_arrive_in_the_newest_secret_stays(
    client: falcon.testing.TestClient, services: Services
) -> None:
    now = int(time.time())
    for order in itertools.permutations((-2, -1, 0)):
        site = Site(client, "https://acme.atlassian.net")
        for age in order:
            body = site.body("installed", sharedSecret=f"the-secret-of-the-installation-at-{age}-seconds")
            assert site.callback("installed", body=body, iat=now + age).status_code == 204
        tenant = services.tenants.find(site.client_key)
        assert tenant is not None
        assert tenant.secret == "the-secret-of-the-installation-at-0-seconds", order


def test_a_site_created_anew_at_the_same_address_starts_empty_and_the_old_one_keeps_its_reports(
    client: falcon.testing.TestClient,
) -> None:
    old, new = (Site(client, "https://acme.atlassian.net") for _ in range(2))
    assert old.install().status_code == 204
    old.create("Of the old site")
    assert old.uninstall(iat=int(time.time()) + 1).status_code == 204

    assert new.install().status_code == 204
    assert new.names() == []
    assert old.call("GET", LIST).status_code == 401
    assert old.install(iat=int(time.time()) + 2).status_code == 204
    assert old.names() == ["Of the old site"]


def test_a_clone_with_a_client_key_of_its_own_is_another_tenant(site: Site) -> None:
    site.create("Of the original")
    clone = Site(site.client, "https://acme-sandbox.atlassian.net", secret=site.secret)

    assert clone.install().status_code == 204
    assert clone.names() == []
    assert site.names() == ["Of the original"]


def test_a_key_server_that_is_away_tells_jira_to_try_again_and_known_keys_still_install(
    client: falcon.testing.TestClient, key_server: Answering
) -> None:
    known, unknown = (Site(client, "https://acme.atlassian.net") for _ in range(2))
    assert known.install().status_code == 204
    del key_server.answers["/the-key"]
    key_server.answers["/newer-key"] = (503, b"")
    try:
        refused = unknown.install(kid="newer-key")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert known.install(iat=int(time.time()) + 1).status_code == 204
        assert known.call("GET", LIST).status_code == 200
    finally:
        key_server.answers["/the-key"] = (200, pem_of(INSTALL_KEY))


def test_a_key_server_that_says_nothing_is_given_up_before_jira_gives_up(services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        slow = services_of(replace(services.settings, install_keys_url=url), services.database)
        site = Site(falcon.testing.TestClient(create_app(slow)), "https://acme.atlassian.net")
        began = time.monotonic()
        assert site.install().status_code == 503
        assert time.monotonic() - began < 5
        slow.redis.close()


@pytest.mark.parametrize("event", ["installed", "uninstalled", "enabled", "disabled"])
def test_a_callback_is_answered_within_a_second(site: Site, event: str) -> None:
    began = time.monotonic()
    assert (site.install() if event == "installed" else site.callback(event)).status_code == 204
    assert time.monotonic() - began < 1


def test_an_uninstallation_signed_a_moment_before_the_disabling_that_overtook_it_still_counts(
    site: Site, services: Services
) -> None:
    now = int(time.time())
    late = site.install_token("/connect/uninstalled", iat=now + 1)
    token = site.event_token("/connect/disabled", iat=now + 2)
    assert site.callback("disabled", token=token).status_code == 204

    assert site.uninstall(token=late).status_code == 204
    assert state_of(services, site) == ("uninstalled", False)
