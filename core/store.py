"""The place for files that are too large for the database: exports, backups. A folder or a bucket.

Everything passes as a stream, and a file is there whole or not at all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import from_url

from core.checkpoints import passed
from core.setting_types import SecretKey
from core.settings import Settings
from core.store_cipher import SealedFile, seal

if TYPE_CHECKING:
    from obstore.store import ObjectStore

# Parts of a multipart upload: the least S3 allows, and few at once, since each is held in memory.
_PART_BYTES = 5 * 1024 * 1024
_PARTS_AT_ONCE = 2
_UNFINISHED = re.compile(r".+#\d+")


class FileMissing(Exception):
    """There is no such file in the store."""


@dataclass(frozen=True)
class StoredFile:
    """What a listing tells of a file; `size` in bytes as stored."""

    name: str
    size: int
    modified: datetime

    @property
    def age(self) -> timedelta:
        """How long ago it was written, by this machine's clock."""
        return datetime.now(UTC) - self.modified


class Store:
    """Files by name (`exports/<tenant>/…`), each encrypted and bound to its owner."""

    def __init__(self, url: str, keys: Sequence[SecretKey]) -> None:
        """`url` is file://, s3://, gs:// or az:// (credentials come as each cloud's own variables).

        Nothing is contacted or made before the first use.
        New files use the first of `keys`; older keys still open older files.
        """
        self._url = url
        self._folder = _folder(url)
        self._keys = keys

    @classmethod
    def of(cls, settings: Settings) -> Store:
        """The store that the settings name; a folder below STATE_DIR where they name none."""
        return cls(_url(settings), settings.secret_keys)

    @classmethod
    def for_backups(cls, settings: Settings) -> Store:
        """The same place for what a restore needs, under BACKUP_KEYS, which live as long as backups do.

        Where no backups are made the other keys will do; they open what was written before there were any.
        """
        return cls(_url(settings), (*settings.backup_keys, *settings.secret_keys))

    def put(self, name: str, parts: Iterable[bytes], *, owner: str) -> None:
        """Writes a file from a stream. What the stream raises ends the upload and leaves no file."""
        sealed = _watched(seal(parts, self._keys[0], bound_to=_bound(owner, name)))
        obstore.put(
            self._objects,
            name,
            sealed,
            use_multipart=True,
            chunk_size=_PART_BYTES,
            max_concurrency=_PARTS_AT_ONCE,
        )
        passed("written")

    def open(self, name: str, *, owner: str) -> SealedFile:
        """A file's content, to be read in ranges. Raises FileMissing, SealBroken."""
        try:
            size = obstore.head(self._objects, name)["size"]
        except FileNotFoundError as error:
            raise FileMissing(name) from error
        return SealedFile(self._reader(name), size, self._keys, bound_to=_bound(owner, name))

    def delete(self, name: str) -> None:
        """Removes a file; one that is not there is no error, so that a step can be repeated."""
        with suppress(FileNotFoundError):
            obstore.delete(self._objects, name)
        passed("deleted")

    def files(self, folder: str) -> Iterator[StoredFile]:
        """Every file below a folder of the store, in no order."""
        for page in obstore.list(self._objects, prefix=folder):
            for entry in page:
                yield StoredFile(entry["path"], entry["size"], entry["last_modified"])

    def drop_unfinished(self, older_than: timedelta) -> int:
        """Removes what killed processes left of uploads to a folder; the number of files.

        Buckets do this by their own rule (AbortIncompleteMultipartUpload and its like).
        """
        if self._folder is None:
            return 0
        limit = time.time() - older_than.total_seconds()
        left = [f for f in self._folder.rglob("*#*") if _UNFINISHED.fullmatch(f.name) and f.is_file()]
        old = [f for f in left if f.stat().st_mtime < limit]
        for file in old:
            file.unlink(missing_ok=True)
            passed("remains deleted")
        return len(old)

    def delete_folder(self, folder: str) -> None:
        """Removes every file below a folder of the store."""
        for file in self.files(folder):
            self.delete(file.name)

    @cached_property
    def _objects(self) -> ObjectStore:
        return from_url(self._url, mkdir=True) if self._folder else from_url(self._url)

    def _reader(self, name: str) -> Callable[[int, int], bytes]:
        def read(start: int, end: int) -> bytes:
            try:
                return bytes(obstore.get_range(self._objects, name, start=start, end=end))
            except FileNotFoundError as error:
                raise FileMissing(name) from error

        return read


def _url(settings: Settings) -> str:
    return settings.store_url or (settings.state_dir / "store").absolute().as_uri()


def _folder(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _watched(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part
        passed("partly written")


def _bound(owner: str, name: str) -> str:
    return f"{owner}\n{name}"
