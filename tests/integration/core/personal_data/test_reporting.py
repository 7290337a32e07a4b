from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from core.accounts import CLOSED
from core.personal_data.cycles import REPORTING
from core.qsh import query_string_hash
from tests.jira_server import REPORT, JiraServer, Reply
from tests.personal_data import SECRET, STAYS, Site
from tests.workers import eventually, kill

WEEK = timedelta(days=7)


def many(number: int) -> list[str]:
    return [f"712020:00000000-0000-0000-0000-{n:012d}" for n in range(number)]


def flat(calls: list[list[str]]) -> list[str]:
    return [account for call in calls for account in call]


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_each_account_is_reported_once_and_ninety_a_call(site: Site, jira: JiraServer) -> None:
    accounts = many(200)
    for start in range(0, 200, 50):
        site.report(administrators=accounts[start : start + 50], account=accounts[start])

    task = site.report_accounts()

    assert [len(call) for call in jira.reported()] == [90, 90, 20]
    assert sorted(flat(jira.reported())) == accounts
    assert task.result == {"calls": 3, "reported": 200, "closed": 0, "updated": 0, "refused": 0}


def test_the_calls_are_the_apps_own_and_bound_to_the_address(site: Site, jira: JiraServer) -> None:
    site.report()

    site.report_accounts()

    (asked,) = jira.asked
    claims = jwt.decode(asked.token, SECRET, algorithms=["HS256"])
    assert (asked.method, asked.path, asked.query) == ("POST", REPORT, "")
    assert (claims["iss"], claims["qsh"]) == ("com.sightline.reports", query_string_hash("POST", REPORT))


def test_an_account_is_reported_with_the_oldest_time_that_we_have_it(site: Site, jira: JiraServer) -> None:
    site.report(created_at="2026-03-01T10:00:00Z")
    site.report(created_at="2025-11-05T08:30:00.250Z")
    site.report(created_at="2026-09-09T00:00:00Z")

    site.report_accounts()

    (asked,) = jira.asked
    assert asked.body == {"accounts": [{"accountId": STAYS, "updatedAt": "2025-11-05T08:30:00.250Z"}]}


def test_names_of_nobody_are_not_reported(site: Site, jira: JiraServer) -> None:
    site.report(administrators=[CLOSED], account="hashedaaaaaaaaaaaaaaaaaa")

    assert site.report_accounts().result == {
        "calls": 0,
        "reported": 0,
        "closed": 0,
        "updated": 0,
        "refused": 0,
    }
    assert jira.asked == []


def test_the_next_cycle_is_a_week_later_unless_atlassian_says_otherwise(site: Site, jira: JiraServer) -> None:
    site.report()
    site.report_accounts()
    first, following = site.cycles()
    assert time_of(following["due_at"]) - time_of(first["begun_at"]) == WEEK
    assert following["ended_at"] is None

    jira.cycle_period = "P3D"
    site.report_accounts()

    _, second, third = site.cycles()
    assert time_of(third["due_at"]) - time_of(second["begun_at"]) == timedelta(days=3)
    assert flat(jira.reported()) == [STAYS, STAYS]


@pytest.mark.parametrize("period", ["", "tomorrow", "PT1S", "P9999Y", "-P1D"])
def test_a_length_that_makes_no_sense_changes_nothing(site: Site, jira: JiraServer, period: str) -> None:
    site.report()
    jira.always = Reply(204, headers={"Cycle-Period": period})

    site.report_accounts()

    first, following = site.cycles()
    assert time_of(following["due_at"]) - time_of(first["begun_at"]) == WEEK


def test_before_a_cycle_is_due_nothing_is_reported(site: Site, jira: JiraServer) -> None:
    site.report()
    site.report_accounts()
    with site.place.as_worker() as database:
        assert database.read_system("select request_account_reports(7::smallint, 5, 100) as n") == [{"n": 0}]

    assert flat(jira.reported()) == [STAYS]


