"""`sightline migrate`: brings the database up to this release."""

import os
import sys

import psycopg2

from core.migrate import migrate
from core.settings import Settings


def migrate_database() -> int:
    """Applies what is missing, as the owner, and prints it; returns the exit status."""
    settings = Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL"])
    try:
        applied = migrate(settings.owner_database_url)
    except psycopg2.Error as error:
        print(f"sightline: the database could not be migrated: {error}".strip(), file=sys.stderr)
        return 1
    print("\n".join(f"Applied {name}" for name in applied) or "Nothing to apply.")
    return 0
