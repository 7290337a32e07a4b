from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import TestClient

from demo.app import Demo
from demo.connect.state import MAIN
from demo.connect.tokens import request_token
from demo.gateway.faults import fault_rates
from demo.issues.model import Account
from demo.issues.site import Site
from tests.addon import APP_KEY, Addon
from tests.integration.demo.conftest import client_of

SEARCH = "/rest/api/3/search/jql?jql=created%20%3E%3D%20%222000-01-01%22&maxResults=20&fields=summary"
Headers = dict[str, str]


@pytest.fixture
def ada(site: Site) -> Account:
    return site.accounts()[0]


def as_person(account: Account) -> Headers:
    return {"Cookie": f"demo.account={account.id}"}


def as_app(account: Account) -> Headers:
    return {**as_person(account), "X-Addon-Key": APP_KEY}


def test_nobody_gets_no_answer(client: TestClient) -> None:
    answer = client.simulate_get("/rest/api/3/myself")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("JWT")


def test_a_session_is_the_account_that_it_names(client: TestClient, site: Site) -> None:
    for account in site.accounts()[:3]:
        answer = client.simulate_get("/rest/api/3/myself", headers=as_person(account))
        assert answer.json["accountId"] == account.id
        assert answer.json["timeZone"] == account.zone


def test_signing_out_ends_the_rights_of_a_session(client: TestClient) -> None:
    answer = client.simulate_get("/rest/api/3/myself", headers={"Cookie": "demo.account=anonymous"})
    assert answer.status_code == 401


def test_an_app_that_reads_is_refused_what_needs_write(client: TestClient, ada: Account) -> None:
    body = {"issueIdsOrKeys": ["1"]}
    refused = client.simulate_post("/rest/api/3/issue/bulkfetch", json=body, headers=as_app(ada))
    assert refused.status_code == 403
    assert refused.json == {"message": "Request not in an authorized API scope", "status-code": 403}
    person = client.simulate_post("/rest/api/3/issue/bulkfetch", json=body, headers=as_person(ada))
    assert person.status_code == 200


def test_a_wider_scope_in_the_descriptor_opens_more(
    make_demo: Callable[..., Demo], addon: Addon, ada: Account
) -> None:
    addon.scopes = ["WRITE"]
    client = client_of(make_demo())
    body = {"issueIdsOrKeys": ["1"]}
    assert (
        client.simulate_post("/rest/api/3/issue/bulkfetch", json=body, headers=as_app(ada)).status_code == 200
    )


@pytest.mark.parametrize("event", ["disabled", "uninstalled"])
def test_an_app_that_is_gone_gets_nothing(demo: Demo, ada: Account, event: str) -> None:
    client = client_of(demo)
    assert client.simulate_get(SEARCH, headers=as_app(ada)).status_code == 200
    demo.installer.notify(MAIN, event)
    assert client.simulate_get(SEARCH, headers=as_app(ada)).status_code == 403
    assert client.simulate_post("/-/token", headers=as_person(ada)).status_code == 404


def test_an_unknown_app_is_refused(client: TestClient, ada: Account) -> None:
    headers = {**as_person(ada), "X-Addon-Key": "com.example.other"}
    assert client.simulate_get(SEARCH, headers=headers).status_code == 403


def test_the_apps_calls_cost_points_and_say_so(demo: Demo, ada: Account) -> None:
    client = client_of(demo)
    first = client.simulate_get(SEARCH, headers=as_app(ada))
    used = 1 + len(first.json["issues"])
    assert first.headers["X-RateLimit-Remaining"] == str(65_000 - used)
    assert first.headers["RateLimit-Policy"] == '"global-app-quota";q=65000;w=3600'
    assert client.simulate_get("/__demo/points").json["used"] == used


def test_peoples_own_calls_cost_nothing(demo: Demo, ada: Account) -> None:
    client = client_of(demo)
    answer = client.simulate_get(SEARCH, headers=as_person(ada))
    assert "X-RateLimit-Limit" not in answer.headers
    assert demo.gateway.points.budget().used == 0


def test_an_hour_that_is_used_up_refuses_every_call(make_demo: Callable[..., Demo], ada: Account) -> None:
    client = client_of(make_demo(demo_points=10))
    assert client.simulate_get(SEARCH, headers=as_app(ada)).status_code == 200
    refused = client.simulate_get("/rest/api/3/field", headers=as_app(ada))
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Reason"] == "jira-quota-global-based"
    assert refused.headers["X-RateLimit-NearLimit"] == "true"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600


