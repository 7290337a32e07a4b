"""What the database must not remember again: a ledger outside it, in the store.

A backup holds what was there when it was taken. After its restore `core.replay` brings the database up to
date with what is written here.

1. Whoever makes the database forget something records the entry first, at the latest before the transaction
   commits. A kill in between leaves an entry for what then happens at the next attempt.
2. An entry is a sealed file of its own, `ledger/<day>/<id>.json`. Recording it again leaves one file, so
   that every attempt may do it; where the attempts differ the last one stands.
3. Entries name no account and hold nothing of a report. What they are about is told by ids, or by salted
   hashes where the id itself is to be forgotten.
4. Entries are kept for KEPT_FOR, when no backup is left that holds what they speak of. Receipts of purges
   stay.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import NoneType, UnionType
from typing import Any, ClassVar, get_args, get_type_hints
from uuid import UUID

from core.ids import uuid7
from core.settings import Settings
from core.store import Store
from core.store_cipher import SealBroken

FOLDER = "ledger"
BACKUPS_KEPT_FOR = timedelta(days=35)
"""No backup is older (P5)."""
KEPT_FOR = BACKUPS_KEPT_FOR + timedelta(days=7)
"""The margin is for a backup that is being restored while it expires."""
_OWNER = "ledger"
_SALT_BYTES = 16


def new_salt() -> str:
    """A fresh salt in hex, so that equal things have unequal hashes."""
    return secrets.token_hex(_SALT_BYTES)


def salted_hash(salt: str, text: str) -> str:
    """SHA-256 in hex of a salt's bytes and a text in UTF-8; tenant ids as they are written, in lower case.

    In SQL: `encode(sha256(decode(salt, 'hex') || convert_to(text, 'UTF8')), 'hex')`.
    """
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Purged:
    """All of a tenant was removed. `id` is the purge's; `successor` the id under which a site that was still
    installed keeps its connection; `counts` rows by table; `backups_until` the last day of a backup of them.
    """

    kind: ClassVar = "purged"
    id: UUID
    tenant_hash: str
    salt: str
    successor: UUID | None
    asked_by: str
    reason: str | None
    asked_at: datetime
    begun_at: datetime
    at: datetime
    counts: dict[str, int]
    files: int
    backups_until: date


@dataclass(frozen=True, kw_only=True)
class Closed:
    """An account of a tenant was closed: `account_hash` is the salted hash of its id."""

    kind: ClassVar = "closed"
    tenant_id: UUID
    account_hash: str
    salt: str
    id: UUID = field(default_factory=uuid7)
    at: datetime = field(default_factory=_now)


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """Reports of a tenant went for good, 30 days after they were deleted."""

    kind: ClassVar = "deleted"
    tenant_id: UUID
    report_ids: tuple[UUID, ...]
    id: UUID = field(default_factory=uuid7)
    at: datetime = field(default_factory=_now)


Entry = Purged | Closed | Deleted
_KINDS: Mapping[str, type[Entry]] = {kind.kind: kind for kind in (Purged, Closed, Deleted)}

_READERS: Mapping[object, Callable[[Any], object]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    tuple[UUID, ...]: lambda ids: tuple(map(UUID, ids)),
}
"""How what JSON has no word for is read, by the type of the member. Other members are what JSON gives."""


class LedgerUnreadable(Exception):
    """An entry is there but tells nothing that this release knows; a restore must not go on without it."""


class Ledger:
    """The ledger in a store. What the store raises goes to the caller."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def of(cls, settings: Settings) -> "Ledger":
        """The ledger in the store that the settings name, under the keys that a restore has: BACKUP_KEYS."""
        return cls(Store.for_backups(settings))

    def record(self, entry: Entry) -> None:
        """Writes an entry; has it in the store when this returns."""
        name = f"{FOLDER}/{entry.at.astimezone(UTC):%Y-%m-%d}/{entry.id}.json"
        self._store.put(name, [_text_of(entry).encode()], owner=_OWNER)

    def entries(self, since: datetime) -> Iterator[Entry]:
        """The entries from a moment on, in order of time. Raises LedgerUnreadable, SealBroken."""
        first_day = since.astimezone(UTC).date()
        days: dict[date, list[str]] = {}
        for name in self._names():
            days.setdefault(_day_of(name), []).append(name)
        for day in sorted(day for day in days if day >= first_day):
            found = sorted(map(self._read, days[day]), key=lambda entry: (entry.at, entry.id))
            yield from (entry for entry in found if entry.at >= since)

    def remove_expired(self, now: datetime) -> int:
        """Removes what no backup can hold any more, but for receipts; returns how many files.

        What is sealed under a key that was taken away since may be a receipt, and stays.
        """
        last_day = (now - KEPT_FOR).astimezone(UTC).date()
        expired = [name for name in self._names() if _day_of(name) < last_day]
        gone = [name for name in expired if not self._may_be_receipt(name)]
        for name in gone:
            self._store.delete(name)
        return len(gone)

    def _may_be_receipt(self, name: str) -> bool:
        try:
            return isinstance(self._read(name), Purged)
        except SealBroken:
            return True

    def _names(self) -> list[str]:
        return [file.name for file in self._store.files(FOLDER)]

    def _read(self, name: str) -> Entry:
        file = self._store.open(name, owner=_OWNER)
        return _entry_of(b"".join(file.read(0, file.length)), name)


def _day_of(name: str) -> date:
    try:
        return date.fromisoformat(name.split("/")[1])
    except ValueError as error:
        raise LedgerUnreadable(f"{name} is of no day") from error


def _text_of(entry: Entry) -> str:
    return json.dumps({"kind": entry.kind, **asdict(entry)}, default=_plain, indent=1)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _entry_of(text: bytes, file: str) -> Entry:
    try:
        values = json.loads(text)
        kind = _KINDS[values.pop("kind")]
        hints = get_type_hints(kind)
        members: dict[str, Any] = {name: _value(hints[name], value) for name, value in values.items()}
        return kind(**members)
    except (KeyError, TypeError, ValueError) as error:
        raise LedgerUnreadable(f"{file} is no entry that this release knows") from error


def _value(hint: object, raw: object) -> object:
    if isinstance(hint, UnionType):
        (inner,) = [part for part in get_args(hint) if part is not NoneType]
        return None if raw is None else _value(inner, raw)
    read = _READERS.get(hint)
    return read(raw) if read else raw
