from __future__ import annotations

import pytest

from core.breaker import Breaker
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, pause=10, clock=clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.admits("a")
        breaker.failed("a")


def test_calls_pass_until_so_many_in_a_row_have_failed(breaker: Breaker) -> None:
    fail(breaker, 3)

    assert not breaker.admits("a")
    assert breaker.admits("b")


def test_a_success_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.succeeded("a")
    fail(breaker, 2)

    assert breaker.admits("a")


def test_after_the_pause_one_call_probes_while_the_others_wait(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 9.9
    assert not breaker.admits("a")
    clock.now += 0.2

    assert [breaker.admits("a") for _ in range(3)] == [True, False, False]


def test_a_probe_that_succeeds_lets_all_pass(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    assert breaker.admits("a")
    breaker.succeeded("a")

    fail(breaker, 2)
    assert breaker.admits("a")


def test_a_probe_that_fails_starts_the_pause_anew(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    fail(breaker, 1)
    clock.now += 9.9

    assert not breaker.admits("a")


def test_a_probe_that_never_reports_blocks_nobody_for_good(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    assert breaker.admits("a")
    clock.now += 10

    assert breaker.admits("a")


@pytest.mark.parametrize(("asked", "kept"), [(60, 60), (86_400, 300)])
def test_one_failure_that_asks_for_a_pause_gets_it_within_bounds(
    breaker: Breaker, clock: Clock, asked: float, kept: float
) -> None:
    breaker.failed("a", pause=asked)

    clock.now += kept - 1
    assert not breaker.admits("a")
    clock.now += 1
    assert breaker.admits("a")
