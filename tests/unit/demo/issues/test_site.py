from __future__ import annotations

from typing import Any

import pytest

from demo.issues import Site, generate
from demo.issues.bitmap import rows_of
from demo.issues.model import Issue
from demo.jql.evaluate import Evaluation
from demo.jql.parse import parse

NOW = 1_795_000_000_000


@pytest.fixture
def own() -> Site:
    """A site that the test may change."""
    return generate("https://jira.example", seed=5, count=200, now=NOW)


def keys(site: Site, jql: str) -> set[str]:
    rows = Evaluation(site, None).rows(parse(jql))
    return {issue.key for row in rows_of(rows) if (issue := site.store.rows[row])}


def open_issue(site: Site) -> Issue:
    return next(i for i in site.store.issues() if i.fields["status"]["name"] == "Backlog")


def test_at_least_twelve_people_in_three_zones_may_sign_in_and_two_are_admins(own: Site) -> None:
    accounts = own.accounts()
    assert len(accounts) >= 12
    assert {"Europe/Berlin", "America/St_Johns", "Asia/Kolkata"} <= {account.zone for account in accounts}
    assert [account.name for account in accounts if account.admin] == ["Ada Lovett", "Meera Chatterjee"]
    assert accounts[0].admin


def test_an_edit_is_found_at_once_and_told_in_the_history(own: Site) -> None:
    issue = open_issue(own)
    assert issue.key in keys(own, "status = Backlog")
    done = own.shapes.status(own.catalogue.statuses["10007"])
    edited = own.update(issue.key, own.accounts()[1], status=done)
    assert issue.key not in keys(own, "status = Backlog")
    assert issue.key in keys(own, "status = Done and status changed by 'Brendan Power'")
    change = edited.histories[-1].changes[0]
    assert (change.field, change.old_text, change.new_text) == ("status", "Backlog", "Done")


def test_an_edit_moves_the_update_time_alone(own: Site) -> None:
    issue = open_issue(own)
    edited = own.update(issue.id, summary="Renamed")
    assert edited.fields["updated"] == "2026-11-18T11:06:40.000+0000"
    assert edited.fields["created"] == issue.fields["created"]
    assert keys(own, "summary ~ renamed") == {issue.key}


def test_an_emptied_field_is_empty(own: Site) -> None:
    issue = next(i for i in own.store.issues() if "assignee" in i.fields)
    own.update(issue.key, assignee=None)
    assert issue.key in keys(own, "assignee is empty")


def test_time_booked_on_a_subtask_reaches_the_parents_sum(own: Site) -> None:
    parent = next(i for i in own.store.issues() if i.fields.get("subtasks"))
    task = parent.fields["subtasks"][0]["key"]
    held = own.store.get(task)
    assert held is not None
    before = parent.fields.get("aggregatetimespent", 0)
    own.update(task, timespent=held.fields.get("timespent", 0) + 7200)
    after = own.store.get(parent.key)
    assert after is not None
    assert after.fields["aggregatetimespent"] == before + 7200


def test_a_new_issue_gets_the_next_key_and_is_found(own: Site) -> None:
    last = max(issue.number for issue in own.store.issues() if issue.project == "PAY")
    made = own.create("PAY", {"summary": "Brand new thing"})
    assert made.key == f"PAY-{last + 1}"
    assert keys(own, "summary ~ 'brand new'") == {made.key}


def test_a_deleted_issue_is_gone_and_its_key_is_not_found(own: Site) -> None:
    task = next(i for i in own.store.issues() if i.fields["issuetype"]["subtask"])
    parent = task.fields["parent"]["key"]
    own.delete(task.key)
    assert own.issue(task.key, None) is None
    assert task.key not in keys(own, "created is not empty")
    held = own.store.get(parent)
    assert held is not None
    assert task.key not in [entry["key"] for entry in held.fields.get("subtasks", ())]


def test_a_restricted_issue_disappears_for_those_outside_the_level(own: Site) -> None:
    ada, brendan = own.accounts()[:2]
    issue = next(i for i in own.store.issues() if i.level is None and i.project == "SHOP")
    assert own.issue(issue.key, brendan)
    own.restrict(issue.key, "10102")
    assert own.issue(issue.key, brendan) is None
    assert own.issue(issue.key, ada)
    assert own.visible(brendan) >> issue.row & 1 == 0


@pytest.mark.parametrize("change", [lambda s: s.update("NO-1", summary="x"), lambda s: s.delete("NO-1")])
def test_editing_what_does_not_exist_is_an_error(own: Site, change: Any) -> None:
    with pytest.raises(KeyError):
        change(own)


def test_an_unknown_field_is_an_error(own: Site) -> None:
    with pytest.raises(KeyError, match="customfield_1"):
        own.update(open_issue(own).key, customfield_1=3)
