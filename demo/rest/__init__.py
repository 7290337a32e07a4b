"""Jira's REST API, version 3, over a `demo.issues` site.

How to mount it::

    site = demo.issues.open_site(base_url, path_or_none)      # generated, or from a file of issues
    app = create_rest(site, middleware=[gateway])             # or add_rest(app, site) on an app of one's own

The middleware sets `req.context.account`: one of `site.accounts()` for a call from somebody's browser, None
for a call of the add-on's server, which sees everything. Before the call it may ask `scope_of(method,
path)`, which names the Connect scope (`READ`, `WRITE`, `INACCESSIBLE`; None where no route answers). After
it, `resp.context.points` holds what the call costs: one, and one or two an object returned. Refusals are
`{"errorMessages": [...], "errors": {}}`; `refuse(resp, status, message)` writes one in that form. Pictures
are not served here: `/avatars/<account id>.svg`, `/avatars/project-<id>.svg`,
`/icons/{issuetype,priority}/<id>.svg`, `/icons/status/<category>.svg`.
"""

from __future__ import annotations

from demo.rest.app import add_rest, create_rest, refuse
from demo.rest.routes import ROUTES, Route, route_of, scope_of

__all__ = ["ROUTES", "Route", "add_rest", "create_rest", "refuse", "route_of", "scope_of"]
