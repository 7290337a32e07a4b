"""The section "Activity" of the page "Data & privacy", over the real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

from tests.browser.conftest import Product, run_product
from tests.browser.sightline_page import SightlinePage

AUDIT = re.compile(r"/api/v1/audit\?")
FIRST = "Sightline was installed"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("activity") / "state") as running:
        yield running


def opened(page: Page, product: Product) -> FrameLocator:
    page.goto(f"{product.demo_url}/plugins/servlet/ac/com.sightline.reports/data-and-privacy")
    return SightlinePage(page).frame


def activity(frame: FrameLocator) -> Locator:
    return frame.get_by_role("region", name="Activity")


def in_pages_of(number: int) -> Callable[[Route], None]:
    """Has the server give so many entries a page, so that there are several."""

    def ask(route: Route) -> None:
        route.continue_(url=re.sub(r"limit=\d+", f"limit={number}", route.request.url))

    return ask


def test_an_export_appears_with_who_asked_for_it(page: Page, product: Product, screenshots: Path) -> None:
    frame = opened(page, product)
    expect(activity(frame).get_by_role("row").last).to_contain_text(FIRST)
    expect(activity(frame).get_by_role("row").last).to_contain_text("Jira")
    frame.get_by_role("button", name="Export", exact=True).click()
    expect(frame.get_by_role("button", name="Download", exact=True)).to_be_visible()

    frame = opened(page, product)
    row = activity(frame).get_by_role("row").filter(has_text="Asked for an export")
    expect(row).to_have_count(1)
    expect(row.get_by_role("cell").nth(1)).not_to_have_text("Jira")
    expect(row.get_by_role("cell").nth(1)).not_to_have_text("Unknown person")
    activity(frame).scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "activity.png", full_page=True)


def test_older_entries_come_page_by_page_with_the_keyboard_alone(page: Page, product: Product) -> None:
    frame = opened(page, product)
    rows = activity(frame).locator("tbody tr")
    expect(rows.last).to_contain_text(FIRST)
    whole = rows.all_inner_texts()
    page.route(AUDIT, in_pages_of(2))

    frame = opened(page, product)
    older = activity(frame).get_by_role("button", name="Show older")
    rows = activity(frame).locator("tbody tr")
    expect(rows).to_have_count(2)
    for number in range(4, len(whole) + 2, 2):
        older.focus()
        page.keyboard.press("Enter")
        expect(rows).to_have_count(min(number, len(whole)))
    expect(older).to_have_count(0)
    what = [text.split("\t")[-1] for text in whole]
    assert [text.split("\t")[-1] for text in rows.all_inner_texts()] == what


def test_a_failure_is_told_and_can_be_tried_again(page: Page, product: Product) -> None:
    page.route(AUDIT, lambda route: route.abort())
    frame = opened(page, product)
    again = activity(frame).get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute(AUDIT)

    again.click()

    expect(activity(frame).locator("tbody tr").last).to_contain_text(FIRST)
    expect(again).to_have_count(0)


def test_nothing_yet_is_said_so(page: Page, product: Product) -> None:
    page.route(AUDIT, lambda route: route.fulfill(json={"items": [], "next": None}))

    frame = opened(page, product)

    expect(activity(frame)).to_contain_text("Nothing has happened yet.")
