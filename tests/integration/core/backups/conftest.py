from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.backups.shelf import Shelf
from core.ledger import Ledger
from tests.backups import ledger_in, shelf_in
from tests.databases import DatabaseServer


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_in(tmp_path)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_in(tmp_path)


@pytest.fixture
def empty(postgres: DatabaseServer) -> Iterator[str]:
    """The owner's address of an empty database."""
    url = postgres.empty_database()
    yield url
    postgres.drop(url)
