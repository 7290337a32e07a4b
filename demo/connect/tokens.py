"""Tokens as Jira signs them, and the check of those an app signs.

Written independently of the product's own verification, so that one mistake cannot hide in both.
Sources: Atlassian's "Understanding JWT for Connect apps" and its query string hash vectors.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import jwt

CONTEXT_SECONDS = 900
URL_SECONDS = 180
CALLBACK_SECONDS = 180
CLOCK_LEEWAY_SECONDS = 30
CONTEXT_HASH = "context-qsh"


class TokenRefused(Exception):
    """A token that the site does not accept; the text says why and holds nothing secret."""


def canonical_request(method: str, target: str, base_path: str = "") -> str:
    """The text whose SHA-256 is the query string hash; `target` is a path with an optional query."""
    parts = urlsplit(f"//host{target}" if target.startswith("/") else target)
    path = parts.path
    if base_path and (path == base_path or path.startswith(f"{base_path}/")):
        path = path[len(base_path) :]
    path = (path.rstrip("/") or "/") if path.endswith("/") and not path.endswith("//") else path or "/"
    return "&".join([method.upper(), path.replace("&", "%26"), _canonical_query(parts.query)])


def _canonical_query(query: str) -> str:
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name != "jwt":
            values.setdefault(name, []).append(value)
    # Names are ordered as encoded, repeated values as decoded: the official vectors demand both.
    pairs = sorted((_encode(name), sorted(repeated)) for name, repeated in values.items())
    return "&".join(f"{name}={','.join(_encode(value) for value in repeated)}" for name, repeated in pairs)


def _encode(text: str) -> str:
    return quote(text, safe="-._~")


def query_string_hash(method: str, target: str, base_path: str = "") -> str:
    """The hash that binds a token to one request, in lower-case hex."""
    return hashlib.sha256(canonical_request(method, target, base_path).encode()).hexdigest()


def context_token(
    *, client_key: str, shared_secret: str, account_id: str | None, context: Mapping[str, Any] | None = None
) -> str:
    """What `AP.context.getToken` hands to an app's page; lives 15 minutes and fits no particular URL."""
    claims = _claims(client_key, CONTEXT_SECONDS, CONTEXT_HASH) | {"context": dict(context or {})}
    if account_id is not None:
        claims["sub"] = account_id
    return jwt.encode(claims, shared_secret, algorithm="HS256")


def request_token(
    *,
    issuer: str,
    shared_secret: str,
    method: str,
    target: str,
    base_path: str = "",
    account_id: str | None = None,
    seconds: int = URL_SECONDS,
) -> str:
    """A token that fits one request only: the `jwt` of a page's URL, or the header of a callback."""
    claims = _claims(issuer, seconds, query_string_hash(method, target, base_path))
    if account_id is not None:
        claims["sub"] = account_id
    return jwt.encode(claims, shared_secret, algorithm="HS256")


def install_token(
    *, client_key: str, private_key: str, key_id: str, audience: str, target: str, base_path: str
) -> str:
    """The RS256 token of `installed` and `uninstalled`; `audience` is the app's base URL."""
    claims = _claims(client_key, CALLBACK_SECONDS, query_string_hash("POST", target, base_path))
    claims["aud"] = [audience]
    return jwt.encode(claims, private_key, algorithm="RS256", headers={"kid": key_id})


def _claims(issuer: str, seconds: int, request_hash: str) -> dict[str, Any]:
    now = int(time.time())
    # Jira sends no `jti`; without one, two equal events of the same second would be one and the same token.
    unique = secrets.token_hex(8)
    return {"iss": issuer, "iat": now, "exp": now + seconds, "qsh": request_hash, "jti": unique}


def issuer_of(token: str) -> str:
    """Who claims to have signed a token, read without any check. Raises TokenRefused."""
    try:
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError as error:
        raise TokenRefused("The token is malformed") from error
    if not isinstance(issuer, str):
        raise TokenRefused("The token names no issuer")
    return issuer


def verify_app_request(
    token: str, *, app_key: str, client_key: str, shared_secret: str, method: str, target: str
) -> None:
    """Checks a token that an app signed for one call to Jira. Raises TokenRefused.

    HS256 only, issued by the app, for this site where an audience is named, and bound to the request.
    """
    try:
        claims = jwt.decode(
            token,
            shared_secret,
            algorithms=["HS256"],
            issuer=app_key,
            leeway=CLOCK_LEEWAY_SECONDS,
            options={"require": ["iss", "iat", "exp", "qsh"], "verify_aud": False},
        )
    except jwt.InvalidTokenError as error:
        raise TokenRefused(f"The token is refused: {error}") from error
    audience = claims.get("aud", client_key)
    if client_key not in (audience if isinstance(audience, list) else [audience]):
        raise TokenRefused("The token is meant for another site")
    if claims["qsh"] != query_string_hash(method, target):
        raise TokenRefused("The token is bound to another request")
