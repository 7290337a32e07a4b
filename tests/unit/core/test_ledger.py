from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid7
from core.ledger import (
    KEPT_FOR,
    Closed,
    Deleted,
    Entry,
    Ledger,
    LedgerUnreadable,
    Purged,
    new_salt,
    salted_hash,
)
from core.setting_types import new_secret_key, secret_keys
from core.store import Store
from core.store_cipher import SealBroken

KEYS = secret_keys(new_secret_key())
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path.as_uri(), KEYS)


def purged(at: datetime = NOON) -> Purged:
    salt = new_salt()
    return Purged(
        id=uuid7(), tenant_hash=salted_hash(salt, str(uuid7())), salt=salt, successor=uuid7(),
        asked_by="operator", reason="A letter", asked_at=at - timedelta(days=7), begun_at=at, at=at,
        counts={"reports": 3, "audit": 12}, files=2, backups_until=date(2026, 4, 5),
    )  # fmt: skip


def closed(at: datetime = NOON) -> Closed:
    return Closed(tenant_id=uuid7(), account_hash=salted_hash("00", "ann"), salt="00", at=at)


def deleted(at: datetime = NOON) -> Deleted:
    return Deleted(tenant_id=uuid7(), report_ids=(uuid7(), uuid7()), at=at)


@pytest.mark.parametrize("make", [purged, closed, deleted])
def test_what_was_recorded_reads_the_same(store: Store, make: Callable[[datetime], Entry]) -> None:
    entry = make(NOON)
    Ledger(store).record(entry)

    assert list(Ledger(store).entries(NOON)) == [entry]


def test_nothing_of_an_entry_lies_readable_in_the_store(store: Store, tmp_path: Path) -> None:
    entry = purged()
    Ledger(store).record(entry)

    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert entry.tenant_hash.encode() not in file.read_bytes()
    assert b"purged" not in file.read_bytes()


def test_recording_an_entry_again_leaves_one(store: Store) -> None:
    entry = deleted()
    for _ in range(3):
        Ledger(store).record(entry)

    assert list(Ledger(store).entries(NOON)) == [entry]


@given(moments=st.lists(st.integers(0, 20_000), max_size=8), since=st.integers(0, 20_000))
def test_entries_come_in_order_of_time_from_the_moment_asked_for(moments: list[int], since: int) -> None:
    folder = TemporaryDirectory()
    store = Store(Path(folder.name).as_uri(), KEYS)
    recorded = [closed(NOON + timedelta(minutes=minutes)) for minutes in moments]
    for entry in recorded:
        Ledger(store).record(entry)

    found = list(Ledger(store).entries(NOON + timedelta(minutes=since)))

    folder.cleanup()
    wanted = [entry for entry in recorded if entry.at >= NOON + timedelta(minutes=since)]
    assert found == sorted(wanted, key=lambda entry: (entry.at, entry.id))


def test_what_no_backup_can_hold_any_more_goes_and_receipts_stay(store: Store) -> None:
    old, kept, receipt = deleted(), closed(NOON + timedelta(days=2)), purged()
    for entry in (old, kept, receipt):
        Ledger(store).record(entry)

    removed = Ledger(store).remove_expired(NOON + KEPT_FOR + timedelta(days=1))

    assert removed == 1
    assert list(Ledger(store).entries(NOON)) == [receipt, kept]


def test_an_expired_entry_under_a_key_that_was_taken_away_stays_as_it_may_be_a_receipt(
    store: Store, tmp_path: Path
) -> None:
    Ledger(store).record(closed())
    later = Ledger(Store(tmp_path.as_uri(), secret_keys(new_secret_key())))
    later.record(closed())

    removed = later.remove_expired(NOON + KEPT_FOR + timedelta(days=1))

    assert removed == 1
    assert len([path for path in tmp_path.rglob("*.json") if path.is_file()]) == 1


def test_an_entry_of_an_unknown_kind_or_form_is_no_reason_to_go_on(store: Store) -> None:
    for text in (b'{"kind": "of a later release"}', b"{}", b"[", b'{"kind": "closed", "salt": "00"}'):
        store.put("ledger/2026-03-01/one.json", [text], owner="ledger")
        with pytest.raises(LedgerUnreadable, match=r"one\.json"):
            list(Ledger(store).entries(NOON))


def test_a_damaged_entry_is_no_reason_to_go_on(store: Store, tmp_path: Path) -> None:
    Ledger(store).record(closed())
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1])

    with pytest.raises(SealBroken):
        list(Ledger(store).entries(NOON))


def test_equal_things_have_unequal_hashes() -> None:
    assert salted_hash(new_salt(), "ann") != salted_hash(new_salt(), "ann")
    assert salted_hash("00ff", "ann") == salted_hash("00ff", "ann")
