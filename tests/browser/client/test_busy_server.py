"""The list of reports while the server is busy, and a search as long as it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.browser.conftest import Product, run_product
from tests.browser.sightline_page import SightlinePage

REPORTS = re.compile(r"/api/v1/reports\?")
LONGEST = 100


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("busy") / "state") as running:
        yield running


def opened(page: Page, product: Product) -> FrameLocator:
    page.goto(product.url)
    return SightlinePage(page).frame


def test_a_busy_server_is_waited_for_and_the_page_says_so(
    page: Page, product: Product, screenshots: Path
) -> None:
    refused: list[str] = []

    def answer(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "5", "Content-Type": "application/problem+json"})

    page.route(REPORTS, answer)
    frame = opened(page, product)

    expect(frame.get_by_text("Busy; trying again in 5 s")).to_be_visible(timeout=60_000)
    page.screenshot(path=screenshots / "busy.png", full_page=True)
    expect(frame.get_by_role("table").get_by_role("row").nth(1)).to_be_visible(timeout=30_000)
    expect(frame.get_by_text("Busy; trying again")).to_have_count(0)
    assert len(refused) == 1


def test_a_search_is_no_longer_than_the_server_takes(page: Page, product: Product) -> None:
    frame = opened(page, product)
    field = frame.get_by_role("searchbox", name="Search reports")
    field.press_sequentially("x" * (LONGEST + 5))

    expect(field).to_have_value("x" * LONGEST)
    expect(frame.get_by_text(f"A search has at most {LONGEST} letters.")).to_be_visible()
    expect(frame.get_by_text("No report matches")).to_be_visible()


def test_the_longest_search_is_what_is_sent(page: Page, product: Product) -> None:
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            sent.extend(parse_qs(urlsplit(request.url).query).get("search", []))
            if REPORTS.search(request.url)
            else None
        ),
    )
    frame = opened(page, product)
    frame.get_by_role("searchbox", name="Search reports").press_sequentially("y" * (LONGEST + 5))

    expect(frame.get_by_text("No report matches")).to_be_visible()
    assert "y" * LONGEST in sent
    assert max(map(len, sent)) == LONGEST
