"""The section "Contact" of the page "Data & privacy", and what admins are told of their site's address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.browser.conftest import Product, run_product
from tests.browser.sightline_page import SightlinePage

OPEN_MILLISECONDS = 20_000


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("contact") / "state") as running:
        yield running


def opened(page: Page, product: Product) -> FrameLocator:
    page.goto(f"{product.demo_url}/plugins/servlet/ac/com.sightline.reports/data-and-privacy")
    return SightlinePage(page).frame


def test_addresses_are_checked_saved_and_there_after_a_reload(
    page: Page, product: Product, screenshots: Path
) -> None:
    frame = opened(page, product)
    contact, field = frame.get_by_role("region", name="Contact"), frame.get_by_label("E-mail addresses")
    save = contact.get_by_role("button", name="Save")
    expect(contact).to_contain_text("Nobody has given an address yet", timeout=OPEN_MILLISECONDS)
    expect(save).to_be_disabled()

    field.fill("privacy@example.com\nnobody")
    save.click()
    expect(contact.get_by_role("alert")).to_contain_text("“nobody” must be an e-mail address")
    expect(field).to_have_attribute("aria-invalid", "true")
    contact.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "contact-fault.png")
    field.fill("privacy@example.com, ada@example.com")
    save.click()
    expect(contact.get_by_role("status")).to_contain_text("Saved")
    expect(contact.get_by_role("status")).to_contain_text("Ada Lovett")
    page.screenshot(path=screenshots / "contact-saved.png")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    # The field's colours pass over into the dark ones.
    expect(field).to_have_css("background-color", "rgb(34, 39, 43)")
    page.screenshot(path=screenshots / "contact-saved-dark.png")

    frame = opened(page, product)
    expect(frame.get_by_label("E-mail addresses")).to_be_visible(timeout=OPEN_MILLISECONDS)
    expect(frame.get_by_label("E-mail addresses")).to_have_value("privacy@example.com\nada@example.com")
    expect(frame.get_by_role("region", name="Activity")).to_contain_text("Changed the settings")


def test_who_saves_too_late_is_shown_what_somebody_else_set(page: Page, product: Product) -> None:
    frame, other = opened(page, product), opened(page.context.new_page(), product)
    for one in (frame, other):
        expect(one.get_by_label("E-mail addresses")).to_be_visible(timeout=OPEN_MILLISECONDS)
    for one, address in ((frame, "first@example.com"), (other, "second@example.com")):
        one.get_by_label("E-mail addresses").fill(address)
        one.get_by_role("region", name="Contact").get_by_role("button", name="Save").click()
        expect(one.get_by_role("region", name="Contact")).to_contain_text(
            "Saved" if one is frame else "Somebody else has changed"
        )
    other.get_by_role("button", name="Show theirs").click()

    expect(other.get_by_label("E-mail addresses")).to_have_value("first@example.com")


def test_admins_are_told_on_both_pages_that_their_sites_address_changed(
    page: Page, product: Product, screenshots: Path
) -> None:
    move = {
        "kind": "site moved", "at": "2026-01-02T03:04:05.000000Z", "from": "https://acme.atlassian.net",
        "to": "https://acme-copy.atlassian.net",
    }  # fmt: skip

    def as_if_moved(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps({**answer.json(), "notices": [move]}))

    page.route(re.compile(r"/api/v1/me$"), as_if_moved)
    frame = opened(page, product)
    expect(frame.get_by_role("alert")).to_contain_text("from https://acme.atlassian.net")
    page.screenshot(path=screenshots / "privacy-moved.png")
    page.goto(product.url)
    frame = SightlinePage(page).frame

    expect(frame.get_by_role("alert")).to_contain_text("https://acme-copy.atlassian.net")
    page.screenshot(path=screenshots / "list-moved.png")
