from __future__ import annotations

import json
import re
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from demo.app import Demo
from demo.issues.site import Site
from tests.addon import APP_KEY
from tests.integration.demo.conftest import client_of

PAGES = [
    "/jira/your-work",
    "/projects",
    "/issues/?jql=project%20%3D%20SHOP",
    "/browse/SHOP-1",
    "/jira/dashboards",
    "/jira/dashboards/10000",
    "/plugins/servlet/upm",
    f"/plugins/servlet/ac/{APP_KEY}/main",
]


def data_of(answer: Result) -> dict[str, Any]:
    found = re.search(r'id="page-data">(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_html_that_nobody_may_frame(client: TestClient, path: str) -> None:
    answer = client.simulate_get(path)
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_first_visitor_is_signed_in_as_the_admin(client: TestClient, site: Site) -> None:
    answer = client.simulate_get("/projects")
    assert answer.cookies["demo.account"].value == site.accounts()[0].id
    assert data_of(answer)["account"]["name"] == "Ada Lovett"


def test_a_signed_out_visitor_is_asked_who_they_are(client: TestClient) -> None:
    answer = client.simulate_get(PAGES[-1], headers={"Cookie": "demo.account=anonymous"})
    data = data_of(answer)
    assert (data["place"]["kind"], data["frames"]) == ("signed-out", [])


def test_the_front_page_leads_to_the_app(client: TestClient) -> None:
    answer = client.simulate_get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/plugins/servlet/ac/{APP_KEY}/main"


def test_admin_pages_are_shown_to_admins_alone(client: TestClient, site: Site) -> None:
    address = f"/plugins/servlet/ac/{APP_KEY}/admin"
    assert client.simulate_get(address).status_code == 200
    person = {"Cookie": f"demo.account={site.accounts()[1].id}"}
    answer = client.simulate_get(address, headers=person)
    assert answer.status_code == 404
    assert "admin" not in [module["key"] for module in data_of(answer)["app"]["modules"]]


def test_a_project_that_one_may_not_see_is_missing(client: TestClient, site: Site) -> None:
    hidden, account = next(
        (project, account)
        for project in site.catalogue.projects.values()
        for account in site.accounts()
        if not site.may_browse(project, account)
    )
    person = {"Cookie": f"demo.account={account.id}"}
    answer = client.simulate_get(f"/projects/{hidden.key}", headers=person)
    assert answer.status_code == 404
    assert hidden.name not in answer.text


def test_an_app_page_within_a_project_knows_the_project(client: TestClient, site: Site) -> None:
    project = next(p for p in site.catalogue.projects.values() if site.may_browse(p, site.accounts()[0]))
    item = f"com.atlassian.plugins.atlassian-connect-plugin:{APP_KEY}__project"
    answer = client.simulate_get(f"/projects/{project.key}", params={"selectedItem": item})
    (frame,) = data_of(answer)["frames"]
    assert f"p={project.key}&xdm_e=" in frame["url"]
    assert frame["context"] == {"jira": {"project": {"id": project.id, "key": project.key}}}
    assert not frame["history"]


def test_text_from_addresses_cannot_become_markup(client: TestClient) -> None:
    answer = client.simulate_get("/browse/A-1%3C%2Fscript%3E%3Cscript%3Ealert(1)")
    assert "<script>alert" not in answer.text
    assert "</script><script>" not in answer.text


def test_a_session_is_changed_from_the_sites_own_pages_only(demo: Demo, site: Site) -> None:
    client, other = client_of(demo), site.accounts()[1]
    changed = client.simulate_put("/-/session", json={"account": other.id})
    assert changed.cookies["demo.account"].value == other.id
    assert changed.cookies["demo.account"].http_only
    assert changed.cookies["demo.account"].secure
    foreign = {"Origin": "https://localhost:8443"}
    assert client.simulate_put("/-/session", json={"theme": "dark"}, headers=foreign).status_code == 403
    assert client.simulate_put("/-/session", json={"account": "nobody"}).status_code == 400
    assert client.simulate_put("/-/session", json={"theme": "pink"}).status_code == 400


def test_the_chosen_theme_is_in_the_page_before_any_script(client: TestClient) -> None:
    dark = client.simulate_get("/projects", headers={"Cookie": "demo.theme=dark"}).text
    assert 'data-color-mode="dark"' in dark
    auto = client.simulate_get("/projects", headers={"Cookie": "demo.theme=auto"}).text
    assert 'data-theme-choice="auto"' in auto


def test_pictures_of_the_rest_api_are_there(client: TestClient, site: Site) -> None:
    headers = {"Cookie": f"demo.account={site.accounts()[0].id}"}
    query = {
        "jql": 'created >= "2000-01-01" AND assignee is not EMPTY AND priority is not EMPTY',
        "fields": "*all",
    }
    answer = client.simulate_get("/rest/api/3/search/jql", params=query, headers=headers)
    fields = answer.json["issues"][0]["fields"]
    for picture in (
        fields["assignee"]["avatarUrls"]["24x24"],
        fields["project"]["avatarUrls"]["24x24"],
        fields["priority"]["iconUrl"],
        fields["issuetype"]["iconUrl"],
        fields["status"]["iconUrl"],
    ):
        shown = client.simulate_get(picture.removeprefix("https://localhost:9443").partition("?")[0])
        assert shown.status_code == 200, picture
        assert shown.headers["Content-Type"] == "image/svg+xml"
    assert client.simulate_get("/avatars/nobody.svg").status_code == 404
