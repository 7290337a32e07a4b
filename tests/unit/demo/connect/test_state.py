from __future__ import annotations

import json
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from demo.connect.state import MAIN, DemoState


def test_the_file_is_private_from_the_first_moment(tmp_path: Path) -> None:
    DemoState(tmp_path).find_or_add(MAIN)
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_client_key_secret_and_signing_key_outlive_a_restart(tmp_path: Path) -> None:
    before = DemoState(tmp_path)
    installation = before.change(before.find_or_add(MAIN).name, state="installed", shared_secret="new")
    after = DemoState(tmp_path)
    assert after.find(MAIN) == installation
    assert after.signing_key == before.signing_key


def test_each_installation_has_a_client_key_of_its_own(tmp_path: Path) -> None:
    state = DemoState(tmp_path)
    first, second = state.find_or_add(MAIN), state.find_or_add("other")
    assert first.client_key != second.client_key
    assert [entry.name for entry in state.installations()] == [MAIN, "other"]
    assert state.find_or_add(MAIN) == first


def test_secrets_do_not_show_in_representations(tmp_path: Path) -> None:
    state = DemoState(tmp_path)
    installation = state.find_or_add(MAIN)
    assert installation.shared_secret not in repr(installation)
    assert "PRIVATE" not in repr(state.signing_key)


def test_the_public_key_is_the_private_ones(tmp_path: Path) -> None:
    key = DemoState(tmp_path).signing_key
    stored = json.loads((tmp_path / "demo.json").read_text())["signing_key"]["private_pem"]
    private = serialization.load_pem_private_key(stored.encode(), password=None)
    public = serialization.load_pem_public_key(key.public_pem.encode())
    assert private.public_key() == public
