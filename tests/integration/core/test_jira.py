from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import jwt
import pytest

from core.ids import uuid7
from core.jira import Jira, Question
from core.outbound import Outbound, Unreachable
from core.qsh import query_string_hash
from core.tenants import Tenant
from tests.clock import Clock
from tests.jira_server import GROUPS, JiraServer, Reply, jira_server

SECRET = "a secret that is long enough for the algorithm"
QUESTION = Question("GET", GROUPS, query={"accountId": "712020:a b"})
PATIENCE = 3.0


@pytest.fixture
def server() -> Iterator[JiraServer]:
    with jira_server() as there:
        yield there


@pytest.fixture
def tenant(server: JiraServer) -> Tenant:
    return Tenant(uuid7(), "site", server.url, "active", 1, SECRET)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def jira(clock: Clock, pauses: list[float]) -> Jira:
    return Jira(Outbound(max_bytes=100_000), app_key="com.app", clock=clock, wait=pauses.append)


def ask(jira: Jira, tenant: Tenant, seconds: float = PATIENCE) -> object:
    return jira.ask(tenant, QUESTION, time.monotonic() + seconds)


def test_a_question_is_signed_as_the_app_with_its_query(
    jira: Jira, tenant: Tenant, server: JiraServer
) -> None:
    server.groups["712020:a b"] = {"g"}

    assert ask(jira, tenant) == [
        {"name": "name of g", "groupId": "g"},
        {"name": "secret", "groupId": None},
    ]
    [asked] = server.asked
    assert asked.query == "accountId=712020%3Aa%20b"
    claims = jwt.decode(asked.token, SECRET, algorithms=["HS256"])
    assert (claims["iss"], claims["qsh"]) == ("com.app", query_string_hash("GET", GROUPS, asked.query))


def test_a_site_below_a_path_is_asked_below_it_and_the_path_is_not_signed(
    jira: Jira, server: JiraServer
) -> None:
    server.always = Reply(body=b"{}")

    ask(jira, Tenant(uuid7(), "site", f"{server.url}/jira/", "active", 1, SECRET))

    [asked] = server.asked
    claims = jwt.decode(asked.token, SECRET, algorithms=["HS256"])
    assert asked.path == f"/jira{GROUPS}"
    assert claims["qsh"] == query_string_hash("GET", GROUPS, asked.query)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_again_after_growing_pauses_with_jitter(
    jira: Jira, tenant: Tenant, server: JiraServer, pauses: list[float], status: int
) -> None:
    server.next.extend([Reply(status), Reply(status)])

    ask(jira, tenant)

    assert len(server.asked) == 3
    assert 0.14 <= pauses[0] <= 0.26
    assert 0.28 <= pauses[1] <= 0.52


def test_three_tries_are_all(jira: Jira, tenant: Tenant, server: JiraServer) -> None:
    server.always = Reply(503)

    with pytest.raises(Unreachable, match="503"):
        ask(jira, tenant)
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404])
def test_a_refusal_is_final(jira: Jira, tenant: Tenant, server: JiraServer, status: int) -> None:
    server.always = Reply(status, headers={"Location": "/elsewhere"})

    with pytest.raises(Unreachable, match=str(status)):
        ask(jira, tenant)
    assert len(server.asked) == 1


def test_a_server_that_is_gone_is_tried_again(jira: Jira, pauses: list[float]) -> None:
    gone = Tenant(uuid7(), "site", "http://127.0.0.1:1", "active", 1, SECRET)

    with pytest.raises(Unreachable):
        ask(jira, gone)
    assert len(pauses) == 2


@pytest.mark.parametrize("as_date", [False, True])
def test_the_time_that_jira_asks_for_is_waited(
    clock: Clock, tenant: Tenant, server: JiraServer, pauses: list[float], as_date: bool
) -> None:
    now = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
    later = format_datetime(now.replace(second=2), usegmt=True) if as_date else "2"
    jira = Jira(Outbound(), app_key="com.app", clock=clock, now=now.timestamp, wait=pauses.append)
    server.next.append(Reply(429, headers={"Retry-After": later}))

    ask(jira, tenant)

    assert pauses == [2.0]


