from __future__ import annotations

from typing import Any

import pytest

from core.definition import VERSIONS, DefinitionTooNew, Versions

OLDEST = {"query": "project = A", "columns": [{"field": "summary"}]}


def name_the_query(definition: dict[str, Any]) -> dict[str, Any]:
    return {"jql": definition["query"], "columns": definition["columns"]}


def refer(definition: dict[str, Any]) -> dict[str, Any]:
    return {**definition, "columns": [{"of": column} for column in definition["columns"]]}


THREE = Versions((name_the_query, refer))


def test_this_release_writes_the_newest_version_that_it_knows() -> None:
    assert VERSIONS.present == len(VERSIONS.steps) + 1
    assert THREE.present == 3


@pytest.mark.parametrize(
    ("version", "stored"),
    [
        (1, OLDEST),
        (2, {"jql": "project = A", "columns": [{"field": "summary"}]}),
        (3, {"jql": "project = A", "columns": [{"of": {"field": "summary"}}]}),
    ],
)
def test_each_version_takes_the_steps_that_are_left(version: int, stored: dict[str, Any]) -> None:
    assert THREE.upgrade(stored, version) == {
        "jql": "project = A",
        "columns": [{"of": {"field": "summary"}}],
    }


def test_an_upgrade_leaves_what_it_was_given_alone() -> None:
    THREE.upgrade(OLDEST, 1)

    assert OLDEST == {"query": "project = A", "columns": [{"field": "summary"}]}


@pytest.mark.parametrize("version", [4, 5, 32_767])
def test_a_version_of_a_newer_release_is_refused(version: int) -> None:
    with pytest.raises(DefinitionTooNew):
        THREE.upgrade({}, version)
