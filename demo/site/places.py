"""The places of the site that a visitor can open, and what each shows of the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.connect.descriptor import Descriptor, Module
from demo.issues.model import Project

PROJECT_ITEM = "com.atlassian.plugins.atlassian-connect-plugin:"
# One dashboard is enough to show a gadget twice, with two choices.
DASHBOARDS: tuple[dict[str, Any], ...] = (
    {"id": "10000", "name": "Delivery overview", "items": ["10010", "10011"]},
)


@dataclass(frozen=True)
class Frame:
    """One page of the app within a place. `variables` go into its URL, `context` to `AP.context`."""

    module: Module
    variables: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """What the page at an address shows. `kind` names the view in the browser, `tab` the lit menu."""

    kind: str
    title: str
    tab: str = ""
    frames: tuple[Frame, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


def missing(what: str) -> Place:
    """A page that does not exist or may not be seen; Jira does not say which."""
    return Place("missing", what, status=404)


def app_page(
    descriptor: Descriptor, module: Module, project: Project | None, query: Mapping[str, str]
) -> Place:
    """`/plugins/servlet/ac/<app>/<module>`; `ac.…` parameters of the address reach the page."""
    custom = {name: value for name, value in query.items() if name.startswith("ac.")}
    frame = Frame(module, project_variables(project) | custom, project_context(project))
    tab = "" if module.kind == "adminPages" else "apps"
    data = {"project": project_data(project)} if project is not None else {}
    return Place("app", f"{module.name} - {descriptor.name}", tab, (frame,), data)


def project_page(descriptor: Descriptor | None, project: Project, selected: str | None) -> Place:
    """`/projects/<key>`, with one of the app's pages where `selectedItem` names it."""
    data = {"project": project_data(project), "selected": selected}
    module = _selected_module(descriptor, selected)
    if module is None:
        return Place("project", project.name, "projects", (), data)
    frame = Frame(module, project_variables(project), project_context(project))
    return Place("project", f"{module.name} - {project.name}", "projects", (frame,), data)


def dashboard_page(descriptor: Descriptor | None, dashboard_id: str) -> Place:
    """`/jira/dashboards/<id>` with the app's gadget in each of its items."""
    dashboard = next((entry for entry in DASHBOARDS if entry["id"] == dashboard_id), None)
    if dashboard is None:
        return missing("Dashboard not found")
    modules = descriptor.of_kind("jiraDashboardItems") if descriptor is not None else []
    frames = tuple(_gadget(modules[0], dashboard_id, item) for item in dashboard["items"] if modules)
    return Place("dashboard", dashboard["name"], "dashboards", frames, {"dashboard": dashboard})


def _gadget(module: Module, dashboard_id: str, item_id: str) -> Frame:
    variables = {
        "dashboard.id": dashboard_id,
        "dashboardItem.id": item_id,
        "dashboardItem.key": module.key,
        "dashboardItem.viewType": "default",
    }
    item = {"id": item_id, "key": module.key, "viewType": "default"}
    return Frame(module, variables, {"jira": {"dashboard": {"id": dashboard_id}, "dashboardItem": item}})


def _selected_module(descriptor: Descriptor | None, selected: str | None) -> Module | None:
    if descriptor is None or not (selected or "").startswith(PROJECT_ITEM):
        return None
    app_key, _, module_key = (selected or "").removeprefix(PROJECT_ITEM).partition("__")
    module = descriptor.module(module_key) if app_key == descriptor.key else None
    return module if module is not None and module.kind == "jiraProjectPages" else None


def project_data(project: Project) -> dict[str, str]:
    """A project for the page's own script."""
    return {"id": project.id, "key": project.key, "name": project.name}


def project_variables(project: Project | None) -> dict[str, str]:
    """Context variables of a project for URLs of the app."""
    return {} if project is None else {"project.key": project.key, "project.id": project.id}


def project_context(project: Project | None) -> dict[str, Any]:
    """The same for `AP.context.getContext`."""
    return {} if project is None else {"jira": {"project": {"id": project.id, "key": project.key}}}
