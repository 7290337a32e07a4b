from __future__ import annotations

import jwt
import pytest
from falcon.testing import TestClient

from demo.app import Demo
from demo.issues.site import Site
from tests.addon import Addon
from tests.integration.demo.conftest import client_of


def test_switches_change_the_gateway_at_once(demo: Demo) -> None:
    client = client_of(demo)
    body = {"faults": "503:1", "seed": 3, "latency_ms": 5, "burst": 7, "points": {"limit": 100, "used": 90}}
    answer = client.simulate_patch("/__demo/switches", json=body)
    assert answer.json == {
        "faults": "503:1",
        "latency_ms": 5,
        "burst": 7,
        "points": {"limit": 100, "used": 90},
    }
    assert demo.gateway.faults.draw() == "503"
    assert demo.gateway.points.budget().remaining == 10


@pytest.mark.parametrize("body", [{"faults": "often"}, {"speed": 1}, {"latency_ms": "slow"}, {"points": 5}])
def test_a_switch_that_makes_no_sense_is_refused(client: TestClient, body: object) -> None:
    assert client.simulate_patch("/__demo/switches", json=body).status_code == 400


def test_points_can_be_given_back(demo: Demo) -> None:
    client = client_of(demo)
    demo.gateway.points.spend(500)
    assert client.simulate_delete("/__demo/points").status_code == 204
    assert client.simulate_get("/__demo/points").json["used"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost:9443", "Origin": "https://localhost:8443"},
        {"Host": "localhost:9443", "Origin": "null"},
        {"Host": "evil.example:9443"},
    ],
)
def test_other_origins_and_names_do_not_reach_the_switches(demo: Demo, headers: dict[str, str]) -> None:
    client = TestClient(demo)
    assert client.simulate_get("/__demo/installations", headers=headers).status_code == 403
    assert client.simulate_post("/__demo/tokens", json={}, headers=headers).status_code == 403


def test_a_second_installation_is_another_tenant(client: TestClient, addon: Addon) -> None:
    answer = client.simulate_put("/__demo/installations/second")
    assert answer.json["state"] == "installed"
    bodies = [request.json() for request in addon.lifecycle("installed")]
    assert len({body["clientKey"] for body in bodies}) == 2
    listed = client.simulate_get("/__demo/installations").json["installations"]
    assert [entry["name"] for entry in listed] == ["main", "second"]
    assert "secret" not in client.simulate_get("/__demo/installations").text.lower()


def test_a_token_can_be_had_for_any_tenant_and_account(demo: Demo, site: Site) -> None:
    client = client_of(demo)
    second = demo.installer.install("second")
    body = {"installation": "second", "account": site.accounts()[2].id}
    token = client.simulate_post("/__demo/tokens", json=body).json["token"]
    claims = jwt.decode(token, second.shared_secret, algorithms=["HS256"])
    assert (claims["iss"], claims["sub"]) == (second.client_key, site.accounts()[2].id)
    unknown = client.simulate_post("/__demo/tokens", json={"account": "nobody"})
    assert unknown.status_code == 400


def test_the_lifecycle_of_an_installation_can_be_played(client: TestClient, addon: Addon) -> None:
    for event in ("disabled", "enabled", "uninstalled"):
        answer = client.simulate_post("/__demo/installations/main", json={"event": event})
        assert answer.status_code == 200
        assert addon.lifecycle(event)[-1].json()["eventType"] == event
    assert client.simulate_post("/__demo/installations/none", json={"event": "enabled"}).status_code == 404
    assert client.simulate_post("/__demo/installations/main", json={"event": "exploded"}).status_code == 400


def test_an_app_that_refuses_a_callback_is_reported(client: TestClient, addon: Addon) -> None:
    addon.answers["/installed"] = 500
    assert client.simulate_put("/__demo/installations/main").status_code == 502


def test_people_can_be_played_while_a_report_loads(demo: Demo) -> None:
    client = client_of(demo)
    made = client.simulate_post("/__demo/issues", json={"project": "SHOP", "fields": {"summary": "New"}})
    assert made.status_code == 201
    path = f"/__demo/issues/{made.json['key']}"
    assert client.simulate_patch(path, json={"fields": {"labels": ["gone"]}}).status_code == 204
    ada = {"Cookie": f"demo.account={demo.gateway.identities.sign_in_choices()[0].id}"}
    shown = client.simulate_get(f"/rest/api/3/issue/{made.json['key']}", headers=ada).json["fields"]
    assert (shown["summary"], shown["labels"]) == ("New", ["gone"])
    assert client.simulate_delete(path).status_code == 204
    assert client.simulate_delete(path).status_code == 404
    assert client.simulate_patch(path, json={"fields": {}}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/__demo/issues", {"project": "NOSUCH"}),
        ("PATCH", "/__demo/issues/SHOP-1", {"fields": {"mood": "good"}}),
    ],
)
def test_work_that_makes_no_sense_is_refused(
    client: TestClient, method: str, path: str, body: object
) -> None:
    assert client.simulate_request(method, path, json=body).status_code == 400
