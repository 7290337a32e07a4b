"""Sightline inside Jira's page as a reader meets it: by roles, names and visible text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page, expect

LOAD_MILLISECONDS = 120_000
_UNITS = {"w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60}


@dataclass(frozen=True)
class GroupLine:
    """A group's row as shown: its level from 1, its label, its issues and its cells' texts by column."""

    level: int
    label: str
    count: int
    cells: dict[str, str]


class SightlinePage:
    """The add-on's frame in a page of Jira."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator("iframe")

    def open_report(self, name: str) -> None:
        self.frame.get_by_role("link", name=name).click()

    def wait_until_complete(self) -> str:
        """Waits for the completeness line and returns its statement."""
        line = self.frame.get_by_role("status").filter(has_text=re.compile(r"Complete:|missing"))
        line.wait_for(timeout=LOAD_MILLISECONDS)
        return line.locator("strong").inner_text()

    def table(self) -> Locator:
        return self.frame.get_by_role("treegrid")

    def columns(self) -> list[str]:
        return [text.strip() for text in self.table().get_by_role("columnheader").all_inner_texts()]

    def group_lines(self) -> list[GroupLine]:
        """All groups on the screen, from the top."""
        columns = self.columns()
        rows = self.table().locator("tr.row-group").all()
        return [self._group_line(row, columns) for row in sorted(rows, key=_row_index)]

    def total_line(self) -> GroupLine:
        row = self.table().locator("tr.row-total")
        return self._group_line(row, self.columns())

    def _group_line(self, row: Locator, columns: list[str]) -> GroupLine:
        count = row.locator(".group-count").inner_text()
        texts = [text.strip() for text in row.get_by_role("gridcell").all_inner_texts()]
        return GroupLine(
            int(row.get_attribute("aria-level") or 0),
            row.locator(".group-label").inner_text().strip(),
            int(re.sub(r"\D", "", count)),
            dict(zip(columns[1:], texts, strict=True)),
        )

    def edit(self) -> None:
        self.frame.get_by_role("button", name="Edit report").click()
        expect(self.frame.get_by_role("heading", name="Edit report")).to_be_visible()

    def save(self) -> None:
        self.frame.get_by_role("button", name="Save", exact=True).click()


def _row_index(row: Locator) -> int:
    return int(row.get_attribute("aria-rowindex") or 0)


def seconds_of(duration: str) -> float | None:
    """Seconds of a duration as Jira writes it, with 5 days a week and 8 hours a day; none for no text."""
    parts = re.findall(r"([\d.,]+)([wdhm])", duration)
    if not parts:
        return None
    return sum(float(amount.replace(",", "")) * _UNITS[unit] for amount, unit in parts)


def number_of(text: str) -> float | None:
    return float(text.replace(",", "")) if text else None
