import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, run_product
from tests.browser.oracle import Totals, by_project_and_status
from tests.browser.sightline_page import GroupLine, SightlinePage, number_of, seconds_of

REPORT = "Issues by project and status"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, real_issues: Path) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("real") / "state", DEMO_ISSUES=str(real_issues)) as running:
        yield running


@pytest.fixture
def tall_page(chromium: Browser) -> Iterator[Page]:
    """So tall that every group's row is on the screen."""
    context = chromium.new_context(ignore_https_errors=True, viewport={"width": 1600, "height": 2200})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def totals_shown(line: GroupLine) -> Totals:
    points = next(text for name, text in line.cells.items() if "Story" in name)
    estimate = next(text for name, text in line.cells.items() if "stimate" in name)
    spent = next(text for name, text in line.cells.items() if "pent" in name)
    return Totals(line.count, (seconds_of(estimate), seconds_of(spent), number_of(points)))


def by_path(lines: list[GroupLine]) -> dict[tuple[str, ...], Totals]:
    shown: dict[tuple[str, ...], Totals] = {}
    project = ""
    for line in lines:
        project = line.label if line.level == 1 else project
        path = (project,) if line.level == 1 else (project, line.label)
        shown[path] = totals_shown(line)
    return shown


def test_every_total_of_the_saved_report_is_what_the_raw_issues_add_up_to(
    product: Product, tall_page: Page, real_issues: Path, screenshots: Path
) -> None:
    sightline = SightlinePage(tall_page)
    tall_page.goto(product.url)
    sightline.open_report(REPORT)
    expect(sightline.frame.get_by_role("progressbar").first).to_be_visible()
    tall_page.screenshot(path=screenshots / "report-loading.png")

    assert sightline.wait_until_complete() == "Complete: 29,057 issues"

    sightline.frame.get_by_role("button", name="Status", exact=True).click()
    expected = by_project_and_status(real_issues)
    expect(sightline.table().locator("tr.row-group")).to_have_count(len(expected) - 1)
    tall_page.screenshot(path=screenshots / "report-groups.png")
    shown = by_path(sightline.group_lines())
    shown[()] = totals_shown(sightline.total_line())
    assert shown == expected


def test_an_edited_report_is_still_edited_after_a_reload(
    product: Product, page: Page, screenshots: Path
) -> None:
    sightline = SightlinePage(page)
    page.goto(product.url)
    sightline.open_report("Open bugs by assignee")
    sightline.wait_until_complete()
    page.screenshot(path=screenshots / "report.png")
    sightline.edit()
    sightline.frame.get_by_label("Name").fill("Open bugs, edited")
    sightline.frame.get_by_label("Description").fill("Changed in a browser <b>test</b>")
    page.screenshot(path=screenshots / "editor.png")
    sightline.save()
    expect(sightline.frame.get_by_role("heading", name="Open bugs, edited")).to_be_visible()

    page.reload()

    expect(sightline.frame.get_by_role("heading", name="Open bugs, edited")).to_be_visible()
    expect(sightline.frame.get_by_text("Changed in a browser <b>test</b>")).to_be_visible()


def test_a_cancelled_load_says_how_much_is_missing(product: Product, page: Page) -> None:
    sightline = SightlinePage(page)
    page.goto(product.url)
    sightline.open_report(REPORT)
    sightline.frame.get_by_role("button", name="Cancel").click()

    line = sightline.frame.get_by_role("status").filter(has_text="missing")

    expect(line).to_contain_text(re.compile(r"[\d,]+ of about [\d,]+; missing: "))
