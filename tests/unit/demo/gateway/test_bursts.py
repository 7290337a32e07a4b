from __future__ import annotations

import pytest

from demo.gateway.bursts import Bursts, share_of

SEARCH = "/rest/api/3/search/jql"


class Clock:
    now = 10.0

    def __call__(self) -> float:
        return self.now


def test_a_hundred_calls_a_second_are_let_through() -> None:
    bursts = Bursts(clock=Clock())
    assert [bursts.take("GET", SEARCH) for _ in range(102)] == [True] * 100 + [False] * 2


def test_after_a_second_calls_are_let_through_again() -> None:
    clock = Clock()
    bursts = Bursts(2, clock=clock)
    assert bursts.take("GET", SEARCH)
    clock.now += 0.5
    assert bursts.take("GET", SEARCH)
    assert not bursts.take("GET", SEARCH)
    clock.now += 0.5
    assert bursts.take("GET", SEARCH)
    assert not bursts.take("GET", SEARCH)


def test_endpoints_and_methods_do_not_disturb_each_other() -> None:
    bursts = Bursts(1, clock=Clock())
    assert bursts.take("GET", SEARCH)
    assert bursts.take("POST", SEARCH)
    assert bursts.take("GET", "/rest/api/3/field")


@pytest.mark.parametrize(
    ("method", "endpoint", "limit"),
    [
        ("GET", SEARCH, 100),
        ("PUT", "/rest/api/3/issue/{issueIdOrKey}", 50),
        ("GET", "/rest/api/3/issue/{issueIdOrKey}", 150),
        ("GET", "/rest/api/3/issue/{issueIdOrKey}/changelog", 200),
        ("GET", "/rest/api/3/issue/{issueIdOrKey}/worklog", 100),
        ("POST", "/rest/api/3/search/approximate-count", 150),
        ("GET", "/rest/api/3/user", 150),
    ],
)
def test_some_endpoints_have_limits_of_their_own(method: str, endpoint: str, limit: int) -> None:
    assert share_of(method, endpoint) * 100 == limit
