from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.demo.conftest import Trial


def test_a_dead_page_is_noticed_and_explained(trial: Trial, page: Page, screenshots: Path) -> None:
    page.goto(trial.module_url("dead"))
    notice = page.locator(".dead-frame")
    expect(notice).to_contain_text("its page did not connect to Jira", timeout=15_000)
    page.screenshot(path=screenshots / "demo-dead-page.png")


def test_an_app_that_the_browser_does_not_reach_is_explained(
    trial: Trial, page: Page, screenshots: Path
) -> None:
    page.route(f"{trial.addon.base_url}/**", lambda route: route.abort())
    page.goto(trial.module_url("main"))
    notice = page.locator(".dead-frame")
    expect(notice).to_contain_text("is not answering in this browser", timeout=15_000)
    expect(notice.get_by_role("link", name=trial.addon.base_url)).to_have_attribute(
        "href", trial.addon.base_url
    )
    page.screenshot(path=screenshots / "demo-unreachable.png")
    page.unroute_all()
    notice.get_by_role("button", name="Reload this page").click()
    page.wait_for_selector("iframe[data-bridge=up]")
    expect(notice).to_have_count(0)


def test_the_menus_lead_to_the_app_and_show_its_points(trial: Trial, page: Page, screenshots: Path) -> None:
    page.goto(f"{trial.url}/jira/your-work")
    page.get_by_role("button", name="Help").click()
    expect(page.locator("[data-points]")).to_contain_text("API points used this hour")
    page.keyboard.press("Escape")
    expect(page.locator("[data-points]")).to_be_hidden()
    page.get_by_role("button", name="Apps").click()
    page.screenshot(path=screenshots / "demo-apps-menu.png")
    page.get_by_role("link", name="Trial Trial app", exact=True).click()
    page.wait_for_selector("iframe[data-bridge=up]")


def test_the_frame_fills_the_window_below_the_navigation(trial: Trial, page: Page) -> None:
    trial.open(page, trial.module_url("main"))
    bar = page.locator("#navigation").bounding_box()
    frame = page.locator("iframe").bounding_box()
    assert bar is not None
    assert frame is not None
    assert frame["width"] == 1360
    assert frame["y"] == bar["height"]
    assert 0 <= 860 - (frame["y"] + frame["height"]) <= 1


def test_pages_of_the_site_show_issues_and_projects(trial: Trial, page: Page, screenshots: Path) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{trial.url}/issues/?jql=project%20%3D%20SHOP%20ORDER%20BY%20key")
    first = page.locator("td.key a").first
    key = first.inner_text()
    page.screenshot(path=screenshots / "demo-issues.png")
    first.click()
    page.wait_for_url(f"**/browse/{key}")
    expect(page.locator("dt", has_text="Status")).to_be_visible()
    page.goto(f"{trial.url}/projects")
    page.locator("td a.project-name").first.click()
    expect(page.locator("nav.sidebar")).to_contain_text("Trial of project")
    page.goto(f"{trial.url}/jira/your-work")
    expect(page.locator("table")).not_to_have_count(0)
    assert failures == []


def test_an_issue_that_one_may_not_see_is_not_shown(trial: Trial, page: Page) -> None:
    page.goto(f"{trial.url}/browse/SHOP-999999")
    expect(page.get_by_role("heading")).to_have_text(re.compile("You can.t view this issue"))


def test_a_query_that_jira_refuses_is_shown_in_its_words(trial: Trial, page: Page) -> None:
    page.goto(f"{trial.url}/issues/?jql=nonsense%20%3D")
    expect(page.locator("p.error")).not_to_be_empty()


def test_signing_out_and_in_again(trial: Trial, page: Page) -> None:
    page.goto(f"{trial.url}/projects")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in to Jira")).to_be_visible()
    page.get_by_role("button", name="Brendan Power").click()
    expect(page.get_by_role("button", name="Account of Brendan Power")).to_be_visible()


def test_the_site_contacts_itself_and_the_app_alone(
    trial: Trial, context: BrowserContext, page: Page
) -> None:
    origins: set[str] = set()
    context.on("request", lambda request: origins.add("/".join(request.url.split("/")[:3])))
    frame = trial.open(page, trial.module_url("main"))
    frame.evaluate("() => AP.theming.initializeTheming()")
    frame.wait_for_function("document.querySelector('link[data-theme=light]')")
    page.goto(f"{trial.url}/jira/dashboards/10000")
    expect(page.locator("iframe[data-bridge=up]")).to_have_count(2)
    assert origins == {trial.url, trial.addon.base_url}


def test_dark_and_light_are_drawn(trial: Trial, page: Page, screenshots: Path) -> None:
    page.goto(f"{trial.url}/projects")
    page.locator("td a.project-name").first.wait_for()
    colors = {}
    for theme in ("Light", "Dark"):
        page.get_by_role("button", name="Account of").click()
        page.get_by_role("button", name=theme, exact=True).click()
        page.screenshot(path=screenshots / f"demo-projects-{theme.lower()}.png")
        colors[theme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colors == {"Light": "rgb(255, 255, 255)", "Dark": "rgb(29, 33, 37)"}
