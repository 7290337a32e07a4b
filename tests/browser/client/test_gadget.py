"""The gadget on a dashboard of the stand-in Jira: choosing a report, seeing it, and not seeing it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Route, expect

from demo.issues.accounts import account_id
from tests.browser.conftest import Product, run_product
from tests.browser.planted import write_issues
from tests.servers import wait_until

ISSUES = 230
REPORT = "Effort by month and component"
LOAD_MILLISECONDS = 60_000
ADA, BRENDAN = "Ada Lovett", "Brendan Power"
PLACE = "10000/10011"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("gadget")
    write_issues(folder / "issues.jsonl", ISSUES)
    with run_product(folder / "state", DEMO_ISSUES=str(folder / "issues.jsonl")) as running:
        yield running


def dashboard(page: Page, product: Product) -> tuple[FrameLocator, FrameLocator]:
    """The two gadgets."""
    page.goto(f"{product.demo_url}/jira/dashboards/10000")
    expect(page.locator("iframe[data-bridge=up]")).to_have_count(2, timeout=LOAD_MILLISECONDS)
    frames = page.frame_locator("iframe")
    return frames.first, frames.last


def sign_in(page: Page, name: str) -> None:
    ask = """id => fetch('/-/session', {method: 'PUT', body: JSON.stringify({account: id}),
                                        headers: {'Content-Type': 'application/json'}}).then(r => r.status)"""
    assert page.evaluate(ask, account_id(name)) < 300


def visible_issues(page: Page) -> int:
    """What Jira itself tells the person whose session the page has."""
    ask = """async () => {
        const query = new URLSearchParams({jql: 'created >= "2000-01-01"', maxResults: '5000', fields: 'id'});
        const answer = await fetch(`/rest/api/3/search/jql?${query}`);
        return answer.json();
    }"""
    found = page.evaluate(ask)
    assert "nextPageToken" not in found
    return len(found["issues"])


def choose_theme(page: Page, theme: str) -> None:
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name=theme, exact=True).click()
    page.keyboard.press("Escape")


def api(
    context: BrowserContext, product: Product, method: str, path: str, **options: object
) -> dict[str, object]:
    """A call of Ada's own."""
    who = {"installation": "main", "account": account_id(ADA)}
    token = context.request.post(f"{product.demo_url}/__demo/tokens", data=who).json()["token"]
    version = options.pop("version", None)
    headers = {"Authorization": f"JWT {token}"} | (
        {"If-Match": f'"{version}"'} if version is not None else {}
    )
    answer = context.request.fetch(
        f"{product.base_url}/api/v1{path}", method=method, headers=headers, data=options.get("data")
    )
    assert answer.ok, answer.text()
    body: dict[str, object] = json.loads(answer.text() or "{}")
    return body


def test_a_report_chosen_by_key_is_there_after_a_reload_and_for_another_account(
    page: Page, product: Product, screenshots: Path
) -> None:
    first, second = dashboard(page, product)
    search = first.get_by_role("combobox", name="Search reports")
    expect(first.get_by_role("option")).not_to_have_count(0, timeout=LOAD_MILLISECONDS)
    page.screenshot(path=screenshots / "gadget-choose.png")
    search.fill("effort BY month")
    expect(first.get_by_role("option")).to_have_count(1)
    search.press("Enter")

    for account in (ADA, BRENDAN):
        issues = visible_issues(page)
        done = first.get_by_role("status").filter(has_text=f"Complete: {issues} issues")
        expect(done).to_be_visible(timeout=LOAD_MILLISECONDS)
        expect(first.get_by_role("link", name=REPORT)).to_be_visible()
        table = first.get_by_role("treegrid", name=REPORT)
        expect(table.locator("tr.row-total")).to_contain_text(f"{issues} issues")
        expect(table.locator("tr.row-group").first).to_contain_text(re.compile(r"[A-Z][a-z]+ 20\d\d"))
        expect(second.get_by_role("combobox", name="Search reports")).to_be_visible()
        mine = first.get_by_role("button", name="Choose another report")
        expect(mine).to_have_count(1 if account == ADA else 0)
        if account == ADA:
            assert issues == ISSUES
            page.screenshot(path=screenshots / "gadget-report.png", full_page=True)
            page.reload()
            expect(done).to_be_visible(timeout=LOAD_MILLISECONDS)
            sign_in(page, BRENDAN)
            first, second = dashboard(page, product)
    assert issues < ISSUES, "some are hidden from Brendan, and the report is his own"
    choose_theme(page, "Dark")
    page.screenshot(path=screenshots / "gadget-report-dark.png", full_page=True)


