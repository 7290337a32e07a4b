"""The operator's side of notices by mail: written down, looked at, cancelled, sent again.

Everything here is one transaction of the caller, with a cursor that sees every tenant
(`core.overview.acting_for_all`). Sending is the worker's (`core.mailing`), in one task of the service itself
for each notification: one connection and one pace serve all sites, and no site's own tasks stand behind it.

A notice of a breach or a vulnerability goes to sites that uninstalled the app, too: their data is kept, or
was when it happened. One of maintenance does not, also where the site uninstalls the app while it waits.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg2.extras

from core.database import Cursor, Row
from core.ids import uuid7
from core.mail_addresses import Mailbox
from core.mail_recipients import Recipient
from core.mail_templates import Notice
from core.mailing import NOTIFY
from core.tasks import SERVICE, Task, cancel_task, request_task, task_of

_INSERT = """
    insert into notification_messages
        (tenant_id, id, notification_id, template, lapses, site, address, sender, subject, body, message_id,
         state)
    values %s
"""
_LIST = """
    select notification_id as id, min(template) as template, min(subject) as subject,
           min(created_at) as created_at, count(*) as messages,
           count(*) filter (where state in ('waiting', 'sending')) as waiting,
           count(*) filter (where state = 'sent') as sent,
           count(*) filter (where state = 'refused') as refused,
           count(*) filter (where state = 'unknown') as unknown,
           count(*) filter (where state = 'cancelled') as cancelled,
           count(*) filter (where state = 'no contact') as without_contact
    from notification_messages group by notification_id order by notification_id desc limit %s
"""
_MESSAGES = """
    select tenant_id, site, address, state, code, reply, attempts, due_at, noted_at, message_id
    from notification_messages where notification_id = %s order by site, address, id
"""
_ABOUT = """
    select template, subject, sender, body, created_at
    from notification_messages where notification_id = %s order by id limit 1
"""
_TASK = """
    select * from tasks where tenant_id = %s and kind = %s and subject = %s
    order by created_at desc, id desc limit 1
"""
_CANCEL = """
    update notification_messages set state = 'cancelled', noted_at = now()
    where notification_id = %s and state = 'waiting'
"""
_AGAIN = """
    update notification_messages
    set state = 'waiting', due_at = now(), wanted_at = now(), attempts = 0, taken_by = null, code = null,
        reply = null
    where notification_id = %s and address is not null
      and (state = 'waiting' or state = any (%s))
"""
_DOUBT_ALL = """
    update notification_messages set state = 'unknown', noted_at = now() where state in ('waiting', 'sending')
"""


class NotificationRefused(Exception):
    """What was asked for cannot be done; the text says why."""


def write(cursor: Cursor, notice: Notice, sender: Mailbox, recipients: Sequence[Recipient]) -> UUID:
    """Writes a notification and the task that sends it; the notification's id."""
    notification = uuid7()
    rows = [row for recipient in recipients for row in _rows(notification, notice, sender, recipient)]
    psycopg2.extras.execute_values(cursor, _INSERT, rows)
    if any(recipient.addresses for recipient in recipients):
        request_task(cursor, NOTIFY, SERVICE, subject=str(notification))
    return notification


def list_notifications(cursor: Cursor, *, limit: int) -> Sequence[Row]:
    """The latest notifications, the newest first, with the numbers of their messages by state."""
    _doubt(cursor)
    cursor.execute(_LIST, (limit,))
    return cursor.fetchall()


def describe(cursor: Cursor, notification: UUID) -> dict[str, Any]:
    """A notification, its task and its messages. Raises NotificationRefused where there is none."""
    _doubt(cursor)
    cursor.execute(_ABOUT, (notification,))
    about = cursor.fetchone()
    if about is None:
        raise NotificationRefused(f"there is no notification {notification}")
    cursor.execute(_MESSAGES, (notification,))
    messages = [dict(row) for row in cursor.fetchall()]
    task = _task(cursor, notification)
    return {"id": notification, **about, "task": _shown(task), "messages": messages}


def cancel(cursor: Cursor, notification: UUID) -> int:
    """Cancels what has not left; how many messages that were."""
    task = _task(cursor, notification)
    if task is not None:
        cancel_task(cursor, SERVICE, task.id)
    cursor.execute(_CANCEL, (notification,))
    return cursor.rowcount


def send_again(cursor: Cursor, notification: UUID, *, unknown: bool = False, refused: bool = False) -> int:
    """Sends what still waits after its task has ended, and what is `unknown` or `refused` if asked to.

    Returns how many messages. Raises NotificationRefused where the task goes on, or there is nothing to send.
    """
    task = _task(cursor, notification)
    if task is not None and task.unfinished:
        raise NotificationRefused("its messages are still being sent; wait for the end, or cancel it")
    _doubt(cursor)
    states = [state for state, wanted in (("unknown", unknown), ("refused", refused)) if wanted]
    cursor.execute(_AGAIN, (notification, states))
    number = cursor.rowcount
    if number == 0:
        raise NotificationRefused("there is no such message to send")
    _, is_new = request_task(cursor, NOTIFY, SERVICE, subject=str(notification))
    if not is_new:
        raise NotificationRefused("somebody else is sending it again at this moment")
    return number


def doubt_restored(cursor: Cursor) -> int:
    """After a restore: what waited when the backup was taken may have been sent since. How many messages."""
    cursor.execute(_DOUBT_ALL)
    return cursor.rowcount


def _rows(notification: UUID, notice: Notice, sender: Mailbox, recipient: Recipient) -> list[tuple[Any, ...]]:
    body = json.dumps(notice.parts_for(recipient.site))
    rows = []
    for address in recipient.addresses or (None,):
        message = uuid7()
        rows.append(
            (recipient.tenant_id, message, notification, notice.template, notice.lapses, recipient.site,
             address, str(sender), notice.subject, body, f"{message}@{sender.domain}",
             "waiting" if address else "no contact")
        )  # fmt: skip
    return rows


def _doubt(cursor: Cursor) -> None:
    cursor.execute("select doubt_messages()")


def _task(cursor: Cursor, notification: UUID) -> Task | None:
    cursor.execute(_TASK, (SERVICE, NOTIFY.name, str(notification)))
    row = cursor.fetchone()
    return task_of(row) if row else None


def _shown(task: Task | None) -> dict[str, Any] | None:
    if task is None:
        return None
    return {"id": task.id, "state": task.state, "due_at": task.due_at, "error": task.error}
