"""The section "Import" of the page "Data & privacy", over the real API, worker and store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Product, run_product
from tests.browser.privacy_page import (
    WORK_MILLISECONDS,
    PrivacyPage,
    accessibility_faults,
    context_for_axe,
    document_of,
    sha256_of,
    write_document,
)
from tests.browser.sightline_page import SightlinePage

PART = re.compile(r"/api/v1/imports/[0-9a-f-]+/parts/(\d+)$")
PARTS = 3


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("import") / "state") as running:
        yield running


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    with context_for_axe(chromium) as context:
        yield context


@pytest.fixture
def privacy(page: Page, product: Product) -> Iterator[PrivacyPage]:
    opened = PrivacyPage(page, product).open()
    yield opened
    page.unroute_all(behavior="ignoreErrors")
    remove_open_imports(opened)


@pytest.fixture
def export(privacy: PrivacyPage, tmp_path: Path) -> Path:
    return privacy.export_to(tmp_path / "export.json.gz")


@pytest.fixture
def large_export(export: Path, tmp_path: Path) -> Path:
    """An export that needs several parts: its reports have long descriptions that no compression shortens."""
    document = document_of(export)
    pattern = document["reports"][0]
    size = 2000
    document["reports"] = [
        {
            **pattern,
            "id": f"01990000-0000-7000-8000-{number:012d}",
            "name": f"Large {number}",
            "description": os.urandom(size).hex()[: 2 * size - 100],
            "version": 1,
        }
        for number in range(PARTS * 256 * 1024 // size)
    ]
    for empty in ("versions", "stars", "gadgets", "settings", "tasks", "audit"):
        document[empty] = []
    document["counts"] = {name: len(rows) for name, rows in document.items() if isinstance(rows, list)}
    return write_document(document, tmp_path / "large.json.gz")


def remove_open_imports(privacy: PrivacyPage) -> None:
    """Leaves no import that waits to the next test."""
    privacy.open()
    remove = privacy.button("Import", "Remove")
    while remove.count():
        remove.click()
        expect(privacy.section("Import").get_by_role("button").first).to_be_enabled()
        privacy.open()


def send(privacy: PrivacyPage, file: Path) -> None:
    privacy.choose(file)
    privacy.button("Import", "Send and check").click()


def test_an_export_comes_back_as_new_reports(privacy: PrivacyPage, export: Path, screenshots: Path) -> None:
    reports = [report for report in document_of(export)["reports"] if not report["deleted_at"]]
    panel = privacy.section("Import")
    privacy.choose(export)
    expect(panel).to_contain_text(sha256_of(export))
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "import-chosen.png")
    assert accessibility_faults(privacy.page) == []
    privacy.button("Import", "Send and check").click()
    expect(panel).to_contain_text("What would happen", timeout=WORK_MILLISECONDS)
    expect(panel.get_by_role("row", name=re.compile("^Reports"))).to_contain_text(str(len(reports)))
    expect(panel).to_contain_text("nothing is replaced")
    privacy.page.screenshot(path=screenshots / "import-checked.png")
    assert accessibility_faults(privacy.page) == []
    privacy.button("Import", f"Import {len(reports)} reports").click()

    expect(panel).to_contain_text("The import is done", timeout=WORK_MILLISECONDS)
    expect(panel).to_contain_text(f"New: {len(reports)} reports")
    privacy.page.screenshot(path=screenshots / "import-done.png")
    assert accessibility_faults(privacy.page) == []
    panel.get_by_role("link", name="Show all reports").click()
    listed = SightlinePage(privacy.page).frame.get_by_role("table")
    expect(listed.get_by_role("link", name=reports[0]["name"], exact=True)).to_have_count(2)


def test_a_forged_file_is_told_with_its_places_and_cannot_be_applied(
    privacy: PrivacyPage, export: Path, tmp_path: Path, screenshots: Path
) -> None:
    document = document_of(export)
    document["reports"][0]["visibility"] = "everybody"
    document["reports"][1]["definition"]["columns"] = [{"of": {"formula": "nowhere"}}]
    send(privacy, write_document(document, tmp_path / "forged.json.gz"))
    panel = privacy.section("Import")

    expect(panel.get_by_role("alert")).to_contain_text("cannot be imported", timeout=WORK_MILLISECONDS)
    expect(panel.get_by_role("list", name="Problems")).to_contain_text("/reports/0/visibility")
    expect(panel.get_by_role("list", name="Problems")).to_contain_text("/reports/1/definition")
    expect(privacy.button("Import", "Import")).to_be_disabled()
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "import-problems.png")
    assert accessibility_faults(privacy.page) == []
    privacy.button("Import", "Remove").click()
    expect(privacy.button("Import", "Choose a file")).to_be_enabled()


def test_what_another_site_lacks_is_told_before(
    privacy: PrivacyPage, export: Path, tmp_path: Path, screenshots: Path
) -> None:
    document = document_of(export)
    document["site"]["base_url"] = "https://other.atlassian.net"
    report = document["reports"][0]
    report["definition"]["columns"].append({"of": {"field": "customfield_99999"}})
    report["administrators"] = ["712020:nobody-of-here"]
    report["visibility"] = "limited"
    report["shared_with"] = {"accounts": [], "groups": [], "projects": ["10006"]}
    send(privacy, write_document(document, tmp_path / "other.json.gz"))
    panel = privacy.section("Import")

    expect(panel).to_contain_text("An export of other.atlassian.net", timeout=WORK_MILLISECONDS)
    expect(panel).to_contain_text("customfield_99999 (in 1 report)")
    expect(panel).to_contain_text("You become an administrator of 1 report")
    expect(panel).to_contain_text("shared with projects of the other site")
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "import-other-site.png")
    assert accessibility_faults(privacy.page) == []


def test_after_a_broken_connection_only_what_is_missing_is_sent(
    privacy: PrivacyPage, large_export: Path, screenshots: Path
) -> None:
    sent: list[int] = []

    def break_off(route: Route) -> None:
        sent.append(int(PART.search(route.request.url)[1]))  # type: ignore[index]  # routed by this pattern
        if sent[-1] == PARTS:
            route.abort()
        else:
            route.continue_()

    privacy.page.route(PART, break_off)
    send(privacy, large_export)
    panel = privacy.section("Import")
    expect(panel).to_contain_text("The file was not sent to its end", timeout=WORK_MILLISECONDS)
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "import-broken.png")
    assert accessibility_faults(privacy.page) == []
    privacy.page.unroute(PART)
    again: list[int] = []
    privacy.page.on(
        "request",
        lambda request: again.extend(int(found[1]) for found in [PART.search(request.url)] if found),
    )
    privacy.button("Import", "Go on").click()

    expect(panel).to_contain_text("What would happen", timeout=WORK_MILLISECONDS)
    assert set(sent) == set(range(1, PARTS + 1))
    assert set(again).isdisjoint(range(1, PARTS))
    assert PARTS in again


def test_an_import_under_way_is_found_again_after_the_page_was_opened_anew(
    privacy: PrivacyPage, export: Path
) -> None:
    send(privacy, export)
    panel = privacy.section("Import")
    expect(panel).to_contain_text("What would happen", timeout=WORK_MILLISECONDS)
    privacy.open()

    expect(panel).to_contain_text("What would happen")
    privacy.button("Import", "Remove").click()
    expect(panel).to_contain_text("The last import was cancelled")
    privacy.open()
    expect(panel).not_to_contain_text("What would happen")


def test_a_file_that_was_sent_in_part_can_only_be_removed_once_the_page_was_left(
    privacy: PrivacyPage, large_export: Path, screenshots: Path
) -> None:
    privacy.page.route(
        PART, lambda route: route.abort() if route.request.url.endswith("/2") else route.continue_()
    )
    send(privacy, large_export)
    panel = privacy.section("Import")
    expect(panel).to_contain_text("The file was not sent to its end", timeout=WORK_MILLISECONDS)
    privacy.open()

    expect(panel).to_contain_text("Begun by Ada Lovett")
    expect(panel).to_contain_text("262 kB are there")
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "import-unfinished.png")
    assert accessibility_faults(privacy.page) == []
    privacy.button("Import", "Remove").click()
    expect(privacy.button("Import", "Choose a file")).to_be_enabled()


def test_sending_can_be_cancelled(privacy: PrivacyPage, large_export: Path, screenshots: Path) -> None:
    held: list[Route] = []
    privacy.page.route(
        PART, lambda route: held.append(route) if route.request.url.endswith("/2") else route.continue_()
    )
    send(privacy, large_export)
    panel = privacy.section("Import")
    expect(panel.get_by_role("status")).to_contain_text("Sent 262 kB of")
    panel.scroll_into_view_if_needed()
    privacy.page.screenshot(path=screenshots / "import-sending.png")
    privacy.button("Import", "Cancel").click()

    expect(panel).to_contain_text("The last import was cancelled")
    assert len(held) == 1


def test_an_import_that_somebody_else_removed_is_told(
    privacy: PrivacyPage, export: Path, product: Product
) -> None:
    send(privacy, export)
    panel = privacy.section("Import")
    expect(panel).to_contain_text("What would happen", timeout=WORK_MILLISECONDS)
    other = PrivacyPage(privacy.page.context.new_page(), product).open()
    other.button("Import", "Remove").click()
    expect(other.section("Import")).to_contain_text("The last import was cancelled")
    panel.get_by_role("button", name=re.compile(r"^Import \d+")).click()

    expect(panel.get_by_role("alert")).to_contain_text("The import was cancelled")
    expect(
        privacy.button("Import", "Choose a file").or_(privacy.button("Import", "Put away"))
    ).to_be_enabled()


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "This file is empty"), (b'{"format": "x"}', "This is no export of Sightline")]
)
def test_what_cannot_be_an_export_is_refused_before_it_is_sent(
    privacy: PrivacyPage, tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "other.json.gz").write_bytes(content)
    sent: list[str] = []
    privacy.page.on(
        "request", lambda request: sent.append(request.method) if "/imports" in request.url else None
    )
    privacy.choose(tmp_path / "other.json.gz")

    expect(privacy.section("Import").get_by_role("alert")).to_contain_text(says)
    assert "POST" not in sent
    assert "PUT" not in sent


def test_a_file_can_be_dropped(privacy: PrivacyPage, export: Path) -> None:
    frame = privacy.frame
    held = frame.locator("body").evaluate_handle(
        """(_, content) => {
            const held = new DataTransfer();
            held.items.add(new File([Uint8Array.from(content)], 'dropped.json.gz'));
            return held;
        }""",
        list(export.read_bytes()),
    )
    frame.get_by_role("group", name="File to import").dispatch_event("drop", {"dataTransfer": held})

    expect(privacy.section("Import")).to_contain_text("dropped.json.gz")
    expect(privacy.section("Import")).to_contain_text(sha256_of(export))
