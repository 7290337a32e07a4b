from __future__ import annotations

from typing import Any

import jwt
import pytest
from playwright.sync_api import Frame, Page, expect

from tests.addon import APP_KEY
from tests.browser.demo.conftest import Trial

PROMISE = """options => AP.request(options).then(
    ({body, xhr}) => ({ok: true, body, status: xhr.status, limit: xhr.getResponseHeader('X-RateLimit-Limit'),
        all: xhr.getAllResponseHeaders()}),
    ({xhr, err}) => ({ok: false, err, status: xhr.status, body: xhr.responseText}))"""
CALLBACKS = """options => new Promise(resolve => AP.request({...options,
    success: (body, text, xhr) => resolve({ok: true, body, text, status: xhr.status}),
    error: (xhr, text, err) => resolve({ok: false, text, err, status: xhr.status})}))"""
SWITCH = """faults => fetch('/__demo/switches', {method: 'PATCH', body: JSON.stringify({faults}),
    headers: {'Content-Type': 'application/json'}})"""


@pytest.fixture
def frame(trial: Trial, page: Page) -> Frame:
    return trial.open(page, trial.module_url("main"))


def ask(frame: Frame, function: str, *arguments: str) -> Any:
    """Calls a bridge function that answers by callback."""
    given = "".join(f"{argument}, " for argument in arguments)
    return frame.evaluate(f"() => new Promise(resolve => {function}({given}resolve))")


def test_a_request_answers_by_promise_with_body_and_headers(frame: Frame) -> None:
    answer = frame.evaluate(PROMISE, {"url": "/rest/api/3/myself"})
    assert (answer["ok"], answer["status"], answer["limit"]) == (True, 200, "65000")
    assert '"displayName":"Ada Lovett"' in answer["body"]
    assert "x-ratelimit-remaining: " in answer["all"]


def test_a_request_answers_by_callbacks(frame: Frame) -> None:
    answer = frame.evaluate(CALLBACKS, {"url": "/rest/api/3/myself"})
    assert (answer["ok"], answer["text"], answer["status"]) == (True, "success", 200)
    refused = frame.evaluate(CALLBACKS, {"url": "/rest/api/3/search?jql=project=SHOP"})
    assert (refused["ok"], refused["status"]) == (False, 410)


def test_a_request_may_give_its_address_first(frame: Frame) -> None:
    answer = frame.evaluate(
        "() => AP.request('/rest/api/3/field', {type: 'GET'}).then(({xhr}) => xhr.status)"
    )
    assert answer == 200


def test_a_request_sends_json_and_a_refusal_rejects_with_jiras_words(frame: Frame) -> None:
    options = {
        "url": "/rest/api/3/search/approximate-count",
        "type": "POST",
        "contentType": "application/json",
    }
    found = frame.evaluate(PROMISE, {**options, "data": '{"jql": "created >= -3650d"}'})
    assert (found["status"], found["ok"]) == (200, True)
    refused = frame.evaluate(PROMISE, {**options, "data": '{"jql": "nonsense ="}'})
    assert (refused["status"], refused["ok"], refused["err"]) == (400, False, "error")
    assert "errorMessages" in refused["body"]


def test_scopes_hold_for_requests_of_the_page(frame: Frame) -> None:
    options = {
        "url": "/rest/api/3/issue/bulkfetch",
        "type": "POST",
        "contentType": "application/json",
        "data": '{"issueIdsOrKeys": ["SHOP-1"]}',
    }
    answer = frame.evaluate(PROMISE, options)
    assert answer["status"] == 403
    assert "authorized API scope" in answer["body"]


@pytest.mark.parametrize(
    "url", ["/__demo/installations", "/-/session", "https://localhost:1/rest/api/3/field", "/rest/../-/token"]
)
def test_a_request_reaches_the_rest_api_only(frame: Frame, url: str) -> None:
    answer = frame.evaluate(PROMISE, {"url": url})
    assert (answer["ok"], answer["status"]) == (False, 0)


def test_the_page_cannot_reach_jira_past_the_bridge(frame: Frame, trial: Trial) -> None:
    script = "url => fetch(url, {credentials: 'include'}).then(() => 'read', () => 'refused')"
    assert frame.evaluate(script, f"{trial.url}/rest/api/3/myself") == "refused"


def test_a_token_is_had_by_promise_and_by_callback(frame: Frame, trial: Trial) -> None:
    tokens = [frame.evaluate("() => AP.context.getToken()"), ask(frame, "AP.context.getToken")]
    secret = trial.addon.lifecycle("installed")[-1].json()["sharedSecret"]
    for token in tokens:
        claims = jwt.decode(token, secret, algorithms=["HS256"])
        assert claims["qsh"] == "context-qsh"
        assert claims["sub"].startswith("712020:")


def test_the_user_is_the_one_signed_in_with_zone_and_locale(trial: Trial, page: Page) -> None:
    frame = trial.open(page, trial.module_url("main"))
    assert ask(frame, "AP.user.getTimeZone") == "Europe/Berlin"
    page.get_by_role("button", name="Account of Ada Lovett").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Priya Raghunathan").click()
    page.wait_for_selector("iframe[data-bridge=up]")
    frame = next(frame for frame in page.frames if frame.url.startswith(trial.addon.base_url))
    assert ask(frame, "AP.user.getTimeZone") == "Asia/Kolkata"
    assert ask(frame, "AP.user.getLocale") == "en_GB"
    account = ask(frame, "AP.user.getCurrentUser")["atlassianAccountId"]
    myself = frame.evaluate(PROMISE, {"url": "/rest/api/3/myself"})
    assert account in myself["body"]


