"""Sending one message at once, for who needs no record of it. Notices to sites go by `core.notifications`."""

from core.ids import uuid7
from core.mail_addresses import parse_mailbox
from core.mail_connection import MailConnection, ServerTrouble, Unanswered
from core.mail_message import Mail
from core.mail_settings import MailServer
from core.settings import Settings


class MailNotSent(Exception):
    """The message was not taken, or nobody can tell whether it was; the text says why."""


def send(settings: Settings, to: str, subject: str, plain: str, html: str | None = None) -> None:
    """Hands one message to the server of SMTP_URL, from MAIL_FROM to one address.

    Raises MailNotSent, and ValueError for an address or subject that does not belong into a header.
    """
    if not settings.smtp_url or not settings.mail_from:
        raise MailNotSent("SMTP_URL and MAIL_FROM must be set")
    sender = parse_mailbox(settings.mail_from)
    mail = Mail(
        sender=sender, to=to, subject=subject, plain=plain, html=html,
        message_id=f"{uuid7()}@{sender.domain}",
    )  # fmt: skip
    with MailConnection(MailServer.of(settings.smtp_url), ca_file=settings.ca_file) as connection:
        try:
            reply = connection.deliver(mail)
        except ServerTrouble as trouble:
            raise MailNotSent(str(trouble)) from trouble
        except Unanswered as doubt:
            raise MailNotSent("the mail server did not say whether it took the message") from doubt
    if not reply.taken:
        raise MailNotSent(f"the mail server answered {reply.code} {reply.text}")
