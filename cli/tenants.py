"""`sightline tenants list` and `sightline tenants show`: which sites there are, and how one is doing."""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cli.layout import aligned, print_json, readable, table
from core.overview import STATES, OverviewImpossible, describe_tenant, find_tenants, list_tenants, overview
from core.settings import Settings

_LIST_HELP = """\
Lists the sites that installed Sightline, in order of their addresses: id, client key, base URL, state, when
it was installed and uninstalled, and how many reports it has. Shows no secret and no report.

Needs OWNER_DATABASE_URL, the address for the role that owns the tables.

  sightline tenants list --state uninstalled --limit 20
"""
_SHOW_HELP = """\
Shows one site: its connection, how many rows it has in each table, its last lifecycle events, and its tasks
that are not finished. Shows no secret and no report.

The site is named by its id, its client key or its base URL. Several sites can have had one base URL, as a
site that was created anew or cloned has another client key: then they are listed, and the id tells which is
meant.

Needs OWNER_DATABASE_URL, the address for the role that owns the tables.

  sightline tenants show acme.atlassian.net
  sightline tenants show 01a20908-7652-7f53-8b99-66d193cb4f28 --json
"""
_EVENTS_SHOWN = 10
_MOST_LISTED = 100_000


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds both commands to the command line."""
    text = "the sites that installed Sightline (OWNER_DATABASE_URL)"
    actions = commands.add_parser("tenants", help=text, description=f"Tells of {text}.").add_subparsers(
        required=True, metavar="ACTION"
    )
    listing = _action(actions, "list", "list the sites", _LIST_HELP, list_command)
    listing.add_argument("--state", choices=STATES, help="only sites in this state")
    listing.add_argument(
        "--limit", type=_limit, default=100, metavar="N", help="at most so many sites (default 100)"
    )
    show = _action(actions, "show", "show one site", _SHOW_HELP, show_command)
    show.add_argument("tenant", metavar="ID|CLIENT_KEY|BASE_URL", help="which site")


def list_command(options: argparse.Namespace) -> int:
    """Prints the sites; the exit status."""
    with overview(_owner_url()) as cursor:
        tenants, number = list_tenants(cursor, state=options.state, limit=options.limit)
    if options.json:
        print_json({"tenants": tenants, "total": number})
        return 0
    print(_tenant_table(tenants) if tenants else "No site.")
    if number > len(tenants):
        print(f"\n{len(tenants)} of {number} sites; --limit shows more.")
    return 0


def show_command(options: argparse.Namespace) -> int:
    """Prints one site; the exit status is 1 where the name fits none or several."""
    with overview(_owner_url()) as cursor:
        found = find_tenants(cursor, options.tenant)
        if not found:
            raise OverviewImpossible(f"no site has the id, client key or base URL {options.tenant}")
        if len(found) > 1:
            return _tell_apart(found, options)
        shown = describe_tenant(cursor, found[0]["id"], events=_EVENTS_SHOWN)
    if options.json:
        print_json(shown)
    else:
        print(_description(shown))
    return 0


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    summary: str,
    text: str,
    command: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = actions.add_parser(
        name, help=summary, description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=command)
    return parser


def _tell_apart(found: Sequence[Any], options: argparse.Namespace) -> int:
    if options.json:
        print_json({"tenants": found, "total": len(found)})
    else:
        print(f"{len(found)} sites have had the base URL {found[0]['base_url']}. Name one by its id:\n")
        print(_tenant_table(found))
    return 1


def _tenant_table(tenants: Sequence[Any]) -> str:
    columns = ("id", "client key", "base URL", "state", "installed", "uninstalled", "reports")
    rows = [
        [tenant["id"], tenant["client_key"], tenant["base_url"], tenant["state"], tenant["installed_at"],
         tenant["uninstalled_at"], tenant["reports"]]
        for tenant in tenants
    ]  # fmt: skip
    return table(columns, [[_text(value) for value in row] for row in rows], numbers=("reports",))


def _description(shown: Mapping[str, Any]) -> str:
    connection = shown["connection"]
    secret = f"version {connection['secret_version']}, " + (
        f"under the key {connection['secret_key_id']}" if connection["secret_key_id"] else "destroyed"
    )
    named = {
        "id": connection["id"],
        "client key": connection["client_key"],
        "base URL": connection["base_url"],
        "state": connection["state"],
        "installed": connection["installed_at"],
        "uninstalled": connection["uninstalled_at"],
        "last event": connection["last_event_at"],
        "secret": secret,
    }
    parts = [
        aligned([(name, _text(value)) for name, value in named.items()]),
        "Rows\n" + table((), [[name, str(number)] for name, number in shown["rows"].items()], indent=2),
        "Last lifecycle events\n" + _events(shown["events"]),
        "Unfinished tasks\n" + _tasks(shown["tasks"]),
    ]
    return "\n\n".join(parts)


def _events(events: Sequence[Any]) -> str:
    rows = [[_text(event["at"]), event["event"], _details(event["details"])] for event in events]
    return table((), rows, indent=2) if rows else "  none"


def _tasks(tasks: Sequence[Any]) -> str:
    rows = [
        [_text(task["id"]), task["kind"], task["state"], f"due {_text(task['due_at'])}",
         f"attempt {task['attempts']} of {task['attempts_allowed']}", task["error"] or ""]
        for task in tasks
    ]  # fmt: skip
    return table((), rows, indent=2) if rows else "  none"


def _details(details: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in sorted(details.items()))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return readable(value)
    return "-" if value is None else str(value)


def _owner_url() -> str:
    return Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL"]).owner_database_url


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_LISTED):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST_LISTED}")
    return int(text)
