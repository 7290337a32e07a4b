from __future__ import annotations

import time
from hashlib import sha256

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.qsh import query_string_hash as product_hash
from demo.connect.tokens import (
    TokenRefused,
    canonical_request,
    context_token,
    issuer_of,
    query_string_hash,
    request_token,
    verify_app_request,
)

SECRET = "s" * 64
TARGET = "/rest/api/3/permissions/check?a=1"


# Canonical requests and hashes of Atlassian's own vectors.
@pytest.mark.parametrize(
    ("method", "target", "base", "expected"),
    [
        ("get", "/", "", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
        ("GET", "/path", "", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"),
        ("GET", "/path/", "", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"),
        (
            "GET",
            "/path/to/service?zee_last=param&repeated=parameter 1&first=param&repeated=parameter 2",
            "",
            "e52bb281606c3bd9ca16cfe96fe2df78f5d9ffa126f06befd750dfa10fa1a897",
        ),
        (
            "POST",
            "/jira/rest/api/2/project/jira&a=b&c=d?x=y",
            "/jira",
            "70db3b47a62c471526b51481ee17407771df153801674a5002c164e87ce056ae",
        ),
        (
            "GET",
            "/hello-world?a&b=foo&c",
            "",
            "05a07346264b590803b827ab297a7fcb7e250fe5fa8c66187a9131b0934496b2",
        ),
        ("GET", "/test?param=value", "", "be16910858a41fd19ea5c1b4e9decca9a784d1024cb00b2158defe2f29dc86dd"),
    ],
)
def test_hashes_are_those_of_the_official_vectors(method: str, target: str, base: str, expected: str) -> None:
    assert query_string_hash(method, target, base) == expected


def test_repeated_values_are_ordered_as_decoded() -> None:
    assert canonical_request("GET", "/p?ids=:2&ids=.1&ids=:1&ids=.2") == "GET&/p&ids=.1,.2,%3A1,%3A2"


def test_the_token_in_the_address_is_left_out() -> None:
    assert canonical_request("GET", "/p?jwt=abc&b=1") == "GET&/p&b=1"


def test_the_base_path_goes_only_at_the_end_of_a_segment() -> None:
    assert canonical_request("GET", "/apple/x", "/app") == "GET&/apple/x&"
    assert canonical_request("GET", "/app/x", "/app") == "GET&/x&"
    assert canonical_request("GET", "/app", "/app") == "GET&/&"


@given(
    st.lists(
        st.tuples(st.text("ab:+, &é", min_size=1, max_size=4), st.text("12:+,%& é", max_size=4)), max_size=5
    )
)
def test_both_sides_of_the_bridge_compute_the_same_hash(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode  # noqa: PLC0415 - only this test needs it

    query = urlencode(pairs)
    assert query_string_hash("GET", f"/rest/x?{query}") == product_hash("GET", "/rest/x", query)


def test_a_context_token_names_person_and_site_for_a_quarter_of_an_hour() -> None:
    token = context_token(client_key="site", shared_secret=SECRET, account_id="7:a")
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    assert (claims["iss"], claims["sub"], claims["qsh"]) == ("site", "7:a", "context-qsh")
    assert claims["exp"] - claims["iat"] == 900


def test_a_signed_out_visitor_has_no_subject() -> None:
    token = context_token(client_key="site", shared_secret=SECRET, account_id=None)
    assert "sub" not in jwt.decode(token, SECRET, algorithms=["HS256"])


def _verify(token: str, target: str = TARGET) -> None:
    verify_app_request(
        token, app_key="app", client_key="site", shared_secret=SECRET, method="POST", target=target
    )


def _signed(
    changes: dict[str, object] | None = None, *, secret: str = SECRET, algorithm: str = "HS256"
) -> str:
    now = int(time.time())
    claims = {"iss": "app", "iat": now, "exp": now + 60, "qsh": query_string_hash("POST", TARGET)}
    return jwt.encode({**claims, **(changes or {})}, secret, algorithm=algorithm)


def test_the_apps_own_token_is_accepted_for_its_request() -> None:
    _verify(request_token(issuer="app", shared_secret=SECRET, method="POST", target=TARGET))
    _verify(_signed({"aud": "site"}))
    _verify(_signed({"aud": ["site"]}))


@pytest.mark.parametrize(
    "changes",
    [{"iss": "another"}, {"aud": "another"}, {"qsh": "context-qsh"}, {"exp": 1}, {"iat": 99_999_999_999}],
    ids=["issuer", "audience", "hash", "expired", "of the future"],
)
def test_a_token_with_a_wrong_claim_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(TokenRefused):
        _verify(_signed(changes))


def test_a_token_of_another_secret_or_algorithm_is_refused() -> None:
    for token in (_signed(secret="t" * 64), _signed(algorithm="HS384"), "not.a.token", ""):
        with pytest.raises(TokenRefused):
            _verify(token)


def test_a_token_fits_no_other_request() -> None:
    with pytest.raises(TokenRefused, match="another request"):
        _verify(_signed(), "/rest/api/3/permissions/check?a=2")


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(TokenRefused):
        _verify(jwt.encode({"iss": "app", "qsh": sha256(b"").hexdigest()}, "", algorithm="none"))


def test_the_issuer_is_read_before_any_check() -> None:
    assert issuer_of(_signed(secret="t" * 64)) == "app"
    with pytest.raises(TokenRefused):
        issuer_of("nonsense")
