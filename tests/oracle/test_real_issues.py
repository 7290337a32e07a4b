from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.suite import LENGTH, Trial, real_issues

COUNT = 100 * LENGTH

# The engine reads 29,057 issues and answers all definitions before the first test.
pytestmark = pytest.mark.timeout(400 * LENGTH)


@pytest.fixture(scope="module")
def trial(data_file: Callable[[str], Path]) -> Trial:
    return Trial(real_issues(data_file("REAL_ISSUES")), seed=20, count=COUNT)


@pytest.mark.parametrize("index", range(COUNT))
def test_every_cell_group_and_order_is_what_sql_over_the_raw_json_says(trial: Trial, index: int) -> None:
    assert trial.disagreement(index) == ""
