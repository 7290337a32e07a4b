"""Tokens of next pages: opaque, signed, bound to the query and its caller, good for seven days."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from demo.issues.index import Key
from demo.issues.model import Account
from demo.issues.site import Site
from demo.rest.call import JiraError

LIFE = 7 * 86_400_000  # milliseconds
_BAD = "The provided nextPageToken is invalid or has expired."


def _signature(site: Site, payload: bytes) -> bytes:
    secret = hashlib.sha256(f"pages of {site.base_url} {site.seed}".encode()).digest()
    return hmac.digest(secret, payload, "sha256")[:12]


def _binding(account: Account | None, jql: str) -> str:
    return hashlib.sha256(f"{account.id if account else ''}\n{jql}".encode()).hexdigest()[:16]


def issue_token(site: Site, account: Account | None, jql: str, end: Key) -> str:
    """The token to go on after the sort key `end`."""
    payload = json.dumps([_binding(account, jql), site.now(), end], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(site, payload) + payload).decode()


def read_token(site: Site, account: Account | None, jql: str, token: str) -> Key:
    """The sort key in a token. Raises JiraError for one that is foreign, spoilt or too old."""
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except ValueError:
        raise JiraError(400, _BAD) from None
    signature, payload = raw[:12], raw[12:]
    if not hmac.compare_digest(signature, _signature(site, payload)):
        raise JiraError(400, _BAD)
    binding, issued, end = json.loads(payload)
    if binding != _binding(account, jql) or site.now() - issued > LIFE:
        raise JiraError(400, _BAD)
    return tuple(_tuples(end))


def _tuples(value: Any) -> Any:  # noqa: ANN401  a part of a Key
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
