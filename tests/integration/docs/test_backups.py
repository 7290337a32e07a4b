from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.backups.shelf import KEPT_FOR, OVERDUE_AFTER
from core.backups.tasks import BACKUP, BACKUP_CHECK, BACKUP_SWEEP, RESTORE_DRILL
from core.ledger import KEPT_FOR as LEDGER_KEPT_FOR
from core.setting_types import new_secret_key
from tests.backups import contents, fill
from tests.databases import DatabaseServer, DatabaseUrls
from tests.integration.cli.operator import sightline
from tests.steps import ROOT

PAGE = (ROOT / "docs" / "backups.md").read_text()


@pytest.fixture
def empty(postgres: DatabaseServer) -> Iterator[str]:
    url = postgres.empty_database()
    yield url
    postgres.drop(url)


def test_the_commands_of_the_page_bring_the_data_to_another_database(
    database: DatabaseUrls, empty: str, tmp_path: Path
) -> None:
    fill(database)
    settings = {"BACKUP_KEYS": new_secret_key(), "STORE_URL": (tmp_path / "bucket").as_uri()}
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    commands = [line.replace("$OWNER_DATABASE_URL", empty) for line in lines if line.startswith("sightline")]
    made = sightline("backup", "now", **settings, BACKUP_DATABASE_URL=database.backup)

    told = {command: sightline(*shlex.split(command)[1:], **settings, BACKUP_DATABASE_URL=database.backup)
            for command in commands}  # fmt: skip

    assert (made.status, len(told)) == (0, 5)
    assert {command: ended.status for command, ended in told.items()} == dict.fromkeys(told, 0)
    assert contents(empty) == contents(database.owner)


def test_the_pages_figures_are_the_programs() -> None:
    assert f"removed before they are {KEPT_FOR.days} days old" in PAGE
    assert f"over {OVERDUE_AFTER.total_seconds() / 3600:.0f} hours old" in PAGE
    assert f"{LEDGER_KEPT_FOR.days} days later" in PAGE
    for kind, words in ((BACKUP, "00:00 UTC"), (BACKUP_SWEEP, "hourly"), (BACKUP_CHECK, "every 15 minutes"),
                        (RESTORE_DRILL, "every 30 days")):  # fmt: skip
        assert f"| `{kind.name}` | " in PAGE
        assert re.search(rf"\| `{kind.name}` \|[^|]*{words}", PAGE)


def test_the_page_names_every_alarm_of_the_log() -> None:
    kinds = ("check_backups", "restore_drill", "sweep_backups")
    sources = [ROOT / "worker" / "__main__.py", *(ROOT / "worker" / "kinds" / f"{kind}.py" for kind in kinds)]
    logged = {
        told for source in sources for told in re.findall(r'_log\.error\("([^"]+)"', source.read_text())
    }

    assert logged == set(
        re.findall(r"^\| `([a-z ]+)` \| [a-z]", PAGE.partition("## When the alarm")[2], re.M)
    )
