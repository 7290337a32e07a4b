"""An import's file as its parts in the store, put together again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from core.imports.document import DocumentBroken
from core.imports.inflate import inflated
from core.imports.records import Part
from core.store import FileMissing, Store
from core.store_cipher import SealBroken


@dataclass
class Content:
    """The document of an import; it can be read any number of times, one after the other."""

    store: Store
    tenant_id: UUID
    parts: Mapping[int, Part]
    read: int = 0
    """How many bytes of the file were read by the reading under way."""

    @property
    def size(self) -> int:
        """The file's length in bytes."""
        return sum(part.size for part in self.parts.values())

    def document(self) -> Iterator[bytes]:
        """The document's bytes. Raises DocumentBroken where it is no sound file."""
        self.read = 0
        return inflated(self._file())

    def _file(self) -> Iterator[bytes]:
        for number in sorted(self.parts):
            part = self.parts[number]
            try:
                file = self.store.open(part.file, owner=str(self.tenant_id))
                content = b"".join(file.read(0, file.length))
            except (FileMissing, SealBroken) as error:
                raise DocumentBroken("", f"has no readable part {number}; send it again") from error
            yield content
            self.read += part.size
