"""A removal of all data that waits: asked for by one admin, seen by every other, and stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.conftest import Product, run_product
from tests.browser.privacy_page import (
    OPEN_MILLISECONDS,
    PrivacyPage,
    accessibility_faults,
    context_for_axe,
    signed_in,
)
from tests.browser.sightline_page import SightlinePage

PLANNED = re.compile(r"Everything will be removed on \d+ \w+ \d{4} at \d\d:\d\d, in 7 days\.")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("purge") / "state") as running:
        yield running


@pytest.fixture
def privacy(page: Page, product: Product) -> Iterator[PrivacyPage]:
    """The page of an admin; no removal is left behind."""
    opened = PrivacyPage(page, product).open()
    yield opened
    opened.open()
    if (stop := opened.button("Remove all data", "Stop the removal")).count():
        stop.click()
        expect(opened.section("Remove all data")).to_contain_text("The removal was stopped")


@pytest.fixture
def other_admin(chromium: Browser, product: Product) -> Iterator[BrowserContext]:
    context = signed_in(chromium, product, "Meera Chatterjee")
    yield context
    context.close()


def confirmation(privacy: PrivacyPage) -> Locator:
    return privacy.section("Remove all data").get_by_role("textbox", name=re.compile("^Type .* to confirm"))


def host_of(product: Product) -> str:
    return product.demo_url.removeprefix("https://")


def request_removal(privacy: PrivacyPage) -> None:
    confirmation(privacy).fill(host_of(privacy.product))
    privacy.button("Remove all data", "Remove all data").click()
    expect(privacy.section("Remove all data")).to_contain_text(PLANNED)


def report_list(page: Page, product: Product) -> FrameLocator:
    page.goto(product.url)
    frame = SightlinePage(page).frame
    expect(frame.get_by_role("heading", name="Reports", exact=True)).to_be_visible(timeout=OPEN_MILLISECONDS)
    return frame


def test_who_does_not_name_the_site_is_told_its_name_and_nothing_is_removed(
    privacy: PrivacyPage, product: Product, screenshots: Path
) -> None:
    panel = privacy.section("Remove all data")
    expect(panel).to_contain_text("What goes")
    expect(panel).to_contain_text("What stays")
    expect(privacy.button("Remove all data", "Remove all data")).to_be_disabled()
    confirmation(privacy).fill("acme.atlassian.net")
    privacy.button("Remove all data", "Remove all data").click()

    expect(panel.get_by_role("alert")).to_contain_text(host_of(product))
    expect(confirmation(privacy)).to_have_attribute("aria-invalid", "true")
    expect(privacy.notice()).to_have_count(0)
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "purge-fault.png")


def test_the_export_is_offered_first(privacy: PrivacyPage) -> None:
    privacy.button("Remove all data", "Export everything first").click()

    expect(privacy.section("Export")).to_be_focused()


def test_what_one_admin_asks_for_another_sees_on_every_page_and_stops(
    privacy: PrivacyPage, product: Product, other_admin: BrowserContext, screenshots: Path
) -> None:
    request_removal(privacy)
    expect(privacy.notice()).to_contain_text(PLANNED)
    privacy.page.screenshot(path=screenshots / "purge-planned.png")
    privacy.section("Remove all data").scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "purge-planned-panel.png")

    page = other_admin.new_page()
    frame = report_list(page, product)
    notice = frame.get_by_role("region", name="Removal of all data")
    expect(notice).to_contain_text(PLANNED)
    expect(notice).to_contain_text("Asked for by Ada Lovett")
    page.screenshot(path=screenshots / "purge-notice-list.png")
    frame.get_by_role("link", name="Issues by project and status").click()
    expect(notice).to_contain_text(PLANNED)
    page.screenshot(path=screenshots / "purge-notice-report.png")
    notice.get_by_role("link", name="Data & privacy").click()
    other = PrivacyPage(page, product)
    expect(other.notice()).to_contain_text("Asked for by Ada Lovett", timeout=OPEN_MILLISECONDS)
    frame = report_list(page, product)
    notice.get_by_role("button", name="Stop the removal").click()

    expect(frame.get_by_role("status").filter(has_text="The removal was stopped")).to_be_visible()
    expect(notice).to_have_count(0)
    page.screenshot(path=screenshots / "purge-stopped-list.png")
    privacy.open()
    expect(privacy.notice()).to_have_count(0)
    expect(privacy.section("Remove all data")).to_contain_text("was stopped. Nothing was removed.")
    expect(privacy.section("Activity")).to_contain_text("Called off the removal of all data")


def test_who_is_no_admin_sees_no_notice(privacy: PrivacyPage, product: Product, chromium: Browser) -> None:
    request_removal(privacy)
    context = signed_in(chromium, product, "Brendan Power")
    page = context.new_page()
    with page.expect_response(re.compile("/api/v1/me$")) as answer:
        frame = report_list(page, product)

    assert answer.value.json()["notices"] == []
    expect(frame.get_by_role("region", name="Removal of all data")).to_have_count(0)
    context.close()


def test_a_removal_is_asked_for_and_stopped_with_the_keyboard_alone(
    privacy: PrivacyPage, product: Product
) -> None:
    keyboard = privacy.page.keyboard
    privacy.button("Remove all data", "Export everything first").focus()
    keyboard.press("Tab")
    expect(confirmation(privacy)).to_be_focused()
    keyboard.type(host_of(product))
    keyboard.press("Tab")
    expect(privacy.button("Remove all data", "Remove all data")).to_be_focused()
    keyboard.press("Enter")
    panel = privacy.section("Remove all data")
    expect(panel).to_contain_text(PLANNED)
    keyboard.press("Tab")
    expect(privacy.button("Remove all data", "Stop the removal")).to_be_focused()
    keyboard.press("Enter")

    expect(panel).to_contain_text("The removal was stopped")
    keyboard.press("Tab")
    expect(privacy.button("Remove all data", "Export everything first")).to_be_focused()


@pytest.mark.parametrize("width", [1360, 768])
def test_assistive_technology_finds_nothing_wrong_in_either_colour(
    chromium: Browser, product: Product, screenshots: Path, width: int
) -> None:
    with context_for_axe(chromium, width) as context:
        privacy = PrivacyPage(context.new_page(), product).open()
        assert accessibility_faults(privacy.page) == []
        request_removal(privacy)
        privacy.page.screenshot(path=screenshots / f"purge-planned-{width}.png", full_page=True)
        assert accessibility_faults(privacy.page) == []
        privacy.dark()
        expect(privacy.frame.locator("body")).to_have_css(
            "background-color", re.compile(r"rgb\(\d\d, \d\d, \d\d\)")
        )
        privacy.page.screenshot(path=screenshots / f"purge-planned-dark-{width}.png", full_page=True)
        assert accessibility_faults(privacy.page) == []
        privacy.button("Remove all data", "Stop the removal").click()
        expect(privacy.section("Remove all data")).to_contain_text("The removal was stopped")
