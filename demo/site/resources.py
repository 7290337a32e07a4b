"""The addresses of the site's pages, as Jira Cloud has them."""

from __future__ import annotations

import falcon

from demo.site import places
from demo.site.pages import Pages
from demo.site.places import Place


class SimplePage:
    """A page that shows the same place to everybody, e.g. the list of projects."""

    def __init__(self, pages: Pages, place: Place) -> None:
        self._pages = pages
        self._place = place

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """The page."""
        self._pages.send(req, resp, self._place)


class FrontPage:
    """`/`: the app's first general page, as this site is there for it; Jira's home is `/jira/your-work`."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def on_get(self, _req: falcon.Request, _resp: falcon.Response) -> None:
        """Sends the visitor on. Raises HTTPFound."""
        descriptor = self._pages.descriptor
        modules = descriptor.of_kind("generalPages") if descriptor is not None else []
        if descriptor is None or not modules:
            raise falcon.HTTPFound("/jira/your-work")
        raise falcon.HTTPFound(f"/plugins/servlet/ac/{descriptor.key}/{modules[0].key}")


class IssuePage:
    """`/browse/<key>`: an issue, or a project for a key without a number."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def on_get(self, req: falcon.Request, resp: falcon.Response, key: str) -> None:
        """The page; whether the visitor may see the issue turns out when it loads."""
        if "-" not in key:
            raise falcon.HTTPFound(f"/projects/{key}")
        self._pages.send(req, resp, Place("issue", key, "projects", data={"key": key}))


class ProjectPage:
    """`/projects/<key>`."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def on_get(self, req: falcon.Request, resp: falcon.Response, key: str) -> None:
        """The project, or one of the app's pages within it."""
        project = self._pages.project(req, key)
        if project is None:
            place = places.missing("You can't view this project")
        else:
            place = places.project_page(self._pages.descriptor, project, req.get_param("selectedItem"))
        self._pages.send(req, resp, place)


class DashboardPage:
    """`/jira/dashboards/<id>`."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def on_get(self, req: falcon.Request, resp: falcon.Response, dashboard_id: str) -> None:
        """The dashboard with its gadgets."""
        self._pages.send(req, resp, places.dashboard_page(self._pages.descriptor, dashboard_id))


class AppPage:
    """`/plugins/servlet/ac/<app>/<module>`: a page of the app in Jira's frame."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def on_get(self, req: falcon.Request, resp: falcon.Response, app_key: str, module_key: str) -> None:
        """The page, for the project that `project.key` names where it does."""
        descriptor = self._pages.descriptor
        if descriptor is None and app_key == self._pages.expected_app_key:
            self._pages.send(req, resp, Place("app", "Installing", "apps"))
            return
        module = (
            descriptor.module(module_key) if descriptor is not None and descriptor.key == app_key else None
        )
        if descriptor is None or module is None or module.kind in {"jiraDashboardItems", "jiraProjectPages"}:
            self._pages.send(req, resp, places.missing("We couldn't find the app's page"))
            return
        query = {name: value for name, value in req.params.items() if isinstance(value, str)}
        project = self._pages.project(req, query.get("project.key", ""))
        self._pages.send(req, resp, places.app_page(descriptor, module, project, query))


def add_pages(app: falcon.App[falcon.Request, falcon.Response], pages: Pages) -> None:
    """Adds all pages to an application."""
    simple = {
        "/jira/your-work": Place("work", "Your work", "work"),
        "/projects": Place("projects", "Projects", "projects"),
        "/jira/projects": Place("projects", "Projects", "projects"),
        "/issues": Place("issues", "Issues", "filters"),
        "/jira/dashboards": Place("dashboards", "Dashboards", "dashboards"),
        "/plugins/servlet/upm": Place("apps", "Manage apps"),
    }
    app.add_route("/", FrontPage(pages))
    for address, place in simple.items():
        app.add_route(address, SimplePage(pages, place))
    app.add_route("/browse/{key}", IssuePage(pages))
    app.add_route("/projects/{key}", ProjectPage(pages))
    app.add_route("/jira/dashboards/{dashboard_id}", DashboardPage(pages))
    app.add_route("/plugins/servlet/ac/{app_key}/{module_key}", AppPage(pages))
