from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from demo.gateway.points import Points

HALF_PAST = 500_000 * 3600 + 1800.0


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_calls_use_up_the_hour() -> None:
    points = Points(1_000, clock=Clock(HALF_PAST))
    budget = points.spend(101)
    assert (budget.used, budget.remaining, points.calls()) == (101, 899, 1)


def test_the_count_begins_anew_at_the_full_hour() -> None:
    clock = Clock(HALF_PAST)
    points = Points(1_000, clock=clock)
    points.spend(999)
    clock.now += 1799
    assert points.budget().remaining == 1
    clock.now += 1
    assert points.budget().remaining == 1_000
    assert points.calls() == 0


def test_nothing_is_left_below_zero() -> None:
    points = Points(100, clock=Clock(HALF_PAST))
    assert points.spend(150).remaining == 0


def test_the_limit_is_near_when_less_than_a_fifth_is_left() -> None:
    points = Points(1_000, clock=Clock(HALF_PAST))
    assert not points.spend(800).is_near
    assert points.spend(1).is_near


def test_headers_say_limit_rest_and_reset() -> None:
    points = Points(65_000, clock=Clock(HALF_PAST))
    assert points.spend(5_000).headers(HALF_PAST) == {
        "X-RateLimit-Limit": "65000",
        "X-RateLimit-Remaining": "60000",
        "X-RateLimit-Reset": "2027-01-15T09:00Z",
        "X-RateLimit-NearLimit": "false",
        "RateLimit-Policy": '"global-app-quota";q=65000;w=3600',
        "RateLimit": '"global-app-quota";r=60000;t=1800',
    }


def test_no_point_is_lost_between_threads() -> None:
    points = Points(1_000_000, clock=Clock(HALF_PAST))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: points.spend(3), range(2_000)))
    assert points.budget().used == 6_000
