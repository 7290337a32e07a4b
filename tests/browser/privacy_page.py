"""The page "Data & privacy" as an admin meets it, and what may be held against it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.conftest import ROOT, Product
from tests.browser.sightline_page import SightlinePage

OPEN_MILLISECONDS = 30_000
WORK_MILLISECONDS = 60_000
AXE = ROOT / "static-client" / "node_modules" / "axe-core" / "axe.min.js"
_FAULTS = """
async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .map(({id, help, nodes}) => `${id}: ${help}: ${nodes.map(({html}) => html).join(' ')}`)
"""


class PrivacyPage:
    """The page in Jira's, with the sections that it has."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page = page
        self.product = product
        self.frame: FrameLocator = SightlinePage(page).frame

    def open(self) -> PrivacyPage:
        """Opens the page and waits for its sections."""
        self.page.goto(f"{self.product.demo_url}/plugins/servlet/ac/com.sightline.reports/data-and-privacy")
        expect(self.section("Remove all data")).to_be_visible(timeout=OPEN_MILLISECONDS)
        expect(self.section("Import").get_by_role("button").first).to_be_enabled()
        return self

    def section(self, name: str) -> Locator:
        """A part of the page by its heading."""
        return self.frame.get_by_role("region", name=name, exact=True)

    def button(self, section: str, name: str) -> Locator:
        """A button of a section."""
        return self.section(section).get_by_role("button", name=name, exact=True)

    def notice(self) -> Locator:
        """What tells admins of a removal to come."""
        return self.frame.get_by_role("region", name="Removal of all data")

    def choose(self, file: Path) -> None:
        """Chooses a file to import, as the browser's dialog would."""
        self.frame.locator("input[type=file]").set_input_files(file)

    def export_to(self, file: Path) -> Path:
        """Has the site exported and saves the file."""
        self.button("Export", "Export").or_(self.button("Export", "Export again")).click()
        with self.page.expect_download(timeout=WORK_MILLISECONDS) as download:
            self.button("Export", "Download").click(timeout=WORK_MILLISECONDS)
        download.value.save_as(file)
        return file

    def dark(self) -> None:
        """Switches Jira to dark, and waits until the page has followed."""
        self.page.get_by_role("button", name="Account of").click()
        self.page.get_by_role("button", name="Dark", exact=True).click()
        expect(self.frame.locator("html")).to_have_attribute("data-color-mode", "dark")


@contextmanager
def context_for_axe(chromium: Browser, width: int = 1360) -> Iterator[BrowserContext]:
    """A browser of its own whose pages take axe beside their own scripts."""
    context = chromium.new_context(
        ignore_https_errors=True,
        bypass_csp=True,
        viewport={"width": width, "height": 860},
        accept_downloads=True,
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds wrong with the add-on's part of a page; its context is one of `context_for_axe`."""
    [frame] = [frame for frame in page.frames if "/ui/" in frame.url]
    frame.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    faults = frame.evaluate(_FAULTS)
    assert isinstance(faults, list)
    return faults


def signed_in(chromium: Browser, product: Product, name: str) -> BrowserContext:
    """A browser of its own in which somebody is signed in, who is chosen in the avatar menu."""
    context = chromium.new_context(ignore_https_errors=True, viewport={"width": 1360, "height": 860})
    page = context.new_page()
    page.goto(product.demo_url)
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=f"Account of {name}")).to_be_visible()
    page.close()
    return context


def document_of(export: Path) -> dict[str, Any]:
    """The JSON in an export's file."""
    document = json.loads(gzip.decompress(export.read_bytes()))
    assert isinstance(document, dict)
    return document


def write_document(document: dict[str, Any], file: Path) -> Path:
    """A file like an export's, with this document in it."""
    file.write_bytes(gzip.compress(json.dumps(document).encode()))
    return file


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
