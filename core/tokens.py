"""Connect's tokens: read, checked and signed. Pure functions; time, keys and addresses come from the caller.

The algorithm is pinned by the function that is called, never chosen by the token. Rules: Atlassian,
"Understanding JWT for Connect apps" and its security advisories on signed installations and context tokens.
"""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from core.accounts import is_nobody
from core.qsh import CONTEXT, query_string_hash

LEEWAY = 60
APP_TOKEN_SECONDS = 180
_LONGEST_TOKEN = 8192
# Beyond the year 6000, and well within what a date can hold.
_LATEST = 1 << 37
# Base64 without padding. What decoders forgive (commas, spaces) would give one token many spellings.
_FORM = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}", re.ASCII)
_CLIENT_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_KEY_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,128}", re.ASCII)
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9:-]{1,128}", re.ASCII)

Algorithm = Literal["HS256", "RS256"]
_ALGORITHMS: tuple[Algorithm, ...] = ("HS256", "RS256")
_CHECKS = {algorithm: jwt.get_algorithm_by_name(algorithm) for algorithm in _ALGORITHMS}
# Headers that say there is something to understand, which we do not (RFC 7515, 4.1.11).
_DEMANDS = {"crit", "b64"}


NOT_SIGNED = "the token's signature is wrong"
"""Said of an issuer without a secret too, so that nobody learns which sites have installed the app."""


class TokenRefused(Exception):
    """The token proves nothing; the message says why, without quoting it."""


@dataclass(frozen=True)
class Claims:
    """What a checked token says. Times are Unix seconds; `subject` is the acting account, if there is one."""

    issuer: str
    subject: str | None
    issued_at: float
    expires_at: float


def unverified_issuer(token: str) -> str:
    """The client key that a token claims to be signed for: a hint where to look for the secret, no more."""
    return _issuer(_part(token, 1))


def unverified_key_id(token: str) -> str:
    """The id of the key that an install token claims to be signed with, safe to put into an address."""
    key_id = _part(token, 0).get("kid")
    if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
        raise TokenRefused("the token names no usable key")
    return key_id


def require_algorithm(token: str, algorithm: Algorithm) -> None:
    """Refuses a token of another algorithm before any key is looked up for it."""
    header = _part(token, 0)
    if header.get("alg") != algorithm or not _DEMANDS.isdisjoint(header):
        raise TokenRefused(f"the token is not signed with {algorithm}")


def verify_install_token(
    token: str, public_key: RSAPublicKey, *, base_url: str, qsh: str, now: float
) -> Claims:
    """Checks a token of `installed` or `uninstalled`: RS256, for our base URL, bound to this request."""
    payload = _signed_payload(token, public_key, "RS256")
    if base_url.rstrip("/") not in {entry.rstrip("/") for entry in _audience(payload)}:
        raise TokenRefused("the token is not meant for this app")
    return _claims(payload, qsh=qsh, now=now)


def verify_request_token(
    token: str, secret: str, *, audiences: Collection[str], qsh: str, now: float
) -> Claims:
    """Checks a token of a request that Jira makes: HS256, bound to this request."""
    return _shared_secret_claims(token, secret, audiences, qsh, now)


def verify_context_token(token: str, secret: str, *, audiences: Collection[str], now: float) -> Claims:
    """Checks a token that Jira's page got for its iframe: HS256, bound to no request (`context-qsh`)."""
    return _shared_secret_claims(token, secret, audiences, CONTEXT, now)


