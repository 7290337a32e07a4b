"""A stand-in site with enough issues that the loader must divide them; calm again before every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.addon import APP_KEY, make_tls, run_addon
from tests.demo_site import run_demo_site
from tests.loading import Jira
from tests.ports import free_ports

ISSUES = 1_500


@pytest.fixture(scope="module")
def running_jira(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jira]:
    folder = tmp_path_factory.mktemp("jira")
    tls = make_tls(folder / "tls")
    site_port, app_port = free_ports(2)
    with run_addon(app_port, f"https://localhost:{site_port}", tls) as addon:
        settings = {"BASE_URL": addon.base_url, "APP_KEY": APP_KEY, "DEMO_COUNT": str(ISSUES)}
        with run_demo_site(folder, site_port, tls, **settings) as url:
            yield Jira(url, tls)


@pytest.fixture
def jira(running_jira: Jira) -> Jira:
    calm = {"faults": "none", "seed": 1, "latency_ms": 20, "burst": 100}
    running_jira.switch(**calm, points={"limit": 1_000_000, "used": 0})
    running_jira.call("DELETE", "/__demo/calls")
    return running_jira
