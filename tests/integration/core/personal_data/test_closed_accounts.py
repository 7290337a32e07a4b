from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import definition
from core.accounts import CLOSED
from core.ledger import Closed, Ledger, salted_hash
from core.personal_data.texts import in_definition
from tests.jira_server import JiraServer
from tests.personal_data import GONE, STAYS, Site, definition_of
from tests.whole_database import dump
from tests.workers import Workplace, eventually

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def found(place: Workplace, account: str) -> list[str]:
    """The tables in which a dump of everything has an account."""
    return [table for table, rows in dump(place.urls).items() if any(account in row for row in rows)]


def test_a_closed_account_is_nowhere_afterwards(site: Site, jira: JiraServer) -> None:
    theirs = site.plant(GONE)
    before = site.row(theirs)
    jira.closed.add(GONE)
    assert len(found(site.place, GONE)) >= 8

    task = site.report_accounts()

    assert (task.state, task.result) == (
        "done",
        {"calls": 1, "reported": 3, "closed": 1, "updated": 0, "refused": 0},
    )
    assert found(site.place, GONE) == []
    after = site.row(theirs)
    assert after == before | {
        "name": f"For {CLOSED}",
        "name_key": f"for {CLOSED}",
        "description": f"Made by [~accountid:{CLOSED}]!",
        "definition": definition_of(CLOSED),
        "administrators": [CLOSED],
        "shared_accounts": [STAYS],
        "created_by": CLOSED,
        "updated_by": CLOSED,
        "version": after["version"],
    }
    assert after["version"] > before["version"]
    assert definition.check(after["definition"]) == []


def test_nothing_but_the_account_changes(site: Site, jira: JiraServer) -> None:
    site.plant(GONE)
    jira.closed.add(GONE)
    with site.everything() as cursor:
        cursor.execute("select to_jsonb(v) from report_versions v order by report_id, version")
        versions = [row for (row,) in cursor.fetchall()]
        cursor.execute("select count(*) from audit")
        entries = cursor.fetchone()

    site.report_accounts()

    with site.everything() as cursor:
        cursor.execute("select to_jsonb(v) from report_versions v order by report_id, version")
        kept = [row for (row,) in cursor.fetchall()]
        cursor.execute("select account_id, details from audit where event = 'report-taken-over'")
        taken_over = cursor.fetchone()
        cursor.execute("select count(*) from audit")
        assert cursor.fetchone() == entries
        cursor.execute("select count(*) from stars")
        assert cursor.fetchone() == (0,)
    assert kept == [json.loads(json.dumps(row).replace(GONE, CLOSED)) for row in versions]
    assert taken_over == ("eve", {"administrators": [CLOSED, "eve"]})


def test_a_report_with_another_administrator_stays_theirs(site: Site, jira: JiraServer) -> None:
    report = site.report("Both", administrators=[GONE, STAYS], shared_accounts=[GONE])
    jira.closed.add(GONE)

    site.report_accounts()

    row = site.row(report)
    assert (row["administrators"], row["shared_accounts"], row["version"]) == ([STAYS], [], 2)


def test_two_closed_accounts_that_did_the_same_leave_both_their_entries(site: Site, jira: JiraServer) -> None:
    jira.closed |= {GONE, STAYS}
    with site.everything() as cursor:
        for account in (GONE, STAYS):
            cursor.execute(
                "insert into audit (tenant_id, event, account_id, host, details)"
                " values (%s, 'refused', %s, 'connect', '{\"route\": \"GET /api/v1/audit\"}')",
                (str(site.id), account),
            )

    site.report_accounts()

    with site.everything() as cursor:
        cursor.execute("select account_id from audit where event = 'refused'")
        assert cursor.fetchall() == [(CLOSED,), (CLOSED,)]


def test_other_sites_stay_as_they_are_to_the_byte(site: Site, jira: JiraServer) -> None:
    other = Site(site.place, jira)
    other.install()
    for one in (site, other):
        one.plant(GONE)
    other.report_later()
    before = other.rows()
    jira.closed.add(GONE)

    site.report_accounts()

    assert other.rows() == before
    assert GONE not in str(site.rows())


def test_the_ledger_has_it_before_the_database_forgets_and_names_nobody(site: Site, jira: JiraServer) -> None:
    site.plant(GONE)
    jira.closed.add(GONE)

    site.report_accounts()

    (entry,) = Ledger(site.place.store).entries(LONG_AGO)
    assert isinstance(entry, Closed)
    assert entry.tenant_id == site.id
    assert entry.account_hash == salted_hash(entry.salt, GONE)
    assert GONE not in repr(entry)


def test_where_the_ledger_cannot_be_written_nothing_is_forgotten(
    site: Site, jira: JiraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = site.plant(GONE)
    jira.closed.add(GONE)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Ledger, "record", full)
    site.report_accounts()
    assert site.row(theirs)["administrators"] == [GONE]

    monkeypatch.undo()
    assert site.go_on().state == "done"
    assert site.row(theirs)["administrators"] == [CLOSED]


def test_a_change_that_is_made_meanwhile_is_not_lost(site: Site, jira: JiraServer) -> None:
    report = site.report("Old", definition=json.dumps(definition_of(GONE)))
    jira.closed.add(GONE)

    with ThreadPoolExecutor(1) as pool:
        with site.everything() as cursor:
            cursor.execute("update reports set name = 'New', version = 2 where id = %s", (str(report),))
            done = pool.submit(site.report_accounts)
            eventually(lambda: site.waiting_for_locks() > 0, "the worker to wait")
        assert done.result().state == "done"

    assert (site.row(report)["name"], site.row(report)["definition"]) == ("New", definition_of(CLOSED))
    assert site.row(report)["version"] > 2


accounts = st.lists(st.sampled_from([GONE, STAYS, "ann", f"{GONE}1"]), min_size=1, max_size=3)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(accounts, accounts), min_size=1, max_size=4))
def test_any_reports_lose_the_account_and_stay_what_they_were_otherwise(
    site: Site, jira: JiraServer, drawn: list[tuple[list[str], list[str]]]
) -> None:
    jira.closed = {GONE}
    made = {}
    for administrators, named in drawn:
        written = {**definition_of(named[0]), "jql": f"assignee in ({', '.join(named)})"}
        made[
            site.report(administrators=list(dict.fromkeys(administrators)), definition=json.dumps(written))
        ] = (
            written,
            list(dict.fromkeys(administrators)),
        )

    site.report_accounts()

    for report, (written, administrators) in made.items():
        row = site.row(report)
        assert row["definition"] == in_definition(written, {GONE: CLOSED})
        assert definition.check(row["definition"]) == []
        assert row["administrators"] == ([a for a in administrators if a != GONE] or [CLOSED])
    with site.everything() as cursor:
        cursor.execute("delete from account_report_cycles; delete from reports")


def test_what_is_typed_in_again_is_found_in_the_next_cycle(site: Site, jira: JiraServer) -> None:
    jira.closed.add(GONE)
    site.report("One", administrators=[STAYS, GONE])
    site.report_accounts()
    again = site.report("Two", definition=json.dumps(definition_of(GONE)))
    with site.everything() as cursor:
        cursor.execute(
            "update account_report_cycles set due_at = due_at - interval '7 days',"
            " begun_at = begun_at - interval '7 days', ended_at = ended_at - interval '7 days'"
        )

    site.report_accounts()

    assert site.row(again)["definition"] == definition_of(CLOSED)
