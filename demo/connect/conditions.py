"""Conditions under which Jira shows a module. They hide; they protect nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Viewer:
    """Whom a page is shown to, as far as conditions ask."""

    is_signed_in: bool
    is_admin: bool
    is_licensed: bool


_CHECKS: Mapping[str, Callable[[Viewer], bool]] = {
    "user_is_logged_in": lambda viewer: viewer.is_signed_in,
    "user_is_admin": lambda viewer: viewer.is_admin,
    "user_is_sysadmin": lambda viewer: viewer.is_admin,
    "addon_is_licensed": lambda viewer: viewer.is_licensed,
    "can_use_application": lambda viewer: viewer.is_signed_in,
}


def are_met(conditions: Sequence[Mapping[str, Any]], viewer: Viewer) -> bool:
    """Whether all conditions hold. One that the stand-in does not know hides the module, as Jira's do."""
    return all(_is_met(condition, viewer) for condition in conditions)


def _is_met(condition: Mapping[str, Any], viewer: Viewer) -> bool:
    if "or" in condition:
        return any(_is_met(part, viewer) for part in condition["or"])
    if "and" in condition:
        return are_met(condition["and"], viewer)
    check = _CHECKS.get(condition.get("condition", ""))
    if check is None:
        return False
    return check(viewer) is not bool(condition.get("invert", False))
