"""What a document says as a whole, gathered row by row in memory that does not grow with their content."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from core.definition.mentions import fields_named
from core.imports.document import Entry

# More are not looked for: no site's reports name so many.
_MOST_FIELDS = 20_000
_MOST_ACCOUNTS = 50_000


class Facts:
    """Counts of what would come, and which fields and accounts the reports name."""

    def __init__(self) -> None:
        self.site: str | None = None
        self.exported_at: str | None = None
        self.counts: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.places: set[tuple[str, str]] = set()
        """Where gadgets stand that show a report."""
        self.reports_with_projects = 0
        self.accounts_beyond = 0
        """How often one was named that was not remembered, as there are too many."""
        self._accounts: dict[str, int] = {}
        self._stars: Counter[int] = Counter()
        self._administrators: list[array[int]] = []

    @property
    def accounts(self) -> list[str]:
        """All accounts that are named, administrators of reports before others."""
        first = {number for numbers in self._administrators for number in numbers}
        return sorted(self._accounts, key=lambda account: self._accounts[account] not in first)

    def add(self, entry: Entry) -> None:
        """Notes a sound entry."""
        value: Any = entry.value
        if entry.position is not None:
            self.counts[entry.member] += 1
        if entry.member == "site":
            self.site = value["base_url"]
        elif entry.member == "exported_at":
            self.exported_at = value
        elif entry.position is None:
            return
        elif entry.member == "reports":
            self._add_report(value)
        elif entry.member == "stars":
            self._stars.update(self._numbers([value["account_id"]]))
        elif entry.member == "gadgets" and value["report_id"] is not None:
            self.places.add((value["dashboard"], value["item"]))

    def stars_of(self, accounts: Collection[str]) -> int:
        """How many stars these accounts have."""
        return sum(self._stars[self._accounts[account]] for account in accounts)

    def reports_administered_by(self, accounts: Collection[str]) -> int:
        """How many reports have one of these among their administrators."""
        wanted = {self._accounts[account] for account in accounts}
        return sum(1 for numbers in self._administrators if not wanted.isdisjoint(numbers))

    def _add_report(self, report: dict[str, Any]) -> None:
        self.counts["deleted" if report["deleted_at"] else "live"] += 1
        shared = report["shared_with"]
        self.reports_with_projects += bool(shared["projects"])
        self._administrators.append(array("L", self._numbers(report["administrators"])))
        for _ in self._numbers(shared["accounts"]):
            pass
        for name in fields_named(report["definition"]):
            if name in self.fields or len(self.fields) < _MOST_FIELDS:
                self.fields[name] += 1

    def _numbers(self, accounts: Collection[str]) -> Iterator[int]:
        """The numbers under which accounts are remembered."""
        for account in accounts:
            if account not in self._accounts and len(self._accounts) >= _MOST_ACCOUNTS:
                self.accounts_beyond += 1
            else:
                yield self._accounts.setdefault(account, len(self._accounts))
