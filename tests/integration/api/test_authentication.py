from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.services import Services
from core.qsh import query_string_hash
from tests.integration.api.connect_site import APP_KEY, BASE_URL, KEY, Site, pem_of

ME = "/api/v1/reports"


def test_a_context_token_of_the_site_opens_the_api(site: Site) -> None:
    assert site.call("GET", ME).status_code == 200


@pytest.mark.parametrize("audience", [BASE_URL, BASE_URL + "/", APP_KEY, [APP_KEY], ["x", BASE_URL]])
def test_an_audience_that_names_us_is_accepted(site: Site, audience: Any) -> None:
    assert site.call("GET", ME, token=site.token(aud=audience)).status_code == 200


# The claims below are made when the tests are collected, long before some of them run.
DAY = 86_400


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example.com"},
        {"aud": []},
        {"aud": 3},
        {"iss": "nobody"},
        {"iss": None},
        {"iss": {"a": 1}},
        {"iat": int(time.time()) + DAY},
        {"iat": "now"},
        {"exp": int(time.time()) - 300},
        {"exp": None},
        {"exp": True},
        {"nbf": int(time.time()) + DAY},
        {"qsh": query_string_hash("GET", ME)},
        {"qsh": None},
        {"qsh": ["context-qsh"]},
        {"sub": "not an account"},
        {"sub": 5},
    ],
)
def test_a_token_with_a_wrong_claim_is_401(site: Site, changes: dict[str, Any]) -> None:
    claims = site.claims(qsh="context-qsh", sub="ada") | changes
    token = jwt.api_jws.encode(json.dumps(claims).encode(), site.secret.encode(), algorithm="HS256")

    result = site.call("GET", ME, token=token)

    assert result.status_code == 401, result.text


def test_a_token_issued_a_moment_ahead_of_our_clock_is_accepted(site: Site) -> None:
    assert site.call("GET", ME, token=site.token(iat=int(time.time()) + 50)).status_code == 200


def test_a_token_without_account_is_403(site: Site) -> None:
    assert site.call("GET", ME, as_=None).status_code == 403


def unsigned(claims: dict[str, Any], algorithm: str) -> str:
    parts = [{"typ": "JWT", "alg": algorithm}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, ""])


@pytest.mark.parametrize("algorithm", ["none", "None", "HS512", "RS256", ""])
def test_the_token_never_chooses_its_algorithm(site: Site, algorithm: str) -> None:
    claims = site.claims(qsh="context-qsh", sub="ada")

    assert site.call("GET", ME, token=unsigned(claims, algorithm)).status_code == 401


def test_a_token_signed_with_another_algorithm_of_the_same_secret_is_401(site: Site) -> None:
    claims = site.claims(qsh="context-qsh", sub="ada")
    token = jwt.encode(claims, site.secret * 3, algorithm="HS512")

    assert site.call("GET", ME, token=token).status_code == 401


def test_atlassians_own_key_does_not_open_the_api(site: Site) -> None:
    token = site.install_token(ME, qsh="context-qsh", sub="ada")

    assert site.call("GET", ME, token=token).status_code == 401


def test_a_public_key_is_no_shared_secret(site: Site) -> None:
    claims = site.claims(qsh="context-qsh", sub="ada", aud=BASE_URL)
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"the-key"}').decode().rstrip("=")
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    signature = hmac.digest(pem_of(KEY), f"{header}.{payload}".encode(), hashlib.sha256)
    token = f"{header}.{payload}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert site.call("GET", ME, token=token).status_code == 401


def test_one_sites_secret_does_not_sign_for_another(new_site: Callable[[], Site]) -> None:
    here, there = new_site(), new_site()

    assert here.call("GET", ME, token=there.token(iss=here.client_key)).status_code == 401


@pytest.mark.parametrize("header", ["Bearer {}", "{}", "JWT", "JWT {} extra", "Basic {}"])
def test_only_the_scheme_of_connect_is_accepted(site: Site, header: str) -> None:
    result = site.client.simulate_get(ME, headers={"Authorization": header.format(site.token())})

    assert result.status_code == 401


def test_a_token_in_the_address_is_not_looked_at(site: Site) -> None:
    assert site.client.simulate_get("/api/v1/me", query_string=f"jwt={site.token()}").status_code == 401


def test_the_new_secret_of_a_reinstallation_counts_at_once_and_the_old_one_no_longer(site: Site) -> None:
    assert site.call("GET", ME).status_code == 200
    old = Site(site.client, site.base_url, site.client_key, site.secret)
    site.secret = "another-secret-that-is-long-enough-to-sign-with"
    assert site.install(iat=int(time.time()) + 1).status_code == 204

    assert site.call("GET", ME).status_code == 200
    assert old.call("GET", ME).status_code == 401


def test_a_secret_that_another_process_revoked_opens_nothing(site: Site, services: Services) -> None:
    assert site.call("GET", ME).status_code == 200
    remembered = services.tenants.recall(site.client_key)
    assert remembered is not None
    assert site.uninstall(iat=int(time.time()) + 1).status_code == 204
    # As in a process that did not hear of it.
    services.tenants._recent.put(site.client_key, remembered)

    for path in ("/api/v1/reports", "/api/v1/me", "/api/v1/reports/018f0000-0000-7000-8000-000000000000"):
        services.tenants._recent.put(site.client_key, remembered)
        assert site.call("GET", path).status_code == 401


def test_a_process_that_remembers_an_old_secret_reads_the_new_one(site: Site, services: Services) -> None:
    old = services.tenants.recall(site.client_key)
    assert old is not None
    site.secret = "another-secret-that-is-long-enough-to-sign-with"
    site.install(iat=int(time.time()) + 1)
    services.tenants._recent.put(site.client_key, old)

    assert site.call("GET", ME).status_code == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.builds(".".join, st.lists(st.text(max_size=20), min_size=3, max_size=3)))
def test_no_token_however_odd_is_more_than_a_401(site: Site, token: str) -> None:
    header = f"JWT {token}".encode("latin-1", "ignore").decode("latin-1")

    assert site.client.simulate_get(ME, headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize("nesting", ["[" * 3000, '{"iss":' * 1000])
def test_a_deeply_nested_token_is_401(site: Site, nesting: str) -> None:
    part = base64.urlsafe_b64encode(nesting.encode()).decode().rstrip("=")

    assert site.call("GET", ME, token=f"{part}.{part}.x").status_code == 401
