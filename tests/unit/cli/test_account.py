from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.local.account import Account, can_run, identity, own_file, own_folder, server_account

SOMEBODY = Account("somebody", 4321, 4321)


def program(folder: Path, mode: int = 0o755) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "program"
    file.write_text("#!/bin/sh\n")
    file.chmod(mode)
    return file


def test_an_ordinary_user_runs_servers_as_himself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_account() is None
    assert identity(None) == {"user": None, "group": None, "extra_groups": None}


def test_root_runs_servers_as_an_existing_account_without_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    account = server_account()
    assert account is not None
    assert account.uid != 0
    assert identity(account) == {"user": account.uid, "group": account.gid, "extra_groups": []}


def test_a_program_below_a_closed_folder_cannot_be_run_by_another_account(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    inside = program(closed / "open")
    closed.chmod(0o700)
    assert not can_run(SOMEBODY, inside)


def test_a_program_that_others_may_not_run_cannot_be_run(tmp_path: Path) -> None:
    assert not can_run(SOMEBODY, program(tmp_path, 0o700))


def test_a_program_of_the_system_can_be_run_by_any_account() -> None:
    assert can_run(SOMEBODY, Path("/bin/sh"))


def test_own_folders_and_files_are_for_their_account_alone(tmp_path: Path) -> None:
    folder = own_folder(tmp_path / "own" / "folder", None)
    own_file(folder / "file", "secret", None)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "file").stat().st_mode & 0o777 == 0o600
    assert (folder / "file").read_text() == "secret"


def test_a_file_that_was_open_to_all_is_closed_when_written_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("longer than before")
    file.chmod(0o666)
    own_file(file, "short", None)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("short", 0o600)
