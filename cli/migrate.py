"""`sightline migrate`: brings the database up to this release."""

import argparse
import json
import os

from core.migrate import migrate
from core.settings import Settings

_HELP = """\
Brings the database up to this release: applies the migrations that it lacks, in order, each in a transaction.

Needs OWNER_DATABASE_URL, the address for the role that owns the tables. It may be run at any time and by
several at once; the release before this one works on the new database.

  OWNER_DATABASE_URL=postgresql://owner:…@db/sightline sightline migrate
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "migrate",
        help="bring the database up to this release (OWNER_DATABASE_URL)",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.set_defaults(command=migrate_database)


def migrate_database(options: argparse.Namespace) -> int:
    """Applies what is missing, as the owner, and prints it; returns the exit status."""
    settings = Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL"])
    applied = migrate(settings.owner_database_url)
    if options.json:
        print(json.dumps({"applied": applied}))
    else:
        print("\n".join(f"Applied {name}" for name in applied) or "Nothing to apply.")
    return 0
