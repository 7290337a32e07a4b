from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from core.buckets import NOTHING, Taken, TakenAhead
from core.permits import Permits
from tests.clock import Clock

ADA = (UUID(int=1), "ada")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def permits(clock: Clock) -> Permits:
    return Permits(seconds=1, size=3, clock=clock)


def taken(extra: int, window: int = 7) -> Taken:
    return Taken(passed=True, extra=extra, window=window, account=0, tenant=0)


def used(permits: Permits, owner: tuple[UUID, str] = ADA) -> int:
    count = 0
    while permits.use(owner) is not None:
        count += 1
    return count


def test_each_permit_is_used_once_whatever_the_threads(permits: Permits, clock: Clock) -> None:
    permits.keep(ADA, taken(100), asked_at=clock.now)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: permits.use(ADA), range(500)))

    assert sorted(one[1] for one in found if one is not None) == list(range(100))


def test_permits_are_the_account_s_own(permits: Permits, clock: Clock) -> None:
    permits.keep(ADA, taken(2), asked_at=clock.now)

    assert permits.use((UUID(int=1), "bob")) is None
    assert permits.use((UUID(int=2), "ada")) is None
    assert used(permits) == 2


def test_permits_end_by_the_moment_at_which_they_were_asked_for(permits: Permits, clock: Clock) -> None:
    permits.keep(ADA, taken(5), asked_at=clock.now - 0.25)

    clock.now += 0.7
    assert permits.use(ADA) is not None
    clock.now += 0.05
    assert permits.use(ADA) is None


def test_what_is_not_used_is_given_back_once(permits: Permits, clock: Clock) -> None:
    permits.keep(ADA, taken(5, window=42), asked_at=clock.now)
    permits.use(ADA)
    clock.now += 1

    assert permits.give_up(ADA)[0] == TakenAhead(window=42, extra=5, unused=4)
    assert permits.give_up(ADA)[0] == NOTHING


def test_an_account_gets_as_many_as_it_uses(permits: Permits, clock: Clock) -> None:
    assert permits.give_up(ADA)[1] == 0

    permits.keep(ADA, taken(0), asked_at=clock.now)
    assert permits.give_up(ADA)[1] == 3

    permits.keep(ADA, taken(3), asked_at=clock.now)
    used(permits)
    assert permits.give_up(ADA)[1] == 15

    permits.keep(ADA, taken(15), asked_at=clock.now)
    permits.use(ADA)
    clock.now += 1.5
    assert permits.give_up(ADA)[1] == 1


def test_one_that_comes_now_and_then_gets_none(permits: Permits, clock: Clock) -> None:
    permits.keep(ADA, taken(8), asked_at=clock.now)
    used(permits)
    clock.now += 2

    assert permits.give_up(ADA)[1] == 0


def test_what_another_thread_has_taken_meanwhile_stays(permits: Permits, clock: Clock) -> None:
    permits.keep(ADA, taken(8), asked_at=clock.now)
    permits.keep(ADA, taken(0), asked_at=clock.now)

    assert used(permits) == 8


def test_the_accounts_used_longest_ago_are_forgotten(permits: Permits, clock: Clock) -> None:
    owners = [(uuid4(), "ada") for _ in range(4)]
    for owner in owners[:3]:
        permits.keep(owner, taken(2), asked_at=clock.now)
    permits.use(owners[0])
    permits.keep(owners[3], taken(2), asked_at=clock.now)

    assert [used(permits, owner) for owner in owners] == [1, 0, 2, 2]
