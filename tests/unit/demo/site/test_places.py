from __future__ import annotations

from demo.connect.descriptor import Descriptor, Module
from demo.issues.model import Project
from demo.site import places

GADGET = Module("jiraDashboardItems", "gadget", "Gadget", "/g")
PROJECT_PAGE = Module("jiraProjectPages", "in-project", "In project", "/p")
GENERAL = Module("generalPages", "main", "Main", "/m")
APP = Descriptor(
    "com.example", "App", "https://a", "", False, frozenset(), {}, (GADGET, PROJECT_PAGE, GENERAL)
)
PROJECT = Project("10001", "SHOP", "Shop", "lead")


def test_each_item_of_a_dashboard_knows_which_it_is() -> None:
    place = places.dashboard_page(APP, "10000")
    ids = [frame.variables["dashboardItem.id"] for frame in place.frames]
    assert ids == ["10010", "10011"]
    assert {frame.variables["dashboard.id"] for frame in place.frames} == {"10000"}
    assert place.frames[0].context["jira"]["dashboardItem"]["id"] == "10010"


def test_an_unknown_dashboard_is_missing() -> None:
    assert places.dashboard_page(APP, "99").status == 404


def test_a_project_shows_the_apps_page_that_its_address_selects() -> None:
    selected = f"{places.PROJECT_ITEM}com.example__in-project"
    place = places.project_page(APP, PROJECT, selected)
    assert [frame.module.key for frame in place.frames] == ["in-project"]
    assert place.frames[0].variables == {"project.key": "SHOP", "project.id": "10001"}


def test_a_project_shows_no_page_of_another_kind_or_app() -> None:
    for selected in (
        None,
        "reports",
        f"{places.PROJECT_ITEM}com.example__main",
        f"{places.PROJECT_ITEM}x__in-project",
    ):
        assert places.project_page(APP, PROJECT, selected).frames == ()
    assert places.project_page(None, PROJECT, f"{places.PROJECT_ITEM}com.example__in-project").frames == ()


def test_only_the_apps_own_parameters_of_an_address_reach_its_page() -> None:
    place = places.app_page(APP, GENERAL, PROJECT, {"ac.report": "1", "other": "2"})
    assert place.frames[0].variables == {"project.key": "SHOP", "project.id": "10001", "ac.report": "1"}
