"""The operator's command as an operator runs it: a process of its own over a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.database import Database
from core.ids import uuid7
from tests.databases import DatabaseUrls
from tests.steps import ROOT


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def sightline(*arguments: str, **environment: str) -> Ended:
    """Runs `sightline` with these arguments and no settings but the ones given."""
    known = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_KEYS"))}
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={**known, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


@dataclass
class Sites:
    """Sites of one database, installed as Jira installs them."""

    urls: DatabaseUrls
    database: Database

    def install(self, client_key: str, base_url: str, tenant_id: UUID | None = None) -> UUID:
        """Installs a site, or one that is known again."""
        tenant_id = tenant_id or uuid7()
        (row,) = self.database.read_system(
            "select outcome from install_tenant(%s, %s, %s, 'hush-hush', 'key-one', now(), %s, 'b', now())",
            (tenant_id, client_key, base_url, uuid7().bytes),
        )
        assert row["outcome"] == "accepted"
        return tenant_id

    def change(self, tenant_id: UUID, event: str) -> None:
        """Disables, enables or uninstalls a site."""
        (row,) = self.database.read_system(
            "select change_tenant(%s, %s, null, now(), %s, 'b', now()) as outcome",
            (tenant_id, event, uuid7().bytes),
        )
        assert row["outcome"] == "accepted"

    def make_reports(self, tenant_id: UUID, number: int, name: str = "A report") -> None:
        """Gives a site so many reports, and a star on one of them."""
        with self.database.tenant(tenant_id) as cursor:
            for _ in range(number):
                report_id = uuid7()
                cursor.execute(
                    "insert into reports (tenant_id, id, name, name_key, definition, administrators,"
                    " created_by, updated_by) values (%s, %s, %s, 'a', '{}', array['ada'], 'ada', 'ada')",
                    (tenant_id, report_id, name),
                )
            cursor.execute("insert into stars values (%s, 'ada', %s)", (tenant_id, report_id))
