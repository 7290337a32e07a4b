from __future__ import annotations

import base64
import hmac
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from core.qsh import canonical_request, query_string_hash
from core.tokens import (
    LEEWAY,
    Claims,
    TokenRefused,
    is_account_id,
    is_client_key,
    require_algorithm,
    signed_part,
    unverified_issuer,
    unverified_key_id,
    verify_context_token,
    verify_install_token,
    verify_request_token,
)
from tests.mutations import LONG, Mutator, seed_of

CASES = range(8 if LONG else 2)
TOKENS, REQUESTS = (250_000, 500_000) if LONG else (25_000, 30_000)
NOW = 1_800_000_000
US = "https://reports.example.com"
SECRET = "a shared secret that is long enough for the algorithm"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
QSH = query_string_hash("POST", "/connect/installed")
CLAIMS: dict[str, Any] = {"iss": "site", "sub": "ada", "aud": US, "iat": NOW, "exp": NOW + 180}

Check = Callable[[str], Claims]
CHECKS: dict[str, Check] = {
    "context": lambda token: verify_context_token(token, SECRET, audiences=[US], now=NOW),
    "request": lambda token: verify_request_token(token, SECRET, audiences=[US], qsh=QSH, now=NOW),
    "install": lambda token: verify_install_token(token, KEY.public_key(), base_url=US, qsh=QSH, now=NOW),
}


class Fuzzer:
    """Makes tokens, most of them well signed, so that what is behind the signature is reached."""

    def __init__(self, seed: int) -> None:
        self._mutator = Mutator(seed)

    def token(self) -> str:
        kind = self._mutator.choice(["context", "request", "install"])
        algorithm = "RS256" if kind == "install" else "HS256"
        claims = CLAIMS | {"qsh": "context-qsh" if kind == "context" else QSH}
        header, payload = self._mutator.token({"typ": "JWT", "alg": algorithm, "kid": "the-key"}, claims)
        content = f"{header}.{payload}"
        token = f"{content}.{base64_of(self._signature(content, algorithm))}"
        return self._mutator.text(token) if self._mutator.chance() < 0.2 else token

    def _signature(self, content: str, algorithm: str) -> bytes:
        data = content.encode("utf-8", "replace")
        # A signature with RSA takes as long as thirty checks.
        if algorithm == "RS256" and self._mutator.chance() < 0.05:
            return KEY.sign(data, padding.PKCS1v15(), SHA256())
        signature = hmac.digest(SECRET.encode(), data, "sha256")
        return self._mutator.bytes(signature) if self._mutator.chance() < 0.05 else signature


def base64_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def checked(token: str) -> list[str]:
    """The checks that accept a token. Whatever is no refusal is an error."""
    for read in (unverified_issuer, unverified_key_id, lambda text: require_algorithm(text, "HS256")):
        try:
            read(token)
        except TokenRefused:
            continue
    return [name for name, check in CHECKS.items() if is_accepted(token, name, check)]


def is_accepted(token: str, name: str, check: Check) -> bool:
    try:
        claims = check(token)
    except TokenRefused:
        return False
    assert_it_was_signed(token, name)
    assert is_client_key(claims.issuer)
    assert claims.subject is None or is_account_id(claims.subject)
    assert 0 <= claims.issued_at <= NOW + LEEWAY
    assert NOW - LEEWAY <= claims.expires_at < 1 << 37
    return True


def assert_it_was_signed(token: str, name: str) -> None:
    content, signature = signed_part(token).encode(), token.rpartition(".")[2]
    if name == "install":
        data = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        KEY.public_key().verify(data, content, padding.PKCS1v15(), SHA256())
    else:
        assert signature == base64_of(hmac.digest(SECRET.encode(), content, "sha256"))


@pytest.mark.parametrize("case", CASES)
def test_no_token_however_mangled_is_more_than_refused(case: int) -> None:
    seed = seed_of(case)
    fuzzer = Fuzzer(seed)
    accepted: Counter[str] = Counter()
    for number in range(TOKENS):
        token = fuzzer.token()
        try:
            accepted.update(checked(token) or ["none"])
        except Exception as error:
            raise AssertionError(f"seed {seed}, token {number}: {token!r}") from error

    # The fuzzing is worth something only where some get through, and most do not.
    assert all(accepted[name] > TOKENS // 2000 for name in CHECKS), accepted
    assert accepted["none"] > TOKENS // 2, accepted


@pytest.mark.parametrize("case", CASES)
def test_no_request_however_odd_is_without_a_hash(case: int) -> None:
    seed = seed_of(case)
    mutator = Mutator(seed)
    for number in range(REQUESTS):
        path = mutator.text("/app/connect/installed")
        query = mutator.text("a=1&b=%C3%A4&a=+2&jwt=x&ids=%3A1")
        try:
            assert_one_canonical_form(path, query)
        except Exception as error:
            raise AssertionError(f"seed {seed}, request {number}: {path!r} {query!r}") from error


def assert_one_canonical_form(path: str, query: str) -> None:
    canonical = canonical_request("POST", path, query, base_path="/app")
    method, rest = canonical.split("&", 1)
    its_path, its_query = rest.split("&", 1)
    assert method == "POST"
    assert its_path.startswith("/")
    assert its_query.isascii()
    assert "jwt" not in [pair.partition("=")[0] for pair in its_query.split("&")]
    names = [pair.partition("=")[0] for pair in its_query.split("&")]
    assert names == sorted(set(names))
    # The commas between repeated values are all that reading the form again would change.
    if "," not in its_query:
        assert canonical_request("POST", path, its_query, base_path="/app") == canonical
    assert len(query_string_hash("POST", path, query, base_path="/app")) == 64


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=20))
def test_any_seed_will_do(seed: int, skipped: int) -> None:
    fuzzer = Fuzzer(seed)
    for _ in range(skipped):
        fuzzer.token()

    checked(fuzzer.token())
