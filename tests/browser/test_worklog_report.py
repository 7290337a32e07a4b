import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, run_product
from tests.browser.sightline_page import SightlinePage, seconds_of

REPORT = "Worklogs by user and week"
LOGGED = 'worklogDate >= "2000-01-01"'


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("worklogs") / "state") as running:
        yield running


@pytest.fixture
def wide_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(ignore_https_errors=True, viewport={"width": 1600, "height": 1400})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


class Raw:
    """What Jira itself tells, asked for as the person whose session the page has."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def issues(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        body = {"jql": LOGGED, "fields": ["worklog", "timeoriginalestimate"], "maxResults": 100}
        while True:
            answer = self.page.request.post(f"{self.url}/rest/api/3/search/jql", data=body).json()
            found += answer["issues"]
            if answer["isLast"]:
                return found
            body["nextPageToken"] = answer["nextPageToken"]

    def worklogs(self, issue: dict[str, Any]) -> list[dict[str, Any]]:
        page = issue["fields"]["worklog"]
        if page["total"] > len(page["worklogs"]):
            page = self.page.request.get(f"{self.url}/rest/api/3/issue/{issue['id']}/worklog").json()
        return list(page["worklogs"])


def test_what_people_logged_adds_up_and_no_estimate_counts_twice(
    product: Product, wide_page: Page, screenshots: Path
) -> None:
    sightline = SightlinePage(wide_page)
    wide_page.goto(product.url)
    raw = Raw(wide_page, product.demo_url)
    issues = raw.issues()
    logged: Counter[str] = Counter()
    estimated: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for issue in issues:
        worklogs = raw.worklogs(issue)
        names = {worklog["author"]["displayName"] for worklog in worklogs}
        for worklog in worklogs:
            logged[worklog["author"]["displayName"]] += worklog["timeSpentSeconds"]
            held[worklog["author"]["displayName"]] += 1
        for name in names:
            estimated[name] += issue["fields"].get("timeoriginalestimate") or 0

    sightline.open_report(REPORT)
    assert sightline.wait_until_complete() == f"Complete: {len(issues):,} issues"
    sightline.frame.get_by_role("button", name="Worklog author", exact=True).click()
    expect(sightline.table().locator("tr.row-group")).to_have_count(len(logged))
    wide_page.screenshot(path=screenshots / "worklogs.png")

    lines = {line.label: line.cells for line in sightline.group_lines()}
    assert {name: seconds_of(cells["Σ Time logged"]) for name, cells in lines.items()} == dict(logged)
    assert {name: seconds_of(cells["Σ Original estimate"]) for name, cells in lines.items()} == dict(
        estimated
    )
    total = sightline.total_line().cells
    assert seconds_of(total["Σ Time logged"]) == sum(logged.values())
    once = sum(issue["fields"].get("timeoriginalestimate") or 0 for issue in issues)
    assert seconds_of(total["Σ Original estimate"]) == once < sum(estimated.values())
    count = sightline.table().locator("tr.row-total .group-count").inner_text()
    assert count == f"{len(issues):,} issues, {sum(held.values()):,} worklogs"


def test_the_editor_offers_worklogs_as_rows(product: Product, wide_page: Page, screenshots: Path) -> None:
    sightline = SightlinePage(wide_page)
    wide_page.goto(product.url)
    sightline.open_report("Open bugs by assignee")
    sightline.wait_until_complete()
    frame = sightline.frame
    frame.get_by_role("button", name="Edit report").click()
    frame.get_by_text("Base query", exact=True).click()
    frame.get_by_label("Rows").select_option("worklog")
    frame.get_by_role("button", name="+ Add to columns").click()
    frame.get_by_role("combobox", name="Field to add to columns").fill("Time logged")
    frame.get_by_role("option", name=re.compile("Time logged")).click()
    wide_page.screenshot(path=screenshots / "worklogs-editor.png")
    frame.get_by_role("button", name="Save").click()
    assert sightline.wait_until_complete().startswith("Complete: ")
    assert "Time logged" in sightline.columns()
    expect(sightline.table().locator("tr.row-total .group-count")).to_contain_text("worklogs")
