from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from core.mail import MailNotSent, send
from core.mail_addresses import parse_mailbox
from core.mail_connection import MailConnection, Reply, ServerTrouble, Unanswered
from core.mail_message import Mail
from core.mail_settings import MailServer as Address
from core.settings import Settings
from tests.mail_server import PASSWORD, USER, MailServer, mail_server
from tests.ports import free_ports

SENDER = parse_mailbox("Sightline <notices@sightline.example>")


def mail(to: str = "ada@acme.example", number: int = 1, **changed: str) -> Mail:
    values = {
        "to": to,
        "subject": "Grüße",
        "plain": ".a line that begins with a dot\n",
        "message_id": f"message-{number}@sightline.example",
    }
    return Mail(sender=SENDER, **{**values, **changed})


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def connection(server: MailServer) -> Iterator[MailConnection]:
    with MailConnection(Address.of(server.url)) as made:
        yield made


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


def certificate(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("localhost",))).configure_cert(context)
    return context


def test_a_message_arrives_as_it_was_written(server: MailServer, connection: MailConnection) -> None:
    reply = connection.deliver(mail(html="<p>Grüße</p>"))

    assert reply == Reply(250, "Taken")
    (taken,) = server.taken
    assert taken["From"] == "Sightline <notices@sightline.example>"
    assert (taken["To"], taken["Subject"]) == ("ada@acme.example", "Grüße")
    assert taken["Message-ID"] == "<message-1@sightline.example>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Date"].datetime.tzinfo is not None
    assert taken.get_content_type() == "multipart/alternative"
    plain, html = taken.iter_parts()
    assert plain.get_content().splitlines() == [".a line that begins with a dot"]
    assert html.get_content().strip() == "<p>Grüße</p>"


def test_many_messages_go_over_one_connection(server: MailServer, connection: MailConnection) -> None:
    for number in range(20):
        assert connection.deliver(mail(f"person{number}@acme.example", number)).taken

    assert len(server.taken) == 20
    assert len(server.connections) == 1


def test_a_refused_recipient_is_told_and_the_next_one_gets_mail(
    server: MailServer, connection: MailConnection
) -> None:
    server.replies = {"gone@acme.example": "550 5.1.1 No such user", "full@acme.example": "451 4.3.0 Later"}

    gone, full = connection.deliver(mail("gone@acme.example")), connection.deliver(mail("full@acme.example"))
    there = connection.deliver(mail("there@acme.example"))

    assert (gone, gone.taken, gone.final) == ((550, "5.1.1 No such user"), False, True)
    assert (full, full.taken, full.final) == ((451, "4.3.0 Later"), False, False)
    assert there.taken
    assert server.reached == ["there@acme.example"]


def test_a_message_that_is_refused_after_it_left_was_answered(
    server: MailServer, connection: MailConnection
) -> None:
    server.after_data = {"ada@acme.example": "554 5.7.1 Looks like advertising"}

    assert connection.deliver(mail()) == (554, "5.7.1 Looks like advertising")


def test_a_connection_that_ends_before_the_answer_leaves_doubt_and_serves_no_more(
    server: MailServer, connection: MailConnection
) -> None:
    server.dropped = {"ada@acme.example"}

    with pytest.raises(Unanswered):
        connection.deliver(mail())

    assert connection.deliver(mail("bob@acme.example", 2)).taken
    assert server.reached == ["ada@acme.example", "bob@acme.example"]


def test_a_connection_that_was_closed_at_rest_is_made_anew(
    server: MailServer, connection: MailConnection
) -> None:
    assert connection.deliver(mail("ada@acme.example", 1)).taken
    server.replies = {"bob@acme.example": "421 4.3.2 Closing"}
    with pytest.raises(ServerTrouble, match="closes the connection"):
        connection.deliver(mail("bob@acme.example", 2))
    server.replies = {}

    assert connection.deliver(mail("bob@acme.example", 2)).taken
    assert server.reached == ["ada@acme.example", "bob@acme.example"]


def test_a_sender_that_is_refused_is_the_servers_trouble_and_no_recipients(
    server: MailServer, connection: MailConnection
) -> None:
    server.at_sender = "550 5.7.1 Not you"

    with pytest.raises(ServerTrouble, match=r"answered MAIL with 550 5\.7\.1 Not you"):
        connection.deliver(mail())


