from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from redis import Redis

from core.rates import ACCOUNT, TENANT, Count, Quota, Rates

WIDE = Quota(burst=1_000_000, per_second=1_000_000)
SLOW = Quota(burst=200, per_second=1)
# On a busy machine Redis may need longer than in production.
PATIENT = 5.0
# Time is part of every case, so that none can be had again smaller.
AS_DRAWN = (Phase.explicit, Phase.generate)


@dataclass(frozen=True)
class Call:
    """A request of an account at a process, when it was counted, and what that found."""

    account: str
    process: int
    before: float
    after: float
    count: Count


@contextmanager
def processes(
    redis_url: str, number: int, *, account: Quota = ACCOUNT, tenant: Quota = TENANT, hold: float = 1.0
) -> Iterator[list[Rates]]:
    """As many as processes would have, each with its own."""
    made = [Rates(redis_url, account=account, tenant=tenant, wait=PATIENT, hold=hold) for _ in range(number)]
    try:
        yield made
    finally:
        for one in made:
            one.close()


def called(rates: list[Rates], tenant: UUID, process: int, account: str = "ada") -> Call:
    before = time.monotonic()
    count = rates[process].count(tenant, account)
    assert count is not None
    return Call(account, process, before, time.monotonic(), count)


def drawn(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - no secret


def reach(moment: float) -> None:
    while time.monotonic() < moment:
        pass


def most_beyond_refill(calls: list[Call], quota: Quota) -> float:
    """The most that passed in any time, less what came back in that time."""
    most, earliest = 0.0, -math.inf
    for number, call in enumerate(call for call in calls if call.count.passed):
        earliest = max(earliest, quota.per_second * call.before - number)
        most = max(most, earliest + number + 1 - quota.per_second * call.after)
    return most


@given(seed=st.integers(0, 2**32), number=st.integers(2, 3))
@settings(max_examples=6, phases=AS_DRAWN)
def test_in_any_time_no_more_pass_than_the_burst_and_the_refill(
    redis_url: str, seed: int, number: int
) -> None:
    chance, tenant = drawn(seed), uuid4()
    account, site = Quota(burst=60, per_second=100), Quota(burst=100, per_second=150)
    calls: list[Call] = []
    with processes(redis_url, number, account=account, tenant=site, hold=0.1) as rates:
        for _ in range(30):
            process = chance.randrange(number)
            for _ in range(chance.choice((1, 8, 32, 128))):
                moved = chance.random() < 0.2
                process = chance.randrange(number) if moved else process
                calls.append(called(rates, tenant, process, chance.choice(("ada", "ada", "bob"))))
            reach(time.monotonic() + chance.choice((0, 0, 0.01, 0.03, 0.1, 0.2)))

    assert any(not call.count.passed for call in calls)
    assert most_beyond_refill(calls, site) <= site.burst
    for name in ("ada", "bob"):
        assert most_beyond_refill([call for call in calls if call.account == name], account) <= account.burst


@pytest.mark.parametrize(
    ("hold", "rest", "used"), [(2.0, 0.15, 3), (0.05, 0.25, 0)], ids=["while it is held", "after it ended"]
)
def test_a_bucket_does_not_refill_what_a_process_may_still_use(
    redis_url: str, hold: float, rest: float, used: int
) -> None:
    tenant, quota = uuid4(), Quota(burst=100, per_second=50)
    with processes(redis_url, 2, account=quota, tenant=WIDE, hold=hold) as rates:
        calls = [called(rates, tenant, 0) for _ in range(6)]
        reach(calls[-1].after + rest)
        while calls[-1].count.passed:
            calls.append(called(rates, tenant, 1))
        held = [called(rates, tenant, 0) for _ in range(5)]

    assert sum(call.count.passed for call in held) >= used
    assert most_beyond_refill(calls + held, quota) <= quota.burst


@given(seed=st.integers(0, 2**32), number=st.integers(1, 3))
@settings(max_examples=4, phases=AS_DRAWN)
def test_who_keeps_to_the_rate_is_never_refused(redis_url: str, seed: int, number: int) -> None:
    chance, tenant = drawn(seed), uuid4()
    quota = Quota(burst=60, per_second=1_000)
    with processes(redis_url, number, account=quota, tenant=quota, hold=0.02) as rates:
        calls = []
        for _ in range(800):
            calls.append(called(rates, tenant, chance.randrange(number)))
            reach(calls[-1].before + 1 / quota.per_second)

    assert all(call.count.passed for call in calls)


@pytest.mark.parametrize(("number", "least"), [(1, 200), (2, 180), (3, 180)])
def test_a_full_quota_is_had_but_for_a_tenth_that_other_processes_hold(
    redis_url: str, number: int, least: int
) -> None:
    chance, tenant = drawn(number), uuid4()
    with processes(redis_url, number, account=SLOW, tenant=WIDE) as rates:
        calls = [called(rates, tenant, chance.randrange(number)) for _ in range(300)]

    passed = [call.count.passed for call in calls]
    assert passed.index(False) >= least
    assert most_beyond_refill(calls, SLOW) <= SLOW.burst


def test_alone_what_is_left_is_told_exactly(redis_url: str) -> None:
    with processes(redis_url, 1, account=SLOW, tenant=SLOW) as rates:
        tenant = uuid4()
        calls = [called(rates, tenant, 0) for _ in range(200)]

    least = [199 - number for number in range(200)]
    refilled = int(calls[-1].after - calls[0].before) + 1
    for told in ([call.count.account.requests for call in calls], [c.count.tenant.requests for c in calls]):
        assert all(0 <= one - other <= refilled - 1 for one, other in zip(told, least, strict=True))


@given(seed=st.integers(0, 2**32), number=st.integers(2, 3))
@settings(max_examples=10, phases=AS_DRAWN)
def test_what_is_told_lacks_only_what_others_let_pass_since(redis_url: str, seed: int, number: int) -> None:
    chance, tenant = drawn(seed), uuid4()
    calls: list[Call] = []
    with processes(redis_url, number, account=SLOW, tenant=SLOW) as rates:
        for _ in range(60):
            process = chance.randrange(number)
            calls += [called(rates, tenant, process) for _ in range(chance.choice((1, 1, 3, 9)))]

    began, passed = calls[0].before, 0
    for place, call in enumerate(calls):
        passed += call.count.passed
        unseen = sum(
            one.count.passed and one.process != call.process and one.after > call.before - 1
            for one in calls[:place]
        )
        left = SLOW.burst - passed + SLOW.per_second * (call.after - began)
        assert call.count.account.requests <= left + unseen
        assert call.count.tenant.requests <= left + unseen


def test_a_page_that_asks_for_thirty_things_asks_redis_a_few_times(redis_url: str) -> None:
    tenant, seen = uuid4(), set()
    with processes(redis_url, 1) as rates, Redis.from_url(redis_url) as redis:
        for _ in range(30):
            called(rates, tenant, 0)
            seen.add(redis.get(f"rate:{{{tenant}}}"))

    assert len(seen) <= 5


def test_what_is_held_is_never_more_than_a_tenth_of_the_account_s_and_a_twentieth_of_the_site_s(
    redis_url: str,
) -> None:
    tenant = uuid4()
    most = {"account": 0, "site": 0}
    account, site = Quota(burst=200, per_second=1), Quota(burst=400, per_second=1)
    with (
        processes(redis_url, 3, account=account, tenant=site) as rates,
        Redis.from_url(redis_url) as redis,
    ):
        for number in range(900):
            called(rates, tenant, number % 3, f"account-{number // 3 % 4}")
            for key in redis.keys(f"rate:{{{tenant}}}*"):
                _, _, held, earlier = map(int, redis.get(key).split())
                whose = "site" if key.endswith(b"}") else "account"
                most[whose] = max(most[whose], held + earlier)

    assert 0 < most["account"] <= 20
    assert 0 < most["site"] <= 20
