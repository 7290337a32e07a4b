"""Projects, their versions, components and statuses."""

from __future__ import annotations

from datetime import UTC, datetime

from demo.issues.model import Component, Json, Project, Version
from demo.issues.site import Site
from demo.issues.values import natural
from demo.rest.call import Answer, Call, JiraError
from demo.rest.paging import offset_page

_ORDERS = {
    "key": lambda p: p.key,
    "name": lambda p: natural(p.name),
    "category": lambda p: (p.category or ("", ""))[1],
}


def search(site: Site, call: Call) -> Answer:
    """GET `/project/search`."""
    query, keys, ids = (call.text("query") or "").casefold(), call.texts("keys"), call.texts("id")
    kind = call.text("typeKey")
    found = [
        project
        for project in site.projects(call.account)
        if (query in project.key.casefold() or query in project.name.casefold())
        and (not keys or project.key in keys)
        and (not ids or project.id in ids)
        and (not kind or project.kind in kind.split(","))
    ]
    order = call.text("orderBy") or "key"
    if order.lstrip("+-") not in _ORDERS:
        raise JiraError(400, f"The value '{order}' of parameter 'orderBy' is not supported.")
    found.sort(key=_ORDERS[order.lstrip("+-")], reverse=order.startswith("-"))
    return offset_page(site, call, found, lambda project: _summary(site, project), default=50, most=100)


def _summary(site: Site, project: Project) -> Json:
    shown = {
        **site.shapes.project(project),
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
    }
    return {**shown, "isPrivate": project.browsers is not None, "style": "classic", "properties": {}}


def _found(site: Site, call: Call) -> Project:
    wanted = call.path["projectIdOrKey"]
    for project in site.projects(call.account):
        if wanted.upper() == project.key or wanted == project.id:
            return project
    what = "id" if wanted.isdecimal() else "key"
    raise JiraError(404, f"No project could be found with {what} '{wanted}'.")


def project(site: Site, call: Call) -> Answer:
    """GET `/project/{projectIdOrKey}`."""
    found = _found(site, call)
    lead = site.account(found.lead)
    shown = _summary(site, found) | {
        "description": found.description,
        "components": [_component(site, component) for component in _components(site, found)],
        "versions": [_version(site, version) for version in _versions(site, found)],
        "issueTypes": [site.shapes.type(type_) for type_ in site.catalogue.types.values()],
        "assigneeType": "UNASSIGNED",
        "roles": {},
    }
    if lead:
        shown["lead"] = {
            k: v for k, v in site.shapes.user(lead).items() if k not in {"timeZone", "accountType"}
        }
    return Answer(shown, 1)


def _versions(site: Site, project: Project) -> list[Version]:
    held = [version for version in site.catalogue.versions.values() if version.project == project.key]
    return sorted(held, key=lambda version: version.sequence)


def _version(site: Site, version: Version) -> Json:
    project = site.catalogue.projects[version.project]
    shown = {**site.shapes.version(version), "projectId": int(project.id)}
    if version.start:
        shown["startDate"] = version.start
    if version.release and not version.released:
        today = datetime.fromtimestamp(site.now() / 1000, UTC).date().isoformat()
        shown["overdue"] = version.release < today
    return shown


def versions(site: Site, call: Call) -> Answer:
    """GET `/project/{projectIdOrKey}/versions`."""
    shown = [_version(site, version) for version in _versions(site, _found(site, call))]
    return Answer(shown, len(shown))


def versions_page(site: Site, call: Call) -> Answer:
    """GET `/project/{projectIdOrKey}/version`."""
    query, states = (call.text("query") or "").casefold(), call.texts("status")
    kept = [
        version
        for version in _versions(site, _found(site, call))
        if query in version.name.casefold() and (not states or _state(version) in states)
    ]
    return offset_page(site, call, kept, lambda version: _version(site, version), default=50, most=50)


def _state(version: Version) -> str:
    return "archived" if version.archived else "released" if version.released else "unreleased"


def version(site: Site, call: Call) -> Answer:
    """GET `/version/{id}`."""
    id_ = call.path["id"]
    found = site.catalogue.versions.get(id_)
    if found is None or not site.may_browse(site.catalogue.projects[found.project], call.account):
        raise JiraError(404, f"Could not find version for id '{id_}'")
    return Answer(_version(site, found), 1)


def _components(site: Site, project: Project) -> list[Component]:
    held = [component for component in site.catalogue.components.values() if component.project == project.key]
    return sorted(held, key=lambda component: natural(component.name))


def _component(site: Site, component: Component) -> Json:
    project = site.catalogue.projects[component.project]
    shown = site.shapes.component(component) | {
        "description": "",
        "project": project.key,
        "projectId": int(project.id),
        "assigneeType": "PROJECT_DEFAULT",
        "isAssigneeTypeValid": False,
    }
    lead = site.account(component.lead or "")
    if lead:
        shown["lead"] = {
            k: v for k, v in site.shapes.user(lead).items() if k not in {"timeZone", "accountType"}
        }
    return dict(shown)


def components(site: Site, call: Call) -> Answer:
    """GET `/project/{projectIdOrKey}/components`."""
    shown = [_component(site, component) for component in _components(site, _found(site, call))]
    return Answer(shown, len(shown))


def component(site: Site, call: Call) -> Answer:
    """GET `/component/{id}`."""
    found = site.catalogue.components.get(call.path["id"])
    if found is None or not site.may_browse(site.catalogue.projects[found.project], call.account):
        raise JiraError(404, f"The component with id {call.path['id']} does not exist.")
    return Answer(_component(site, found), 1)


def statuses(site: Site, call: Call) -> Answer:
    """GET `/project/{projectIdOrKey}/statuses`: per issue type; here every type goes through all."""
    _found(site, call)
    held = [site.shapes.status(status) for status in site.catalogue.statuses.values()]
    shown = [
        {
            "self": type_["self"],
            "id": type_["id"],
            "name": type_["name"],
            "subtask": type_["subtask"],
            "statuses": held,
        }
        for type_ in map(site.shapes.type, site.catalogue.types.values())
    ]
    return Answer(shown, len(shown))