def test_a_server_that_is_away_is_trouble() -> None:
    (port,) = free_ports(1)
    with MailConnection(Address.of(f"smtp://localhost:{port}")) as connection, pytest.raises(ServerTrouble):
        connection.deliver(mail())


def test_starttls_is_used_where_it_is_offered(authority: trustme.CA, ca_file: Path) -> None:
    with (
        mail_server(certificate=certificate(authority)) as server,
        MailConnection(Address.of(server.url), ca_file=ca_file) as connection,
    ):
        assert connection.deliver(mail()).taken
        assert server.commands == ["MAIL TLS False"]


def test_tls_from_the_first_byte_and_a_login(authority: trustme.CA, ca_file: Path) -> None:
    with mail_server(certificate=certificate(authority), implicit_tls=True, login=True) as server:
        address = server.url.replace("://", f"://{USER}:{quote(PASSWORD, safe='')}@")
        with MailConnection(Address.of(address), ca_file=ca_file) as connection:
            assert connection.deliver(mail()).taken
        assert server.commands == ["MAIL TLS True"]


def test_a_login_after_starttls(authority: trustme.CA, ca_file: Path) -> None:
    with mail_server(certificate=certificate(authority), login=True) as server:
        address = server.url.replace("://", f"://{USER}:{quote(PASSWORD, safe='')}@")
        with MailConnection(Address.of(address), ca_file=ca_file) as connection:
            assert connection.deliver(mail()).taken
        wrong = address.replace("pass", "guessed")
        with MailConnection(Address.of(wrong), ca_file=ca_file) as connection:
            with pytest.raises(ServerTrouble, match="535") as caught:
                connection.deliver(mail())
            assert "guessed" not in str(caught.value)
        assert server.commands == ["MAIL TLS True"]


@pytest.mark.parametrize("implicit", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA, implicit: bool) -> None:
    with (
        mail_server(certificate=certificate(authority), implicit_tls=implicit) as server,
        MailConnection(Address.of(server.url)) as connection,
    ):
        with pytest.raises(ServerTrouble, match="certificate is not trusted"):
            connection.deliver(mail())
        assert server.taken == []


def test_a_certificate_of_another_name_is_refused(authority: trustme.CA, ca_file: Path) -> None:
    with (
        mail_server(certificate=certificate(authority, "mail.example.com")) as server,
        MailConnection(Address.of(server.url), ca_file=ca_file) as connection,
        pytest.raises(ServerTrouble, match="certificate is not trusted"),
    ):
        connection.deliver(mail())


def test_mail_does_not_travel_in_the_clear_to_another_machine(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server is this machine's own in any test; what is checked is what happens to one that is not.
    monkeypatch.setattr(Address, "is_local", property(lambda _: False))
    with MailConnection(Address.of(server.url)) as connection:
        with pytest.raises(ServerTrouble, match="offers no STARTTLS"):
            connection.deliver(mail())
        assert server.commands == []


def test_one_message_is_sent_by_the_settings(server: MailServer) -> None:
    settings = Settings.from_environment({"SMTP_URL": server.url, "MAIL_FROM": "ops@sightline.example"})

    send(settings, "ada@acme.example", "An alarm", "It is late.\n")

    assert server.reached == ["ada@acme.example"]
    assert server.taken[0].get_content().splitlines() == ["It is late."]


def test_a_message_that_is_not_sent_is_told_with_the_reason(server: MailServer) -> None:
    settings = Settings.from_environment({"SMTP_URL": server.url, "MAIL_FROM": "ops@sightline.example"})
    server.replies = {"ada@acme.example": "550 5.1.1 No such user"}
    server.dropped = {"bob@acme.example"}

    with pytest.raises(MailNotSent, match=r"550 5\.1\.1 No such user"):
        send(settings, "ada@acme.example", "An alarm", "It is late.\n")
    with pytest.raises(MailNotSent, match="did not say whether"):
        send(settings, "bob@acme.example", "An alarm", "It is late.\n")
    with pytest.raises(MailNotSent, match="SMTP_URL and MAIL_FROM must be set"):
        send(Settings.from_environment({}), "ada@acme.example", "An alarm", "It is late.\n")
    with pytest.raises(ValueError, match="one line"):
        send(settings, "ada@acme.example", "An alarm\r\nBcc: eve@example.com", "It is late.\n")
