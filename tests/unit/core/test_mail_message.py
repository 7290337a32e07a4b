from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail_addresses import Mailbox, is_address, parse_mailbox
from core.mail_message import Mail, breaks_lines
from core.mail_settings import MailServer

SENDER = Mailbox("Sightline", "notices@sightline.example")
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
}  # fmt: skip
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def mail(**changed: object) -> Mail:
    values: dict[str, object] = {
        "sender": SENDER, "to": "ada@acme.example", "subject": "Hello", "plain": "Hello\n",
        "message_id": "one@sightline.example",
    }  # fmt: skip
    return Mail(**{**values, **changed})  # type: ignore[arg-type]  # some values are wrong on purpose


@pytest.mark.parametrize(
    "changed",
    [
        {"to": "ada@acme.example\r\nBcc: eve@example.com"},
        {"to": "ada@acme.example\n"},
        {"to": "ada@acme.example, eve@example.com"},
        {"to": "Ada <ada@acme.example>"},
        {"to": ""},
        {"subject": "Hello\r\nBcc: eve@example.com"},
        {"subject": "Hello\n\nbody"},
        {"subject": "a\x0cb"},
        {"subject": "a\x85b"},
        {"subject": "a\ud800b"},
        {"sender": Mailbox("Us\r\nBcc: eve@example.com", "us@sightline.example")},
        {"sender": Mailbox("Us", "us@sightline.example>\r\nBcc: <eve@example.com")},
        {"message_id": "one@sightline.example>\r\nBcc: <eve@example.com"},
    ],
)
def test_what_would_forge_a_header_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        mail(**changed)


@given(subject=any_text, name=any_text, plain=any_text)
def test_whatever_is_accepted_has_our_headers_and_no_others(subject: str, name: str, plain: str) -> None:
    try:
        made = mail(subject=subject, sender=Mailbox(name, "us@sightline.example"), plain=plain)
    except ValueError:
        assert breaks_lines(subject) or breaks_lines(name)
        return

    read = message_from_bytes(made.content, policy=SMTP)

    assert set(read.keys()) <= HEADERS
    assert read["To"] == "ada@acme.example"
    assert [address.addr_spec for address in read["From"].addresses] == ["us@sightline.example"]
    # White space at folds is not kept by the format.
    assert "".join(str(read["Subject"]).split()) == "".join(subject.split())


@given(plain=any_text)
def test_nothing_in_a_text_ends_the_message(plain: str) -> None:
    content = mail(plain=f"{plain}\n.\nQUIT\n").content

    assert content.count(b"\r\n.\r\n") == 1
    assert content.endswith(b"\r\n.\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("privacy@example.com", Mailbox("", "privacy@example.com")),
        ("Example Ltd. <privacy@example.com>", Mailbox("Example Ltd.", "privacy@example.com")),
        ("<privacy@example.com>", Mailbox("", "privacy@example.com")),
    ],
)
def test_a_mailbox_is_an_address_with_or_without_a_name(text: str, mailbox: Mailbox) -> None:
    assert parse_mailbox(text) == mailbox
    assert parse_mailbox(str(mailbox)) == mailbox


@pytest.mark.parametrize(
    "text",
    ["", "privacy", "privacy@localhost", "a@b.example, c@d.example", 'A "B" <a@b.example>',
     "A\n<a@b.example>", "a@b.example\n", "A, B <a@b.example>", "<a@b.example> trailing",
     "@b.example", "a b@c.example"],
)  # fmt: skip
def test_what_is_no_single_mailbox_is_refused(text: str) -> None:
    assert not is_address(text)
    with pytest.raises(ValueError, match="must be an address"):
        parse_mailbox(text)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, tls=False)),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, tls=True)),
        ("smtp://localhost:2525/", MailServer("localhost", 2525, tls=False)),
        ("smtp://me%40example.com:p%3Aw%2F@mail.example.com:25",
         MailServer("mail.example.com", 25, tls=False, user="me@example.com", password="p:w/")),
    ],
)  # fmt: skip
def test_a_mail_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    assert MailServer.of(url) == server
    assert "p:w/" not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["http://mail.example.com", "smtp://", "smtp://mail.example.com:0", "smtp://mail.example.com:x",
     "smtp://user@mail.example.com", "smtp://mail.example.com/path", "smtp://mail.example.com?from=x",
     "smtp://u%0Aser:pass@mail.example.com", "smtp://mail.example.com:99999"],
)  # fmt: skip
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be like smtp://"):
        MailServer.of(url)