def test_a_burst_to_one_endpoint_is_refused_and_another_is_not(
    make_demo: Callable[..., Demo], ada: Account
) -> None:
    client = client_of(make_demo(demo_burst=2))
    answers = [client.simulate_get("/rest/api/3/field", headers=as_app(ada)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["RateLimit-Reason"] == "jira-burst-based"
    assert answers[2].headers["Retry-After"] == "1"
    assert client.simulate_get("/rest/api/3/priority", headers=as_app(ada)).status_code == 200


def test_refused_calls_cost_nothing(make_demo: Callable[..., Demo], ada: Account) -> None:
    demo = make_demo(demo_burst=1)
    client = client_of(demo)
    client.simulate_get("/rest/api/3/configuration", headers=as_app(ada))
    used = demo.gateway.points.budget().used
    assert client.simulate_get("/rest/api/3/configuration", headers=as_app(ada)).status_code == 429
    assert demo.gateway.points.budget().used == used


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("500", 500), ("503", 503)])
def test_a_drawn_fault_befalls_the_app_alone(
    make_demo: Callable[..., Demo], ada: Account, kind: str, status: int
) -> None:
    client = client_of(make_demo(demo_faults=fault_rates(f"{kind}:1")))
    answer = client.simulate_get("/rest/api/3/field", headers=as_app(ada))
    assert answer.status_code == status
    assert answer.json["errorMessages"]
    assert client.simulate_get("/rest/api/3/field", headers=as_person(ada)).status_code == 200


def _signed(demo: Demo, method: str, target: str, secret: str | None = None) -> Headers:
    installation = demo.state.find(MAIN)
    assert installation is not None
    token = request_token(
        issuer=APP_KEY, shared_secret=secret or installation.shared_secret, method=method, target=target
    )
    return {"Authorization": f"JWT {token}"}


def test_the_apps_server_acts_as_the_app(demo: Demo, site: Site) -> None:
    client, account = client_of(demo), site.accounts()[1]
    target = "/rest/api/3/permissions/check"
    body: dict[str, Any] = {"accountId": account.id, "globalPermissions": ["ADMINISTER"]}
    answer = client.simulate_post(target, json=body, headers=_signed(demo, "POST", target))
    assert answer.status_code == 200
    assert answer.json["globalPermissions"] == []
    admin = {"accountId": site.accounts()[0].id, "globalPermissions": ["ADMINISTER"]}
    answer = client.simulate_post(target, json=admin, headers=_signed(demo, "POST", target))
    assert answer.json["globalPermissions"] == ["ADMINISTER"]


def test_a_servers_token_fits_its_own_request_only(demo: Demo) -> None:
    client = client_of(demo)
    headers = _signed(demo, "GET", "/rest/api/3/field")
    assert client.simulate_get("/rest/api/3/field", headers=headers).status_code == 200
    assert client.simulate_get("/rest/api/3/priority", headers=headers).status_code == 401
    wrong = _signed(demo, "GET", "/rest/api/3/field", secret="x" * 64)
    assert client.simulate_get("/rest/api/3/field", headers=wrong).status_code == 401


def test_a_token_of_the_secret_before_an_update_is_refused(demo: Demo) -> None:
    headers = _signed(demo, "GET", "/rest/api/3/field")
    demo.installer.install(MAIN)
    assert client_of(demo).simulate_get("/rest/api/3/field", headers=headers).status_code == 401


def test_another_sites_page_cannot_write_with_a_session(client: TestClient, ada: Account) -> None:
    body = {"queries": ["project = SHOP"]}
    path = "/rest/api/3/jql/parse?validation=strict"
    own = {**as_person(ada), "Origin": "https://localhost:9443"}
    foreign = {**as_person(ada), "Origin": "https://localhost:8443"}
    assert client.simulate_post(path, json=body, headers=own).status_code == 200
    refused = client.simulate_post(path, json=body, headers=foreign)
    assert refused.status_code == 403
    assert refused.json["errorMessages"] == ["XSRF check failed"]


def test_calls_are_recorded_for_tests_to_count(demo: Demo, ada: Account) -> None:
    client = client_of(demo)
    client.simulate_delete("/__demo/calls")
    client.simulate_get(SEARCH, headers=as_app(ada))
    (call,) = client.simulate_get("/__demo/calls").json["calls"]
    assert (call["method"], call["path"], call["status"]) == ("GET", "/rest/api/3/search/jql", 200)
    assert (call["app"], call["account"], call["points"]) == (True, ada.id, 21)
