"""A real SMTP server that keeps what it takes, and does to some addresses what servers sometimes do."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.ports import free_ports

USER, PASSWORD = "mailer", "pass word/%"


@dataclass
class MailServer:
    """What it took, and how it answers. The rules are read for each message anew.

    `refused` and `deferred` map addresses to replies to RCPT; `dropped` addresses have the connection end
    after their message was taken and before the answer; for `held` ones the server waits for `go_on` at the
    step named, `RCPT` or `DATA`, and says so in `holding`.
    """

    port: int
    tls: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    connections: list[object] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    after_data: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    held: dict[str, str] = field(default_factory=dict)
    at_sender: str = ""
    holding: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address for SMTP_URL."""
        return f"{'smtps' if self.tls else 'smtp'}://localhost:{self.port}"

    @property
    def reached(self) -> list[str]:
        """The addresses that messages were taken for, in order; one is there as often as it got mail."""
        return [message["To"] for message in self.taken]

    # The hooks of aiosmtpd.

    async def handle_EHLO(  # noqa: N802 - the library calls it so
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        """Counts connections."""
        session.host_name = name
        self.connections.append(session)
        return responses

    async def handle_MAIL(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes any sender, unless told otherwise."""
        has_tls = cast("asyncio.Transport", server.transport).get_extra_info("ssl_object") is not None
        self.commands.append(f"MAIL {'TLS' if has_tls else 'plain'} {bool(session.authenticated)}")
        if self.at_sender:
            return self.at_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuses whom it is told to."""
        if self.held.get(address) == "RCPT":
            await self._hold()
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library calls it so
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keeps the message."""
        (address,) = envelope.rcpt_tos
        if address in self.after_data:
            return self.after_data[address]
        content = cast("bytes", envelope.content)
        self.taken.append(message_from_bytes(content, policy=SMTP_POLICY))
        if address in self.dropped:
            cast("asyncio.Transport", server.transport).abort()
        if self.held.get(address) == "DATA":
            await self._hold()
        return "250 Taken"

    async def _hold(self) -> None:
        self.holding.set()
        await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait, 60)


def _authenticated(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False, auth_data=USER if good else None)


@contextmanager
def mail_server(
    *, certificate: ssl.SSLContext | None = None, implicit_tls: bool = False, login: bool = False
) -> Iterator[MailServer]:
    """Runs one on loopback. With a certificate it offers STARTTLS, or speaks TLS from the first byte."""
    (port,) = free_ports(1)
    server = MailServer(port, tls=implicit_tls)
    options: dict[str, Any] = {"enable_SMTPUTF8": False}
    if certificate is not None and not implicit_tls:
        options |= {"tls_context": certificate, "require_starttls": True}
    if login:
        # The library does not see TLS from the first byte, and warns of logins in the clear.
        options |= {"authenticator": _authenticated, "auth_required": not implicit_tls}
        options["auth_require_tls"] = not implicit_tls
    controller = Controller(
        server, hostname="127.0.0.1", port=port, ssl_context=certificate if implicit_tls else None, **options
    )
    controller.start()
    try:
        yield server
    finally:
        server.go_on.set()
        controller.stop()
