from __future__ import annotations

import re

import pytest

from core.migrate import migration_names
from tests.databases import DatabaseServer, DatabaseUrls
from tests.integration.cli.operator import sightline


def commands() -> list[list[str]]:
    """Every command there is, as the help of each level lists them."""
    found = []
    for name in names_in(sightline("--help").out):
        actions = names_in(sightline(name, "--help").out)
        found += [[name, action] for action in actions] or [[name]]
    return found


def names_in(text: str) -> list[str]:
    _, _, listed = text.partition("positional arguments:")
    return re.findall(r"^ {4}([a-z]+) ", listed.partition("options:")[0], re.MULTILINE)


def test_every_command_explains_itself_and_all_but_the_local_ones_speak_json() -> None:
    known = commands()

    assert ["migrate"] in known
    assert ["tenants", "show"] in known
    for command in known:
        told = sightline(*command, "--help")
        assert (told.status, told.err) == (0, "")
        if command not in (["run"], ["serve"]):
            assert "--json" in told.out
            needs = ("BACKUP_KEYS",) if command[0] in {"backup", "restore"} else ("OWNER_DATABASE_URL",)
            assert all(setting in told.out for setting in needs)


def test_a_command_that_makes_no_sense_is_status_2() -> None:
    for command in ([], ["nonsense"], ["tenants"], ["tenants", "list", "--limit", "0"], ["tenants", "show"]):
        told = sightline(*command)
        assert (told.status, told.out) == (2, "")
        assert "usage: sightline" in told.err


@pytest.mark.parametrize("command", [["migrate"], ["tenants", "list"], ["tenants", "show", "acme"]])
def test_a_missing_setting_and_a_silent_server_are_told_in_a_line(command: list[str]) -> None:
    unset = sightline(*command)
    garbled = sightline(*command, OWNER_DATABASE_URL="postgresql://owner:hidden%zz@127.0.0.1:1/sightline")
    silent = sightline(*command, OWNER_DATABASE_URL="postgresql://owner:hidden@127.0.0.1:1/sightline")

    assert (unset.status, unset.out) == (1, "")
    assert "OWNER_DATABASE_URL must be set" in unset.err
    assert (silent.status, silent.out) == (1, "")
    assert silent.err.startswith("sightline: the database did not do it: ")
    assert (garbled.status, garbled.out) == (1, "")
    assert "OWNER_DATABASE_URL must be like" in garbled.err
    assert "hidden" not in silent.err + garbled.err


def test_migrating_tells_what_was_applied(postgres: DatabaseServer, database: DatabaseUrls) -> None:
    url = postgres.empty_database()

    first = sightline("migrate", "--json", OWNER_DATABASE_URL=url)
    second = sightline("migrate", "--json", OWNER_DATABASE_URL=url)
    third = sightline("migrate", OWNER_DATABASE_URL=database.owner)
    postgres.drop(url)

    assert first.json == {"applied": migration_names()}
    assert (second.json, second.status) == ({"applied": []}, 0)
    assert (third.out, third.status) == ("Nothing to apply.\n", 0)
