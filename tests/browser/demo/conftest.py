"""The stand-in site on a port of its own, with the trial app on another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Frame, Page

from tests.addon import APP_KEY, Addon, make_tls, run_addon
from tests.demo_site import run_demo_site
from tests.ports import free_ports


@dataclass(frozen=True)
class Trial:
    """The running site with its app."""

    url: str
    addon: Addon

    def module_url(self, key: str) -> str:
        """The address of one of the app's pages."""
        return f"{self.url}/plugins/servlet/ac/{APP_KEY}/{key}"

    def open(self, page: Page, address: str) -> Frame:
        """Opens an address and returns the app's frame once the bridge is up."""
        page.goto(address)
        page.wait_for_selector("iframe[data-bridge=up]")
        frame = next(frame for frame in page.frames if frame.url.startswith(self.addon.base_url))
        frame.wait_for_function("window.AP && AP.context")
        return frame


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("demo")
    tls = make_tls(folder / "tls")
    site_port, app_port = free_ports(2)
    with (
        run_addon(app_port, f"https://localhost:{site_port}", tls) as addon,
        run_demo_site(folder, site_port, tls, BASE_URL=addon.base_url, APP_KEY=APP_KEY) as url,
    ):
        yield Trial(url, addon)
