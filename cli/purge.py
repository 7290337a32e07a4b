"""`sightline purge`: has all of a site removed on a written request, and shows what became of purges."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from cli.layout import aligned, print_json, readable, rfc3339, table
from core.database import Cursor, Row
from core.durations import parse_duration
from core.ledger import Purged
from core.overview import OverviewImpossible, acting_for_all, find_tenants, overview
from core.purge import ASKED_BY, list_unfinished, request_for_operator, site_name
from core.receipts import document, find_receipt, list_receipts
from core.settings import Settings
from core.tasks import Task

_HELP = """\
Has everything of a site removed for good: reports, versions, settings, exports, the audit trail. A worker
does it, at once unless --delay puts it off, in which time the site's admins are told and can abort it. It
cannot be undone. A receipt stays, which names nobody; a site that still has the add-on keeps its connection
alone.

The site is named by its id or its client key (sightline tenants list). What --reason says stays in the
receipt, so that it must name no person and no site: the number of the letter, say.

  sightline purge CLIENT_KEY --reason "Letter 2026-17"
  sightline purge list
  sightline purge receipt PURGE_ID --json

Needs OWNER_DATABASE_URL, the address for the role that owns the tables.
"""
_LONGEST_REASON = 500


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "purge",
        help="remove all of a site for good; list purges; show a receipt (OWNER_DATABASE_URL)",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", metavar="ID|CLIENT_KEY|list|receipt", help="the site, or what to show")
    parser.add_argument("purge", nargs="?", type=UUID, metavar="PURGE_ID", help="whose receipt to show")
    parser.add_argument("--reason", type=_reason, metavar="TEXT", help="which written request this is for")
    parser.add_argument(
        "--delay", type=_duration, default=timedelta(), metavar="P7D", help="wait so long before"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Asks for a purge, or shows purges or a receipt; the exit status."""
    if options.what == "list":
        return _list(options)
    if options.what == "receipt":
        return _receipt(options)
    if not options.reason:
        print("sightline: a purge needs --reason, the written request that it is for", file=sys.stderr)
        return 2
    return _ask_for(options)


def _ask_for(options: argparse.Namespace) -> int:
    url = _owner_url()
    with overview(url) as cursor:
        site = _site(cursor, options.what)
    if not (options.yes or _is_confirmed(site)):
        print("sightline: nothing was done: the site was not confirmed", file=sys.stderr)
        return 1
    with acting_for_all(url) as cursor:
        task = request_for_operator(cursor, site["id"], options.reason, options.delay)
    if options.json:
        print_json(_unfinished(task))
    else:
        print(
            f"All of {site['base_url']} will be removed from {readable(task.due_at)} UTC on: purge {task.id}"
        )
    return 0


def _site(cursor: Cursor, name: str) -> Row:
    # Not by its address: two sites can have had one.
    found = [row for row in find_tenants(cursor, name) if name in (str(row["id"]), row["client_key"])]
    if not found:
        raise OverviewImpossible(f"no site has the id or client key {name}")
    return found[0]


def _is_confirmed(site: Mapping[str, Any]) -> bool:
    name = site_name(site["base_url"])
    print(
        f"All that is stored of {site['base_url']} ({site['state']}, {site['reports']} reports) will be"
        f" removed for good. Type {name} to confirm: ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() == name


def _list(options: argparse.Namespace) -> int:
    with overview(_owner_url()) as cursor:
        tasks, receipts = list_unfinished(cursor), list_receipts(cursor)
    if options.json:
        print_json({"unfinished": list(map(_unfinished, tasks)), "done": list(map(document, receipts))})
        return 0
    if not (tasks or receipts):
        print("No purge.")
        return 0
    columns = ("id", "state", "asked by", "asked", "due or done", "site", "backups until")
    print(table(columns, [*map(_task_row, tasks), *map(_receipt_row, receipts)]))
    return 0


def _receipt(options: argparse.Namespace) -> int:
    if options.purge is None:
        print("sightline: name the purge: sightline purge receipt PURGE_ID", file=sys.stderr)
        return 2
    with overview(_owner_url()) as cursor:
        receipt = find_receipt(cursor, options.purge)
    if receipt is None:
        raise OverviewImpossible(f"there is no receipt of a purge {options.purge}")
    if options.json:
        print_json(document(receipt))
        return 0
    members = {name: value for name, value in document(receipt).items() if name != "counts"}
    print(aligned([(name.replace("_", " "), str(value or "-")) for name, value in members.items()]))
    print("\nRows that went\n" + table((), _counts(receipt), indent=2))
    return 0


def _counts(receipt: Purged) -> Sequence[Sequence[str]]:
    return [[name, str(number)] for name, number in sorted(receipt.counts.items())]


def _task_row(task: Task) -> Sequence[str]:
    asked_by = ASKED_BY[task.subject]
    return [
        str(task.id),
        task.state,
        asked_by,
        readable(task.created_at),
        readable(task.due_at),
        str(task.tenant_id),
        "-",
    ]


def _receipt_row(receipt: Purged) -> Sequence[str]:
    asked, done = readable(receipt.asked_at), readable(receipt.at)
    return [str(receipt.id), "done", receipt.asked_by, asked, done, "-", receipt.backups_until.isoformat()]


def _unfinished(task: Task) -> dict[str, Any]:
    return {
        "id": str(task.id),
        "tenant_id": str(task.tenant_id),
        "state": task.state,
        "asked_by": ASKED_BY[task.subject],
        "reason": task.params.get("reason"),
        "asked_at": rfc3339(task.created_at),
        "due_at": rfc3339(task.due_at),
        "attempts": task.attempts,
        "error": task.error,
    }


def _owner_url() -> str:
    return Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL"]).owner_database_url


def _reason(text: str) -> str:
    if not 0 < len(text.strip()) <= _LONGEST_REASON:
        raise argparse.ArgumentTypeError(f"must have 1 to {_LONGEST_REASON} characters")
    return text.strip()


def _duration(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from error
