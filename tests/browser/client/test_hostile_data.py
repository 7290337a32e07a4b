from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.browser.client.hostile import FIELDS, FIRST_FIELD, LONG, write_hostile_issues
from tests.browser.conftest import Product, run_product
from tests.browser.sightline_page import SightlinePage

ISSUES = 210
QUICK_SECONDS = 20
"""From the list to the rows of a report, on a machine that has other things to do."""

_SAVE = """
async (report) => {
  const token = await new Promise((resolve) => AP.context.getToken(resolve));
  const headers = { Authorization: `JWT ${token}`, 'Content-Type': 'application/json' };
  const answer = await fetch('/api/v1/reports', { method: 'POST', headers, body: JSON.stringify(report) });
  return answer.status;
}
"""
_LONGEST_TEXT = """
() => Math.max(...[...document.querySelectorAll('.table *')].flatMap((element) =>
  [element.getAttribute('title')?.length ?? 0,
   ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.length)]))
"""
_MADE = "() => document.querySelectorAll('.table script, .table img[src=x], .table [onload]').length"
_SPILT = """
() => [...document.querySelectorAll('.table-body .row')].filter((row) =>
  row.getBoundingClientRect().height !== 36 ||
  [...row.children].some((cell) => getComputedStyle(cell).overflow !== 'hidden')).length
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile_issues(folder / "hostile.jsonl", ISSUES)
    with run_product(folder / "state", DEMO_ISSUES=str(folder / "hostile.jsonl")) as running:
        yield running


def sightline_frame(page: Page, product: Product) -> Frame:
    page.goto(product.url)
    expect(page.frame_locator("iframe").get_by_role("heading").first).to_be_visible()
    return next(frame for frame in page.frames if frame.url.startswith(product.base_url))


def save_wide_report(page: Page, product: Product, name: str) -> None:
    """As many columns as a report may have, of all the kinds that the issues hold."""
    custom = [f"customfield_{FIRST_FIELD + place * 7 % FIELDS}" for place in range(94)]
    fields = ["issuekey", "summary", "labels", "components", "status", "assignee", *custom]
    report = {
        "name": name,
        "visibility": "public",
        "definition": {
            "jql": "created is not EMPTY ORDER BY created",
            "columns": [{"of": {"field": field}} for field in fields],
            "groups": [{"of": {"field": "status"}}],
        },
    }
    assert sightline_frame(page, product).evaluate(_SAVE, report) == 201


def open_and_wait(page: Page, product: Product, name: str) -> SightlinePage:
    sightline = SightlinePage(page)
    page.goto(product.url)
    sightline.open_report(name)
    sightline.wait_until_complete()
    sightline.frame.get_by_role("button", name="Issues", exact=True).click()
    expect(sightline.table().locator("tr.row-issue").first).to_be_visible()
    return sightline


def walk_through(sightline: SightlinePage) -> Iterator[None]:
    """Every row is on the screen at one of the steps."""
    scroller = sightline.frame.locator(".table-scroller")
    height = scroller.evaluate("(element) => element.scrollHeight")
    for top in range(0, height, 500):
        scroller.evaluate("(element, top) => { element.scrollTop = top; }", top)
        expect(sightline.table().locator("tr.row").first).to_be_visible()
        yield


def test_hostile_values_are_inert_text_that_stays_in_its_cell(
    product: Product, page: Page, context: BrowserContext
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("dialog", lambda dialog: failures.append(dialog.message))
    save_wide_report(page, product, "Inert")
    sightline = open_and_wait(page, product, "Inert")
    frame = next(frame for frame in page.frames if frame.url.startswith(product.base_url))

    for _ in walk_through(sightline):
        assert frame.evaluate(_SPILT) == 0
        assert frame.evaluate(_MADE) == 0
    expect(sightline.table()).to_contain_text("☑")
    expect(sightline.table()).to_contain_text("(invisible characters)")
    expect(sightline.table()).not_to_contain_text(re.compile(r"\[object|\{\""))
    links = sightline.table().locator("a:not([href^='https://'])")
    assert links.count() == 0
    assert page.evaluate("() => window.__sprung") is None
    assert frame.evaluate("() => window.__sprung") is None
    assert failures == []
    ours = (product.base_url, product.demo_url, "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []


def test_endless_texts_and_hundreds_of_fields_are_shown_quickly(product: Product, page: Page) -> None:
    save_wide_report(page, product, "Quick")
    started = time.monotonic()
    sightline = open_and_wait(page, product, "Quick")
    assert time.monotonic() - started < QUICK_SECONDS
    frame = next(frame for frame in page.frames if frame.url.startswith(product.base_url))

    for _ in walk_through(sightline):
        assert frame.evaluate(_LONGEST_TEXT) <= 2_001
    expect(sightline.table()).to_contain_text(LONG[:900])


def test_a_person_without_rights_reads_the_same_report(product: Product, page: Page) -> None:
    save_wide_report(page, product, "Seen by all")
    sign_in = "(id) => fetch('/-/session', {method: 'PUT', body: JSON.stringify({account: id}), "
    sign_in += "headers: {'Content-Type': 'application/json'}}).then(({status}) => status)"
    other = page.evaluate("() => JSON.parse(document.querySelector('#page-data').textContent)")["accounts"][2]
    assert page.evaluate(sign_in, other["id"]) == 204

    sightline = open_and_wait(page, product, "Seen by all")

    expect(sightline.table().locator("tr.row-issue").first).to_be_visible()
    expect(sightline.frame.get_by_role("button", name="Edit report")).to_have_count(0)
    assert page.evaluate("() => window.__sprung") is None
