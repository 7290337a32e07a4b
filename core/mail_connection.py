"""Handing mail in, many messages over one connection, and knowing of each what became of it.

1. TLS first: from the first byte (smtps), or by STARTTLS, which only a server on this machine may lack. The
   certificate is checked in any case.
2. A message is announced (MAIL, RCPT, DATA). Whatever goes wrong so far, it has not left: there is trouble
   with the server (`ServerTrouble`), or it has said no to this recipient (a reply).
3. Then it leaves. From here on only the server knows whether it took it: if the connection ends before the
   server answers, nobody can tell (`Unanswered`), and sending it again could make it two.
4. A connection that rested may have been closed meanwhile: then there is one more try over a new one.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from core.checkpoints import passed
from core.mail_message import Mail
from core.mail_settings import MailServer

_ANSWER_SECONDS = 30.0
# RFC 5321, 4.5.3.2.6 wants more patience here than elsewhere: what is given up now stays in doubt.
_TAKEN_SECONDS = 120.0
_GO_AHEAD = 354
_CLOSING = 421
_LOST = (OSError, smtplib.SMTPException)


class ServerTrouble(Exception):
    """The server cannot be used now, which says nothing about a recipient; nothing has left."""


class Unanswered(Exception):
    """The message left, and the connection ended before the server said whether it took it."""


class Reply(NamedTuple):
    """What the server said about a message: RFC 5321's code, and its words on one line."""

    code: int
    text: str

    @property
    def taken(self) -> bool:
        """Whether the message is the server's now."""
        return 200 <= self.code < 300  # noqa: PLR2004 - RFC 5321, 4.2.1

    @property
    def final(self) -> bool:
        """Whether another try would be answered alike."""
        return self.code >= 500  # noqa: PLR2004 - RFC 5321, 4.2.1


class MailConnection:
    """A connection to a server, made when first needed. To be closed; a context does so.

    `ca_file` adds a certificate authority to the system's own.
    """

    def __init__(self, server: MailServer, *, ca_file: Path | None = None) -> None:
        self._server = server
        self._context = ssl.create_default_context()
        if ca_file is not None:
            self._context.load_verify_locations(cafile=ca_file)
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "MailConnection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def deliver(self, mail: Mail) -> Reply:
        """Hands a message in and returns what the server says. Raises ServerTrouble and Unanswered."""
        rested = self._smtp is not None
        try:
            return self._hand_in(mail)
        except ServerTrouble:
            self.close()
            if not rested:
                raise
        return self._hand_in(mail)

    def close(self) -> None:
        """Says goodbye, if there is still somebody to say it to."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(*_LOST):
                smtp.quit()
            smtp.close()

    def _hand_in(self, mail: Mail) -> Reply:
        content = mail.content
        with self._translated():
            smtp = self._connected()
            self._demand(smtp.mail(mail.sender.address), "MAIL")
            reply = _reply(smtp.rcpt(mail.to))
            if reply.taken:
                reply = _reply(smtp.docmd("DATA"))
                passed("message announced")
            if reply.code == _CLOSING:
                raise ServerTrouble(f"the mail server closes the connection: {reply.text}")
        if reply.code == _GO_AHEAD:
            return self._leave(smtp, content)
        self._begin_anew(smtp)
        return reply

    def _begin_anew(self, smtp: smtplib.SMTP) -> None:
        """After a refusal; some servers hang up after too many of them, which changes none."""
        try:
            settled = _reply(smtp.rset()).taken
        except _LOST:
            settled = False
        if not settled:
            self._drop()

    def _leave(self, smtp: smtplib.SMTP, content: bytes) -> Reply:
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(_TAKEN_SECONDS)
            smtp.send(content)
            passed("message left")
            reply = _reply(smtp.getreply())
            passed("message answered")
            if smtp.sock is not None:
                smtp.sock.settimeout(_ANSWER_SECONDS)
        except _LOST as error:
            self._drop()
            raise Unanswered(type(error).__name__) from error
        if reply.code == _CLOSING:
            self._drop()
        if not reply.taken and reply.code not in range(400, 600):
            raise Unanswered("the reply is none that SMTP knows")
        return reply

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._connect()
            self._introduce(self._smtp)
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.tls:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=_ANSWER_SECONDS, context=self._context)
        return smtplib.SMTP(server.host, server.port, timeout=_ANSWER_SECONDS)

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        smtp.ehlo_or_helo_if_needed()
        if not server.tls and smtp.has_extn("starttls"):
            self._demand(smtp.starttls(context=self._context), "STARTTLS")
            smtp.ehlo_or_helo_if_needed()
        elif not server.tls and not server.is_local:
            raise ServerTrouble("the mail server offers no STARTTLS, and mail must not travel in the clear")
        if server.user:
            smtp.login(server.user, server.password)

    def _demand(self, answer: tuple[int, bytes], command: str) -> None:
        reply = _reply(answer)
        if not reply.taken:
            raise ServerTrouble(f"the mail server answered {command} with {reply.code} {reply.text}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Nothing has left yet: every loss is trouble with the server, and the connection is given up."""
        try:
            yield
        except ServerTrouble:
            self._drop()
            raise
        except smtplib.SMTPResponseException as error:
            self._drop()
            reply = _reply((error.smtp_code, error.smtp_error))
            raise ServerTrouble(f"the mail server answered {reply.code} {reply.text}") from error
        except _LOST as error:
            self._drop()
            raise ServerTrouble(f"the mail server cannot be used: {_named(error)}") from error


def _reply(answer: tuple[int, bytes | str]) -> Reply:
    code, text = answer
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return Reply(code, " ".join(plain.split())[:500])


def _named(error: Exception) -> str:
    """The error for an operator: its own words only where these are ours or the library's."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "it does not offer to check a user and password"
    return type(error).__name__
