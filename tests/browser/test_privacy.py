"""Promises about data, watched from outside while a person works with issues that cannot be mistaken."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, run_product
from tests.browser.planted import MARK, PROJECT, TRACES, write_issues
from tests.browser.recording import (
    Recording,
    kept_by_frames,
    origins_contacted,
    record,
    watch_storage,
)
from tests.browser.sightline_page import SightlinePage

ISSUES = 430


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("planted")
    write_issues(folder / "planted.jsonl", ISSUES)
    with run_product(folder / "state", DEMO_ISSUES=str(folder / "planted.jsonl")) as running:
        yield running


@pytest.fixture
def recording(context: BrowserContext, product: Product) -> Recording:
    watch_storage(context, product.base_url)
    return record(context, product.base_url)


def run_a_report(page: Page, product: Product, name: str) -> SightlinePage:
    sightline = SightlinePage(page)
    page.goto(product.url)
    sightline.open_report(name)
    assert sightline.wait_until_complete() == f"Complete: {ISSUES} issues"
    expect(sightline.table()).to_contain_text(f"{PROJECT}-")
    expect(sightline.table()).to_contain_text(f"{MARK} summary")
    return sightline


def save_in_two_pages(sightline: SightlinePage, other: SightlinePage) -> None:
    """The second save is stale: the server refuses it, and the person saves over the first."""
    for editor in (sightline, other):
        editor.edit()
    for editor, name in ((sightline, "Renamed"), (other, "Renamed again")):
        editor.frame.get_by_label("Name").fill(name)
        editor.save()
        if editor is other:
            editor.frame.get_by_role("button", name="Save mine over").click()
        expect(editor.frame.get_by_role("heading", name=name, exact=True)).to_be_visible()


def download_the_export(page: Page, product: Product, to: Path) -> dict[str, object]:
    page.goto(f"{product.demo_url}/plugins/servlet/ac/com.sightline.reports/data-and-privacy")
    frame = SightlinePage(page).frame
    frame.get_by_role("button", name=re.compile("export", re.IGNORECASE)).first.click()
    with page.expect_download(timeout=60_000) as download:
        frame.get_by_role("button", name=re.compile("download", re.IGNORECASE)).first.click()
    download.value.save_as(to)
    content = to.read_bytes()
    document = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
    assert isinstance(document, dict)
    return document


def test_no_issue_reaches_our_servers_their_logs_or_their_disks(
    page: Page, product: Product, recording: Recording, tmp_path: Path
) -> None:
    sightline = run_a_report(page, product, "Issues by project and status")
    other = run_a_report(page.context.new_page(), product, "Issues by project and status")
    save_in_two_pages(sightline, other)
    document = download_the_export(page, product, tmp_path / "export")

    sent = "\n".join(recording.requests)
    assert sent.count("PUT ") == len(["saved", "refused as stale", "saved over"])
    assert "/api/v1/exports" in sent
    assert "Renamed again" in json.dumps(document)
    assert not TRACES.search(sent)
    assert not TRACES.search(json.dumps(document))
    for name, text in product.logs().items():
        assert not TRACES.search(text), name
    for path in kept_files(product):
        assert MARK.encode() not in path.read_bytes().lower(), path


def kept_files(product: Product) -> list[Path]:
    """All that the product's own parts keep: database, queue, store and logs."""
    files = [path for path in product.state.rglob("*") if path.is_file()]
    assert any("base" in path.parts for path in files), "the database's files are among them"
    return files


def test_the_page_writes_to_no_storage_of_the_browser(
    page: Page, product: Product, recording: Recording
) -> None:
    run_a_report(page, product, "Effort by month and component")
    assert recording.requests

    [kept] = kept_by_frames(page, product.base_url)

    assert not any(kept.values()), kept
    assert not [c for c in page.context.cookies(product.base_url) if c.get("path", "").startswith("/ui")]


def test_a_trace_in_a_request_would_be_found(page: Page, product: Product, recording: Recording) -> None:
    page.goto(product.url)
    body = page.frame_locator("iframe").locator("body")

    body.evaluate(
        "async (_, key) => { await fetch('/api/v1/reports', {method: 'POST', body: key}) }", f"{PROJECT}-7"
    )

    assert TRACES.search("\n".join(recording.requests))


def test_a_journey_contacts_jira_and_us_alone(page: Page, product: Product) -> None:
    origins = origins_contacted(page.context)

    run_a_report(page, product, "Effort by month and component")

    assert origins == {product.base_url, product.demo_url}
