from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import falcon
import falcon.testing
import pytest

from api.access import Access, declared_access
from api.app import all_routes, create_app
from api.limits import LARGEST_BODY
from api.services import Services, services_of
from core.database import Database
from core.reports import Reports
from core.settings import Settings
from tests.integration.api.connect_site import Site

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


def methods_of(resource: object) -> Iterator[str]:
    return (method for method in METHODS if hasattr(resource, f"on_{method.lower()}"))


def address_of(template: str) -> str:
    parts = template.split("/")
    return "/".join(
        "018f0000-0000-7000-8000-000000000000" if part.startswith("{") else part for part in parts
    )


def test_every_method_of_every_route_declares_who_may_call_it(services: Services) -> None:
    routes = [
        (template, resource, m) for template, resource in all_routes(services) for m in methods_of(resource)
    ]

    assert len(routes) > 15
    assert [(template, m) for template, resource, m in routes if declared_access(resource, m) is None] == []


def test_nothing_is_declared_for_a_method_that_does_not_exist(services: Services) -> None:
    for _, resource in all_routes(services):
        assert set(getattr(resource, "access", {})) <= set(methods_of(resource))


def test_every_route_but_the_public_ones_refuses_a_caller_without_token(
    services: Services, client: falcon.testing.TestClient
) -> None:
    tried = 0
    for template, resource in all_routes(services):
        for method in methods_of(resource):
            if declared_access(resource, method) is Access.PUBLIC:
                continue
            tried += 1
            result = client.simulate_request(
                method, address_of(template), body=b'{"clientKey": "a", "baseUrl": "https://a.atlassian.net"}',
                headers={"Content-Type": "application/json"},
            )  # fmt: skip
            assert result.status_code == 401, (method, template)
            assert result.headers["WWW-Authenticate"] == 'JWT realm="com.sightline.reports"'
    assert tried > 10


def test_only_what_must_be_public_is_public(services: Services) -> None:
    public = {
        template
        for template, resource in all_routes(services)
        for method in methods_of(resource)
        if declared_access(resource, method) is Access.PUBLIC
    }

    assert public == {
        "/atlassian-connect.json",
        "/data-storage",
        "/.well-known/security.txt",
        "/healthz",
        "/readyz",
        "/api/v1/openapi.json",
    }


def test_a_resource_that_declares_nothing_is_closed(services: Services, site: Site) -> None:
    class Forgotten:
        def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
            resp.media = "open"

    app = create_app(services)
    app.add_route("/api/v1/forgotten", Forgotten())

    result = Site(falcon.testing.TestClient(app), site.base_url, site.client_key, site.secret).call(
        "GET", "/api/v1/forgotten"
    )

    assert result.status_code == 403
    assert "open" not in result.text


def test_an_admin_route_asks_jira_and_refuses_others(services: Services, site: Site) -> None:
    class ForAdmins:
        access: ClassVar = {"GET": Access.SITE_ADMIN_FRESH}

        def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
            resp.media = "admins only"

    app = create_app(services)
    app.add_route("/api/v1/for-admins", ForAdmins())
    there = Site(falcon.testing.TestClient(app), site.base_url, site.client_key, site.secret)

    assert there.call("GET", "/api/v1/for-admins").status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/v1/nothing", "/../etc/passwd", "/connect/other"])
def test_an_unknown_address_is_a_problem_with_the_request_id(
    client: falcon.testing.TestClient, path: str
) -> None:
    result = client.simulate_get(path)

    assert result.status_code == 404
    assert result.headers["Content-Type"] == "application/problem+json"
    assert result.json["status"] == 404
    assert result.json["request_id"] == result.headers["X-Request-Id"]


def test_every_answer_carries_a_request_id_and_is_not_kept(client: falcon.testing.TestClient) -> None:
    first, second = client.simulate_get("/healthz"), client.simulate_get("/healthz")

    assert len(first.headers["X-Request-Id"]) == 32
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert first.headers["Cache-Control"] == "no-store"


def test_the_request_id_of_the_proxy_is_taken_if_it_is_harmless(client: falcon.testing.TestClient) -> None:
    given = client.simulate_get("/healthz", headers={"X-Request-Id": "0123456789abcdef"})
    hostile = client.simulate_get("/healthz", headers={"X-Request-Id": 'a"b c<script>'})

    assert given.headers["X-Request-Id"] == "0123456789abcdef"
    assert "<" not in hostile.headers["X-Request-Id"]


