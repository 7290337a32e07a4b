from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.setting_types import new_secret_key, secret_keys
from core.settings import Settings
from core.store import FileMissing, Store
from core.store_cipher import SealBroken

KEYS = secret_keys(new_secret_key())
NAME = "exports/a/b.json.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a store"


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder.as_uri(), KEYS)


def read(store: Store, name: str = NAME, owner: str = "ann") -> bytes:
    file = store.open(name, owner=owner)
    return b"".join(file.read(0, file.length))


def test_a_file_reads_as_it_was_put(store: Store) -> None:
    content = os.urandom(12_000_000)
    store.put(
        NAME, (content[start : start + 999_999] for start in range(0, 12_000_000, 999_999)), owner="ann"
    )
    assert read(store) == content


def test_nothing_readable_lies_in_the_folder(store: Store, folder: Path) -> None:
    store.put(NAME, [b"quarterly report " * 1000], owner="ann")
    stored = (folder / NAME).read_bytes()
    assert b"quarterly" not in stored


def test_a_stream_that_fails_leaves_no_file_and_keeps_its_reason(store: Store, folder: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield os.urandom(6_000_000)
        raise LookupError("cancelled")

    with pytest.raises(LookupError, match="cancelled"):
        store.put(NAME, failing(), owner="ann")
    assert list(store.files("exports")) == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_missing_file_is_told_apart_and_deleting_it_is_no_error(store: Store) -> None:
    store.delete(NAME)
    with pytest.raises(FileMissing):
        store.open(NAME, owner="ann")


def test_a_file_that_vanishes_while_it_is_read_is_missing(store: Store) -> None:
    store.put(NAME, [b"content"], owner="ann")
    file = store.open(NAME, owner="ann")
    store.delete(NAME)
    with pytest.raises(FileMissing):
        list(file.read(0, 7))


def test_a_file_moved_to_another_owner_or_name_does_not_open(store: Store, folder: Path) -> None:
    store.put(NAME, [b"content"], owner="ann")
    with pytest.raises(SealBroken):
        read(store, owner="bob")
    (folder / "exports/a/c").write_bytes((folder / NAME).read_bytes())
    with pytest.raises(SealBroken):
        read(store, "exports/a/c")


def test_files_are_listed_by_folder(store: Store) -> None:
    store.put(NAME, [b"1"], owner="ann")
    store.put("backups/x", [b"2"], owner="ann")
    (file,) = store.files("exports")
    assert file.name == NAME
    assert timedelta() <= file.age < timedelta(minutes=1)


def test_only_old_unfinished_uploads_are_dropped(store: Store, folder: Path) -> None:
    store.put(NAME, [b"1"], owner="ann")
    left, fresh = folder / "exports/a/z#1", folder / "exports/a/y#2"
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert store.drop_unfinished(timedelta(days=1)) == 1
    assert fresh.exists()
    assert not left.exists()
    assert read(store) == b"1"


def test_what_backups_need_opens_with_their_keys_alone(tmp_path: Path) -> None:
    own, backup = new_secret_key(), new_secret_key()
    both = {"STATE_DIR": str(tmp_path), "SECRET_KEYS": own, "BACKUP_KEYS": backup}
    without = {**both, "BACKUP_KEYS": ""}
    Store.for_backups(Settings.from_environment(without)).put("old", [b"before"], owner="ann")
    Store.for_backups(Settings.from_environment(both)).put("new", [b"since"], owner="ann")

    restoring = Store.for_backups(Settings.from_environment({**both, "SECRET_KEYS": ""}))

    assert read(restoring, "new") == b"since"
    assert read(Store.for_backups(Settings.from_environment(both)), "old") == b"before"
    with pytest.raises(SealBroken):
        read(Store.of(Settings.from_environment(both)), "new")
