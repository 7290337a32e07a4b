"""Sends the messages of a notification, one after the other over one connection, at a modest pace."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.database import DatabaseUnavailable
from core.mail_connection import MailConnection, ServerTrouble, Unanswered
from core.mail_settings import MailServer
from core.mailing import LONGEST_PAUSE, NOTIFY, PATIENCE, Mailing, Outcome, Taken
from worker.work import CannotSucceed, Later, Work

KIND = NOTIFY
# There are few working processes, and mail is slow on purpose: after so long others have their turn.
_TURN_SECONDS = 60.0
_TROUBLE_PAUSE = timedelta(seconds=30)  # at first; it grows with the time that the trouble lasts
_NOTE_AGAIN_SECONDS = 0.5


def run(work: Work) -> Mapping[str, Any]:
    """Until every message is settled. What a server puts off, and trouble with the server, are for later."""
    settings = work.resources.settings
    if not settings.smtp_url:
        raise CannotSucceed("The worker has no SMTP_URL.")
    mailing = Mailing(work.resources.database, UUID(work.task.subject), work.lease.token)
    with MailConnection(MailServer.of(settings.smtp_url), ca_file=settings.ca_file) as connection:
        _send(work, mailing, connection, pause=60 / settings.mail_per_minute)
    left = mailing.left()
    if left.due_in is not None:
        raise Later(
            max(left.due_in, timedelta()), "The mail server asked for some messages to be tried later."
        )
    return {"messages": left.total}


def _send(work: Work, mailing: Mailing, connection: MailConnection, *, pause: float) -> None:
    left = mailing.left()
    settled = left.settled
    ends_at = time.monotonic() + _TURN_SECONDS
    while time.monotonic() < ends_at:
        work.step(settled, left.total)
        began = time.monotonic()
        taken = mailing.take()
        if taken is None:
            return
        outcome = _hand_in(work, mailing, connection, taken)
        settled += outcome.became != "waiting"
        time.sleep(max(began + pause - time.monotonic(), 0))
    raise Later(timedelta(), "")


def _hand_in(work: Work, mailing: Mailing, connection: MailConnection, taken: Taken) -> Outcome:
    try:
        outcome = taken.outcome(connection.deliver(taken.mail))
    except Unanswered:
        outcome = Outcome("unknown")
    except ServerTrouble as trouble:
        _note(work, mailing, taken, Outcome("waiting"))
        raise _put_off(taken, f"{str(trouble)[:1].upper()}{str(trouble)[1:]}.") from trouble
    _note(work, mailing, taken, outcome)
    return outcome


def _put_off(taken: Taken, reason: str) -> Exception:
    if taken.waited > PATIENCE:
        return CannotSucceed(f"Given up after {PATIENCE.days} days: {reason}")
    return Later(min(max(taken.waited / 4, _TROUBLE_PAUSE), LONGEST_PAUSE), reason)


def _note(work: Work, mailing: Mailing, taken: Taken, outcome: Outcome) -> None:
    """Notes it as soon as the database answers: what this process knows, nobody else does."""
    while True:
        try:
            mailing.note(taken, outcome)
            return
        except DatabaseUnavailable:
            work.keeper.check()
            time.sleep(_NOTE_AGAIN_SECONDS)
