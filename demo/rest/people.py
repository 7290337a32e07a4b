"""People, groups and what they may do."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from demo.issues.model import Account, Group, Json
from demo.issues.site import Site
from demo.rest.call import Answer, Call, JiraError
from demo.rest.paging import offset_page

GLOBAL_PERMISSIONS = {
    "ADMINISTER": "Administer Jira",
    "SYSTEM_ADMIN": "System administrator",
    "BULK_CHANGE": "Make bulk changes",
    "USER_PICKER": "Browse users and groups",
    "CREATE_PROJECT": "Create projects",
    "CREATE_SHARED_OBJECTS": "Share dashboards and filters",
    "MANAGE_GROUP_FILTER_SUBSCRIPTIONS": "Manage group filter subscriptions",
}
PROJECT_PERMISSIONS = {
    "BROWSE_PROJECTS": "Browse projects",
    "ADMINISTER_PROJECTS": "Administer projects",
    "CREATE_ISSUES": "Create issues",
    "EDIT_ISSUES": "Edit issues",
    "ASSIGN_ISSUES": "Assign issues",
    "WORK_ON_ISSUES": "Work on issues",
    "VIEW_DEV_TOOLS": "View development tools",
}
_ADMINS_ONLY = frozenset({"ADMINISTER", "SYSTEM_ADMIN", "CREATE_PROJECT", "ADMINISTER_PROJECTS"})
_MOST_CHECKED = 1000


def _known(site: Site, account_id: str | None) -> Account:
    account = site.account(account_id or "")
    if account is None:
        raise JiraError(404, "Specified user does not exist or you do not have required permissions")
    return account


def _profile(site: Site, account: Account) -> Json:
    return {**site.shapes.user(account), "locale": account.locale}


def myself(site: Site, call: Call) -> Answer:
    """GET `/myself`; one's own address is not private."""
    account = call.person()
    expand = call.texts("expand")
    shown = {**_profile(site, account), "emailAddress": account.email, "expand": "groups,applicationRoles"}
    if "groups" in expand:
        held = [_group(site, name) for name in sorted(account.groups)]
        shown["groups"] = {"size": len(held), "items": held}
    return Answer(shown, 1)


def user(site: Site, call: Call) -> Answer:
    """GET `/user`."""
    if not call.text("accountId"):
        raise JiraError(400, "The query parameter 'accountId' is required.")
    return Answer(_profile(site, _known(site, call.text("accountId"))), 1)


def users_in_bulk(site: Site, call: Call) -> Answer:
    """GET `/user/bulk`; unknown ids are left out."""
    wanted = call.texts("accountId")
    if not wanted:
        raise JiraError(400, "The query parameter 'accountId' is required.")
    found = [account for id_ in dict.fromkeys(wanted) if (account := site.account(id_))]
    return offset_page(site, call, found, lambda account: _profile(site, account), default=10, most=200)


def user_groups(site: Site, call: Call) -> Answer:
    """GET `/user/groups`."""
    account = _known(site, call.text("accountId"))
    held = [_group(site, name) for name in sorted(account.groups)]
    return Answer(held, len(held))


def _group(site: Site, name: str) -> Json:
    return site.shapes.group(site.catalogue.groups[name])


def user_search(site: Site, call: Call) -> Answer:
    """GET `/user/search`: names or addresses in which a word begins with the query."""
    query, account_id = call.text("query"), call.text("accountId")
    if query is None and not account_id:
        raise JiraError(
            400, "The query parameters 'query', 'accountId' and 'property' must not all be empty."
        )
    found = [a for a in _matching(site, query or "") if not account_id or a.id == account_id]
    start, size = call.integer("startAt", 0), call.integer("maxResults", 50, 1000)
    shown = [site.shapes.user(account) for account in found[start : start + size]]
    return Answer(shown, len(shown))


def user_picker(site: Site, call: Call) -> Answer:
    """GET `/user/picker`."""
    query = call.text("query") or ""
    if not query:
        raise JiraError(400, "The query parameter 'query' is required.")
    found = _matching(site, query)
    kept = found[: call.integer("maxResults", 50, 1000)]
    shown = [
        {
            "accountId": account.id,
            "accountType": account.kind,
            "html": _marked(account.name, query),
            "displayName": account.name,
            "avatarUrl": site.shapes.user(account)["avatarUrls"]["16x16"],
        }
        for account in kept
    ]
    header = f"Showing {len(kept)} of {len(found)} matching users"
    return Answer({"users": shown, "total": len(found), "header": header}, len(shown))


def _matching(site: Site, query: str) -> list[Account]:
    wanted = query.casefold()
    found = [
        account
        for account in site.catalogue.accounts.values()
        if account.active
        and (not wanted or _begins(account.name, wanted) or account.email.startswith(wanted))
    ]
    return sorted(found, key=lambda account: account.name.casefold())


def _begins(name: str, wanted: str) -> bool:
    folded = name.casefold()
    return folded.startswith(wanted) or any(word.startswith(wanted) for word in re.split(r"[\s'-]+", folded))


def groups_picker(site: Site, call: Call) -> Answer:
    """GET `/groups/picker`: groups that hold the query anywhere in their name."""
    query = call.text("query") or ""
    excluded = {*call.texts("exclude"), *call.texts("excludeId")}
    found = [
        group
        for group in sorted(site.catalogue.groups.values(), key=lambda group: group.name)
        if query.casefold() in group.name.casefold() and not excluded & {group.name, group.id}
    ]
    kept = found[: call.integer("maxResults", 20, 1000) or 20]
    header = f"Showing {len(kept)} of {len(found)} matching groups"
    shown = [_found_group(group, query) for group in kept]
    return Answer({"header": header, "total": len(found), "groups": shown}, len(shown))


