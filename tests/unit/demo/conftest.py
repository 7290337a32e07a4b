"""A small site that tests only read."""

from __future__ import annotations

import pytest

from demo.issues import Site, generate

NOW = 1_795_000_000_000  # 2026-11-18T11:06:40Z


@pytest.fixture(scope="session")
def site() -> Site:
    return generate("https://jira.example", seed=7, count=900, now=NOW)
