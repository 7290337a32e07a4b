from __future__ import annotations

from typing import Any

import pytest

from tests.loading import Jira, finished, wait_for_pages

ALL = 'created >= "2000-01-01" ORDER BY updated DESC'


@pytest.fixture(scope="module")
def expected(running_jira: Jira) -> list[str]:
    return running_jira.ids(ALL)


def faults_met(jira: Jira) -> set[str]:
    return {call["fault"] for call in jira.call("GET", "/__demo/calls")["calls"] if call["fault"]}


def assert_exact(outcome: dict[str, Any], expected: list[str]) -> None:
    assert outcome["result"]["complete"], outcome["result"]["missing"]
    assert sorted(outcome["ids"]) == expected


@pytest.mark.parametrize(
    ("faults", "wait"),
    [
        ("429:0.15", "Jira asks for slower calls."),
        ("500:0.15", "Jira has a problem of its own (500)."),
        ("503:0.15", "Jira has a problem of its own (503)."),
        ("drop:0.15", "Jira cannot be reached."),
    ],
)
def test_calls_that_fail_are_made_again_until_everything_is_there(
    jira: Jira, expected: list[str], faults: str, wait: str
) -> None:
    jira.switch(faults=faults, seed=5)
    outcome = jira.load(ALL)
    assert_exact(outcome, expected)
    assert faults_met(jira) == {faults.partition(":")[0]}
    assert wait in outcome["waits"]


@pytest.mark.parametrize("kind", ["repeat-token", "no-token"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_place_that_jira_loses_is_found_again(
    jira: Jira, expected: list[str], kind: str, seed: int
) -> None:
    jira.switch(faults=f"{kind}:0.3", seed=seed)
    outcome = jira.load(ALL)
    assert_exact(outcome, expected)
    assert faults_met(jira) == {kind}


@pytest.mark.parametrize("seed", [1, 2])
def test_all_of_it_at_once_changes_nothing(jira: Jira, expected: list[str], seed: int) -> None:
    every = "429:0.05,500:0.03,503:0.03,drop:0.04,repeat-token:0.05,no-token:0.05"
    jira.switch(faults=every, seed=seed, burst=12)
    assert_exact(jira.load(ALL), expected)
    assert len(faults_met(jira)) >= 3


@pytest.mark.parametrize("kind", ["repeat-token", "no-token"])
def test_a_place_that_is_always_lost_is_told_as_missing_or_made_up_for(
    jira: Jira, expected: list[str], kind: str
) -> None:
    jira.switch(faults=f"{kind}:1")
    outcome = jira.load(ALL)
    result = outcome["result"]
    assert len(set(outcome["ids"])) == len(outcome["ids"]) == result["loaded"]
    assert set(outcome["ids"]) <= set(expected)
    assert result["complete"] == (sorted(outcome["ids"]) == expected)
    assert bool(result["missing"]) != result["complete"]
    assert all("Jira lost its place" in statement for statement in result["missing"])


def test_a_jira_that_fails_for_good_in_the_middle_is_told(jira: Jira, expected: list[str]) -> None:
    jira.switch(latency_ms=300)
    process = jira.start("load", jql=ALL, fields=["summary"])
    wait_for_pages(jira, 4)
    jira.switch(faults="403:1", latency_ms=0)
    ended = finished(process)
    result = ended["result"]
    assert not result["complete"]
    assert 0 < result["loaded"] < len(expected)
    assert set(ended["ids"]) <= set(expected)
    assert result["missing"]
    assert all("403" in statement for statement in result["missing"])


def test_a_jira_that_does_not_answer_at_all_fails_the_load(jira: Jira) -> None:
    jira.switch(faults="403:1")
    outcome = jira.load(ALL)
    assert "403" in outcome["failure"]
    assert outcome["ids"] == []