def sign_app_token(
    app_key: str, secret: str, *, method: str, path: str, query: str = "", base_path: str = "", now: float
) -> str:
    """A token for one request of ours to Jira, valid for three minutes."""
    claims = {
        "iss": app_key,
        "iat": int(now),
        "exp": int(now) + APP_TOKEN_SECONDS,
        "qsh": query_string_hash(method, path, query, base_path=base_path),
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def is_client_key(text: object) -> bool:
    """Whether this can be a site's client key: 1 to 255 visible ASCII characters."""
    return isinstance(text, str) and _CLIENT_KEY.fullmatch(text) is not None


def signed_part(token: str) -> str:
    """A token without its signature, of which there may be several for one content."""
    return token.rpartition(".")[0]


def is_account_id(text: object) -> bool:
    """Whether this can be an Atlassian account id: 1 to 128 letters, digits, dashes and colons."""
    return isinstance(text, str) and _ACCOUNT_ID.fullmatch(text) is not None


def _shared_secret_claims(
    token: str, secret: str, audiences: Collection[str], qsh: str, now: float
) -> Claims:
    payload = _signed_payload(token, secret, "HS256")
    if "aud" in payload and not _audience(payload) & {entry.rstrip("/") for entry in audiences}:
        raise TokenRefused("the token is not meant for this app")
    return _claims(payload, qsh=qsh, now=now)


def _signed_payload(token: str, key: RSAPublicKey | str, algorithm: Algorithm) -> dict[str, Any]:
    require_algorithm(token, algorithm)
    content, _, signature = token.rpartition(".")
    checked_with = key.encode() if isinstance(key, str) else key
    # Whoever knows that a secret is empty can sign with it.
    if not checked_with or not _CHECKS[algorithm].verify(content.encode(), checked_with, _decoded(signature)):
        raise TokenRefused(NOT_SIGNED)
    return _part(token, 1)


def _part(token: str, index: int) -> dict[str, Any]:
    """A token's header (0) or payload (1), unchecked; not to be changed."""
    return _parts(token)[index]


# One request reads a token several times, and a page sends it with several requests. Only the reading is
# remembered: the signature and the times are checked by each request.
@lru_cache(maxsize=1000)
def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(token) > _LONGEST_TOKEN or not _FORM.fullmatch(token):
        raise TokenRefused("this is not a token")
    header, payload, _ = token.split(".")
    return _object(header), _object(payload)


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_decoded(part).decode())
    except (ValueError, RecursionError) as error:
        raise TokenRefused("this is not a token") from error
    if not isinstance(value, dict):
        raise TokenRefused("this is not a token")
    return value


def _decoded(part: str) -> bytes:
    """The bytes of a part in their only spelling: its last character may hold bits that do not count."""
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise TokenRefused("this is not a token") from error
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part.encode():
        raise TokenRefused("this is not a token")
    return data


def _issuer(payload: dict[str, Any]) -> str:
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or not is_client_key(issuer):
        raise TokenRefused("the token names no issuer")
    return issuer


def _audience(payload: dict[str, Any]) -> set[str]:
    given = payload.get("aud")
    entries = given if isinstance(given, list) else [given]
    return {entry.rstrip("/") for entry in entries if isinstance(entry, str)}


def _claims(payload: dict[str, Any], *, qsh: str, now: float) -> Claims:
    issued_at, expires_at = _time(payload, "iat"), _time(payload, "exp")
    if issued_at > now + LEEWAY or ("nbf" in payload and _time(payload, "nbf") > now + LEEWAY):
        raise TokenRefused("the token is not valid yet")
    if expires_at < now - LEEWAY:
        raise TokenRefused("the token has expired")
    given = payload.get("qsh")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode("utf-8", "replace"), qsh.encode()):
        raise TokenRefused("the token belongs to another request")
    issuer, subject = _issuer(payload), payload.get("sub")
    if subject is not None and (not is_account_id(subject) or is_nobody(subject)):
        raise TokenRefused("the token names no usable account")
    return Claims(issuer, subject, issued_at, expires_at)


def _time(payload: dict[str, Any], name: str) -> float:
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(f"the token has no {name}")
    # Not a number is no less and no more than any.
    if not 0 <= value < _LATEST:
        raise TokenRefused(f"the token's {name} is no time")
    return float(value)
