"""Query parameters of the routes that take none."""

import falcon

from api.openapi.document import operation_of
from api.query import parameters

_OURS = "/api/v1/"


class KnownParameters:
    """Falcon middleware for routes that declare no parameter; those that declare some read them strictly.

    Addresses that others know us by stay lenient: Jira may add parameters to a callback, anyone to a page.
    """

    def process_resource(
        self, req: falcon.Request, _resp: falcon.Response, resource: object, _params: dict[str, object]
    ) -> None:
        """Refuses with 400, a pointer for each parameter, once the caller is proven."""
        if not req.params or not (req.uri_template or "").startswith(_OURS):
            return
        if hasattr(resource, f"on_{req.method.lower()}") and not operation_of(resource, req.method).query:
            parameters(req, {})