def test_history_lives_in_the_address_and_steps_back_are_told(frame: Frame, page: Page) -> None:
    frame.evaluate("() => { window.seen = []; AP.history.popState(event => window.seen.push(event.hash)); }")
    frame.evaluate(
        "() => { AP.history.pushState('report/1'); AP.history.pushState('report/2?größe=ü & %'); }"
    )
    page.wait_for_url("**/main#!report/2**")
    assert ask(frame, "AP.history.getState", "'hash'") == "report/2?größe=ü & %"
    assert frame.evaluate("() => AP.history.getState()") == "report/2?größe=ü & %"
    page.go_back()
    frame.wait_for_function("window.seen.length === 1")
    frame.evaluate("() => AP.history.back()")
    frame.wait_for_function("window.seen.length === 2")
    assert frame.evaluate("window.seen") == ["report/1", ""]
    page.go_forward()
    frame.wait_for_function("window.seen.length === 3")
    frame.evaluate("() => AP.history.replaceState('report/3')")
    page.wait_for_url("**/main#!report/3")
    assert frame.evaluate("window.seen.length") == 3


def test_a_link_with_a_state_opens_with_it(trial: Trial, page: Page) -> None:
    frame = trial.open(page, f"{trial.module_url('main')}#!report/7")
    assert frame.evaluate("() => AP.history.getState()") == "report/7"


def test_history_is_closed_to_pages_within_a_project(trial: Trial, page: Page) -> None:
    item = f"com.atlassian.plugins.atlassian-connect-plugin:{APP_KEY}__project"
    frame = trial.open(page, f"{trial.url}/projects/SHOP?selectedItem={item}")
    frame.evaluate("() => AP.history.pushState('elsewhere')")
    assert ask(frame, "AP.history.getState", "'hash'") == ""
    assert "#!" not in page.url
    assert frame.evaluate("() => AP.context.getContext()")["jira"]["project"]["key"] == "SHOP"


def test_the_theme_is_followed_while_the_page_is_open(frame: Frame, page: Page) -> None:
    surface = "() => getComputedStyle(document.documentElement).getPropertyValue('--ds-surface').trim()"
    frame.evaluate("() => AP.theming.initializeTheming()")
    frame.wait_for_function("document.documentElement.dataset.colorMode === 'light'")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    frame.wait_for_function("document.documentElement.dataset.colorMode === 'dark'")
    frame.wait_for_function(f"({surface})() === '#1D2125'")
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Match browser").click()
    frame.wait_for_function("document.documentElement.dataset.colorMode === 'light'")
    page.emulate_media(color_scheme="dark")
    frame.wait_for_function("document.documentElement.dataset.colorMode === 'dark'")


def test_the_app_can_send_the_window_to_an_issue(frame: Frame, page: Page) -> None:
    frame.evaluate("() => AP.navigator.go('issue', {issueKey: 'SHOP-1'})")
    page.wait_for_url("**/browse/SHOP-1")


def test_the_app_cannot_send_the_window_to_another_site(frame: Frame, page: Page, trial: Trial) -> None:
    frame.evaluate("() => AP.navigator.go('site', {absoluteUrl: 'https://example.com/'})")
    frame.evaluate(
        "() => AP.navigator.go('addonmodule', {addonKey: 'a', moduleKey: 'b', customData: {x: 1}})"
    )
    page.wait_for_url("**/plugins/servlet/ac/a/b?ac.x=1")
    assert page.url.startswith(trial.url)


def test_a_gadget_sets_its_title_and_knows_its_item(trial: Trial, page: Page) -> None:
    page.goto(f"{trial.url}/jira/dashboards/10000")
    expect(page.locator("iframe[data-bridge=up]")).to_have_count(2)
    second = next(frame for frame in page.frames if "i=10011" in frame.url)
    second.evaluate("() => AP.jira.setDashboardItemTitle('<b>Mine</b>')")
    expect(page.locator(".gadget-title").nth(1)).to_have_text("<b>Mine</b>")
    expect(page.locator(".gadget-title").nth(0)).to_have_text("Trial gadget")
    context = second.evaluate("() => AP.context.getContext()")
    assert context["jira"]["dashboardItem"]["id"] == "10011"
    assert ask(second, "AP.jira.isDashboardItemEditable") is True


def test_flags_and_titles_of_the_app_are_shown_by_the_site(frame: Frame, page: Page) -> None:
    frame.evaluate("() => AP.page.setTitle('Effort')")
    expect(page).to_have_title("Effort - Jira")
    frame.evaluate("() => AP.flag.create({title: 'Saved', body: 'All <i>well</i>', type: 'success'})")
    expect(page.locator(".flag")).to_contain_text("Saved")
    expect(page.locator(".flag")).to_contain_text("All <i>well</i>")
    expect(page.locator(".flag i")).to_have_count(0)


def test_a_broken_connection_reaches_the_app_as_a_failure(frame: Frame, page: Page) -> None:
    page.evaluate(SWITCH, "drop:1")
    try:
        answer = frame.evaluate(PROMISE, {"url": "/rest/api/3/field"})
    finally:
        page.evaluate(SWITCH, "none")
    assert (answer["ok"], answer["status"]) == (False, 0)


def test_many_requests_at_once_are_all_answered(frame: Frame) -> None:
    script = """() => Promise.all([...Array(40).keys()].map(n => AP.request(`/rest/api/3/search/jql?` +
        `jql=created%20%3E%3D%20-3650d&maxResults=${n + 1}&fields=summary`).then(({xhr}) => xhr.status)))"""
    assert frame.evaluate(script) == [200] * 40
