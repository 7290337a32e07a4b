from __future__ import annotations

from typing import Any

import pytest

from tests.loading import Jira

ALL = 'created >= "2000-01-01" ORDER BY priority DESC'


def calls_of_app(jira: Jira) -> list[dict[str, Any]]:
    return [call for call in jira.call("GET", "/__demo/calls")["calls"] if call["app"]]


def assert_exact(jira: Jira, jql: str, outcome: dict[str, Any]) -> None:
    result = outcome["result"]
    assert result["complete"], result["missing"]
    assert result["missing"] == []
    assert sorted(outcome["ids"]) == jira.ids(jql)
    assert result["loaded"] == len(outcome["ids"])


@pytest.mark.parametrize(
    ("person", "zone"),
    [
        ("Ada Lovett", "Europe/Berlin"),
        ("Brendan Power", "America/St_Johns"),
        ("Priya Raghunathan", "Asia/Kolkata"),
    ],
)
def test_everybody_gets_exactly_what_they_may_see(jira: Jira, person: str, zone: str) -> None:
    theirs = jira.seen_by(person, zone)
    assert_exact(theirs, ALL, theirs.load(ALL))


def test_a_query_of_one_page_costs_one_call(jira: Jira) -> None:
    jql = "issuetype = Epic AND created >= -10000d"
    expected = jira.ids(jql)
    assert 0 < len(expected) <= 60
    outcome = jira.load(jql)
    assert sorted(outcome["ids"]) == expected
    assert outcome["result"]["calls"] == len(calls_of_app(jira)) == 1


def test_calls_and_points_told_are_those_that_jira_counted(jira: Jira) -> None:
    outcome = jira.load(ALL)
    calls = calls_of_app(jira)
    assert outcome["result"]["calls"] == len(calls)
    assert outcome["result"]["points"] == sum(call["points"] for call in calls)
    assert jira.call("GET", "/__demo/points")["used"] == outcome["result"]["points"]


def test_five_calls_run_at_once_and_no_more(jira: Jira) -> None:
    jira.switch(latency_ms=150)
    assert_exact(jira, ALL, jira.load(ALL))
    assert jira.call("GET", "/__demo/calls")["most_at_once"] == 5


def test_only_the_fields_asked_for_are_read(jira: Jira) -> None:
    outcome = jira.load("project = VAULT", ("status",), whole=True)
    assert {name for issue in outcome["issues"] for name in issue["fields"]} == {"status", "created"}


def test_bursts_that_jira_refuses_are_waited_for(jira: Jira) -> None:
    jira.switch(burst=3)
    outcome = jira.load(ALL)
    assert_exact(jira, ALL, outcome)
    assert outcome["waits"] == ["Jira asks for slower calls."]
    assert any(call["status"] == 429 for call in calls_of_app(jira))


def test_near_the_limit_of_the_hour_calls_are_made_one_by_one(jira: Jira) -> None:
    jira.switch(latency_ms=150, points={"limit": 100_000, "used": 85_000})
    outcome = jira.load(ALL)
    assert_exact(jira, ALL, outcome)
    one_by_one = 0.15 * outcome["result"]["calls"]
    assert outcome["result"]["seconds"] > 0.5 * one_by_one


# In the last minutes of an hour the loader waits for the next one, and then gets everything.
@pytest.mark.timeout(420)
def test_an_hour_that_is_used_up_is_told_and_nothing_is_asked_in_vain(jira: Jira) -> None:
    jira.switch(points={"limit": 800, "used": 0})
    outcome = jira.load(ALL)
    result = outcome["result"]
    expected = jira.ids(ALL)
    assert len(set(outcome["ids"])) == len(outcome["ids"]) == result["loaded"]
    if result["complete"]:
        assert sorted(outcome["ids"]) == expected
        return
    assert set(outcome["ids"]) < set(expected)
    assert result["loaded"] >= 500
    assert all("hourly quota is used up until" in statement for statement in result["missing"])
    assert sum(call["status"] == 429 for call in calls_of_app(jira)) <= 10


def test_a_query_that_jira_refuses_is_told_in_its_words(jira: Jira) -> None:
    outcome = jira.load("project = NOSUCH")
    assert "QueryRefused" in outcome["failure"]
    assert "NOSUCH" in outcome["failure"]
    assert outcome["ids"] == []


def test_a_load_that_is_stopped_keeps_what_came_and_calls_no_more(jira: Jira) -> None:
    jira.switch(latency_ms=100)
    outcome = jira.load(ALL, stopAfter=500)
    result = outcome["result"]
    assert not result["complete"]
    assert result["missing"] == ["the rest, as loading was stopped"]
    assert 500 <= result["loaded"] == len(set(outcome["ids"])) < len(jira.ids(ALL))
    assert len(calls_of_app(jira)) <= 14
