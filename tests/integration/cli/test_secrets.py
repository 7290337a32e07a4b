from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from core.database import Database
from core.ids import uuid7
from core.secrets import Secrets, SecretUnreadable
from core.setting_types import new_secret_key, secret_keys
from core.tenants import Tenants
from tests.databases import DatabaseUrls

ROOT = Path(__file__).resolve().parents[3]
INSTALL = (
    "select * from install_tenant(%s, %s, 'https://a.atlassian.net', %s, %s, now(), %s, 'b',"
    " now() + interval '1 h')"
)


@dataclass
class Operator:
    """Who runs the command against one database."""

    urls: DatabaseUrls

    def rotate(self, *arguments: str, keys: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "OWNER_DATABASE_URL": self.urls.owner, "SECRET_KEYS": keys}
        return subprocess.run(
            [sys.executable, "-m", "cli", "secrets", "rotate", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def install(self, name: str, keys: str) -> str:
        database, tenant_id = Database(self.urls.api), uuid7()
        sealed = Secrets(secret_keys(keys)).seal(name, f"the secret of {name}")
        database.read_system(INSTALL, (tenant_id, name, sealed.data, sealed.key_id, uuid4().bytes))
        database.close()
        return str(tenant_id)

    def secret(self, name: str, keys: str) -> str | None:
        database = Database(self.urls.api)
        try:
            tenant = Tenants(database, Secrets(secret_keys(keys))).find(name)
        finally:
            database.close()
        assert tenant is not None
        return tenant.secret


@pytest.fixture
def operator(database: DatabaseUrls) -> Operator:
    return Operator(database)


def test_a_key_is_changed_without_anyone_noticing(operator: Operator) -> None:
    old, new = new_secret_key(), new_secret_key()
    operator.install("acme", old)
    operator.install("zenith", old)

    assert operator.secret("acme", f"{new},{old}") == "the secret of acme"
    done = operator.rotate("--json", keys=f"{new},{old}")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "key": secret_keys(new)[0].id, "done": 2, "left": 0, "unreadable": [],
    }  # fmt: skip
    assert [operator.secret(name, new) for name in ("acme", "zenith")] == [
        "the secret of acme", "the secret of zenith",
    ]  # fmt: skip
    with pytest.raises(SecretUnreadable):
        operator.secret("acme", old)


def test_a_secret_that_opens_with_no_key_names_its_site_and_fails_the_command(operator: Operator) -> None:
    old, new = new_secret_key(), new_secret_key()
    lost = operator.install("lost", new_secret_key())
    operator.install("acme", old)

    done = operator.rotate(keys=f"{new},{old}")

    assert done.returncode == 1
    assert "1 sealed anew" in done.stdout
    assert lost in done.stdout
    assert old not in done.stdout + done.stderr
    assert "the secret of" not in done.stdout + done.stderr


def test_without_its_settings_the_command_says_which_are_missing(operator: Operator) -> None:
    done = operator.rotate(keys="")

    assert done.returncode == 1
    assert "SECRET_KEYS" in done.stderr
