"""`sightline notify`: writes to the contacts of sites by mail, and tells what became of it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cli.notify_options import AGAIN_HELP, action, add_template, add_waiting, limit, notification_id
from cli.notify_report import (
    print_list,
    print_outcome,
    print_preview,
    reached_everybody,
    watch,
)
from core.mail_addresses import Mailbox, parse_mailbox
from core.mail_recipients import Choice, Contact, Recipient, RecipientsUnclear, Sites, read_contacts
from core.mail_templates import NAMES, Notice, Unfit, fill
from core.notifications import cancel, describe, list_notifications, send_again, write
from core.overview import acting_for_all, overview
from core.settings import Settings


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command with its actions to the command line."""
    text = "e-mail to the contacts of sites (OWNER_DATABASE_URL, MAIL_FROM)"
    actions = commands.add_parser("notify", help=text, description=f"Sends {text}.").add_subparsers(
        required=True, metavar="TEMPLATE|ACTION"
    )
    for name in NAMES:
        add_template(actions, name, send_command)
    listing = action(actions, "list", "list the notifications", list_command)
    listing.add_argument("--limit", type=limit, default=100, metavar="N", help="so many (default 100)")
    show = action(actions, "show", "show what became of each message", show_command)
    again = action(actions, "resend", "send what is left or was refused", resend_command, AGAIN_HELP)
    again.add_argument("--unknown", action="store_true", help="also what may have arrived; asks first")
    again.add_argument("--refused", action="store_true", help="also what the mail server refused")
    again.add_argument("--yes", action="store_true", help="do not ask")
    add_waiting(again)
    stop = action(actions, "cancel", "cancel what has not left", cancel_command)
    for parser in (show, again, stop):
        parser.add_argument("id", type=notification_id, metavar="ID", help="the notification")


def send_command(options: argparse.Namespace) -> int:
    """Writes a notification, or shows it; the exit status."""
    settings = Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL", "MAIL_FROM"])
    sender = parse_mailbox(settings.mail_from)
    try:
        notice = fill(options.template, dict(options.set), options.subject)
        contacts = _contacts(options.from_file)
        if not (options.tenant or options.all or contacts):
            raise RecipientsUnclear("name sites with --tenant, --all or --from-file")
        notification = _write(settings.owner_database_url, options, notice, sender, contacts)
    except (Unfit, RecipientsUnclear) as error:
        print("\n".join(f"sightline: {line}" for line in str(error).splitlines()), file=sys.stderr)
        return 1
    if notification is None:
        return 0
    return _follow(settings.owner_database_url, notification, options)


def list_command(options: argparse.Namespace) -> int:
    """Prints the notifications; the exit status."""
    with acting_for_all(_owner_url()) as cursor:
        print_list(list_notifications(cursor, limit=options.limit), as_json=options.json)
    return 0


def show_command(options: argparse.Namespace) -> int:
    """Prints one notification; the exit status tells whether everybody was reached."""
    with acting_for_all(_owner_url()) as cursor:
        shown = describe(cursor, options.id)
    print_outcome(shown, as_json=options.json)
    return 0 if reached_everybody(shown) else 1


def resend_command(options: argparse.Namespace) -> int:
    """Sends again; the exit status."""
    url = _owner_url()
    if options.unknown and not options.yes and not _agreed():
        print("sightline: nothing was sent again", file=sys.stderr)
        return 1
    with acting_for_all(url) as cursor:
        number = send_again(cursor, options.id, unknown=options.unknown, refused=options.refused)
    print(f"{number} messages are sent again.", file=sys.stderr)
    return _follow(url, options.id, options)


def cancel_command(options: argparse.Namespace) -> int:
    """Cancels; the exit status."""
    with acting_for_all(_owner_url()) as cursor:
        describe(cursor, options.id)
        number = cancel(cursor, options.id)
        shown = describe(cursor, options.id)
    print(f"{number} messages are cancelled; what has left cannot be called back.", file=sys.stderr)
    print_outcome(shown, as_json=options.json)
    return 0


def _write(
    url: str, options: argparse.Namespace, notice: Notice, sender: Mailbox, contacts: Sequence[Contact]
) -> UUID | None:
    """The id of what was written; None for a dry run, which is shown instead."""
    choice = Choice(
        names=options.tenant, everyone=options.all, contacts=contacts, former=options.former,
        lapses=notice.lapses,
    )  # fmt: skip
    with overview(url) if options.dry_run else acting_for_all(url) as cursor:
        recipients: list[Recipient] = choice.recipients(Sites(cursor))
        if not recipients:
            raise RecipientsUnclear("there is no such site")
        if options.dry_run:
            print_preview(notice, sender, recipients, as_json=options.json)
            return None
        return write(cursor, notice, sender, recipients)


def _follow(url: str, notification: UUID, options: argparse.Namespace) -> int:
    shown = watch(url, notification, seconds=0 if options.no_wait else options.wait)
    print_outcome(shown, as_json=options.json)
    return 0 if options.no_wait or reached_everybody(shown) else 1


def _contacts(file: Path | None) -> list[Contact]:
    if file is None:
        return []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return read_contacts(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise RecipientsUnclear(f"{file} cannot be read: {type(error).__name__}") from error


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("sightline: --unknown may send twice; say --yes where nobody can be asked", file=sys.stderr)
        return False
    print(
        "Some of these may have arrived already. Send them again? [y/N] ", end="", file=sys.stderr, flush=True
    )
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _owner_url() -> str:
    return Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL"]).owner_database_url
