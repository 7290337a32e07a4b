"""How the server that takes our mail is named: SMTP_URL and MAIL_FROM."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from core.mail_addresses import parse_mailbox
from core.setting_types import is_loopback

_LIKE = "must be like smtp://user:password@mail.example.com:587 (or smtps://), special characters as %40"
# RFC 6409 and RFC 8314: mail is handed in at these, port 25 is for servers among themselves.
_PORTS = {"smtp": 587, "smtps": 465}
_PRINTABLE = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True)
class MailServer:
    """A server that takes mail. `tls` is from the first byte on; otherwise STARTTLS has to come first.

    `user` is empty where the server asks for none.
    """

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """Whether what is sent to it stays on this machine, so that it may go without TLS."""
        return is_loopback(self.host)

    @classmethod
    def of(cls, url: str) -> "MailServer":
        """Reads an address of SMTP_URL. Raises ValueError with the end of a plain sentence."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or port == 0:
            raise ValueError(_LIKE)
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(_LIKE)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(user) != bool(password) or not _PRINTABLE.fullmatch(user + password):
            raise ValueError(_LIKE)
        return cls(parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def smtp_url(text: str) -> str:
    """The reader of SMTP_URL."""
    MailServer.of(text)
    return text


def mail_from(text: str) -> str:
    """The reader of MAIL_FROM: whom our mail comes from, and where answers and bounces go."""
    return str(parse_mailbox(text))