def height(element: Locator) -> float:
    box = element.bounding_box()
    return box["height"] if box else 0


def test_the_frame_is_as_high_as_what_it_shows(page: Page, product: Product) -> None:
    first, _ = dashboard(page, product)
    expect(first.get_by_role("status").filter(has_text="Complete")).to_be_visible(timeout=LOAD_MILLISECONDS)

    outer, inner = page.locator("iframe").first, first.locator("main")
    wait_until(
        lambda: height(inner) > 200 and abs(height(outer) - height(inner)) <= 2,
        "the frame to be as high as what it shows",
    )
    # All groups are in sight: nothing of them has to be scrolled for.
    assert first.locator(".table-scroller").evaluate("e => e.scrollHeight - e.clientHeight") <= 0


def test_who_may_not_see_the_report_is_told_whom_to_ask_and_a_deleted_one_is_called_so(
    page: Page, context: BrowserContext, product: Product, screenshots: Path
) -> None:
    definition = {"jql": "created > '2000-01-01'", "columns": [{"of": {"field": "issuekey"}}]}
    secret = api(context, product, "POST", "/reports", data={"name": "Ada's own", "definition": definition})
    api(context, product, "PUT", f"/gadgets/{PLACE}", data={"report": secret["id"]}, version=0)
    page.goto(f"{product.demo_url}/jira/dashboards")
    sign_in(page, BRENDAN)
    _, second = dashboard(page, product)

    refusal = second.get_by_role("heading", name="not shared with you")
    expect(refusal).to_be_visible(timeout=LOAD_MILLISECONDS)
    expect(second.get_by_text(ADA)).to_be_visible()
    expect(second.get_by_text("Ada's own")).to_have_count(0)
    page.screenshot(path=screenshots / "gadget-hidden.png", full_page=True)

    api(context, product, "DELETE", f"/reports/{secret['id']}", version=1)
    sign_in(page, ADA)
    _, second = dashboard(page, product)
    expect(second.get_by_role("heading", name="was deleted")).to_be_visible(timeout=LOAD_MILLISECONDS)
    second.get_by_role("button", name="Choose another report").click()
    page.screenshot(path=screenshots / "gadget-choose-again.png", full_page=True)
    second.get_by_role("option", name=REPORT).click()
    expect(second.get_by_role("link", name=REPORT)).to_be_visible()


def test_who_is_too_late_sees_what_somebody_else_chose(
    page: Page, context: BrowserContext, product: Product
) -> None:
    _, second = dashboard(page, product)
    second.get_by_role("button", name="Choose another report").click()
    chosen = api(context, product, "GET", f"/gadgets/{PLACE}")
    choice = {"data": {"report": chosen["report"]}, "version": chosen["version"]}
    api(context, product, "PUT", f"/gadgets/{PLACE}", **choice)

    second.get_by_role("option").first.click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody else has just chosen")
    second.get_by_role("button", name="Show it").click()

    expect(second.get_by_role("link", name=REPORT)).to_be_visible()


def test_a_server_that_does_not_answer_is_told_and_can_be_asked_again(
    page: Page, product: Product, screenshots: Path
) -> None:
    away = True

    def unavailable(route: Route) -> None:
        if away:
            route.fulfill(status=503, body="{}", content_type="application/problem+json")
        else:
            route.continue_()

    page.route(re.compile(r"/api/v1/gadgets/"), unavailable)
    first, _ = dashboard(page, product)
    expect(first.get_by_role("alert")).to_contain_text("not available", timeout=LOAD_MILLISECONDS)
    page.screenshot(path=screenshots / "gadget-failed.png", full_page=True)
    away = False
    first.get_by_role("button", name="Try again").click()

    expect(first.get_by_role("link", name=REPORT)).to_be_visible()
