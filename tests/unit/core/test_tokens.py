from __future__ import annotations

import base64
import hmac
import json
from contextlib import suppress
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from core.qsh import query_string_hash
from core.tokens import (
    TokenRefused,
    is_account_id,
    require_algorithm,
    sign_app_token,
    signed_part,
    unverified_issuer,
    unverified_key_id,
    verify_context_token,
    verify_install_token,
    verify_request_token,
)

NOW = 1_800_000_000
SECRET = "a shared secret that is long enough for the algorithm"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
US = "https://reports.example.com"
QSH = query_string_hash("POST", "/connect/installed")


def signed(secret: str = SECRET, **changes: Any) -> str:
    claims = {"iss": "site", "sub": "ada", "iat": NOW, "exp": NOW + 180, "qsh": "context-qsh"} | changes
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, algorithm="HS256")


def install(**changes: Any) -> str:
    claims = {"iss": "site", "aud": US, "iat": NOW, "exp": NOW + 180, "qsh": QSH} | changes
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "key-1"})


def test_a_context_token_says_who_acts_on_which_site() -> None:
    claims = verify_context_token(signed(), SECRET, audiences=[US], now=NOW)

    assert (claims.issuer, claims.subject, claims.issued_at, claims.expires_at) == (
        "site",
        "ada",
        NOW,
        NOW + 180,
    )


def test_a_token_without_account_has_no_subject() -> None:
    assert verify_context_token(signed(sub=None), SECRET, audiences=[US], now=NOW).subject is None


@pytest.mark.parametrize(("ahead", "accepted"), [(0, True), (60, True), (61, False), (10**6, False)])
def test_a_token_may_be_issued_at_most_a_minute_ahead(ahead: int, accepted: bool) -> None:
    token = signed(iat=NOW + ahead, exp=NOW + 10**7)
    assert accepts(token) is accepted


@pytest.mark.parametrize(("ago", "accepted"), [(-1, True), (60, True), (61, False)])
def test_a_token_may_have_expired_at_most_a_minute_ago(ago: int, accepted: bool) -> None:
    assert accepts(signed(exp=NOW - ago)) is accepted


def accepts(token: str) -> bool:
    try:
        verify_context_token(token, SECRET, audiences=[US], now=NOW)
    except TokenRefused:
        return False
    return True


@pytest.mark.parametrize("audience", [None, US, US + "/", [US], "com.app"])
def test_an_audience_may_be_absent_or_ours(audience: Any) -> None:
    verify_context_token(signed(aud=audience), SECRET, audiences=[US, "com.app"], now=NOW)


@pytest.mark.parametrize("audience", ["", "x", [], ["x"], {"a": US}, 5, US + "x"])
def test_an_audience_that_is_another_is_refused(audience: Any) -> None:
    assert not accepts(signed(aud=audience))


def test_a_token_of_a_request_is_no_context_token_and_the_reverse() -> None:
    assert not accepts(signed(qsh=QSH))
    with pytest.raises(TokenRefused):
        verify_request_token(signed(), SECRET, audiences=[US], qsh=QSH, now=NOW)
    assert verify_request_token(signed(qsh=QSH), SECRET, audiences=[US], qsh=QSH, now=NOW).issuer == "site"


def test_an_install_token_is_checked_with_the_public_key() -> None:
    claims = verify_install_token(install(), KEY.public_key(), base_url=US, qsh=QSH, now=NOW)

    assert claims.issuer == "site"


def test_an_install_token_must_have_an_audience() -> None:
    token = install(aud=[])

    with pytest.raises(TokenRefused):
        verify_install_token(token, KEY.public_key(), base_url=US, qsh=QSH, now=NOW)


def test_a_token_of_the_other_algorithm_is_refused() -> None:
    with pytest.raises(TokenRefused, match="RS256"):
        verify_install_token(signed(), KEY.public_key(), base_url=US, qsh=QSH, now=NOW)
    with pytest.raises(TokenRefused, match="HS256"):
        verify_context_token(install(), SECRET, audiences=[US], now=NOW)
    with pytest.raises(TokenRefused):
        require_algorithm(signed(), "RS256")


def test_any_change_of_a_token_breaks_it() -> None:
    token = signed()
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert not accepts(changed), place


@pytest.mark.parametrize("kid", ["a", "A-1_b.c", "x" * 128])
def test_a_key_id_that_fits_an_address_is_taken(kid: str) -> None:
    assert unverified_key_id(jwt.encode({}, KEY, algorithm="RS256", headers={"kid": kid})) == kid


@pytest.mark.parametrize(
    "kid", ["", ".", "..", "a/b", "../a", "a b", "x" * 129, "a\n", "ä", "a%2fb", "a?b", "a#b"]
)
def test_a_key_id_that_could_lead_elsewhere_is_refused(kid: str) -> None:
    token = jwt.encode({}, KEY, algorithm="RS256", headers={"kid": kid})

    with pytest.raises(TokenRefused):
        unverified_key_id(token)


