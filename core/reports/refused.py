"""What the work on reports is refused for."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StoredReport:
    """A report as its JSON text, with what the answer's headers need."""

    id: UUID
    version: int
    json: str


class ReportMissing(Exception):
    """There is no such report, or none that this caller may see."""


class VersionMissing(Exception):
    """The report has no such version, or it is no longer kept."""


class NotAdministrator(Exception):
    """The caller sees the report but may not change it."""


class VersionStale(Exception):
    """The report has changed since the version that the caller knows; `current` is the report now."""

    def __init__(self, current: StoredReport) -> None:
        super().__init__(current.version)
        self.current = current


class TooManyReports(Exception):
    """The tenant has as many reports as it may have."""


class TooManyAdministrators(Exception):
    """The report has as many administrators as it may have."""


class CreationReused(Exception):
    """The idempotency key was used before: for something else, or for a report that the caller lost since."""
