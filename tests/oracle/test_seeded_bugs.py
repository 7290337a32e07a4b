from __future__ import annotations

import os

import pytest

from tests.oracle.seed_bugs import BUGS, Bug, Hunt

# Each takes a build of the engine and a run of all definitions: a few here, all of them at length.
SHOWN = BUGS if os.environ.get("SOAK") else BUGS[:4]


@pytest.fixture(scope="module")
def hunt(tmp_path_factory: pytest.TempPathFactory) -> Hunt:
    return Hunt(tmp_path_factory.mktemp("bugs"))


def test_an_engine_without_a_seeded_bug_agrees_with_the_oracle(hunt: Hunt) -> None:
    assert hunt.noticed(None) == 0


@pytest.mark.parametrize("bug", SHOWN, ids=lambda bug: bug.name)
def test_a_seeded_bug_is_noticed(hunt: Hunt, bug: Bug) -> None:
    assert hunt.noticed(bug) > 0


def test_there_are_at_least_ten_bugs_to_seed() -> None:
    assert len({bug.name for bug in BUGS}) >= 10