def test_a_token_of_ours_is_bound_to_its_request_and_lasts_three_minutes() -> None:
    token = sign_app_token(
        "com.app", SECRET, method="GET", path="/wiki/rest/x", query="a=1", base_path="/wiki", now=NOW
    )

    claims = jwt.decode(
        token, SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False}
    )

    assert claims == {
        "iss": "com.app",
        "iat": NOW,
        "exp": NOW + 180,
        "qsh": query_string_hash("GET", "/rest/x", "a=1"),
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["iss", "sub", "iat", "exp", "nbf", "qsh", "aud"]), JSON))
def test_no_claims_however_odd_raise_anything_else(claims: dict[str, Any]) -> None:
    payload = json.dumps(claims).encode()
    token = jwt.api_jws.encode(payload, SECRET.encode(), algorithm="HS256")

    accepts(token)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
def test_no_bytes_however_odd_raise_anything_else(parts: list[bytes]) -> None:
    token = ".".join(base64.urlsafe_b64encode(part).decode() for part in parts)

    for read in (unverified_issuer, unverified_key_id, accepts):
        with suppress(TokenRefused):
            read(token)


@pytest.mark.parametrize("text", ["5b10ac8d82e05b22cc7d4ef5", "557058:a-b", "a", "x" * 128])
def test_an_account_id_is_known_by_its_characters(text: str) -> None:
    assert is_account_id(text)


@pytest.mark.parametrize("text", ["", "a b", "x" * 129, "ä", "a\n", None, 5, "unknown!"])
def test_other_texts_are_no_account_id(text: object) -> None:
    assert not is_account_id(text)


@pytest.mark.parametrize("extra", [",", " ", "\n", "=", "=.", "%", "\u00e9", "-"])
def test_a_token_has_one_spelling(extra: str) -> None:
    token = signed()
    assert accepts(token)
    for place in (len(token), len(token) - 3, 10):
        assert not accepts(token[:place] + extra + token[place:]), place


def test_bits_of_the_signature_that_do_not_count_must_be_zero() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for token, check in ((signed(), accepts), (install(), accepts_install)):
        last = letters.index(token[-1])
        assert check(token)
        assert not check(token[:-1] + letters[last ^ 1])


def accepts_install(token: str) -> bool:
    try:
        verify_install_token(token, KEY.public_key(), base_url=US, qsh=QSH, now=NOW)
    except TokenRefused:
        return False
    return True


@pytest.mark.parametrize(
    "number", ["1" + "0" * 400, "1e999", "NaN", "-1", "1e300", "1e12", "true", '"1800000000"', "1" * 5000]
)
@pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
def test_a_time_that_is_none_is_refused(name: str, number: str) -> None:
    times = {"iat": str(NOW), "exp": str(NOW + 180)} | {name: number}
    members = ",".join(f'"{key}":{value}' for key, value in times.items())
    payload = f'{{"iss":"site","sub":"ada","qsh":"context-qsh",{members}}}'.encode()

    assert not accepts(jwt.api_jws.encode(payload, SECRET.encode(), algorithm="HS256"))


@pytest.mark.parametrize("issuer", ["", "a b", "a\0", "\ud800", "ä", "x" * 256, "a\n"])
def test_an_issuer_that_cannot_be_a_client_key_is_refused_before_it_is_looked_up(issuer: str) -> None:
    token = signed(iss=issuer)

    with pytest.raises(TokenRefused):
        unverified_issuer(token)
    assert not accepts(token)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
def test_claims_that_are_not_utf_8_are_refused(encoding: str) -> None:
    claims = {"iss": "site", "sub": "ada", "iat": NOW, "exp": NOW + 180, "qsh": "context-qsh", "x": "ä"}
    payload = json.dumps(claims, ensure_ascii=False).encode(encoding)

    assert not accepts(jwt.api_jws.encode(payload, SECRET.encode(), algorithm="HS256"))


@pytest.mark.parametrize("headers", [{"crit": ["exp"]}, {"b64": False, "crit": ["b64"]}])
def test_a_header_that_demands_what_we_do_not_do_is_refused(headers: dict[str, Any]) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256"} | headers).encode()).decode().rstrip("=")
    content = f"{header}.{signed().split('.')[1]}"
    signature = hmac.digest(SECRET.encode(), content.encode(), "sha256")

    assert not accepts(f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


def test_an_empty_secret_signs_nothing() -> None:
    content = signed_part(signed())
    signature = base64.urlsafe_b64encode(hmac.digest(b"", content.encode(), "sha256")).decode().rstrip("=")

    with pytest.raises(TokenRefused):
        verify_context_token(f"{content}.{signature}", "", audiences=[US], now=NOW)


@pytest.mark.parametrize("edge", [-0.5, 0, 0.5])
def test_the_leeway_ends_exactly_after_a_minute(edge: float) -> None:
    within = edge <= 0

    assert accepts(signed(exp=NOW - 60 - edge)) is within
    assert accepts(signed(iat=NOW + 60 + edge, exp=NOW + 600)) is within
    assert accepts(signed(nbf=NOW + 60 + edge)) is within
