"""The backups that there are: a folder each in the store, `backups/<id>/`, with `database` and `manifest`.

1. The dump is written first, the manifest last: a folder without a manifest is no backup.
2. Each attempt has a folder of its own, so that none can spoil another's. Once its manifest is written a
   backup is good, whatever becomes of the task that made it.
3. An id begins with the moment when the backup was begun, in UTC, so that age and order need no file's date,
   which copying a store changes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.backups import BackupError
from core.backups.manifest import Manifest, ManifestUnreadable
from core.export import Measured
from core.store import FileMissing, Store, StoredFile
from core.store_cipher import SealBroken, SealedFile

FOLDER = "backups"
KEPT_FOR = timedelta(days=35)
OVERDUE_AFTER = timedelta(hours=26)
# The sweep comes hourly, and a backup that is 35 days old must be gone, not about to go.
_SWEPT_EARLY = timedelta(hours=2)
# Longer than an attempt may take: what has no manifest by then never gets one.
_STRAY_AFTER = timedelta(days=1)
_OWNER = "backups"
_ID = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{8}")
_MOMENT = "%Y%m%dT%H%M%SZ"
_MANIFEST_AT_MOST = 4 * 1024 * 1024


class BackupUnusable(BackupError):
    """There is no such backup, or it cannot be read; the text says why."""


@dataclass(frozen=True)
class Swept:
    """How many backups were too old, and how many folders were no backup and never would be."""

    removed: list[str]
    unfinished: int


class Shelf:
    """All backups in a store, which must have been made with BACKUP_KEYS."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self) -> list[str]:
        """The backups that were finished, the newest first."""
        return sorted((name for name, files in self._folders().items() if "manifest" in files), reverse=True)

    def manifest(self, backup_id: str) -> Manifest:
        """What is known of a backup, when its dump has the size that it was written with.

        Raises BackupUnusable.
        """
        try:
            file = self._open(backup_id, "manifest")
            if file.length > _MANIFEST_AT_MOST:
                raise ManifestUnreadable("the backup's manifest is damaged")
            manifest = Manifest.read(b"".join(file.read(0, file.length)))
        except (SealBroken, ManifestUnreadable) as error:
            raise BackupUnusable(
                f"The manifest of the backup {backup_id} cannot be used: {error}."
            ) from error
        if self._dump(backup_id).length != manifest.size or manifest.id != backup_id:
            raise BackupUnusable(
                f"The dump of the backup {backup_id} is not of the size it was written with."
            )
        return manifest

    def newest(self) -> Manifest:
        """The newest backup. Raises BackupUnusable, also where there is none."""
        for backup_id in self.ids():
            return self.manifest(backup_id)
        raise BackupUnusable("There is no backup in the store.")

    def find(self, name: str) -> Manifest:
        """A backup by its id, or `latest`. Raises BackupUnusable."""
        return self.newest() if name == "latest" else self.manifest(name)

    def content(self, manifest: Manifest) -> Iterator[bytes]:
        """The dump, in pieces; raises BackupUnusable at its end, or before, unless it is what was written."""
        dump = self._dump(manifest.id)
        measured = Measured(dump.read(0, dump.length))
        try:
            yield from measured
        except (SealBroken, FileMissing) as error:
            raise BackupUnusable(f"The dump of the backup {manifest.id} cannot be read: {error}.") from error
        if measured.sha256 != manifest.sha256:
            raise BackupUnusable(
                f"The dump of the backup {manifest.id} does not have the checksum it should."
            )

    def put_dump(self, backup_id: str, parts: Iterable[bytes]) -> None:
        """Writes a dump; it is no backup before it has a manifest."""
        self._store.put(_name(backup_id, "database"), parts, owner=_OWNER)

    def put_manifest(self, manifest: Manifest) -> None:
        """Makes a dump that was written a backup."""
        self._store.put(_name(manifest.id, "manifest"), [manifest.document()], owner=_OWNER)

    def remove(self, backup_id: str) -> None:
        """Removes a backup: its manifest first, so that what is left of it is no backup."""
        for part in ("manifest", "database"):
            self._store.delete(_name(backup_id, part))

    def sweep(self, now: datetime) -> Swept:
        """Removes backups of KEPT_FOR, whether or not there are later ones, and what was never finished."""
        removed, unfinished = [], 0
        for backup_id, files in self._folders().items():
            age = now - begun_at(backup_id)
            if age > KEPT_FOR - _SWEPT_EARLY:
                removed.append(backup_id)
            elif "manifest" not in files and age > _STRAY_AFTER:
                unfinished += 1
            else:
                continue
            self.remove(backup_id)
        return Swept(sorted(removed), unfinished + self._store.drop_unfinished(_STRAY_AFTER))

    def _folders(self) -> dict[str, dict[str, StoredFile]]:
        folders: dict[str, dict[str, StoredFile]] = {}
        for file in self._store.files(FOLDER):
            parts = file.name.split("/")
            if len(parts) == 3 and _ID.fullmatch(parts[1]):  # noqa: PLR2004 - backups/<id>/<part>
                folders.setdefault(parts[1], {})[parts[2]] = file
        return folders

    def _dump(self, backup_id: str) -> SealedFile:
        try:
            return self._open(backup_id, "database")
        except SealBroken as error:
            raise BackupUnusable(f"The dump of the backup {backup_id} cannot be read: {error}.") from error

    def _open(self, backup_id: str, part: str) -> SealedFile:
        if not _ID.fullmatch(backup_id):
            raise BackupUnusable(
                f"{backup_id} is not the name of a backup; `sightline backup list` shows them."
            )
        try:
            return self._store.open(_name(backup_id, part), owner=_OWNER)
        except FileMissing as error:
            raise BackupUnusable(f"The backup {backup_id} has no {part} in the store.") from error


def new_id(moment: datetime, token: str) -> str:
    """The id of a backup begun at a moment; `token` is eight hexadecimal digits."""
    return f"{moment.astimezone(UTC).strftime(_MOMENT)}-{token}"


def begun_at(backup_id: str) -> datetime:
    """When a backup was begun, by its id."""
    return datetime.strptime(backup_id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def _name(backup_id: str, part: str) -> str:
    return f"{FOLDER}/{backup_id}/{part}"
