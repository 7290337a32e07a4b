"""The demonstration site's data: projects, people, fields and issues, generated or read from a file."""

from __future__ import annotations

from pathlib import Path

from demo.issues.loading import BadIssues, load
from demo.issues.model import Account, Group, Issue
from demo.issues.site import Site

__all__ = ["Account", "BadIssues", "Group", "Issue", "Site", "load", "open_site"]


def open_site(base_url: str, issues: Path | None = None, *, seed: int = 1) -> Site:
    """The site of a file of issues, or a generated one. Raises BadIssues for a file that holds none."""
    if issues is not None:
        return load(issues, base_url, seed)
    from demo.issues.generator import generate

    return generate(base_url, seed=seed)
