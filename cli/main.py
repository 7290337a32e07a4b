"""`sightline`, the operator's command.

Each command is a module with `add_to(commands)`, which adds its parser; the parser's default `command` takes
the options and returns the exit status: 0 done, 1 not done (the reason is on standard error), 2 the command
line makes no sense.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import psycopg2
from obstore.exceptions import BaseError as StoreError

from cli import backup, migrate, notify, purge, restore, secrets, tenants
from cli.local import commands as local
from cli.local.account import LocalError
from core.backups import BackupError
from core.ledger import LedgerUnreadable
from core.notifications import NotificationRefused
from core.overview import OverviewImpossible
from core.settings import SettingsError
from core.store import FileMissing
from core.store_cipher import SealBroken

_MODULES = (local, backup, migrate, notify, purge, restore, secrets, tenants)
_TOLD = (
    BackupError,
    FileMissing,
    LedgerUnreadable,
    LocalError,
    NotificationRefused,
    OverviewImpossible,
    SealBroken,
    SettingsError,
)
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status; what is in the way is told without a traceback."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        status = command(options)
        sys.stdout.flush()
        return status
    except _TOLD as error:
        return _told(str(error))
    except StoreError as error:
        return _told(f"the store did not do it: {error}")
    except psycopg2.Error as error:
        return _told(f"the database did not do it: {error}")
    except BrokenPipeError:
        # Who reads the output wants no more of it. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED


def _told(reason: str) -> int:
    print(f"sightline: {reason.strip()}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sightline",
        description="Runs and operates Sightline.",
        epilog="Each command tells more with --help. Settings come from the environment.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in _MODULES:
        module.add_to(commands)
    return parser
