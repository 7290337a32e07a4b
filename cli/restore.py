"""`sightline restore`: brings a backup into an empty database, looks at it, and lets the product in."""

import argparse
import sys
from collections.abc import Mapping

from cli.backup import backup_settings, members, shelf_of
from cli.layout import print_json, table
from core.backups.manifest import Manifest
from core.backups.restore import Restored, restore_backup
from core.ledger import Ledger
from core.setting_types import database_url
from core.settings import Settings, SettingsError

_HELP = """\
Restores a backup into an empty database: the tables, their rows, the fence between tenants and the roles
that the server lacks. What was restored is counted and compared with what the backup held. Migrations that
came after it are applied, and what was to be forgotten since (purges, closed accounts, expired deletions)
is forgotten again. Until all of that has gone well, neither api nor worker can see anything in the
database.

--into is the address for the role that is to own the database, which must be empty. Without it the command
takes OWNER_DATABASE_URL. A password can also come from PGPASSWORD or PGPASSFILE.

Needs BACKUP_KEYS and STORE_URL, and pg_restore of the backup's PostgreSQL or newer on PATH. The roles that
it makes have no passwords: whoever provisions the server sets them.

  sightline restore latest --into postgresql://owner@db/sightline
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "restore",
        help="restore a backup into an empty database",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "backup", nargs="?", default="latest", metavar="BACKUP", help="its id (default latest)"
    )
    parser.add_argument("--into", metavar="URL", help="the empty database (default OWNER_DATABASE_URL)")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.set_defaults(command=restore_command)


def restore_command(options: argparse.Namespace) -> int:
    """Restores and prints what came of it; the exit status."""
    settings = backup_settings()
    shelf = shelf_of(settings)
    manifest = shelf.find(options.backup)
    ledger = Ledger.of(settings)
    restored = restore_backup(_into(options, settings), shelf, manifest, ledger, tell=_tell)
    if options.json:
        print_json({"backup": members(manifest), "restored": vars(restored)})
    else:
        print(_text(manifest, restored))
    return 0


def _into(options: argparse.Namespace, settings: Settings) -> str:
    if options.into is None and not settings.owner_database_url:
        raise SettingsError(["OWNER_DATABASE_URL must be set, or --into given"])
    try:
        return database_url(options.into or settings.owner_database_url)
    except ValueError as error:
        raise SettingsError([f"--into {error}"]) from error


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _text(manifest: Manifest, restored: Restored) -> str:
    rows = [[name, str(manifest.rows[name]), str(number)] for name, number in sorted(restored.rows.items())]
    lines = [
        table(("table", "rows in the backup", "restored"), rows, numbers=("rows in the backup", "restored")),
        "",
        "Row security is enabled and forced, its policies, all grants and owners are as they should be.",
        f"Migrations applied on top: {', '.join(restored.migrated) or 'none'}.",
        *_settled(restored.replayed),
        f"Restored from {manifest.id} in {restored.seconds} s. Set the passwords of the roles, then start.",
    ]
    return "\n".join(lines)


def _settled(replayed: Mapping[str, int]) -> list[str]:
    forgotten = [f"{replayed[name]} {name}" for name in ("purges", "closures", "deletions")]
    lines = [f"Forgotten again: {', '.join(forgotten)}."]
    if replayed["messages"]:
        lines.append(f"E-mail that may have been sent since, and is not sent again: {replayed['messages']}.")
    if replayed["postponed"]:
        lines.append(f"Purges that waited, and wait for another week: {replayed['postponed']}.")
    return lines
