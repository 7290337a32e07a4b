"""The stand-in site in this process, with the trial app installed over real TLS connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import falcon.testing
import pytest

from demo.app import Demo, create_app
from demo.connect.state import MAIN
from demo.gateway.faults import FaultRates
from demo.issues.generator import generate
from demo.issues.site import Site
from demo.settings import DemoSettings
from tests.addon import APP_KEY, Addon, Tls, make_tls, run_addon
from tests.ports import free_ports

SITE_URL = "https://localhost:9443"


@pytest.fixture(scope="session")
def site() -> Site:
    return generate(SITE_URL, count=150)


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return make_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def addon(tls: Tls) -> Iterator[Addon]:
    with run_addon(free_ports(1)[0], SITE_URL, tls) as running:
        yield running


@pytest.fixture
def settings(addon: Addon, tls: Tls, tmp_path: Path) -> DemoSettings:
    return DemoSettings(
        demo_port=9443,
        base_url=addon.base_url,
        app_key=APP_KEY,
        state_dir=tmp_path,
        tls_cert_file=tls.chain,
        tls_key_file=tls.key,
        ca_file=tls.authority,
        demo_issues=None,
        demo_latency_ms=0,
        demo_faults=FaultRates(),
        demo_points=65_000,
        demo_burst=100,
        demo_seed=1,
        log_level="INFO",
    )


@pytest.fixture
def make_demo(site: Site, settings: DemoSettings) -> Callable[..., Demo]:
    """Makes a site whose settings differ as asked, with the app installed."""

    def make(**changes: object) -> Demo:
        demo = create_app(site, replace(settings, **changes))  # type: ignore[arg-type]  # names of settings
        demo.installer.install(MAIN)
        return demo

    return make


@pytest.fixture
def demo(make_demo: Callable[..., Demo]) -> Demo:
    return make_demo()


@pytest.fixture
def client(demo: Demo) -> falcon.testing.TestClient:
    return client_of(demo)


def client_of(demo: Demo) -> falcon.testing.TestClient:
    """A client of the whole site, pages and REST API, under its own name."""
    return falcon.testing.TestClient(demo, headers={"Host": "localhost:9443"})
