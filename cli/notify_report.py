"""What `sightline notify` shows: messages before they are sent, while they are, and what became of them."""

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cli.layout import aligned, print_json, readable, table
from core.mail_addresses import Mailbox
from core.mail_recipients import Recipient
from core.mail_templates import Notice, as_html, as_plain
from core.notifications import describe
from core.overview import acting_for_all

# The worker sends; the command only looks how far it is, and a person reads what it says.
_LOOK_SECONDS = 0.5
_OPEN = ("waiting", "sending")


def watch(url: str, notification: UUID, *, seconds: float) -> dict[str, Any]:
    """What became of a notification once its messages are settled, its task has ended or was put off, or
    after so many seconds."""
    deadline = time.monotonic() + seconds
    told = ""
    while True:
        with acting_for_all(url) as cursor:
            shown = describe(cursor, notification)
        states = Counter(message["state"] for message in shown["messages"])
        progress = f"{states['sent']} of {states.total() - states['no contact']} sent"
        if progress != told:
            told = progress
            print(progress, file=sys.stderr)
        if _is_over(shown) or time.monotonic() >= deadline:
            return shown
        time.sleep(_LOOK_SECONDS)


def reached_everybody(shown: Mapping[str, Any]) -> bool:
    """Whether every chosen site had a contact, and the mail server took every message."""
    return all(message["state"] == "sent" for message in shown["messages"])


def print_preview(notice: Notice, sender: Mailbox, recipients: Sequence[Recipient], *, as_json: bool) -> None:
    """Shows the messages as they would be sent: to whom, and the text for the first site."""
    parts = notice.parts_for(recipients[0].site)
    plain = as_plain(parts)
    if as_json:
        print_json({
            "from": str(sender), "subject": notice.subject, "plain": plain,
            "html": as_html(notice.subject, parts),
            "recipients": [one._asdict() for one in recipients if one.addresses],
            "without_contact": [{"tenant_id": one.tenant_id, "site": one.site} for one in recipients
                                if not one.addresses],
        })  # fmt: skip
        return
    print(aligned([("from", str(sender)), ("subject", notice.subject)]))
    print(f"\n{plain}")
    rows = [[one.site, address] for one in recipients for address in one.addresses]
    print(
        f"This goes to {len(rows)} addresses:\n{table((), rows, indent=2)}"
        if rows
        else "This goes to nobody."
    )
    _print_without([one.site for one in recipients if not one.addresses])
    print("\nNothing was sent.")


def print_list(notifications: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Shows the latest notifications."""
    if as_json:
        print_json({"notifications": notifications})
    elif not notifications:
        print("No notification.")
    else:
        numbers = ("messages", "waiting", "sent", "refused", "unknown", "cancelled", "without contact")
        rows = [
            [str(one["id"]), readable(one["created_at"]), one["template"],
             *(str(one[number.replace(" ", "_")]) for number in numbers)]
            for one in notifications
        ]  # fmt: skip
        print(table(("id", "written", "template", *numbers), rows, numbers=numbers))


def print_outcome(shown: Mapping[str, Any], *, as_json: bool) -> None:
    """Shows what became of each message."""
    if as_json:
        print_json(shown)
        return
    task = shown["task"]
    pairs = [
        ("id", str(shown["id"])), ("template", shown["template"]), ("subject", shown["subject"]),
        ("from", shown["sender"]), ("written", readable(shown["created_at"])),
    ]  # fmt: skip
    if task and task["state"] in ("queued", "running", "waiting"):
        pairs.append(("sending", f"next try {readable(task['due_at'])}" if task["error"] else task["state"]))
    if task and task["error"]:
        pairs.append(("because", task["error"]))
    print(aligned(pairs))
    messages = [message for message in shown["messages"] if message["state"] != "no contact"]
    for state in ("refused", "unknown", *_OPEN, "cancelled", "sent"):
        _print_messages(state, [message for message in messages if message["state"] == state])
    _print_without([message["site"] for message in shown["messages"] if message["state"] == "no contact"])


def _is_over(shown: Mapping[str, Any]) -> bool:
    task = shown["task"]
    if not any(message["state"] in _OPEN for message in shown["messages"]):
        return True
    if task is None or task["state"] in ("done", "failed", "cancelled"):
        return True
    return bool(task["error"]) and task["due_at"] > datetime.now(UTC)


def _print_messages(state: str, messages: Sequence[Mapping[str, Any]]) -> None:
    if not messages:
        return
    rows = [
        [message["site"], message["address"] or "(forgotten)", readable(message["noted_at"]),
         f"{message['code']} {message['reply'] or ''}".strip() if message["code"] else "",
         message["message_id"]]
        for message in messages
    ]  # fmt: skip
    print(f"\n{len(rows)} {state}\n{table((), rows, indent=2)}")


def _print_without(sites: Sequence[str]) -> None:
    if sites:
        print(f"\n{len(sites)} without a contact\n{table((), [[site] for site in sites], indent=2)}")
