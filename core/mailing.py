"""The worker's side of notices by mail: each message is taken, left to the server, and noted.

1. `Mailing.take` marks a due message as 'sending' and commits. From now on it is either noted or in doubt.
2. The message goes to the server (`core.mail_connection`).
3. `Mailing.note` writes what became of it. Whoever took it notes it, also where the task's lease was lost
   meanwhile: nobody else can know.
4. A message that is 'sending' under a lease that nobody holds becomes 'unknown' when the next message is
   taken, at the daily sweep, and when an operator looks. It is sent again only if an operator says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from core.database import Database, Row
from core.mail_addresses import parse_mailbox
from core.mail_connection import Reply
from core.mail_message import Mail
from core.mail_templates import Part, as_html, as_plain
from core.tasks import Kind

NOTIFY = Kind(name="notify", urgency=3, attempts=20)
MESSAGE_SWEEP = Kind(name="sweep-notices", urgency=8, every=timedelta(days=1))
ADDRESSES_KEPT_FOR = timedelta(days=90)
PATIENCE = timedelta(days=4)
"""How long a server is asked again that puts a message off (RFC 5321, 4.5.4.1)."""
LONGEST_PAUSE = timedelta(minutes=30)
_FIRST_PAUSE = timedelta(minutes=1)

Became = Literal["sent", "refused", "unknown", "waiting"]


@dataclass(frozen=True)
class Outcome:
    """What became of a message, and what the server said; it is due again after `pause` if it waits."""

    became: Became
    reply: Reply | None = None
    pause: timedelta = timedelta()


@dataclass(frozen=True)
class Taken:
    """A message that is 'sending'. `attempts` counts this one."""

    tenant_id: UUID
    id: UUID
    attempts: int
    wanted_at: datetime
    mail: Mail

    def outcome(self, reply: Reply) -> Outcome:
        """What a reply makes of it: a server that is not sure is asked again, within reason."""
        if reply.taken:
            return Outcome("sent", reply)
        if reply.final or self.waited > PATIENCE:
            return Outcome("refused", reply)
        return Outcome("waiting", reply, min(_FIRST_PAUSE * 2 ** min(self.attempts - 1, 16), LONGEST_PAUSE))

    @property
    def waited(self) -> timedelta:
        """For how long it has been wanted."""
        return datetime.now(UTC) - self.wanted_at


@dataclass(frozen=True)
class Left:
    """How far a notification is; `due_in` is None where no message waits."""

    total: int
    settled: int
    due_in: timedelta | None


@dataclass(frozen=True)
class Mailing:
    """The messages of one notification, for the holder of a lease on its task. Raises DatabaseUnavailable."""

    database: Database
    notification: UUID
    lease: UUID

    def take(self) -> Taken | None:
        """The next message that is due; None where there is none, or the lease is not held any more."""
        rows = self.database.read_system(
            "select * from take_message(%s, %s)", (self.notification, self.lease)
        )
        return _taken(rows[0]) if rows else None

    def note(self, taken: Taken, outcome: Outcome) -> bool:
        """Writes what became of a message; whether it was still there to be written to."""
        code, said = outcome.reply or (None, None)
        values = (taken.tenant_id, taken.id, self.lease, outcome.became, code, said, outcome.pause)
        sql = "select note_message(%s, %s, %s, %s, %s, %s, %s) as noted"
        return bool(self.database.read_system(sql, values)[0]["noted"])

    def left(self) -> Left:
        """What is still to do."""
        (row,) = self.database.read_system("select * from messages_left(%s)", (self.notification,))
        return Left(row["total"], row["settled"], row["due_in"])


def forget_addresses(database: Database, *, at_most: int) -> int:
    """Forgets the addresses of messages older than ADDRESSES_KEPT_FOR; returns of how many."""
    sql = "select forget_message_addresses(%s, %s) as forgotten"
    before = datetime.now(UTC) - ADDRESSES_KEPT_FOR
    return int(database.read_system(sql, (before, at_most))[0]["forgotten"])


def parts_of(body: Sequence[Any]) -> list[Part]:
    """The parts of a message from the form in which they are stored."""
    return [Part(*pair) for pair in body]


def _taken(row: Row) -> Taken:
    parts = parts_of(row["body"])
    mail = Mail(
        sender=parse_mailbox(row["sender"]),
        to=row["address"],
        subject=row["subject"],
        plain=as_plain(parts),
        html=as_html(row["subject"], parts),
        message_id=row["message_id"],
    )
    return Taken(row["tenant_id"], row["id"], row["attempts"], row["wanted_at"], mail)
