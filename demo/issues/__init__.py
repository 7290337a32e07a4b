"""The demonstration site's data: projects, people, fields and issues, generated or read from a file."""

from __future__ import annotations

import gc
from pathlib import Path

from demo.issues.generator import generate
from demo.issues.loading import BadIssues, load
from demo.issues.model import Account, Group, Issue
from demo.issues.site import Site

__all__ = ["Account", "BadIssues", "Group", "Issue", "Site", "generate", "load", "open_site"]


def open_site(base_url: str, issues: Path | None = None, *, seed: int = 1) -> Site:
    """The site of a file of issues, or a generated one. Raises BadIssues for a file that holds none."""
    site = generate(base_url, seed=seed) if issues is None else load(issues, base_url, seed)
    # The site lives as long as the process; a collector that walks it again and again only causes pauses.
    gc.collect()
    gc.freeze()
    return site
