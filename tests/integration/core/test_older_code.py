"""The code from before the latest migration works on the schema after it, as both run during an update.

The tree of the last commit that lacked the latest migration is unpacked and given today's migrations, and its
own tests of the API run over them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.migrate import migration_names
from tests.servers import ROOT

FOLDER = "core/migrations"
# The routes over a real database: installing, calling, and everything about reports.
NAMES = ("lifecycle", "reports", "report_list", "me")
TESTS = [f"tests/integration/api/test_{name}.py" for name in NAMES]
# It is about the log, and has nothing to do with the schema.
LEFT_OUT = "tests/integration/api/test_lifecycle.py::test_secrets_and_tokens_stay_out_of_the_log"


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode != 0:
        reason = f"git {arguments[0]}: {done.stderr.strip()}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return done.stdout


def migrations_at(commit: str) -> list[str]:
    names = git("ls-tree", "--name-only", f"{commit}:{FOLDER}").split()
    return sorted(name for name in names if name.endswith(".sql"))


def last_commit_before(names: list[str]) -> str:
    """The newest commit whose migrations are the first so many of these, but not all."""
    for commit in ["HEAD", *(f"{change}~" for change in git("log", "--format=%H", "--", FOLDER).split())]:
        known = migrations_at(commit)
        if len(known) < len(names) and known == names[: len(known)]:
            return git("rev-parse", commit).strip()
    raise AssertionError("no commit has fewer migrations")


@pytest.fixture
def older_tree(tmp_path: Path) -> Path:
    """The older release's files, with today's migrations."""
    commit = last_commit_before(migration_names())
    archive = tmp_path / "older.tar"
    git("archive", f"--output={archive}", commit)
    tree = tmp_path / "older"
    shutil.unpack_archive(archive, tree, filter="data")
    for name in migration_names():
        shutil.copyfile(ROOT / FOLDER / name, tree / FOLDER / name)
    return tree


def run_there(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in a tree, which finds the tree's own packages first."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=inherited, capture_output=True, text=True,
        timeout=360, check=False,
    )  # fmt: skip


@pytest.mark.timeout(400)  # starts servers of its own
def test_older_code_works_on_the_present_schema(older_tree: Path) -> None:
    where = run_there(older_tree, "-c", "import core.migrate; print(core.migrate.__file__)")
    assert Path(where.stdout.strip()) == older_tree / "core" / "migrate.py"

    done = run_there(
        older_tree,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        f"--deselect={LEFT_OUT}",
        *TESTS,
    )

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