def test_a_site_that_has_been_there_for_long_begins_some_time_within_a_week(site: Site) -> None:
    old = Site(site.place, site.jira)
    old.install()
    with site.everything() as cursor:
        cursor.execute(
            "update tenants set installed_at = now() - interval '8 days' where id = %s", (str(old.id),)
        )
    with site.place.as_worker() as database:
        assert database.read_system("select request_account_reports(7::smallint, 5, 100) as n") == [{"n": 1}]

    now = datetime.now(UTC)
    assert len(site.tasks(REPORTING)) == 1
    assert old.tasks(REPORTING) == []
    (planned,) = old.cycles()
    assert now < time_of(planned["due_at"]) < now + WEEK


@pytest.mark.parametrize(
    ("reply", "least", "most"),
    [
        (Reply(429, headers={"Retry-After": "1800"}), 1700, 1800),
        (Reply(503, headers={"Retry-After": "90"}), 80, 90),
        (Reply(503), 50, 60),
        (Reply(500, b'{"errorType": "E", "errorMessage": "M"}'), 50, 60),
        (Reply(429, headers={"Retry-After": "99999999"}), 86_000, 86_400),
        (Reply(401), 3500, 3600),
        (Reply(302, headers={"Location": "/elsewhere"}), 3500, 3600),
        (Reply(200, b"no json"), 3500, 3600),
        (Reply(200, b'{"accounts": [7]}'), 3500, 3600),
    ],
)
def test_trouble_puts_the_rest_off_and_uses_up_no_attempt(
    site: Site, jira: JiraServer, reply: Reply, least: int, most: int
) -> None:
    accounts = many(100)
    site.report(administrators=accounts, account=accounts[0])
    jira.next.append(Reply(204))
    jira.next.append(reply)

    task = site.report_accounts()

    assert (task.state, task.attempts) == ("queued", 0)
    assert least < (task.due_at - datetime.now(UTC)).total_seconds() <= most
    assert site.go_on().state == "done"
    first, second, third = jira.reported()
    assert second == third
    assert sorted(first + second) == accounts


def test_the_pause_grows_while_the_trouble_lasts(site: Site, jira: JiraServer) -> None:
    site.report()
    jira.always = Reply(503)
    task = site.report_accounts()
    ends = [(task.due_at, datetime.now(UTC)), *((site.go_on().due_at, datetime.now(UTC)) for _ in range(3))]

    assert [round((end - now).total_seconds() / 60) for end, now in ends] == [1, 2, 4, 8]
    jira.always = None
    assert site.go_on().state == "done"
    assert site.cycles()[0]["troubles"] == 0


def test_a_site_that_gives_no_answer_is_asked_again_later(site: Site) -> None:
    site.report()
    with site.everything() as cursor:
        cursor.execute("update tenants set base_url = 'http://127.0.0.1:9' where id = %s", (str(site.id),))

    task = site.report_accounts()

    assert (task.state, task.attempts, task.error) == ("queued", 0, "The site gives no answer.")


def test_a_cycle_that_takes_longer_than_it_may_ends_and_the_next_begins(site: Site, jira: JiraServer) -> None:
    site.report()
    jira.always = Reply(503)
    site.report_accounts()
    with site.everything() as cursor:
        cursor.execute(
            "update account_report_cycles"
            " set begun_at = now() - interval '8 days', due_at = now() - interval '8 days'"
        )
    jira.always = None

    assert site.go_on().state == "done"

    over, done, _ = site.cycles()
    assert (over["reported"], done["reported"]) == (0, 1)
    assert over["ended_at"] is not None


