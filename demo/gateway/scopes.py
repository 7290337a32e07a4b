"""What an app may do, by the scopes of its descriptor. Source: Atlassian's page on Connect scopes."""

from __future__ import annotations

from collections.abc import Collection

FORBIDDEN = "Request not in an authorized API scope"
# A wider scope brings the narrower ones with it.
_IMPLIED = {
    "READ": {"READ"},
    "WRITE": {"READ", "WRITE"},
    "DELETE": {"READ", "WRITE", "DELETE"},
    "PROJECT_ADMIN": {"READ", "WRITE", "DELETE", "PROJECT_ADMIN"},
    "ADMIN": {"READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN"},
    "ACT_AS_USER": {"ACT_AS_USER"},
    "ACCESS_EMAIL_ADDRESSES": {"ACCESS_EMAIL_ADDRESSES"},
}


def is_allowed(granted: Collection[str], needed: str | None) -> bool:
    """Whether granted scopes suffice.

    `INACCESSIBLE` endpoints are closed to every app; None is one that does not exist and says so itself.
    """
    if needed is None:
        return True
    return any(needed in _IMPLIED.get(scope, set()) for scope in granted)
