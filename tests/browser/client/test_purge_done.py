"""A removal of all data that is carried out, and what was exported before brought back after it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Product, run_product
from tests.browser.privacy_page import (
    OPEN_MILLISECONDS,
    WORK_MILLISECONDS,
    PrivacyPage,
    accessibility_faults,
    context_for_axe,
    document_of,
)
from tests.browser.sightline_page import SightlinePage

DELAY_SECONDS = 8
LIVE = ("name", "description", "definition", "visibility", "shared_with")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(
        tmp_path_factory.mktemp("purged") / "state", PURGE_DELAY=f"PT{DELAY_SECONDS}S"
    ) as running:
        yield running


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    with context_for_axe(chromium) as context:
        yield context


def contents(export: Path) -> list[str]:
    """What people made of each report, without the ids and times that an import makes anew."""
    return sorted(
        json.dumps({name: report[name] for name in LIVE}, sort_keys=True)
        for report in document_of(export)["reports"]
    )


def test_all_goes_a_receipt_stays_and_an_export_brings_it_back(
    page: Page, product: Product, tmp_path: Path, screenshots: Path
) -> None:
    privacy = PrivacyPage(page, product).open()
    before = privacy.export_to(tmp_path / "before.json.gz")
    other = page.context.new_page()
    other.goto(product.url)
    listed = SightlinePage(other).frame
    expect(listed.get_by_role("table").get_by_role("row").nth(1)).to_be_visible(timeout=OPEN_MILLISECONDS)

    panel = privacy.section("Remove all data")
    panel.get_by_role("textbox").fill(product.demo_url.removeprefix("https://"))
    privacy.button("Remove all data", "Remove all data").click()
    expect(privacy.notice()).to_contain_text("Everything will be removed")
    expect(panel).to_contain_text("Gone from backups", timeout=WORK_MILLISECONDS)
    expect(panel).to_contain_text("by a Jira admin of this site")
    expect(panel.get_by_role("row", name=re.compile("^Reports"))).to_contain_text(
        str(len(document_of(before)["reports"]))
    )
    # Every table has a name for people.
    assert "_" not in "".join(panel.get_by_role("row").all_inner_texts())
    expect(privacy.notice()).to_have_count(0)
    expect(privacy.button("Export", "Export")).to_be_visible()
    panel.get_by_text("Gone from backups").scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "purge-done.png")
    assert accessibility_faults(page) == []
    with page.expect_download() as download:
        privacy.button("Remove all data", "Download the receipt").click()
    receipt = json.loads(Path(download.value.path()).read_text())
    assert download.value.suggested_filename == f"sightline-purge-{receipt['ended_at'][:10]}.json"
    assert receipt["counts"]["reports"] == len(document_of(before)["reports"])

    # The page that was open all the time goes on with an empty list.
    listed.get_by_role("searchbox", name="Search reports").fill("a")
    expect(listed.get_by_text("No report matches")).to_be_visible()
    listed.get_by_role("searchbox", name="Search reports").fill("")
    expect(listed.get_by_text("There are no reports yet")).to_be_visible()
    other.screenshot(path=screenshots / "purge-done-list.png")

    privacy.choose(before)
    privacy.button("Import", "Send and check").click()
    apply = privacy.section("Import").get_by_role("button", name=re.compile(r"^Import \d+ reports"))
    expect(apply).to_be_enabled(timeout=WORK_MILLISECONDS)
    apply.click()
    expect(privacy.section("Import")).to_contain_text("The import is done", timeout=WORK_MILLISECONDS)
    after = privacy.export_to(tmp_path / "after.json.gz")
    assert contents(after) == contents(before)
    assert contents(before)
