"""The JSON export of a tenant: one document with all that is stored of it (`docs/export-format.md`).

PostgreSQL makes each row's JSON, a server-side cursor hands them on, and they pass through gzip and
encryption into the store one after the other, so that memory does not grow with the tenant. All of it is read
in one snapshot of the database.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.database import Cursor, Database
from core.export_schema import VERSION
from core.export_sections import SECTIONS, SITE
from core.tasks import Kind
from core.tenant_files import hold_files

EXPORT = Kind(name="export", urgency=0)
EXPORT_SWEEP = Kind(name="sweep-exports", urgency=8, every=timedelta(hours=1))
FOLDER = "exports"
_ROWS_A_FETCH = 200
_GZIP = 16 + zlib.MAX_WBITS

Step = Callable[[int, int], None]


@contextmanager
def snapshot(database: Database, tenant_id: UUID) -> Iterator[Cursor]:
    """A read-only transaction in which a tenant's data stands still and its files are not removed.

    The task's lease is looked at after this, when the document begins: until then the data may be of a tenant
    that has gone. Raises TenantRefused where it went before.
    """
    with database.system() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("select enter_tenant(%s, null)", (tenant_id,))
        hold_files(cursor, tenant_id)
        yield cursor


@dataclass
class Export:
    """One writing of the document; `counts` is complete once `document` has been read through."""

    cursor: Cursor
    step: Step
    """Called with rows done and in all before each row; what it raises ends the export."""
    counts: dict[str, int] = field(default_factory=dict)

    def document(self) -> Iterator[bytes]:
        """The document in UTF-8, a row a line."""
        sizes = {section.name: self._count(section.count) for section in SECTIONS}
        total, done = sum(sizes.values()), 0
        self.step(0, total)
        yield self._head()
        for section in SECTIONS:
            yield f',\n"{section.name}": ['.encode()
            for number, row in enumerate(self._rows(section.query)):
                self.step(done, total)
                yield (",\n" if number else "\n").encode() + row
                done += 1
            yield b"\n]"
        self.counts = sizes
        yield f',\n"counts": {json.dumps(sizes)}\n}}\n'.encode()

    def _head(self) -> bytes:
        self.cursor.execute(SITE)
        row = self.cursor.fetchone()
        site = json.dumps(row["row"] if row else None, ensure_ascii=False)
        exported_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        head = f'"format": "sightline-export", "version": {VERSION}, "exported_at": "{exported_at}"'
        return f'{{{head},\n"site": {site}'.encode()

    def _count(self, query: str) -> int:
        self.cursor.execute(query)
        row = self.cursor.fetchone()
        return int(row["count"]) if row else 0

    def _rows(self, query: str) -> Iterator[bytes]:
        self.cursor.execute(f"declare section no scroll cursor for {query}")
        while True:
            self.cursor.execute(f"fetch {_ROWS_A_FETCH} from section")
            rows = self.cursor.fetchall()
            if not rows:
                break
            yield from (row["row"].encode() for row in rows)
        self.cursor.execute("close section")


class Measured:
    """Passes a stream on and keeps its length in bytes and its SHA-256."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._digest = hashlib.sha256()
        self.bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._digest.update(part)
            self.bytes += len(part)
            yield part

    @property
    def sha256(self) -> str:
        """The digest of what has passed so far, in hex."""
        return self._digest.hexdigest()


def gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    """A stream as one gzip member without a time stamp."""
    compressor = zlib.compressobj(wbits=_GZIP)
    for part in parts:
        if compressed := compressor.compress(part):
            yield compressed
    yield compressor.flush()


def folder_of(tenant_id: UUID, task_id: UUID) -> str:
    """Where a task's attempts keep their files."""
    return f"{FOLDER}/{tenant_id}/{task_id}"


def file_name(tenant_id: UUID, task_id: UUID, token: UUID) -> str:
    """The file of one attempt: a place of its own, so that two attempts never write to one."""
    return f"{folder_of(tenant_id, task_id)}/{token}.json.gz"


def result_of(name: str, stream: Measured, counts: Mapping[str, int]) -> dict[str, Any]:
    """What a finished export's task remembers of its file."""
    return {"file": name, "bytes": stream.bytes, "sha256": stream.sha256, "counts": dict(counts)}
