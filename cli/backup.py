"""`sightline backup`: make a backup, list them, look at how things stand, read one from end to end."""

import argparse
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2

from cli.layout import aligned, print_json, rfc3339, table
from core.backups.make import make_backup
from core.backups.manifest import Manifest
from core.backups.restore import verify_backup
from core.backups.shelf import BackupUnusable, Shelf, begun_at
from core.backups.status import Drill, Standing, read_last_drill, standing
from core.settings import Settings
from core.store import Store

_NOW_HELP = """\
Makes a backup of the whole database at once, beside the daily ones: pg_dump's archive, encrypted under the
first key of BACKUP_KEYS, in the store. It is kept as long as the others.

Needs BACKUP_DATABASE_URL (the role sightline_backup), BACKUP_KEYS and STORE_URL, and pg_dump of the
server's version or newer on PATH.

  sightline backup now
"""
_LIST_HELP = """\
Lists the backups in the store, the newest first, with what they hold. One that cannot be used is listed
with the reason, and the status is then 1.

Needs BACKUP_KEYS and STORE_URL; no database.

  sightline backup list --json
"""
_STATUS_HELP = """\
Tells whether the last good backup is young enough (26 hours) and how the last restore drill went. The
status is 1 where an alarm is due: for a scheduler or a monitor to look at.

Needs BACKUP_KEYS and STORE_URL; with BACKUP_DATABASE_URL it knows of the restore drill too.

  sightline backup status
"""
_VERIFY_HELP = """\
Reads a backup from end to end: opens it, compares its checksum and has pg_restore read the archive.
Restores nothing. A backup is named by its id, or `latest`.

Needs BACKUP_KEYS and STORE_URL; no database.

  sightline backup verify latest
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the commands to the command line."""
    text = "backups of the whole database"
    actions = commands.add_parser("backup", help=text, description=f"Cares for {text}.").add_subparsers(
        required=True, metavar="ACTION"
    )
    _action(actions, "now", "make one at once", _NOW_HELP, now_command)
    _action(actions, "list", "list them", _LIST_HELP, list_command)
    _action(actions, "status", "is the last good one young enough?", _STATUS_HELP, status_command)
    verify = _action(actions, "verify", "read one from end to end", _VERIFY_HELP, verify_command)
    verify.add_argument(
        "backup", nargs="?", default="latest", metavar="BACKUP", help="its id (default latest)"
    )


def now_command(options: argparse.Namespace) -> int:
    """Makes a backup and describes it; the exit status."""
    settings = backup_settings("BACKUP_DATABASE_URL")
    manifest = make_backup(settings.backup_database_url, shelf_of(settings))
    _print(options, members(manifest), lambda: _described(manifest))
    return 0


def list_command(options: argparse.Namespace) -> int:
    """Prints the backups; the exit status is 1 where one of them cannot be used."""
    shelf = shelf_of(backup_settings())
    found = [_listed(shelf, backup_id) for backup_id in shelf.ids()]
    _print(options, {"backups": found}, lambda: _backup_table(found))
    return 1 if any(backup["error"] for backup in found) else 0


def status_command(options: argparse.Namespace) -> int:
    """Prints how things stand; the exit status is 1 where an alarm is due."""
    settings = backup_settings()
    now = datetime.now(UTC)
    found = standing(shelf_of(settings), now)
    drill, told = _drill(settings.backup_database_url)
    alarms = _alarms(found, drill)
    known = {
        "alarms": alarms,
        "last_good": members(found.last_good) if found.last_good else None,
        "age_hours": round((now - found.last_good.taken_at) / timedelta(hours=1), 1)
        if found.last_good
        else None,
        "unusable": list(found.unusable),
        "drill": vars(drill) if drill else None,
    }
    _print(options, known, lambda: _standing_text(known, told))
    return 1 if alarms else 0


