"""`sightline`, the operator's command."""

import argparse
import sys
from collections.abc import Callable, Sequence

from cli.local.account import LocalError
from core.settings import SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status; what is in the way is told without a traceback."""
    options = _parser().parse_args(arguments)
    command: Callable[[], int] = options.command
    try:
        return command()
    except (LocalError, SettingsError) as error:
        print(f"sightline: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sightline", description="Runs and operates Sightline.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, text in (
        ("run", _run, "the whole product and a stand-in Jira, on this machine"),
        ("serve", _serve, "the product alone, on this machine"),
        ("migrate", _migrate, "bring the database up to this release (OWNER_DATABASE_URL)"),
    ):
        commands.add_parser(name, help=text, description=text.capitalize()).set_defaults(command=command)
    return parser


def _run() -> int:
    from cli.local.run import run  # noqa: PLC0415 - its servers are an extra that other commands do without

    return run(demo=True)


def _serve() -> int:
    from cli.local.run import run  # noqa: PLC0415 - as above

    return run(demo=False)


def _migrate() -> int:
    from cli.migrate import migrate_database  # noqa: PLC0415 - keeps `--help` quick

    return migrate_database()
