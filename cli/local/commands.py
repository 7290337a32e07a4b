"""`sightline run` and `sightline serve`: the product on this machine."""

import argparse


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds both commands to the command line."""
    for name, demo, text in (
        ("run", True, "the whole product and a stand-in Jira, on this machine"),
        ("serve", False, "the product alone, on this machine"),
    ):
        parser = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
        parser.set_defaults(command=_command(demo=demo))


def _command(*, demo: bool) -> object:
    def run_it(_options: argparse.Namespace) -> int:
        from cli.local.run import run  # noqa: PLC0415 - its servers are an extra that other commands do without

        return run(demo=demo)

    return run_it
