"""What the command line of `sightline notify` takes."""

import argparse
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from core.mail_templates import fields_of

Command = Callable[[argparse.Namespace], int]
_ABOUT = {
    "breach": "tells sites that somebody may have had their data",
    "vulnerability": "tells sites of a weakness that was found and mended",
    "maintenance": "tells sites of work that they may notice",
}
_SEND_HELP = """\
Sends the contacts of sites an e-mail, plain and HTML, from the template `{name}`. Its fields, all needed:

{fields}

Which sites: those named by --tenant, with --all every site, or else those of --from-file. That is CSV with
the columns site,address: a site's id, client key or base URL, and an address of a contact, which may be
empty. Beside --tenant and --all the file stands in for sites whose administrators named no contact; otherwise
its addresses are the ones written to. Sites that uninstalled Sightline are among all, except for maintenance.

The messages are written into the database and sent by the worker, which has the SMTP_URL. --dry-run shows
them and writes nothing. Ends with 1 unless every chosen site had a contact and every message was taken by the
mail server.

Needs OWNER_DATABASE_URL and MAIL_FROM, the address that the messages come from and bounces go to.

  sightline notify {name} --all --dry-run {example}
"""
AGAIN_HELP = """\
Goes on with a notification whose sending has ended before every message was settled. --refused also sends
anew what the mail server refused. --unknown also sends what left without an answer, because the connection or
the worker ended at that moment: it may have arrived, so that somebody may get it twice, which is why this
asks first.

Needs OWNER_DATABASE_URL.
"""
_MOST_LISTED = 10_000


def add_template(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command
) -> None:
    """Adds the action that sends from a template."""
    fields = fields_of(name)
    parser = action(
        actions, name, _ABOUT[name], command,
        _SEND_HELP.format(
            name=name,
            fields="\n".join(f"  {field:<8} {heading}" for field, heading in fields.items()),
            example=" ".join(f"--set {field}=@{field}.txt" for field in fields),
        ),
    )  # fmt: skip
    parser.add_argument(
        "--tenant", action="append", default=[], metavar="ID|KEY|URL", help="this site; may be repeated"
    )
    parser.add_argument("--all", action="store_true", help="every site")
    parser.add_argument("--from-file", type=Path, metavar="CSV", help="sites and contacts: site,address")
    parser.add_argument(
        "--former", action="store_true", help="also to sites of the file that we no longer know (purged)"
    )
    parser.add_argument("--subject", help="instead of the template's own")
    parser.add_argument(
        "--set", action="append", default=[], type=_field, metavar="FIELD=TEXT",
        help="fills a field; FIELD=@FILE takes the text from a file",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="show what would be sent, and send nothing")
    add_waiting(parser)
    parser.set_defaults(template=name)


def add_waiting(parser: argparse.ArgumentParser) -> None:
    """Adds how long the command waits for the outcome."""
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the outcome")
    parser.add_argument(
        "--wait", type=limit, default=600, metavar="SECONDS", help="wait at most so long (default 600)"
    )


def action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    summary: str,
    command: Command,
    text: str = "",
) -> argparse.ArgumentParser:
    """Adds an action that speaks JSON, too."""
    parser = actions.add_parser(
        name,
        help=summary,
        description=text or f"{summary.capitalize()}. Needs OWNER_DATABASE_URL.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=command)
    return parser


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("must be FIELD=TEXT")
    if not value.startswith("@"):
        return name, value
    try:
        return name, Path(value[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise argparse.ArgumentTypeError(f"{value[1:]} cannot be read: {type(error).__name__}") from error


def notification_id(text: str) -> UUID:
    """Reads the id of a notification."""
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be the id of a notification") from error


def limit(text: str) -> int:
    """Reads a number of things to show, or of seconds."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_LISTED):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST_LISTED}")
    return int(text)
