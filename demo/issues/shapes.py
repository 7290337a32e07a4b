"""References as the REST API shows them. One object each, shared by every issue that refers to it."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import quote

from demo.issues.model import (
    CATEGORIES,
    Account,
    Category,
    Component,
    Group,
    IssueType,
    Json,
    Level,
    Priority,
    Project,
    Resolution,
    Sprint,
    Status,
    Version,
)

_SIZES = (("48x48", ""), ("24x24", "?size=24"), ("16x16", "?size=16"), ("32x32", "?size=32"))


class Shapes:
    """Makes and keeps the JSON of references; `base` is the site's address without a trailing slash."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._made: dict[tuple[str, str | int], Json] = {}

    def url(self, path: str) -> str:
        """An address below `/rest/api/3/`."""
        return f"{self.base}/rest/api/3/{path}"

    def avatars(self, path: str) -> dict[str, str]:
        """The four sizes of one picture."""
        return {size: f"{self.base}{path}{query}" for size, query in _SIZES}

    def _once(self, kind: str, id_: str | int, make: dict[str, Json]) -> Json:
        return self._made.setdefault((kind, id_), make)

    def user(self, account: Account) -> Json:
        """A person as fields and worklogs show one; the email address stays private."""
        if found := self._made.get(("user", account.id)):
            return found
        address = quote(account.id, safe="")
        return self._once("user", account.id, {
            "self": self.url(f"user?accountId={address}"),
            "accountId": account.id,
            "avatarUrls": self.avatars(f"/avatars/{address}.svg"),
            "displayName": account.name,
            "active": account.active,
            "timeZone": account.zone,
            "accountType": account.kind,
        })  # fmt: skip

    def group(self, group: Group) -> Json:
        """A group by name and id."""
        address = self.url(f"group?groupId={group.id}")
        return self._once("group", group.id, {"name": group.name, "groupId": group.id, "self": address})

    def project(self, project: Project) -> Json:
        """A project as an issue shows its own."""
        if found := self._made.get(("project", project.id)):
            return found
        made = {
            "self": self.url(f"project/{project.id}"),
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": project.kind,
            "simplified": False,
            "avatarUrls": self.avatars(f"/avatars/project-{project.id}.svg"),
        }
        if project.category:
            id_, name = project.category
            address = self.url(f"projectCategory/{id_}")
            made["projectCategory"] = {"self": address, "id": id_, "description": "", "name": name}
        return self._once("project", project.id, made)

    def type(self, type_: IssueType) -> Json:
        """An issue type."""
        return self._made.get(("type", type_.id)) or self._once("type", type_.id, {
            "self": self.url(f"issuetype/{type_.id}"),
            "id": type_.id,
            "description": type_.description,
            "iconUrl": f"{self.base}/icons/issuetype/{type_.id}.svg",
            "name": type_.name,
            "subtask": type_.level < 0,
            "avatarId": 10300 + int(type_.id) % 100,
            "hierarchyLevel": type_.level,
        })  # fmt: skip

    @cached_property
    def categories(self) -> dict[str, Json]:
        """Status categories by key."""
        return {category.key: self._category(category) for category in CATEGORIES}

    def _category(self, category: Category) -> Json:
        return {
            "self": self.url(f"statuscategory/{category.id}"),
            "id": category.id,
            "key": category.key,
            "colorName": category.color,
            "name": category.name,
        }

    def status(self, status: Status) -> Json:
        """A status with its category."""
        return self._made.get(("status", status.id)) or self._once("status", status.id, {
            "self": self.url(f"status/{status.id}"),
            "description": "",
            "iconUrl": f"{self.base}/icons/status/{status.category}.svg",
            "name": status.name,
            "id": status.id,
            "statusCategory": self.categories[status.category],
        })  # fmt: skip

    def priority(self, priority: Priority) -> Json:
        """A priority as an issue shows it."""
        return self._made.get(("priority", priority.id)) or self._once("priority", priority.id, {
            "self": self.url(f"priority/{priority.id}"),
            "iconUrl": f"{self.base}/icons/priority/{priority.id}.svg",
            "name": priority.name,
            "id": priority.id,
        })  # fmt: skip

    def resolution(self, resolution: Resolution) -> Json:
        """A resolution."""
        return self._made.get(("resolution", resolution.id)) or self._once("resolution", resolution.id, {
            "self": self.url(f"resolution/{resolution.id}"),
            "id": resolution.id,
            "description": "",
            "name": resolution.name,
        })  # fmt: skip

    def version(self, version: Version) -> Json:
        """A version as an issue shows it."""
        if found := self._made.get(("version", version.id)):
            return found
        made = {
            "self": self.url(f"version/{version.id}"),
            "id": version.id,
            "description": "",
            "name": version.name,
            "archived": version.archived,
            "released": version.released,
        }
        if version.release:
            made["releaseDate"] = version.release
        return self._once("version", version.id, made)

    def component(self, component: Component) -> Json:
        """A component as an issue shows it."""
        address = self.url(f"component/{component.id}")
        made = {"self": address, "id": component.id, "name": component.name}
        return self._made.get(("component", component.id)) or self._once("component", component.id, made)

    def sprint(self, sprint: Sprint) -> Json:
        """A sprint as the Sprint field shows it; a future one has no dates."""
        if found := self._made.get(("sprint", sprint.id)):
            return found
        made: dict[str, Json] = {
            "id": sprint.id,
            "name": sprint.name,
            "state": sprint.state,
            "boardId": sprint.board,
            "goal": sprint.goal,
        }
        dates = {"startDate": sprint.start, "endDate": sprint.end, "completeDate": sprint.complete}
        return self._once("sprint", sprint.id, made | {name: at for name, at in dates.items() if at})

    def level(self, level: Level) -> Json:
        """A security level."""
        address = self.url(f"securitylevel/{level.id}")
        made = {"self": address, "id": level.id, "description": "", "name": level.name}
        return self._made.get(("level", level.id)) or self._once("level", level.id, made)

    def option(self, id_: int, value: str) -> Json:
        """An option of a select list."""
        made = {"self": self.url(f"customFieldOption/{id_}"), "value": value, "id": str(id_)}
        return self._made.get(("option", id_)) or self._once("option", id_, made)
