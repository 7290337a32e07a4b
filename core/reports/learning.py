"""Asking Jira for what a query of reports had to leave open."""

from dataclasses import replace

from core.callers import Caller
from core.database import Row
from core.reports.rows import MOST_PROJECTS_ASKED
from core.rights import Rights, Standing


def learnt(rights: Rights, caller: Caller, standing: Standing, row: Row) -> Standing:
    """What is known of the caller once Jira was asked for what a row with the columns of `unasked` lacks."""
    groups, projects = row["unasked_groups"], row["unasked_projects"]
    if not groups and not projects:
        return standing
    known = rights.learn(caller.tenant, caller.account_id, standing, groups=groups, projects=projects)
    if len(projects) == MOST_PROJECTS_ASKED:
        return replace(known, unchecked=True)
    return known
