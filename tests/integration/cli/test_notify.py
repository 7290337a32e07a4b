from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest

from core.mail_templates import fields_of
from tests.databases import DatabaseUrls
from tests.integration.cli.operator import Ended, sightline
from tests.mail_server import mail_server
from tests.notices import SENDER, Notices
from tests.workers import workplace

ADA, BOB = "ada@acme.example", "bob@bell.example"
FIELDS = [f"--set={name}=Text of {name}." for name in fields_of("breach")]


@pytest.fixture
def notices(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Iterator[Notices]:
    with mail_server() as server:
        place = workplace(database, redis_url, tmp_path)
        place.environment |= {"SMTP_URL": server.url, "MAIL_PER_MINUTE": "100000"}
        made = Notices(place, server)
        made.site("acme", ADA)
        made.site("bell", BOB)
        made.site("quiet")
        yield made


def notify(notices: Notices, *arguments: str, **environment: str) -> Ended:
    return sightline(
        "notify", *arguments,
        **{"OWNER_DATABASE_URL": notices.place.urls.owner, "MAIL_FROM": SENDER, **environment},
    )  # fmt: skip


@contextmanager
def working(notices: Notices) -> Iterator[None]:
    """Does whatever is due meanwhile."""
    over = Event()

    def work() -> None:
        while not over.wait(0.1):
            notices.place.work()

    worker = Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()


def written(notices: Notices, *arguments: str) -> UUID:
    """The id of a notification that the command has written without waiting."""
    ended = notify(notices, "breach", *arguments, *FIELDS, "--no-wait", "--json")
    assert ended.status == 0
    return UUID(ended.json["id"])


def test_everybody_is_written_to_and_who_has_no_contact_is_listed_at_the_end(notices: Notices) -> None:
    with working(notices):
        ended = notify(notices, "breach", "--all", *FIELDS)

    assert notices.mailed == {ADA: 1, BOB: 1}
    assert "2 of 2 sent" in ended.err
    assert ADA in ended.out.partition("2 sent")[2]
    assert ended.out.rstrip().endswith("1 without a contact\n  https://quiet.atlassian.net")
    assert ended.status == 1


def test_the_exit_status_is_0_where_every_chosen_site_was_reached(notices: Notices) -> None:
    notification = written(notices, "--tenant", "acme")
    assert notify(notices, "show", str(notification)).status == 1
    notices.place.work()

    shown = notify(notices, "show", str(notification), "--json")

    assert shown.status == 0
    (message,) = shown.json["messages"]
    assert (message["address"], message["state"], message["code"]) == (ADA, "sent", 250)
    assert shown.json["task"]["state"] == "done"


def test_a_dry_run_shows_the_message_and_writes_nothing(notices: Notices) -> None:
    ended = notify(notices, "breach", "--all", *FIELDS, "--subject", "Read this", "--dry-run")

    assert (ended.status, ended.err) == (0, "")
    assert f"from     {SENDER}" in ended.out
    assert "subject  Read this" in ended.out
    for field, heading in fields_of("breach").items():
        assert f"{heading}\n{'-' * len(heading)}\n\nText of {field}." in ended.out
    assert "This goes to 2 addresses" in ended.out
    assert "1 without a contact" in ended.out
    assert ended.out.endswith("Nothing was sent.\n")
    assert notify(notices, "list").out == "No notification.\n"
    assert notices.place.work() == "nothing"


def test_a_dry_run_as_json_holds_both_forms_of_the_text(notices: Notices) -> None:
    shown = notify(notices, "breach", "--tenant", "acme", *FIELDS, "--dry-run", "--json").json

    assert shown["recipients"] == [
        {
            "tenant_id": shown["recipients"][0]["tenant_id"],
            "site": "https://acme.atlassian.net",
            "addresses": [ADA],
        }
    ]
    assert "Text of advice." in shown["plain"]
    assert "<p>Text of advice.</p>" in shown["html"]


def test_fields_come_from_files_too(notices: Notices, tmp_path: Path) -> None:
    text = tmp_path / "what.txt"
    text.write_text("First.\n\nSecond.\n")
    others = [field for field in FIELDS if "what=" not in field]

    shown = notify(notices, "breach", "--all", *others, f"--set=what=@{text}", "--dry-run", "--json").json

    assert "<p>First.</p>\n<p>Second.</p>" in shown["html"]


def test_contacts_come_from_a_file(notices: Notices, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "site,address\nquiet.atlassian.net,quinn@quiet.example\nformer.atlassian.net,fay@former.example\n"
    )

    unknown = notify(notices, "breach", "--from-file", str(file), *FIELDS, "--dry-run")
    shown = notify(
        notices, "breach", "--from-file", str(file), "--former", *FIELDS, "--dry-run", "--json"
    ).json

    assert unknown.status == 1
    assert unknown.err == (
        "sightline: line 3: no site has the id, client key or base URL former.atlassian.net\n"
    )
    assert [one["addresses"] for one in shown["recipients"]] == [
        ["quinn@quiet.example"],
        ["fay@former.example"],
    ]


def test_a_refusal_of_the_server_and_a_doubt_are_reported(notices: Notices) -> None:
    notices.server.replies = {ADA: "550 5.1.1 No such user"}
    notices.server.dropped = {BOB}
    notification = written(notices, "--all")
    notices.place.work()

    shown = notify(notices, "show", str(notification))
    listed = notify(notices, "list", "--json").json["notifications"]

    assert shown.status == 1
    assert "550 5.1.1 No such user" in shown.out.partition("1 refused")[2].partition("\n\n")[0]
    assert BOB in shown.out.partition("1 unknown")[2].partition("\n\n")[0]
    assert [(one["id"], one["refused"], one["unknown"], one["without_contact"]) for one in listed] == [
        (str(notification), 1, 1, 1)
    ]


def test_what_may_have_arrived_is_sent_again_only_where_somebody_says_yes(notices: Notices) -> None:
    notices.server.dropped = {BOB}
    notification = written(notices, "--tenant", "bell")
    notices.place.work()
    notices.server.dropped = set()

    unasked = notify(notices, "resend", str(notification))
    silent = notify(notices, "resend", str(notification), "--unknown", "--no-wait")
    assert (unasked.status, silent.status) == (1, 1)
    assert "there is no such message to send" in unasked.err
    assert "say --yes where nobody can be asked" in silent.err
    assert notices.place.work() == "nothing"

    again = notify(notices, "resend", str(notification), "--unknown", "--yes", "--no-wait")
    assert (again.status, again.err.splitlines()[0]) == (0, "1 messages are sent again.")
    assert notices.place.work() == "done"
    assert notices.mailed == {BOB: 2}


def test_what_has_not_left_is_cancelled(notices: Notices) -> None:
    notification = written(notices, "--all")

    ended = notify(notices, "cancel", str(notification))

    assert (ended.status, ended.err) == (
        0,
        "2 messages are cancelled; what has left cannot be called back.\n",
    )
    assert notices.place.work() == "nothing"


def test_the_command_stops_waiting_where_the_server_wants_to_be_asked_later(notices: Notices) -> None:
    notices.server.replies = {ADA: "451 4.3.0 Later"}
    with working(notices):
        ended = notify(notices, "breach", "--tenant", "acme", *FIELDS)

    assert ended.status == 1
    assert "The mail server asked for some messages to be tried later." in ended.out
    assert "451 4.3.0 Later" in ended.out.partition("1 waiting")[2]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["breach", "--all"], "what is missing: What happened"),
        (["breach", *FIELDS], "name sites with --tenant, --all or --from-file"),
        (["breach", "--tenant", "nobody", *FIELDS], "no site has the id, client key or base URL nobody"),
        (["breach", "--all", *FIELDS, "--set=extra=x"], "extra is no field of this template"),
        (
            ["breach", "--all", *FIELDS, "--subject", "A\nBcc: eve@example.com"],
            "the subject must be one line",
        ),
        (["breach", "--from-file", "/nowhere.csv", *FIELDS], "/nowhere.csv cannot be read"),
        (["show", "00000000-0000-0000-0000-000000000000"], "there is no notification"),
        (["cancel", "00000000-0000-0000-0000-000000000000"], "there is no notification"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    notices: Notices, arguments: list[str], reason: str
) -> None:
    ended = notify(notices, *arguments)

    assert (ended.status, ended.out) == (1, "")
    assert reason in ended.err
    assert notify(notices, "list").out == "No notification.\n"


@pytest.mark.parametrize("sender", ["", "nobody", "Us\r\nBcc: eve@example.com <us@sightline.example>"])
def test_a_sender_that_is_missing_or_none_is_refused(notices: Notices, sender: str) -> None:
    ended = notify(notices, "breach", "--all", *FIELDS, MAIL_FROM=sender)

    assert (ended.status, ended.out) == (1, "")
    assert "MAIL_FROM must be" in ended.err


def test_a_command_line_that_makes_no_sense_is_status_2(notices: Notices) -> None:
    for arguments in (
        ["breach", "--set", "what"],
        ["show", "x"],
        ["nonsense"],
        ["breach", "--set", "a=@/no"],
    ):
        assert notify(notices, *arguments).status == 2
