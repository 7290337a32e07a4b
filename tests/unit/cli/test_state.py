from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from cli.local.account import LocalError
from cli.local.programs import COPIES_PREFIX
from cli.local.state import State


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    with state.held():
        assert state.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    second = State(tmp_path).held()
    with State(tmp_path).held(), pytest.raises(LocalError, match="Already running"), second:
        pytest.fail("was held twice")


def test_a_folder_can_be_held_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with State(tmp_path).held():
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(LocalError, match=r"STATE_DIR .*/file/state cannot be used"),
        State(tmp_path / "file" / "state").held(),
    ):
        pytest.fail("was held")


def test_a_secret_stays_the_same_and_is_for_us_alone(tmp_path: Path) -> None:
    first = State(tmp_path).secret("redis")
    assert State(tmp_path).secret("redis") == first
    assert State(tmp_path).secret("postgres") != first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_what_an_earlier_run_left_running_is_ended(tmp_path: Path) -> None:
    copies = tmp_path / f"{COPIES_PREFIX}x"
    copies.mkdir()
    with sleeper() as process:
        State(tmp_path).record({"worker": process.pid}, copies)
        assert State(tmp_path).end_leftovers() == ["worker"]
        assert not psutil.pid_exists(process.pid)
    assert not copies.exists()
    assert State(tmp_path).end_leftovers() == []


def test_another_process_with_the_same_id_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sleeper() as process:
        with monkeypatch.context() as patch:
            patch.setattr(psutil.Process, "create_time", lambda _: 1.0)
            State(tmp_path).record({"worker": process.pid}, None)
        assert State(tmp_path).end_leftovers() == []
        assert process.poll() is None
        process.kill()


def test_no_folder_but_our_own_copies_is_removed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    State(tmp_path).record({}, precious)
    State(tmp_path).end_leftovers()
    assert precious.exists()
