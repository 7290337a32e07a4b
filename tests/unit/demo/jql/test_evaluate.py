"""Each query is held against a plain walk over all issues that says in Python what the JQL says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from demo.issues import Account, Issue, Site
from demo.issues.accounts import account_id
from demo.issues.bitmap import rows_of
from demo.issues.text import plain, words
from demo.issues.values import milliseconds
from demo.jql.evaluate import Evaluation
from demo.jql.parse import parse
from demo.jql.syntax import JqlError

Says: TypeAlias = Callable[[Issue], bool]
DAY = 86_400_000
NOW = 1_795_000_000_000


def found(site: Site, account: Account | None, jql: str) -> set[str]:
    rows = Evaluation(site, account).rows(parse(jql))
    return {issue.key for row in rows_of(rows) if (issue := site.store.rows[row])}


def complaints(site: Site, jql: str, account: Account | None = None) -> tuple[str, ...]:
    with pytest.raises(JqlError) as caught:
        Evaluation(site, account).rows(parse(jql))
    return caught.value.messages


def names(field: dict[str, Any], name: str) -> set[str]:
    return {item["name"] for item in field.get(name, ())}


def name(fields: dict[str, Any], field: str) -> str:
    return str((fields.get(field) or {}).get("name", ""))


BY_FIELDS: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    (
        "type = Bug and status != Done",
        lambda f: name(f, "issuetype") == "Bug" and name(f, "status") != "Done",
    ),
    ("issuetype not in (Bug, Story)", lambda f: name(f, "issuetype") not in {"Bug", "Story"}),
    ("type in subtaskIssueTypes()", lambda f: f["issuetype"]["subtask"]),
    ("type in standardIssueTypes()", lambda f: not f["issuetype"]["subtask"]),
    ("statusCategory = Done", lambda f: f["status"]["statusCategory"]["key"] == "done"),
    ("statusCategory != 'To Do'", lambda f: f["status"]["statusCategory"]["key"] != "new"),
    ("priority = High or priority is empty", lambda f: name(f, "priority") in {"High", ""}),
    ("priority != High", lambda f: name(f, "priority") not in {"High", ""}),
    ("not priority = High", lambda f: name(f, "priority") not in {"High", ""}),
    ("priority > Medium", lambda f: name(f, "priority") in {"High", "Highest"}),
    ("priority <= Low", lambda f: name(f, "priority") in {"Low", "Lowest"}),
    ("priority in (High, EMPTY)", lambda f: name(f, "priority") in {"High", ""}),
    ("priority not in (High, EMPTY)", lambda f: name(f, "priority") not in {"High", ""}),
    ("assignee is empty", lambda f: "assignee" not in f),
    ("assignee = 'Brendan Power'", lambda f: (f.get("assignee") or {}).get("displayName") == "Brendan Power"),
    ("labels = BACKEND", lambda f: "backend" in f.get("labels", ())),
    ("labels != backend", lambda f: bool(f.get("labels")) and "backend" not in f["labels"]),
    (
        "labels is not empty and labels not in (q1, q2)",
        lambda f: bool(f.get("labels")) and (not {"q1", "q2"} & set(f["labels"])),
    ),
    ("component = API", lambda f: "API" in names(f, "components")),
    ("component != API", lambda f: bool(f.get("components")) and "API" not in names(f, "components")),
    (
        "fixVersion in unreleasedVersions()",
        lambda f: any(not v["released"] for v in f.get("fixVersions", ())),
    ),
    ("fixVersion ~ '1.*'", lambda f: any(v.startswith("1.") for v in names(f, "fixVersions"))),
    (
        "sprint in openSprints()",
        lambda f: any(s["state"] == "active" for s in f.get("customfield_10020", ())),
    ),
    (
        "sprint in futureSprints()",
        lambda f: any(s["state"] == "future" for s in f.get("customfield_10020", ())),
    ),
    ("sprint = 'PAY Sprint 50'", lambda f: "PAY Sprint 50" in names(f, "customfield_10020")),
    ("'Story Points' >= 5", lambda f: f.get("customfield_10016", 0) >= 5),
    ("cf[10016] in (0.5, 13)", lambda f: f.get("customfield_10016") in {0.5, 13}),
    ("'story points' != 5", lambda f: "customfield_10016" in f and f["customfield_10016"] != 5),
    ("Severity = major", lambda f: (f.get("customfield_10030") or {}).get("value") == "Major"),
    (
        "Audience in (Staff, Partners)",
        lambda f: bool({"Staff", "Partners"} & {o["value"] for o in f.get("customfield_10035", ())}),
    ),
    (
        "Reviewers = 'Arjun Sen'",
        lambda f: "Arjun Sen" in {u["displayName"] for u in f.get("customfield_10034", ())},
    ),
    ("originalEstimate > 1d", lambda f: f.get("timeoriginalestimate", 0) > 28800),
    (
        "timespent is not empty and remainingEstimate = 0",
        lambda f: bool(f.get("timespent")) and f["timeestimate"] == 0,
    ),
    ("votes > 2", lambda f: f["votes"]["votes"] > 2),
    ("watchers >= 3", lambda f: f["watches"]["watchCount"] >= 3),
    ("created >= -30d", lambda f: milliseconds(f["created"]) >= NOW - 30 * DAY),
    (
        "resolved < -365d",
        lambda f: "resolutiondate" in f and milliseconds(f["resolutiondate"]) < NOW - 365 * DAY,
    ),
    ("updated <= now() and resolved is empty", lambda f: "resolutiondate" not in f),
    ("due < 2026-01-01", lambda f: "duedate" in f and f["duedate"] < "2026-01-01"),
    ("due = 2026-11-18 or due is empty", lambda f: f.get("duedate", "2026-11-18") == "2026-11-18"),
    ("due >= startOfYear() and due <= endOfYear()", lambda f: f.get("duedate", "").startswith("2026")),
    ("summary ~ library", lambda f: "library" in words(f["summary"])),
    ("summary ~ 'libr*'", lambda f: any(w.startswith("libr") for w in words(f["summary"]))),
    (
        "text ~ 'wording support'",
        lambda f: (
            {"wording", "support"}
            <= set(
                words(f["summary"] + " " + plain(f.get("description")) + " " + plain(f.get("environment")))
            )
        ),
    ),
    ('summary ~ "\\"time zone\\""', lambda f: "time zone" in f["summary"]),
    ("summary !~ the", lambda f: "the" not in words(f["summary"])),
    ("summary ~ 'error OR timeout'", lambda f: bool({"error", "timeout"} & set(words(f["summary"])))),
    ("summary ~ 'the -when'", lambda f: "the" in words(f["summary"]) and "when" not in words(f["summary"])),
    ("summary ~ 結帳", lambda f: "結" in f["summary"] and "帳" in f["summary"]),
    ("description is empty", lambda f: "description" not in f),
    ("parent is not empty and 'Epic Link' is not empty", lambda f: "parent" in f),
    (
        "issueLinkType = 'is blocked by'",
        lambda f: any(
            link["type"]["name"] == "Blocks" and "inwardIssue" in link for link in f.get("issuelinks", ())
        ),
    ),
    (
        "issueLinkType = Relates",
        lambda f: any(link["type"]["name"] == "Relates" for link in f.get("issuelinks", ())),
    ),
]
BY_ISSUE: list[tuple[str, Says]] = [
    ("project = SHOP", lambda i: i.project == "SHOP"),
    ("project in (shop, 'Payments', 10002)", lambda i: i.project in {"SHOP", "PAY", "MOB"}),
    ("category = Internal", lambda i: i.project in {"OPS", "DOCS", "VAULT"}),
    (
        "fixVersion = '2.0' and project = PAY",
        lambda i: i.project == "PAY" and "2.0" in names(i.fields, "fixVersions"),
    ),
    (
        "affectedVersion in releasedVersions(MOB)",
        lambda i: (
            i.project == "MOB"
            and any(v["released"] and (not v["archived"]) for v in i.fields.get("versions", ()))
        ),
    ),
    ("key > SHOP-20 and key <= SHOP-25", lambda i: i.project == "SHOP" and 20 < i.number <= 25),
    ("key in (SHOP-3, 10001)", lambda i: i.key == "SHOP-3" or i.id == 10001),
    ("key != SHOP-3", lambda i: i.key != "SHOP-3"),
    ("level = 'Staff only'", lambda i: i.level == "10101"),
    ("worklogAuthor = 'Yuki Tanabe'", lambda i: any(w.author == yuki() for w in i.worklogs)),
    ("worklogDate >= -7d", lambda i: any(w.started >= (NOW - 7 * DAY) // DAY * DAY for w in i.worklogs)),
    (
        "status was 'In QA'",
        lambda i: (
            name(i.fields, "status") == "In QA"
            or any(c.old_text == "In QA" for h in i.histories for c in h.changes)
        ),
    ),
    (
        "status was not Blocked",
        lambda i: (
            name(i.fields, "status") != "Blocked"
            and (not any(c.new_text == "Blocked" for h in i.histories for c in h.changes))
        ),
    ),
    (
        "status changed from 'In Review' to 'In QA'",
        lambda i: any(
            (c.old_text, c.new_text) == ("In Review", "In QA") for h in i.histories for c in h.changes
        ),
    ),
    (
        "status changed after -30d",
        lambda i: any(h.at > NOW - 30 * DAY for h in i.histories for c in h.changes if c.field == "status"),
    ),
    (
        "status changed to Done by 'Yuki Tanabe'",
        lambda i: any(
            h.author == yuki()
            for h in i.histories
            for c in h.changes
            if (c.field, c.new_text) == ("status", "Done")
        ),
    ),
    (
        "not (project = SHOP and (type = Bug or type = Story))",
        lambda i: not (i.project == "SHOP" and name(i.fields, "issuetype") in {"Bug", "Story"}),
    ),
    (
        "project = SHOP or type = Bug and labels is empty",
        lambda i: (
            i.project == "SHOP" or (name(i.fields, "issuetype") == "Bug" and (not i.fields.get("labels")))
        ),
    ),
]


def of_fields(says: Callable[[dict[str, Any]], bool]) -> Says:
    return lambda issue: says(issue.fields)


QUERIES = [*((jql, of_fields(says)) for jql, says in BY_FIELDS), *BY_ISSUE]


def yuki() -> str:
    return account_id("Yuki Tanabe")


@pytest.mark.parametrize(("jql", "says"), QUERIES, ids=[jql for jql, _ in QUERIES])
def test_a_query_finds_what_a_walk_over_all_issues_finds(site: Site, jql: str, says: Says) -> None:
    wanted = {issue.key for issue in site.store.issues() if says(issue)}
    assert found(site, None, jql) == wanted


def test_the_oracle_is_not_empty_for_most_queries(site: Site) -> None:
    empty = [jql for jql, says in QUERIES if not any(says(i) for i in site.store.issues())]
    assert len(empty) < len(QUERIES) / 10, empty


def test_current_user_is_the_caller(site: Site) -> None:
    ada = site.accounts()[0]
    mine = {i.key for i in site.store.issues() if (i.fields.get("assignee") or {}).get("accountId") == ada.id}
    assert mine
    assert found(site, ada, "assignee = currentUser()") == mine
    assert found(site, None, "assignee = currentUser()") == set()


def test_members_of_a_group_are_its_accounts(site: Site) -> None:
    members = {account.id for account in site.accounts() if "contractors" in account.groups}
    wanted = {
        i.key for i in site.store.issues() if (i.fields.get("assignee") or {}).get("accountId") in members
    }
    assert found(site, None, 'assignee in membersOf("contractors")') == wanted != set()


def test_date_literals_mean_another_minute_in_each_zone(site: Site) -> None:
    by_zone = {account.zone: account for account in reversed(site.accounts())}
    shifts = {"Europe/Berlin": 60, "America/St_Johns": -210, "Asia/Kolkata": 330}
    noon = 1_763_726_400_000  # 2025-11-21T12:00Z
    for zone, minutes in shifts.items():
        account = by_zone[zone]
        start = noon - minutes * 60_000
        visible = {i.key for i in site.store.issues() if site.issue(i.key, account)}
        wanted = {i.key for i in site.store.issues() if milliseconds(i.fields["created"]) >= start} & visible
        assert found(site, account, 'created >= "2025-11-21 12:00"') == wanted


def test_linked_issues_are_found_from_both_ends(site: Site) -> None:
    source = next(
        i
        for i in site.store.issues()
        if any("outwardIssue" in link for link in i.fields.get("issuelinks", ()))
    )
    target = next(
        link["outwardIssue"]["key"] for link in source.fields["issuelinks"] if "outwardIssue" in link
    )
    assert target in found(site, None, f"key in linkedIssues({source.key})")
    assert source.key in found(site, None, f"key in linkedIssues({target})")


@pytest.mark.parametrize(
    ("jql", "message"),
    [
        ("foo = 1", "Field 'foo' does not exist or you do not have permission to view it."),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("status in Open", "Operator 'in' does not support the non-list value 'Open' for field 'status'."),
        (
            "status = (Open, Done)",
            "Operator '=' does not support the list value '(Open, Done)' for field 'status'.",
        ),
        ("labels was x", "History searches do not support the 'labels' field."),
        ("key = SHOP-99999", "An issue with key 'SHOP-99999' does not exist for field 'key'."),
        ("assignee = nobody", "The value 'nobody' does not exist for the field 'assignee'."),
        ("assignee = later()", "Unable to find JQL function 'later()'."),
        ("assignee = now()", "Function 'now' is not supported by the field 'assignee'."),
        (
            "summary ~ '*x'",
            "The text query '*x' for field 'summary' is not allowed to start with character '*'.",
        ),
        ("'Story Points' = many", "The value 'many' for field 'Story Points' is not a valid number."),
        (
            "created > soon",
            "Date value 'soon' for field 'created' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
        ),
    ],
)
def test_what_does_not_exist_or_fit_is_refused_in_jiras_words(site: Site, jql: str, message: str) -> None:
    assert complaints(site, jql) == (message,)


def test_every_clause_gets_its_complaint(site: Site) -> None:
    assert len(complaints(site, "foo = 1 and project = NOPE or bar = 2")) == 3


def test_a_project_that_the_caller_may_not_browse_does_not_exist(site: Site) -> None:
    brendan = next(account for account in site.accounts() if "security-team" not in account.groups)
    assert complaints(site, "project = VAULT", brendan) == (
        "The value 'VAULT' does not exist for the field 'project'.",
    )
    assert found(site, site.accounts()[0], "project = VAULT")


@pytest.mark.parametrize("account", [0, 1, 2])
def test_nobody_finds_what_they_may_not_see(site: Site, account: int) -> None:
    caller = site.accounts()[account]
    keys = found(site, caller, "created is not empty")
    assert keys == {i.key for i in site.store.issues() if site.issue(i.id, caller)}


def test_a_contractor_sees_fewer_issues_than_a_member_of_staff_and_they_fewer_than_the_admin(
    site: Site,
) -> None:
    ada, brendan, priya = site.accounts()[:3]
    counts = [len(found(site, account, "created is not empty")) for account in (ada, brendan, priya)]
    assert counts[0] == 900
    assert counts[0] > counts[1] > counts[2] > 800
