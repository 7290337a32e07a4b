"""The Connect descriptor: what Jira learns about the add-on when it is installed.

Pages with `cacheable` are loaded without token or context in their address and ask the bridge for both;
Connect has that for general, admin, configure and get-started pages only.
"""

from typing import Any

Module = dict[str, Any]

GENERAL_PAGE = "reports"
ADMIN_PAGE = "data-and-privacy"
PROJECT_PAGE = "project-reports"
DASHBOARD_ITEM = "report-gadget"
REPORT_ENTRY = "project-report"
START_PAGE = "get-started"
CONFIGURE_PAGE = "configure"

_DESCRIPTION = (
    "Reports over any number of issues: columns, formulas, filters, groups and totals. "
    "They are computed in the reader's browser with the reader's own rights; issues never leave Jira."
)
_LOGGED_IN = {"condition": "user_is_logged_in"}
_ADMIN = {"condition": "user_is_admin"}


def connect(base_url: str, app_key: str) -> dict[str, Any]:
    """The descriptor of the add-on served at `base_url` (no trailing slash), as a JSON object.

    Reading is the only scope asked for. Conditions merely hide links; the API checks every right again.
    """
    return {
        "key": app_key,
        "name": "Sightline Reports",
        "description": _DESCRIPTION,
        "vendor": {"name": "Sightline", "url": base_url},
        "baseUrl": base_url,
        "links": {"self": f"{base_url}/atlassian-connect.json", "data-storage": f"{base_url}/data-storage"},
        "authentication": {"type": "jwt"},
        "apiVersion": 1,
        "apiMigrations": {"signed-install": True, "context-qsh": True, "gdpr": True},
        "scopes": ["READ"],
        "lifecycle": {
            event: f"/connect/{event}" for event in ("installed", "uninstalled", "enabled", "disabled")
        },
        "modules": _modules(),
    }


def _modules() -> dict[str, Any]:
    return {
        "generalPages": [_general_page()],
        "adminPages": [_admin_page()],
        "jiraProjectPages": [_project_page()],
        "jiraReports": [_report_entry()],
        "jiraDashboardItems": [_dashboard_item()],
        "postInstallPage": _page(START_PAGE, "Get started", "/ui/start.html", cacheable=True),
        "configurePage": _page(
            CONFIGURE_PAGE, "Data & privacy", "/ui/admin.html", cacheable=True, conditions=[_ADMIN]
        ),
    }


def _general_page() -> Module:
    return _page(
        GENERAL_PAGE,
        "Sightline Reports",
        "/ui/index.html",
        cacheable=True,
        icon=_icon(),
        conditions=[_LOGGED_IN],
    )


def _admin_page() -> Module:
    return _page(
        ADMIN_PAGE,
        "Sightline: Data & privacy",
        "/ui/admin.html",
        cacheable=True,
        conditions=[_ADMIN],
    )


def _project_page() -> Module:
    return _page(
        PROJECT_PAGE,
        "Sightline Reports",
        "/ui/index.html?projectKey={project.key}",
        iconUrl="/ui/icon.svg",
        conditions=[_LOGGED_IN],
    )


def _report_entry() -> Module:
    return _page(
        REPORT_ENTRY,
        "Sightline Reports",
        "/ui/index.html?projectKey={project.key}",
        description={"value": "Groups, totals and formulas over all issues of the project."},
        reportCategory="issue_analysis",
        thumbnailUrl="/ui/thumbnail.png",
    )


def _dashboard_item() -> Module:
    """Not `configurable`: Jira would offer an edit mode of its own beside the gadget's button."""
    return _page(
        DASHBOARD_ITEM,
        "Sightline report",
        "/ui/gadget.html?dashboard={dashboard.id}&item={dashboardItem.id}&view={dashboardItem.viewType}",
        description={"value": "Groups and totals of a report, of the issues that the reader may see."},
        thumbnailUrl="/ui/thumbnail.png",
    )


def _page(key: str, name: str, url: str, **more: object) -> Module:
    return {"key": key, "name": {"value": name}, "url": url, **more}


def _icon() -> dict[str, Any]:
    return {"url": "/ui/icon.svg", "width": 16, "height": 16}