def test_a_longer_time_than_the_caller_has_becomes_the_sites_pause(
    jira: Jira, tenant: Tenant, server: JiraServer, clock: Clock, pauses: list[float]
) -> None:
    server.next.append(Reply(429, headers={"Retry-After": "60"}))
    with pytest.raises(Unreachable, match="429"):
        ask(jira, tenant)

    clock.now += 59
    with pytest.raises(Unreachable, match="left alone"):
        ask(jira, tenant)
    assert (len(server.asked), pauses) == (1, [])
    clock.now += 1
    ask(jira, tenant)


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "²", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_a_time_that_cannot_be_read_is_not_waited(
    jira: Jira, tenant: Tenant, server: JiraServer, pauses: list[float], header: str
) -> None:
    server.next.append(Reply(503, headers={"Retry-After": header.encode().decode("latin-1")}))

    ask(jira, tenant)

    assert len(pauses) == 1
    assert pauses[0] < 0.5


@pytest.mark.parametrize("reply", [Reply(hangs=True), Reply(drips=True)], ids=["silent", "dripping"])
def test_a_slow_server_takes_no_more_than_the_time_there_is(
    jira: Jira, tenant: Tenant, server: JiraServer, reply: Reply
) -> None:
    server.always = reply
    started = time.monotonic()

    with pytest.raises(Unreachable):
        ask(jira, tenant, seconds=0.5)
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"[" * 60_000, b"\xff", b"", b"x" * 10_000_000],
    ids=["html", "deep", "bytes", "none", "10 MB"],
)
def test_an_answer_that_is_no_json_or_endless_is_none(
    jira: Jira, tenant: Tenant, server: JiraServer, body: bytes
) -> None:
    server.always = Reply(body=body)

    with pytest.raises(Unreachable):
        ask(jira, tenant)


def test_an_answer_that_breaks_off_is_none(jira: Jira, tenant: Tenant, server: JiraServer) -> None:
    server.always = Reply(body=b"[]", headers={"Content-Length": "100"})

    with pytest.raises(Unreachable):
        ask(jira, tenant)


def test_a_site_that_fails_five_times_is_left_alone_and_then_probed(
    jira: Jira, tenant: Tenant, server: JiraServer, clock: Clock
) -> None:
    server.always = Reply(500)
    for _ in range(5):
        with pytest.raises(Unreachable, match="500"):
            ask(jira, tenant)
    server.always = None
    tries = len(server.asked)

    with pytest.raises(Unreachable, match="left alone"):
        ask(jira, tenant)
    assert len(server.asked) == tries
    clock.now += 10
    ask(jira, tenant)
    ask(jira, tenant)
    assert len(server.asked) == tries + 2


def test_refusals_do_not_open_the_breaker(jira: Jira, tenant: Tenant, server: JiraServer) -> None:
    server.always = Reply(401)
    for _ in range(20):
        with pytest.raises(Unreachable, match="401"):
            ask(jira, tenant)


def test_one_site_that_fails_is_no_other_sites_business(jira: Jira, tenant: Tenant) -> None:
    gone = Tenant(uuid7(), "gone", "http://127.0.0.1:1", "active", 1, SECRET)
    for _ in range(6):
        with pytest.raises(Unreachable):
            ask(jira, gone)

    assert ask(jira, tenant)


def test_without_time_or_secret_nothing_is_asked(jira: Jira, tenant: Tenant, server: JiraServer) -> None:
    uninstalled = Tenant(tenant.id, "site", server.url, "uninstalled", 2, None)

    with pytest.raises(Unreachable):
        ask(jira, tenant, seconds=0)
    with pytest.raises(Unreachable):
        ask(jira, uninstalled)
    assert server.asked == []
