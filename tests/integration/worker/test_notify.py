from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from core.mail_templates import fields_of
from core.mailing import ADDRESSES_KEPT_FOR, MESSAGE_SWEEP, NOTIFY, PATIENCE
from core.notifications import NotificationRefused, doubt_restored
from core.overview import acting_for_all
from tests.mail_server import mail_server
from tests.notices import Notices
from tests.ports import free_ports
from tests.workers import Workplace, eventually

ADA, BOB, CAT = "ada@acme.example", "bob@bell.example", "cat@cern.example"


@pytest.fixture
def notices(place: Workplace) -> Iterator[Notices]:
    with mail_server() as server:
        place.environment["SMTP_URL"] = server.url
        place.environment["MAIL_PER_MINUTE"] = "100000"
        yield Notices(place, server)


@pytest.fixture
def three(notices: Notices) -> Notices:
    for address in (ADA, BOB, CAT):
        notices.site(address.partition("@")[2].partition(".")[0], address)
    return notices


def message_to(address: str, shown: dict[str, Any]) -> dict[str, Any]:
    (found,) = [message for message in shown["messages"] if message["address"] == address]
    return dict(found)


def test_every_contact_gets_its_own_message_over_one_connection(notices: Notices) -> None:
    notices.site("acme", ADA, "second@acme.example")
    notices.site("bell", BOB)
    notification = notices.write()

    assert notices.place.work() == "done"

    assert notices.mailed == {ADA: 1, "second@acme.example": 1, BOB: 1}
    assert len(notices.server.connections) == 1
    assert set(notices.states(notification).values()) == {"sent"}
    for message in notices.server.taken:
        site = message["To"].partition("@")[2].replace(".example", ".atlassian.net")
        for part in message.iter_parts():
            assert f"https://{site}" in " ".join(part.get_content().split())
    ids = {message["Message-ID"] for message in notices.server.taken}
    noted = {f"<{message['message_id']}>" for message in notices.show(notification)["messages"]}
    assert len(ids) == 3
    assert ids == noted


def test_the_text_says_what_the_fields_say(three: Notices) -> None:
    three.write()
    assert three.place.work() == "done"

    plain, html = (part.get_content() for part in three.server.taken[0].iter_parts())

    for heading in fields_of("breach").values():
        assert heading in plain
        assert f"<h2>{heading}</h2>" in html


def test_what_the_server_refuses_is_kept_with_its_words(three: Notices) -> None:
    three.server.replies = {BOB: "550 5.1.1 No such user"}
    notification = three.write()

    assert three.place.work() == "done"

    shown = three.show(notification)
    bob = message_to(BOB, shown)
    assert (bob["state"], bob["code"], bob["reply"]) == ("refused", 550, "5.1.1 No such user")
    assert three.mailed == {ADA: 1, CAT: 1}


def test_what_the_server_puts_off_is_tried_again_after_growing_pauses(three: Notices) -> None:
    three.server.replies = {BOB: "451 4.3.0 Later"}
    notification = three.write()

    pauses = []
    for _ in range(3):
        assert three.place.work() == "postponed"
        bob = message_to(BOB, three.show(notification))
        assert (bob["state"], bob["code"]) == ("waiting", 451)
        pauses.append(bob["due_at"] - bob["noted_at"])
        assert three.place.work() == "nothing"
        three.make_due()
    three.server.replies = {}
    assert three.place.work() == "done"

    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert three.mailed == {ADA: 1, BOB: 1, CAT: 1}


def test_a_server_that_puts_off_for_days_has_refused(three: Notices) -> None:
    three.server.replies = {BOB: "451 4.3.0 Later"}
    notification = three.write()
    three.change(
        f"update notification_messages set wanted_at = now() - interval '{PATIENCE.days} days 1 hour'"
    )

    assert three.place.work() == "done"

    assert three.states(notification) == {ADA: "sent", BOB: "refused", CAT: "sent"}


def test_a_connection_that_ends_before_the_answer_leaves_doubt_and_the_rest_goes_on(three: Notices) -> None:
    three.server.dropped = {BOB}
    notification = three.write()

    assert three.place.work() == "done"

    assert three.states(notification) == {ADA: "sent", BOB: "unknown", CAT: "sent"}
    three.make_due()
    assert three.place.work() == "nothing"
    assert three.mailed == {ADA: 1, BOB: 1, CAT: 1}


def test_doubtful_ones_are_sent_again_when_an_operator_says_so_under_the_same_message_id(
    three: Notices,
) -> None:
    three.server.dropped = {BOB}
    notification = three.write()
    assert three.place.work() == "done"
    three.server.dropped = set()

    with pytest.raises(NotificationRefused, match="no such message"):
        three.send_again(notification)
    with pytest.raises(NotificationRefused, match="no such message"):
        three.send_again(notification, refused=True)
    assert three.send_again(notification, unknown=True) == 1
    with pytest.raises(NotificationRefused, match="still being sent"):
        three.send_again(notification, unknown=True)
    assert three.place.work() == "done"

    assert three.states(notification) == {ADA: "sent", BOB: "sent", CAT: "sent"}
    assert three.mailed == {ADA: 1, BOB: 2, CAT: 1}
    assert len({mail["Message-ID"] for mail in three.server.taken if mail["To"] == BOB}) == 1


