"""Reports: their bodies, their lists, and who may do what with them within a tenant."""

from core.reports.body import LARGEST_NUMBER_OF_REPORTS, check_changes, check_new
from core.reports.listing import CursorInvalid, ListRequest, Sort
from core.reports.pages import Page
from core.reports.refused import (
    CreationReused,
    NotAdministrator,
    ReportMissing,
    StoredReport,
    TooManyAdministrators,
    TooManyReports,
    VersionMissing,
    VersionStale,
)
from core.reports.store import Reports

__all__ = [
    "LARGEST_NUMBER_OF_REPORTS",
    "CreationReused",
    "CursorInvalid",
    "ListRequest",
    "NotAdministrator",
    "Page",
    "ReportMissing",
    "Reports",
    "Sort",
    "StoredReport",
    "TooManyAdministrators",
    "TooManyReports",
    "VersionMissing",
    "VersionStale",
    "check_changes",
    "check_new",
]