def _found_group(group: Group, query: str) -> Json:
    return {"name": group.name, "html": _marked(group.name, query), "labels": [], "groupId": group.id}


def _marked(name: str, query: str) -> str:
    """The name as HTML with the first occurrence of the query in bold."""
    start = name.casefold().find(query.casefold())
    if not query or start < 0:
        return html.escape(name)
    end = start + len(query)
    return f"{html.escape(name[:start])}<b>{html.escape(name[start:end])}</b>{html.escape(name[end:])}"


def _may(account: Account | None, permission: str) -> bool:
    """Whether somebody, or for None the app itself, holds a permission; an app administers nothing."""
    if account is None:
        return permission not in _ADMINS_ONLY
    return account.active and (account.admin or permission not in _ADMINS_ONLY)


def check_permissions(site: Site, call: Call) -> Answer:
    """POST `/permissions/check`: as the app for anybody, as a person for oneself; admins for anybody."""
    body = call.body(accountId=str, globalPermissions=list, projectPermissions=list)
    account = _checked_account(site, call, body.get("accountId"))
    wanted = body.get("globalPermissions", [])
    _reject_unknown("global", wanted, GLOBAL_PERMISSIONS)
    held = [name for name in wanted if account is not None and _may(account, name)]
    granted = [
        entry
        for asked in body.get("projectPermissions", [])
        for entry in _project_grants(site, account, asked)
    ]
    return Answer({"globalPermissions": held, "projectPermissions": granted}, len(held) + len(granted))


def _checked_account(site: Site, call: Call, account_id: str | None) -> Account | None:
    if account_id is None:
        return call.account
    caller = call.account
    if caller is not None and caller.id != account_id and not caller.admin:
        raise JiraError(403, "You do not have permission to view permissions of other users.")
    account = site.account(account_id)
    if account is None:
        raise JiraError(400, "The specified account ID is not valid or does not exist.")
    return account


def _reject_unknown(kind: str, names: Iterable[Json], known: Iterable[str]) -> None:
    unknown = [str(name) for name in names if name not in set(known)]
    if unknown:
        raise JiraError(400, f"Unrecognized {kind} permission keys: {', '.join(unknown)}")


def _project_grants(site: Site, account: Account | None, asked: Json) -> list[Json]:
    if not isinstance(asked, dict) or not isinstance(asked.get("permissions"), list):
        raise JiraError(400, "'projectPermissions' must be a list of objects with 'permissions'.")
    projects, issues = asked.get("projects", []), asked.get("issues", [])
    if len(projects) > _MOST_CHECKED or len(issues) > _MOST_CHECKED:
        raise JiraError(400, f"At most {_MOST_CHECKED} projects and {_MOST_CHECKED} issues may be checked.")
    _reject_unknown("project", asked["permissions"], PROJECT_PERMISSIONS)
    browsable = {int(project.id) for project in site.projects(account)}
    return [
        {
            "permission": permission,
            "projects": [id_ for id_ in projects if id_ in browsable and _may(account, permission)],
            "issues": [id_ for id_ in issues if site.issue(id_, account) and _may(account, permission)],
        }
        for permission in asked["permissions"]
    ]


def my_permissions(site: Site, call: Call) -> Answer:
    """GET `/mypermissions`; `permissions` is required, as in Jira."""
    wanted = call.texts("permissions")
    if not wanted:
        raise JiraError(400, "The 'permissions' query parameter is required.")
    known = GLOBAL_PERMISSIONS | PROJECT_PERMISSIONS
    _reject_unknown("", wanted, known)
    in_scope = _in_scope(site, call)
    shown = {
        name: {
            "id": str(number),
            "key": name,
            "name": known[name],
            "type": "GLOBAL" if name in GLOBAL_PERMISSIONS else "PROJECT",
            "description": "",
            "havePermission": _may(call.account, name) and (name in GLOBAL_PERMISSIONS or in_scope),
        }
        for number, name in enumerate(known)
        if name in wanted
    }
    return Answer({"permissions": shown}, len(shown))


def _in_scope(site: Site, call: Call) -> bool:
    """Whether project permissions hold: in the project or issue named, else in any. Raises JiraError."""
    project, issue = (
        call.text("projectKey") or call.text("projectId"),
        call.text("issueKey") or call.text("issueId"),
    )
    visible = site.projects(call.account)
    if issue:
        if site.issue(issue, call.account) is None:
            raise JiraError(404, "Issue does not exist or you do not have permission to see it.")
        return True
    if project and not any(project in (known.key, known.id) for known in visible):
        raise JiraError(404, f"No project could be found with key '{project}'.")
    return bool(visible)


def permitted_projects(site: Site, call: Call) -> Answer:
    """POST `/permissions/project`: projects in which the caller holds all of the permissions."""
    wanted = call.body(permissions=list).get("permissions", [])
    _reject_unknown("project", wanted, PROJECT_PERMISSIONS)
    may = all(_may(call.account, str(name)) for name in wanted)
    shown = [{"id": int(p.id), "key": p.key} for p in site.projects(call.account)] if may else []
    return Answer({"projects": shown}, len(shown))
