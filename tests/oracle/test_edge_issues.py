from __future__ import annotations

import pytest

from tests.oracle.suite import LENGTH, Trial, edge_issues

COUNT = 100 * LENGTH


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(edge_issues(tmp_path_factory.mktemp("edges")), seed=22, count=COUNT)


@pytest.mark.parametrize("index", range(COUNT))
def test_every_cell_group_and_order_is_what_sql_over_the_raw_json_says(trial: Trial, index: int) -> None:
    assert trial.disagreement(index) == ""
