"""What issues refer to: fields, priorities, statuses, resolutions, types, settings."""

from __future__ import annotations

from datetime import UTC, datetime

from demo.issues.model import Json, Priority
from demo.issues.site import Site
from demo.issues.values import natural
from demo.rest.call import Answer, Call, JiraError
from demo.rest.paging import offset_page


def fields(site: Site, _call: Call) -> Answer:
    """GET `/field`."""
    listed = [field.described() for field in site.fields.listed()]
    return Answer(listed, len(listed))


def priorities(site: Site, _call: Call) -> Answer:
    """GET `/priority`, highest first."""
    known = site.catalogue.priorities.values()
    return Answer([_priority(site, priority) for priority in known], len(known))


def priority(site: Site, call: Call) -> Answer:
    """GET `/priority/{id}`."""
    found = site.catalogue.priorities.get(call.path["id"])
    if found is None:
        raise JiraError(404, "The priority was not found.")
    return Answer(_priority(site, found), 1)


def priority_search(site: Site, call: Call) -> Answer:
    """GET `/priority/search`."""
    wanted, name = call.texts("id"), (call.text("priorityName") or "").casefold()
    known = [
        priority
        for priority in site.catalogue.priorities.values()
        if (not wanted or priority.id in wanted) and name in priority.name.casefold()
    ]
    return offset_page(
        site, call, known, lambda p: {**_priority(site, p), "isDefault": False}, default=50, most=50
    )


def _priority(site: Site, priority: Priority) -> Json:
    return {**site.shapes.priority(priority), "statusColor": priority.color, "description": ""}


def statuses(site: Site, _call: Call) -> Answer:
    """GET `/status`."""
    known = site.catalogue.statuses.values()
    return Answer([site.shapes.status(status) for status in known], len(known))


def status(site: Site, call: Call) -> Answer:
    """GET `/status/{idOrName}`."""
    wanted = call.path["idOrName"]
    for known in site.catalogue.statuses.values():
        if wanted in (known.id, known.name):
            return Answer(site.shapes.status(known), 1)
    raise JiraError(404, f"The status with id or name '{wanted}' does not exist.")


def status_categories(site: Site, _call: Call) -> Answer:
    """GET `/statuscategory`."""
    return Answer(list(site.shapes.categories.values()), len(site.shapes.categories))


def resolutions(site: Site, _call: Call) -> Answer:
    """GET `/resolution`."""
    known = site.catalogue.resolutions.values()
    return Answer([site.shapes.resolution(resolution) for resolution in known], len(known))


def resolution_search(site: Site, call: Call) -> Answer:
    """GET `/resolution/search`."""
    known = list(site.catalogue.resolutions.values())
    return offset_page(site, call, known, site.shapes.resolution, default=50, most=50)


def types(site: Site, _call: Call) -> Answer:
    """GET `/issuetype`."""
    known = site.catalogue.types.values()
    return Answer([site.shapes.type(type_) for type_ in known], len(known))


def labels(site: Site, call: Call) -> Answer:
    """GET `/label`."""
    found = {label for issue in site.store.issues() for label in issue.fields.get("labels", ())}
    return offset_page(site, call, sorted(found, key=natural), lambda label: label, default=1000, most=1000)


def link_types(site: Site, _call: Call) -> Answer:
    """GET `/issueLinkType`."""
    found: dict[str, Json] = {}
    for issue in site.store.issues():
        for link in issue.fields.get("issuelinks", ()):
            found.setdefault(link["type"]["id"], link["type"])
    shown = [
        {**type_, "self": site.shapes.url(f"issueLinkType/{id_}")} for id_, type_ in sorted(found.items())
    ]
    return Answer({"issueLinkTypes": shown}, len(shown))


def configuration(site: Site, _call: Call) -> Answer:
    """GET `/configuration`."""
    return Answer({
        "votingEnabled": True,
        "watchingEnabled": True,
        "unassignedIssuesAllowed": True,
        "subTasksEnabled": True,
        "issueLinkingEnabled": True,
        "timeTrackingEnabled": True,
        "attachmentsEnabled": True,
        "timeTrackingConfiguration": _time_tracking(site),
    })  # fmt: skip


def time_tracking(site: Site, _call: Call) -> Answer:
    """GET `/configuration/timetracking/options`."""
    return Answer(_time_tracking(site))


def _time_tracking(site: Site) -> Json:
    return {
        "workingHoursPerDay": site.working_time.hours_per_day,
        "workingDaysPerWeek": site.working_time.days_per_week,
        "timeFormat": "pretty",
        "defaultUnit": "minute",
    }


def server_info(site: Site, _call: Call) -> Answer:
    """GET `/serverInfo`."""
    now = datetime.fromtimestamp(site.now() / 1000, UTC)
    return Answer({
        "baseUrl": site.base_url,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100300,
        "buildDate": "2026-10-01T00:00:00.000+0000",
        "serverTime": f"{now:%Y-%m-%dT%H:%M:%S}.000+0000",
        "serverTitle": "Jira",
        "displayUrl": site.base_url,
    })  # fmt: skip
