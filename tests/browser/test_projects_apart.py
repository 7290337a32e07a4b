import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Product, run_product
from tests.browser.sightline_page import SightlinePage

# Of each project: how many issues are of its own component “Backend”, and the hours spent on one.
SHARES = {"ALPHA": (3, 1), "BETA": (2, 4)}


def _issue(project: str, number: int, hours: int) -> dict[str, object]:
    project_id = str(100 + list(SHARES).index(project))
    return {
        "id": f"{project_id}{number}",
        "key": f"{project}-{number}",
        "fields": {
            "summary": f"{project} {number}",
            "project": {"id": project_id, "key": project, "name": project.title()},
            "issuetype": {"id": "1", "name": "Bug", "subtask": False},
            "status": {"id": "1", "name": "Open", "statusCategory": {"id": 2, "key": "new", "name": "To Do"}},
            "components": [{"id": f"{project_id}0", "name": "Backend"}],
            "created": f"2025-03-{number:02}T09:30:00.000+0000",
            "timespent": 3600 * hours,
        },
    }


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("apart")
    issues = [
        _issue(project, number, hours)
        for project, (count, hours) in SHARES.items()
        for number in range(1, count + 1)
    ]
    path = folder / "issues.jsonl"
    path.write_text("".join(json.dumps(issue) + "\n" for issue in issues))
    with run_product(folder / "state", DEMO_ISSUES=str(path)) as running:
        yield running


def _told(sightline: SightlinePage) -> list[tuple[str, int, str]]:
    rows = sightline.table().locator("tr.row-group[aria-level='2']")
    projects = [" ".join(row.locator(".group-project").all_inner_texts()) for row in rows.all()]
    lines = [line for line in sightline.group_lines() if line.level == 2]
    spent = [next(text for name, text in line.cells.items() if "pent" in name) for line in lines]
    return [
        (f"{line.label} {project}".strip(), line.count, hours)
        for line, project, hours in zip(lines, projects, spent, strict=True)
    ]


def test_projects_that_share_a_name_are_told_apart_by_click_and_joined_by_key(
    product: Product, page: Page, screenshots: Path
) -> None:
    sightline = SightlinePage(page)
    page.goto(product.url)
    sightline.open_report("Effort by month and component")
    sightline.wait_until_complete()
    sightline.frame.get_by_role("button", name="Components", exact=True).click()
    rows = sightline.table().locator("tr.row-group[aria-level='2']")
    expect(rows).to_have_count(1)
    whole = [("Backend", 5, "1d 3h")]
    assert _told(sightline) == whole

    sightline.frame.get_by_role("button", name="2 projects").click()

    expect(rows).to_have_count(2)
    page.screenshot(path=screenshots / "projects-apart.png")
    assert _told(sightline) == [("Backend (ALPHA)", 3, "3h"), ("Backend (BETA)", 2, "1d")]
    sightline.table().focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("p")
    expect(rows).to_have_count(1)
    assert _told(sightline) == whole