def test_an_id_that_atlassian_finds_wrong_keeps_no_other_from_being_reported(
    site: Site, jira: JiraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = many(60)
    site.report(administrators=accounts, account=accounts[0])
    told: Callable[[Any], Reply] = jira._told
    odd = accounts[17]
    monkeypatch.setattr(
        JiraServer,
        "_told",
        lambda _, body: Reply(400) if odd in json.dumps(body) else told(body),
    )
    taken: list[str] = []
    jira.closed.add(accounts[3])

    task = site.report_accounts()

    for call in jira.reported():
        taken += call if odd not in call else []
    assert sorted([*taken, odd]) == accounts
    assert task.result is not None
    assert (task.result["reported"], task.result["refused"], task.result["closed"]) == (59, 1, 1)


def test_where_every_account_is_refused_the_task_says_so_and_the_cycle_stays_open(
    site: Site, jira: JiraServer
) -> None:
    site.report(administrators=many(5), account=many(1)[0])
    jira.always = Reply(400)

    task = site.report_accounts()

    assert (task.state, task.error) == ("failed", "Atlassian takes none of the accounts.")
    assert [cycle["ended_at"] for cycle in site.cycles()] == [None]


def test_updated_accounts_are_counted_and_stay(site: Site, jira: JiraServer) -> None:
    report = site.report()
    jira.updated.add(STAYS)

    task = site.report_accounts()

    assert task.result == {"calls": 1, "reported": 1, "closed": 0, "updated": 1, "refused": 0}
    assert site.row(report)["version"] == 1


def test_an_account_that_was_not_asked_about_is_not_touched(site: Site, jira: JiraServer) -> None:
    report = site.report(account="ann")
    answer = {"accounts": [{"accountId": "ann", "status": "odd"}, {"accountId": "bob", "status": "closed"}]}
    jira.always = Reply(200, json.dumps(answer).encode())
    site.report_accounts()

    assert site.row(report)["administrators"] == ["ann"]


@pytest.mark.parametrize("state", ["disabled", "uninstalled"])
def test_of_a_site_where_the_app_is_not_active_nothing_is_reported(
    site: Site, jira: JiraServer, state: str
) -> None:
    site.report()
    site.due()
    with site.everything() as cursor:
        cursor.execute(
            "update tenants set state = %s, uninstalled_at = now(),"
            " secret = case %s when 'disabled' then secret end,"
            " secret_key_id = case %s when 'disabled' then secret_key_id end",
            (state, state, state),
        )

    assert site.work(REPORTING).result == {"due": False}
    assert jira.asked == []
    with site.place.as_worker() as database:
        assert database.read_system("select request_account_reports(7::smallint, 5, 100) as n") == [{"n": 0}]


def test_after_a_kill_it_goes_on_where_it_was_and_no_account_is_lost(site: Site, jira: JiraServer) -> None:
    accounts = many(200)
    for start in (0, 100):
        site.report(administrators=accounts[start : start + 100], account=accounts[start])
    jira.next += [Reply(204), Reply(hangs=True)]
    site.due()
    (task,) = site.tasks(REPORTING)

    with site.place.worker("--processes", "1"):
        eventually(lambda: len(jira.asked) == 2, "the second call")
        kill(site.place.work_horse(task.id))
        gone = jira.reported()[1][0]
        jira.closed.add(gone)
        jira.over.set()
        eventually(lambda: len(site.cycles()) == 2, "the end of the cycle")

    first, second, third, fourth = jira.reported()
    assert second == third, "of the call that was under way nobody knows what came of it"
    assert sorted(first + second + fourth) == sorted(accounts)
    assert gone not in str(site.rows()["reports"])


def test_the_workers_role_reads_no_secret_but_of_the_site_whose_report_it_holds(site: Site) -> None:
    other = Site(site.place, site.jira)
    other.install()
    site.due()
    with site.place.as_worker() as database:
        asked = "select client_key from tenant_of_account_report(%s, %s)"
        (lease,) = database.read_system(
            "select * from claim_task(array['personal-data-report'], interval '1 minute')"
        )
        held = (lease["id"], lease["lease_token"])

        assert database.read_system(asked, held) == [{"client_key": str(lease["tenant_id"])}]
        assert database.read_system(asked, (lease["id"], other.id)) == []
        (another,) = [t for one in (site, other) for t in one.tasks(REPORTING) if t.id != lease["id"]]
        assert database.read_system(asked, (another.id, lease["lease_token"])) == []
        database.read_system("select * from account_report_cycles")
