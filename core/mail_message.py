"""A message as the mail server gets it: plain text and HTML, under headers of our own making."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core.mail_addresses import Mailbox, is_address

_LINE_BREAKERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message to one address. `message_id` is without angle brackets; the same mail keeps the same."""

    sender: Mailbox
    to: str
    subject: str
    plain: str
    html: str | None = None
    message_id: str

    def __post_init__(self) -> None:
        """Refuses, with ValueError, what would end a header or begin another one."""
        if not is_address(self.to) or not is_address(self.sender.address) or not is_address(self.message_id):
            raise ValueError("the addresses of a message must be e-mail addresses")
        if breaks_lines(self.subject) or breaks_lines(self.sender.name):
            raise ValueError("headers of a message must be one line without control characters")

    @property
    def content(self) -> bytes:
        """The message as SMTP's DATA: lines end in CR LF, leading dots are doubled, a dot is its end."""
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.sender.name, addr_spec=self.sender.address)
        message["To"] = Address(addr_spec=self.to)
        message["Subject"] = self.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{self.message_id}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
        message.set_content(self.plain, cte="quoted-printable")
        if self.html is not None:
            message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        return _LEADING_DOT.sub(b"..", message.as_bytes()) + b".\r\n"


def breaks_lines(text: str) -> bool:
    """Whether a text holds what ends a line somewhere, or another control character."""
    return _LINE_BREAKERS.search(text) is not None
