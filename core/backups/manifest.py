"""What is known of a backup beside its content: what it must restore to, and how to see that it is whole."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

FORMAT = 1
Fence = dict[str, list[str]]
"""Policies, grants and functions in words, see `core.backups.fence`."""


class ManifestUnreadable(Exception):
    """A backup's manifest is none, or of a later release."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One backup. Times in UTC; `size` in bytes and `sha256` are of the dump before it was encrypted.

    `taken_at` is the database's clock when its snapshot was taken: the backup holds that moment. `rows` are
    per table, and with `fence` were read in the same snapshot.
    """

    id: str
    task: str | None
    taken_at: datetime
    ended_at: datetime
    product: str
    server_version: str
    server_major: int
    migrations: list[str]
    rows: dict[str, int]
    fence: Fence
    definers: list[str]
    """The functions that belong to sightline_definer, as a restore has to hand them over anew."""
    size: int
    sha256: str

    def document(self) -> bytes:
        """The manifest as JSON."""
        times = {"taken_at": self.taken_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        return json.dumps({"format": FORMAT, **asdict(self), **times}, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, document: bytes) -> "Manifest":
        """The manifest of a document. Raises ManifestUnreadable."""
        try:
            members = json.loads(document)
            if members.pop("format") != FORMAT:
                raise ManifestUnreadable("the backup was made by a later release")
            for name in ("taken_at", "ended_at"):
                members[name] = datetime.fromisoformat(members[name])
            return cls(**members)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ManifestUnreadable("the backup's manifest is damaged") from error


def product_version() -> str:
    """The release that runs."""
    try:
        return version("sightline")
    except PackageNotFoundError:
        return "unknown"
