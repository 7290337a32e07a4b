from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from redis import Redis

from core.rates import Count, Quota, Rates
from tests.workers import eventually

SLOW = Quota(burst=5, per_second=1)
WIDE = Quota(burst=1_000, per_second=200)
# On a busy machine Redis may need longer than in production.
PATIENT = 5.0


@pytest.fixture
def made() -> Iterator[list[Rates]]:
    """What is appended is closed."""
    rates: list[Rates] = []
    yield rates
    for one in rates:
        one.close()


def counted(rates: Rates, tenant: object, account: str = "ada") -> Count:
    count = rates.count(tenant, account)  # type: ignore[arg-type]  # any id does
    assert count is not None
    return count


def test_a_burst_passes_and_then_one_more_as_time_goes_by(redis_url: str, made: list[Rates]) -> None:
    rates = Rates(redis_url, account=Quota(burst=3, per_second=10), tenant=WIDE, wait=PATIENT)
    made.append(rates)
    tenant = uuid4()

    first = [counted(rates, tenant) for _ in range(3)]
    refused = counted(rates, tenant)

    assert [count.passed for count in first] == [True, True, True]
    assert [count.account.requests for count in first] == [2, 1, 0]
    assert not refused.passed
    assert refused.account.next_in == refused.account.full_in == 1
    eventually(lambda: counted(rates, tenant).passed, "one more to pass")


def test_what_was_refused_counts_for_neither(redis_url: str, made: list[Rates]) -> None:
    rates = Rates(redis_url, account=SLOW, tenant=Quota(burst=8, per_second=1), wait=PATIENT)
    made.append(rates)
    tenant = uuid4()

    passed = [counted(rates, tenant).passed for _ in range(50)]
    other = counted(rates, tenant, "bob")

    assert passed.count(True) <= 6
    assert other.passed
    assert other.tenant.requests >= 1


def test_accounts_of_a_site_share_its_quota_and_sites_share_nothing(
    redis_url: str, made: list[Rates]
) -> None:
    rates = Rates(redis_url, account=SLOW, tenant=SLOW, wait=PATIENT)
    made.append(rates)
    tenant, other = uuid4(), uuid4()

    of_one = [counted(rates, tenant, f"account-{number}").passed for number in range(10)]
    of_another = counted(rates, other, "account-1")

    assert 5 <= of_one.count(True) <= 6
    assert of_another.passed
    assert of_another.tenant.requests == 4


def test_processes_and_threads_count_together(redis_url: str, made: list[Rates]) -> None:
    quota = Quota(burst=40, per_second=1)
    made += [Rates(redis_url, account=quota, tenant=WIDE, wait=PATIENT) for _ in range(4)]
    tenant = uuid4()
    began = time.monotonic()

    with ThreadPoolExecutor(8) as threads:
        passed = list(threads.map(lambda n: counted(made[n % 4], tenant).passed, range(200)))

    refilled = int(time.monotonic() - began) + 1
    assert 40 <= passed.count(True) <= 40 + refilled


def test_a_bucket_is_forgotten_when_it_is_full_and_names_nobody(redis_url: str, made: list[Rates]) -> None:
    rates = Rates(redis_url, account=SLOW, tenant=SLOW, wait=PATIENT)
    made.append(rates)
    tenant, account = uuid4(), f"712020:{secrets.token_hex(8)}"

    counted(rates, tenant, account)

    with Redis.from_url(redis_url) as redis:
        keys = redis.keys(f"rate:{{{tenant}}}*")
        assert len(keys) == 2
        assert not any(account.encode() in key for key in keys)
        eventually(lambda: not redis.exists(*keys), "the buckets to be forgotten")


def test_a_redis_that_forgot_the_script_learns_it_again(redis_url: str, made: list[Rates]) -> None:
    rates = Rates(redis_url, account=SLOW, tenant=SLOW, wait=PATIENT)
    made.append(rates)
    tenant = uuid4()
    counted(rates, tenant)

    with Redis.from_url(redis_url) as redis:
        redis.script_flush()

    assert counted(rates, tenant).account.requests == 3


def test_a_redis_that_never_answers_delays_only_the_first_few(
    caplog: pytest.LogCaptureFixture, made: list[Rates]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        rates = Rates(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        made.append(rates)
        began = time.monotonic()

        counts = [rates.count(uuid4(), "ada") for _ in range(2_000)]

        assert counts == [None] * 2_000
        assert time.monotonic() - began < 2
    assert [record.message for record in caplog.records] == ["rates are not limited"]


def test_limits_hold_again_when_redis_is_back(
    redis_url: str, caplog: pytest.LogCaptureFixture, made: list[Rates]
) -> None:
    rates = Rates(redis_url, account=SLOW, tenant=SLOW, wait=PATIENT)
    made.append(rates)
    tenant = uuid4()
    counted(rates, tenant)

    with Redis.from_url(redis_url) as redis:
        name = redis.connection_pool.connection_kwargs.get("db", 0)
        for client in redis.client_list():
            if int(client["db"]) == name and client["cmd"].startswith("eval"):
                redis.client_kill_filter(_id=client["id"])
    lost = rates.count(tenant, "ada")
    found = rates.count(tenant, "ada")

    assert lost is None
    assert found is not None
    assert [record.message for record in caplog.records] == [
        "rates are not limited",
        "rates are limited again",
    ]
