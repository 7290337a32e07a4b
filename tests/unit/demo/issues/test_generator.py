from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import pairwise

from demo.issues import Site, generate
from demo.issues.edits import SUMS
from demo.issues.values import milliseconds

NOW = 1_795_000_000_000


def test_the_same_seed_makes_the_same_site() -> None:
    first, second = (generate("https://jira.example", seed=3, count=300, now=NOW) for _ in range(2))
    assert first.store.rows == second.store.rows


def test_another_seed_makes_another_site(site: Site) -> None:
    other = generate("https://jira.example", seed=8, count=900, now=NOW)
    assert [i.fields["summary"] for i in other.store.issues()] != [
        i.fields["summary"] for i in site.store.issues()
    ]


def test_keys_and_ids_are_unique_and_grow_with_creation(site: Site) -> None:
    issues = list(site.store.issues())
    assert len({issue.key for issue in issues}) == len({issue.id for issue in issues}) == 900
    created = [issue.fields["created"] for issue in sorted(issues, key=lambda issue: issue.id)]
    assert created == sorted(created)


def test_dates_lie_within_two_years_before_now_and_in_order(site: Site) -> None:
    for issue in site.store.issues():
        created, updated = (milliseconds(issue.fields[name]) for name in ("created", "updated"))
        assert NOW - 731 * 86_400_000 <= created <= updated <= NOW
        if "resolutiondate" in issue.fields:
            assert created <= milliseconds(issue.fields["resolutiondate"]) <= NOW


def test_resolution_goes_with_a_done_status(site: Site) -> None:
    for issue in site.store.issues():
        done = issue.fields["status"]["statusCategory"]["key"] == "done"
        assert done == ("resolution" in issue.fields) == ("resolutiondate" in issue.fields)


def test_the_history_leads_to_the_present_status(site: Site) -> None:
    for issue in site.store.issues():
        changes = [c for h in issue.histories for c in h.changes if c.field == "status"]
        assert all(a.new == b.old for a, b in pairwise(changes))
        assert not changes or changes[-1].new == issue.fields["status"]["id"]
        assert [h.at for h in issue.histories] == sorted(h.at for h in issue.histories)


def test_worklogs_add_up_to_the_time_spent(site: Site) -> None:
    for issue in site.store.issues():
        assert sum(worklog.seconds for worklog in issue.worklogs) == issue.fields.get("timespent", 0)
        assert all(worklog.seconds > 0 for worklog in issue.worklogs)


def test_sums_are_own_plus_subtasks(site: Site) -> None:
    checked = 0
    for issue in site.store.issues():
        tasks = [site.store.get(task["id"]) for task in issue.fields.get("subtasks", ())]
        for total, own in SUMS.items():
            parts = [held.fields[own] for held in (issue, *tasks) if held and own in held.fields]
            assert issue.fields.get(total) == (sum(parts) if parts else None)
            checked += len(parts) > 1
    assert checked > 50


def test_parents_and_subtasks_name_each_other(site: Site) -> None:
    for issue in site.store.issues():
        parent = site.store.get(issue.fields["parent"]["id"]) if "parent" in issue.fields else None
        if issue.fields["issuetype"]["subtask"]:
            assert parent is not None
            assert {"id": str(issue.id), "key": issue.key} in parent.fields["subtasks"]
        elif parent:
            assert parent.fields["issuetype"]["hierarchyLevel"] == 1
        assert parent is None or parent.project == issue.project


def test_links_are_told_at_both_ends(site: Site) -> None:
    ends = Counter(
        (link["id"], "outwardIssue" in link)
        for i in site.store.issues()
        for link in i.fields.get("issuelinks", ())
    )
    assert set(ends.values()) == {1}
    assert all((id_, not outward) in ends for id_, outward in ends)


def test_there_is_something_of_everything_and_nothing_is_everywhere(site: Site) -> None:
    held = Counter(name for issue in site.store.issues() for name in issue.fields)
    optional = (
        "assignee priority resolution components fixVersions versions labels duedate description parent "
        "subtasks customfield_10016 customfield_10020 customfield_10030 customfield_10034 "
        "timeoriginalestimate timespent"
    )
    assert {name: held[name] for name in optional.split() if not 9 < held[name] < 890} == {}
    several = Counter(
        name
        for issue in site.store.issues()
        for name in ("components", "labels", "fixVersions", "customfield_10020")
        if len(issue.fields.get(name, ())) > 1
    )
    assert min(several.values()) > 5


def test_summaries_hold_odd_text_of_every_sort() -> None:
    site = generate("https://jira.example", count=5000, now=NOW)
    text = "".join(issue.fields["summary"] for issue in site.store.issues())
    names = {unicodedata.name(character, "").split()[0] for character in set(text)}
    assert {"ARABIC", "HEBREW", "CJK", "HIRAGANA", "ROCKET", "ZERO", "LATIN"} <= names
    assert "<script>" in text
    assert max(len(issue.fields["summary"]) for issue in site.store.issues()) > 200
    assert sum(len(issue.worklogs) > 20 for issue in site.store.issues()) >= 3


def test_the_clock_stands_still_only_where_now_is_given(site: Site) -> None:
    assert site.now() == NOW
    assert generate("https://jira.example", count=1).now() > 1_700_000_000_000