def test_a_method_that_a_resource_lacks_is_405(site: Site) -> None:
    assert site.call("PATCH", "/api/v1/reports").status_code == 405


def test_a_body_that_says_it_is_too_long_is_refused_before_it_is_read(
    client: falcon.testing.TestClient,
) -> None:
    result = client.simulate_post("/api/v1/reports", body=b"x" * (LARGEST_BODY + 1))

    assert result.status_code == 413


def test_a_body_of_no_announced_length_is_cut_off(site: Site) -> None:
    result = site.call(
        "POST", "/api/v1/reports", body=b" " * (LARGEST_BODY + 1),
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked", "Content-Length": ""},
    )  # fmt: skip

    assert result.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/json", "Content-Encoding": "gzip"}],
)
def test_a_body_that_is_no_plain_json_is_415(site: Site, headers: dict[str, str]) -> None:
    assert site.call("POST", "/api/v1/reports", body=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[" * 100_000, b"NaN", b'{"a":1,"a":2}', b"1" * 5000, b'"\\ud800"', b"1e999",
     b"nul", b'{"a":"\\u0000"}'],
)  # fmt: skip
def test_a_body_that_is_broken_is_400(site: Site, body: bytes) -> None:
    result = site.call("POST", "/api/v1/reports", body=body, headers={"Content-Type": "application/json"})

    assert result.status_code == 400
    assert result.headers["Content-Type"] == "application/problem+json"


def test_an_unexpected_error_says_nothing_of_itself(
    services: Services, site: Site, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        access: ClassVar = {"GET": Access.CALLER}

        def on_get(self, _req: falcon.Request, _resp: falcon.Response) -> None:
            raise RuntimeError("PLANTED report name")

    app = create_app(services)
    app.add_route("/api/v1/broken", Broken())
    there = Site(falcon.testing.TestClient(app), site.base_url, site.client_key, site.secret)

    result = there.call("GET", "/api/v1/broken")

    assert result.status_code == 500
    assert set(json.loads(result.text)) == {"type", "title", "status", "detail", "request_id"}
    assert "PLANTED" not in result.text + capfd.readouterr().err + caplog.text
    assert caplog.records[-1].__dict__["error"] == "RuntimeError"
    assert any("on_get" in frame for frame in caplog.records[-1].__dict__["where"])


def test_without_the_database_the_answer_is_503_with_a_time_to_wait(services: Services, site: Site) -> None:
    nowhere = Database("postgresql://sightline_api@127.0.0.1:1/nothing")
    app = create_app(replace(services, reports=Reports(nowhere, services.rights)))
    there = Site(falcon.testing.TestClient(app), site.base_url, site.client_key, site.secret)

    result = there.call("GET", "/api/v1/reports")

    assert result.status_code == 503
    assert int(result.headers["Retry-After"]) > 0
    assert result.headers["Content-Type"] == "application/problem+json"


def test_every_route_says_when_to_come_back_while_the_database_is_away(
    services: Services, settings: Settings, site: Site
) -> None:
    away = services_of(settings, Database("postgresql://sightline_api@127.0.0.1:1/nothing"))
    there = Site(falcon.testing.TestClient(create_app(away)), site.base_url, site.client_key, site.secret)
    tried = 0
    for template, resource in all_routes(services):
        for method in methods_of(resource):
            answer = there.call(method, address_of(template))
            tried += answer.status_code == 503
            if answer.status_code in {429, 503}:
                assert int(answer.headers["Retry-After"]) > 0, (method, template)
    assert tried > 15


def test_with_every_connection_in_use_the_answer_is_503_with_a_time_to_wait(
    services: Services, site: Site
) -> None:
    busy = Database(services.settings.database_url, pool_size=1, wait=0.1)
    app = create_app(replace(services, reports=Reports(busy, services.rights)))
    there = Site(falcon.testing.TestClient(app), site.base_url, site.client_key, site.secret)

    with busy.system():
        refused = there.call("GET", "/api/v1/reports")

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert there.call("GET", "/api/v1/reports").status_code == 200
    busy.close()