def verify_command(options: argparse.Namespace) -> int:
    """Reads a backup through and says so; the exit status."""
    shelf = shelf_of(backup_settings())
    begun = time.monotonic()
    manifest = shelf.find(options.backup)
    verify_backup(shelf, manifest)
    seconds = round(time.monotonic() - begun, 3)
    known = {**members(manifest), "verified_seconds": seconds}
    _print(options, known, lambda: f"{_described(manifest)}\n\nIt is whole ({seconds} s).")
    return 0


def backup_settings(*needs: str) -> Settings:
    """The settings, with BACKUP_KEYS and what else is needed. Raises SettingsError."""
    return Settings.from_environment(os.environ, needs=["BACKUP_KEYS", *needs])


def shelf_of(settings: Settings) -> Shelf:
    """The backups of the store that the settings name."""
    return Shelf(Store.for_backups(settings))


def members(manifest: Manifest) -> dict[str, Any]:
    """A backup as JSON tells of it."""
    return {
        "id": manifest.id,
        "taken_at": _to_the_second(manifest.taken_at),
        "ended_at": _to_the_second(manifest.ended_at),
        "bytes": manifest.size,
        "sha256": manifest.sha256,
        "rows": manifest.rows,
        "product": manifest.product,
        "postgresql": manifest.server_version,
        "migrations": manifest.migrations,
    }


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


def _to_the_second(moment: datetime) -> str:
    return rfc3339(moment.replace(microsecond=0))


def _print(options: argparse.Namespace, known: Mapping[str, Any], text: Callable[[], str]) -> None:
    if options.json:
        print_json(known)
    else:
        print(text())


def _listed(shelf: Shelf, backup_id: str) -> dict[str, Any]:
    try:
        return {**members(shelf.manifest(backup_id)), "error": None}
    except BackupUnusable as error:
        return {"id": backup_id, "taken_at": _to_the_second(begun_at(backup_id)), "error": str(error)}


def _backup_table(found: list[dict[str, Any]]) -> str:
    if not found:
        return "No backup."
    rows = [
        [backup["id"], backup["taken_at"], str(backup.get("bytes", "-")), _number(backup.get("rows")),
         backup.get("postgresql", "-"), backup["error"] or "good"]
        for backup in found
    ]  # fmt: skip
    return table(("id", "taken at", "bytes", "rows", "PostgreSQL", "is"), rows, numbers=("bytes", "rows"))


def _number(rows: Mapping[str, int] | None) -> str:
    return str(sum(rows.values())) if rows is not None else "-"


def _described(manifest: Manifest) -> str:
    known = members(manifest)
    pairs = [(name, str(known[name])) for name in ("id", "taken_at", "ended_at", "bytes", "sha256")]
    pairs += [("rows", _number(manifest.rows)), ("PostgreSQL", manifest.server_version)]
    return aligned([(name.replace("_", " "), text) for name, text in pairs])


def _drill(url: str) -> tuple[Drill | None, str]:
    if not url:
        return None, "unknown (BACKUP_DATABASE_URL is not set)"
    try:
        return read_last_drill(url), "none yet"
    except psycopg2.Error:
        return None, "unknown (the database does not answer)"


def _alarms(found: Standing, drill: Drill | None) -> list[str]:
    alarms = list(found.unusable)
    if found.last_good is None:
        alarms.append("There is no good backup.")
    elif found.overdue:
        alarms.append("The last good backup is older than 26 hours.")
    if drill is not None and drill.failed:
        alarms.append(f"The last restore drill failed: {drill.reason}")
    return alarms


def _standing_text(known: Mapping[str, Any], no_drill: str) -> str:
    last, drill = known["last_good"], known["drill"]
    pairs = [
        ("last good backup", f"{last['id']}, {known['age_hours']} hours old" if last else "none"),
        ("last restore drill", _drill_text(drill) if drill else no_drill),
    ]
    return "\n".join([aligned(pairs), *(f"ALARM: {alarm}" for alarm in known["alarms"])])


def _drill_text(drill: Mapping[str, Any]) -> str:
    outcome = "failed" if drill["failed"] else "done"
    skipped = (drill["figures"] or {}).get("skipped")
    return f"{_to_the_second(drill['at'])}, {f'skipped: {skipped}' if skipped else outcome}"
