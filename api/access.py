"""Who may call what."""

from enum import Enum


class Access(Enum):
    """What a method of a resource demands of its caller before it runs."""

    PUBLIC = "anyone"
    SIGNED = "a lifecycle callback, whose signature the resource itself checks with the body"
    CALLER = "a person of an active tenant"
    SITE_ADMIN = "a person who administers the site, as far as remembered"
    SITE_ADMIN_FRESH = "a person who administers the site, asked of Jira now"


def declared_access(resource: object, method: str) -> Access | None:
    """What a resource declares for a method; None where it declares nothing, which means nobody."""
    declared = getattr(resource, "access", {})
    found = declared.get(method)
    return found if isinstance(found, Access) else None