def test_a_server_that_is_away_costs_no_attempt_and_no_message(three: Notices) -> None:
    notification = three.write()
    (port,) = free_ports(1)
    here, three.place.environment["SMTP_URL"] = three.server.url, f"smtp://localhost:{port}"

    for _ in range(NOTIFY.attempts + 1):
        assert three.place.work() == "postponed"
        three.make_due()
    task = three.show(notification)["task"]
    assert (task["state"], task["error"]) == (
        "queued",
        "The mail server cannot be used: ConnectionRefusedError.",
    )

    three.place.environment["SMTP_URL"] = here
    assert three.place.work() == "done"
    assert three.mailed == {ADA: 1, BOB: 1, CAT: 1}


def test_a_server_that_is_away_for_days_is_given_up_and_can_be_resumed(three: Notices) -> None:
    notification = three.write()
    three.server.at_sender = "550 5.7.1 Not you"
    three.change(
        f"update notification_messages set wanted_at = now() - interval '{PATIENCE.days} days 1 hour'"
    )

    assert three.place.work() == "failed"
    task = three.show(notification)["task"]
    assert task["state"] == "failed"
    assert task["error"].startswith(
        "Given up after 4 days: The mail server answered MAIL with 550 5.7.1 Not you"
    )

    three.server.at_sender = ""
    assert three.send_again(notification) == 3
    assert three.place.work() == "done"
    assert three.mailed == {ADA: 1, BOB: 1, CAT: 1}


def test_a_worker_without_a_mail_server_says_so(three: Notices) -> None:
    notification = three.write()
    three.place.environment["SMTP_URL"] = ""

    assert three.place.work() == "failed"

    assert three.show(notification)["task"]["error"] == "The worker has no SMTP_URL."


def test_what_is_cancelled_does_not_leave(three: Notices) -> None:
    notification = three.write()

    assert three.cancel(notification) == 3

    assert three.place.work() == "nothing"
    assert set(three.states(notification).values()) == {"cancelled"}
    assert three.task_state(notification) == "cancelled"
    assert three.server.taken == []


def test_maintenance_is_no_news_for_a_site_that_uninstalled_meanwhile_and_a_breach_is(three: Notices) -> None:
    maintenance, breach = three.write("maintenance"), three.write("breach")
    three.change("update tenants set state = 'uninstalled' where client_key = 'bell'")

    assert [three.place.work(), three.place.work()] == ["done", "done"]

    assert three.states(maintenance) == {ADA: "sent", BOB: "cancelled", CAT: "sent"}
    assert set(three.states(breach).values()) == {"sent"}
    assert three.mailed == {ADA: 2, BOB: 1, CAT: 2}


def test_a_site_that_is_removed_takes_its_messages_along(three: Notices) -> None:
    notification = three.write()
    three.change(
        "delete from site_settings where tenant_id in (select id from tenants where client_key = 'bell')"
    )
    three.change("delete from tenants where client_key = 'bell'")

    assert three.place.work() == "done"

    assert three.states(notification) == {ADA: "sent", CAT: "sent"}
    assert three.mailed == {ADA: 1, CAT: 1}


def test_a_thousand_contacts_get_one_message_each(notices: Notices) -> None:
    notices.sites(200, contacts=5)
    notification = notices.write()

    outcomes: list[str] = []
    while not outcomes or outcomes[-1] == "postponed":
        outcomes.append(notices.place.work())

    assert outcomes[-1] == "done"
    assert len(notices.mailed) == 1000
    assert set(notices.mailed.values()) == {1}
    assert set(notices.states(notification).values()) == {"sent"}


def test_addresses_are_forgotten_after_ninety_days_and_what_happened_is_kept(three: Notices) -> None:
    three.server.replies = {BOB: "550 5.1.1 <bob@bell.example> is not known here"}
    old = three.write()
    assert three.place.work() == "done"
    three.change(
        f"update notification_messages set created_at = now() - interval '{ADDRESSES_KEPT_FOR.days} days'"
    )
    new = three.write()

    three.place.schedule(MESSAGE_SWEEP)
    assert "done" in {three.place.work(), three.place.work()}

    messages = three.show(old)["messages"]
    assert {message["address"] for message in messages} == {None}
    assert {message["reply"] for message in messages} == {None}
    assert sorted(message["state"] for message in messages) == ["refused", "sent", "sent"]
    assert set(three.states(new)) == {ADA, BOB, CAT}


def test_nobodys_address_is_in_the_log(three: Notices) -> None:
    three.server.replies = {BOB: "451 4.3.0 Later"}
    three.server.dropped = {CAT}
    notification = three.write()
    with three.place.worker("--processes", "1"):
        eventually(lambda: three.states(notification)[ADA] == "sent", "a message")
        eventually(lambda: three.states(notification)[CAT] == "unknown", "the doubt")

    log = three.place.log.read_text()

    assert "attempt ended" in log
    assert not [address for address in (ADA, BOB, CAT) if address in log]


def test_after_a_restore_nothing_that_may_have_been_sent_is_sent_again(three: Notices) -> None:
    notification = three.write()
    with acting_for_all(three.place.urls.owner) as cursor:
        assert doubt_restored(cursor) == 3

    assert three.place.work() == "done"

    assert three.server.taken == []
    assert set(three.states(notification).values()) == {"unknown"}


def test_mail_goes_under_tls_to_a_server_that_the_settings_trust(place: Workplace, tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with mail_server(certificate=context) as server:
        place.environment |= {"SMTP_URL": server.url, "CA_FILE": str(tmp_path / "ca.pem")}
        notices = Notices(place, server)
        notices.site("acme", ADA)
        notices.write()

        assert place.work() == "done"

        assert server.commands == ["MAIL TLS False"]
        assert notices.mailed == {ADA: 1}
