from __future__ import annotations

import re
import shlex
from pathlib import Path

from core.database import Database
from core.setting_types import new_secret_key
from tests.databases import DatabaseUrls
from tests.integration.cli.operator import Sites, sightline
from tests.integration.cli.test_main import commands
from tests.steps import ROOT

PAGE = (ROOT / "docs" / "operator-command.md").read_text()


def test_every_command_of_the_page_does_what_it_says(database: DatabaseUrls, tmp_path: Path) -> None:
    shown = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    api = Database(database.api)
    sites = Sites(database, api)
    sites.change(sites.install("gone-key", "https://gone.atlassian.net"), "uninstalled")
    acme = sites.install("acme-key", "https://acme.atlassian.net")
    api.close()
    # The sites' secrets of this test are no ciphertext, so that rotating finds none it could open.
    settings = {
        "OWNER_DATABASE_URL": database.owner,
        "BACKUP_DATABASE_URL": database.backup,
        "SECRET_KEYS": new_secret_key(),
        "BACKUP_KEYS": new_secret_key(),
        "STORE_URL": (tmp_path / "store").as_uri(),
        "MAIL_FROM": "us@example.com",
    }
    told = {line: sightline(*shlex.split(line)[1:], **settings) for line in shown}

    assert len(shown) >= 6
    rotated = told.pop("sightline secrets rotate")
    assert (rotated.status, str(acme) in rotated.out) == (1, True)
    restored = told.pop("sightline restore latest")
    assert (restored.status, "The database is not empty" in restored.err) == (1, True)
    assert {line: ended.status for line, ended in told.items()} == dict.fromkeys(told, 0)
    assert "gone.atlassian.net" in told["sightline tenants list --state uninstalled --limit 20"].out


def test_the_page_lists_exactly_the_commands_there_are() -> None:
    listed = re.findall(r"`sightline ([a-z ]+)`", PAGE.partition("## ")[0])

    assert sorted(listed) == sorted(" ".join(command) for command in commands())
