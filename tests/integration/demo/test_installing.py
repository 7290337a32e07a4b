from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import jwt
import pytest
from falcon.testing import TestClient

from demo.app import Demo, create_app
from demo.connect.examples import example_reports
from demo.connect.installer import InstallFailed
from demo.connect.state import MAIN
from demo.issues.site import Site
from demo.settings import DemoSettings
from tests.addon import APP_KEY, Addon
from tests.integration.demo.conftest import SITE_URL, client_of
from tests.ports import free_ports


def _token(addon: Addon, event: str) -> str:
    return addon.lifecycle(event)[-1].headers["Authorization"].removeprefix("JWT ")


def _hash_of(path: str) -> str:
    return hashlib.sha256(f"POST&{path}&".encode()).hexdigest()


@pytest.mark.parametrize("event", ["installed", "uninstalled"])
def test_installing_and_uninstalling_are_signed_with_the_sites_key(
    demo: Demo, addon: Addon, event: str
) -> None:
    if event == "uninstalled":
        demo.installer.notify(MAIN, event)
    token = _token(addon, event)
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    key = client_of(demo).simulate_get(f"/install-keys/{header['kid']}").text
    assert key.startswith("-----BEGIN PUBLIC KEY-----")
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=addon.base_url)
    assert claims["iss"] == addon.lifecycle(event)[-1].json()["clientKey"]
    assert claims["qsh"] == _hash_of(f"/{event}")


@pytest.mark.parametrize("event", ["enabled", "disabled"])
def test_enabling_and_disabling_are_signed_with_the_shared_secret(
    demo: Demo, addon: Addon, event: str
) -> None:
    if event == "disabled":
        demo.installer.notify(MAIN, event)
    secret = addon.lifecycle("installed")[-1].json()["sharedSecret"]
    claims = jwt.decode(_token(addon, event), secret, algorithms=["HS256"])
    assert claims["qsh"] == _hash_of(f"/{event}")


def test_the_body_says_who_was_installed_where(demo: Demo, addon: Addon) -> None:
    body = addon.lifecycle("installed")[-1].json()
    assert demo.state.find(MAIN) is not None
    assert (body["key"], body["baseUrl"], body["productType"]) == (APP_KEY, SITE_URL, "jira")
    assert body["eventType"] == "installed"
    assert "sharedSecret" not in addon.lifecycle("enabled")[-1].json()


def test_another_key_id_finds_nothing(client: TestClient) -> None:
    assert client.simulate_get("/install-keys/another").status_code == 404


def test_every_install_brings_a_new_secret_and_keeps_the_client_key(demo: Demo, addon: Addon) -> None:
    demo.installer.install(MAIN)
    first, second = (request.json() for request in addon.lifecycle("installed"))
    assert first["clientKey"] == second["clientKey"]
    assert first["sharedSecret"] != second["sharedSecret"]


def test_a_refused_install_leaves_the_old_secret_in_use(demo: Demo, addon: Addon) -> None:
    before = demo.state.find(MAIN)
    addon.answers["/installed"] = 500
    with pytest.raises(InstallFailed, match="HTTP response code 500"):
        demo.installer.install(MAIN)
    assert demo.state.find(MAIN) == before


def test_the_client_key_outlives_a_restart(make_demo: Callable[..., Demo], addon: Addon) -> None:
    make_demo()
    make_demo()
    assert len({request.json()["clientKey"] for request in addon.lifecycle("installed")}) == 1


def test_examples_are_created_once_and_found_again(demo: Demo, addon: Addon) -> None:
    demo.setup.run_once()
    demo.setup.run_once()
    assert [report["name"] for report in addon.reports] == list(demo.setup.reports)
    assert len(addon.reports) == len(example_reports())


def test_the_site_is_ready_when_the_examples_are_there(
    site: Site, settings: DemoSettings, addon: Addon
) -> None:
    demo = create_app(site, settings)
    client = client_of(demo)
    addon.answers["/api/v1/reports"] = 503
    demo.setup.start()
    assert not demo.setup.wait(0.5)
    waiting = client.simulate_get("/ready")
    assert waiting.status_code == 503
    del addon.answers["/api/v1/reports"]
    assert demo.setup.wait(20)
    ready = client.simulate_get("/ready")
    assert (ready.status_code, ready.json["status"]) == (200, "ready")


def test_an_app_that_is_not_there_yet_is_waited_for(site: Site, settings: DemoSettings) -> None:
    demo = create_app(site, replace(settings, base_url=f"https://localhost:{free_ports(1)[0]}"))
    demo.setup.start()
    assert not demo.setup.wait(0.3)
    assert "gives no answer" in client_of(demo).simulate_get("/ready").json["status"]
    demo.setup.stop()


def test_secrets_never_show_in_a_page(demo: Demo) -> None:
    installation = demo.state.find(MAIN)
    assert installation is not None
    page = client_of(demo).simulate_get(f"/plugins/servlet/ac/{APP_KEY}/main").text
    assert installation.shared_secret not in page
    assert demo.state.signing_key.private_pem not in page
