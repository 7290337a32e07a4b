from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

import cli.local.programs as module
from cli.local.account import Account, LocalError
from cli.local.programs import COPIES_PREFIX, Programs

SOMEBODY = Account("somebody", 4321, 4321)


@pytest.fixture
def out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs can be run from our copies only, as if the wheels lay below a closed folder."""
    monkeypatch.setattr(module, "can_run", lambda _, path: any(COPIES_PREFIX in part for part in path.parts))


def test_an_ordinary_user_runs_the_programs_where_they_are() -> None:
    with Programs(None) as programs:
        for program in (programs.postgres() / "postgres", programs.redis(), programs.nginx()):
            assert program.exists()
        assert programs.copies is None


@pytest.mark.usefixtures("out_of_reach")
def test_programs_out_of_reach_are_copied_for_all_to_run_and_removed_again() -> None:
    with Programs(SOMEBODY) as programs:
        found = [programs.postgres() / "postgres", programs.redis(), programs.nginx()]
        copies = programs.copies
        assert copies is not None
        assert all(copies in program.parents for program in found)
        assert all(program.stat().st_mode & stat.S_IXOTH for program in (*found, *found[0].parents[:2]))
    assert not copies.exists()


@pytest.mark.usefixtures("out_of_reach")
def test_a_copied_postgres_still_finds_its_libraries() -> None:
    with Programs(SOMEBODY) as programs:
        initdb = programs.postgres() / "initdb"
        told = subprocess.run([str(initdb), "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("initdb (PostgreSQL) 18")


def test_a_temporary_folder_that_is_closed_too_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "can_run", lambda *_: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(LocalError, match="set TMPDIR"), Programs(SOMEBODY) as programs:
        programs.redis()
    assert list(tmp_path.iterdir()) == []


def test_without_the_wheels_one_is_told_to_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    programs = Programs(None)
    with pytest.raises(LocalError, match="run: make setup"):
        programs.postgres()
    with pytest.raises(LocalError, match="or set REDIS_URL"):
        programs.redis()
    with pytest.raises(LocalError, match="put one on PATH"):
        programs.nginx()
