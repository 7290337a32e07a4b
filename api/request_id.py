"""An id for each request, in the answer and in the log."""

import re
import secrets

import falcon

_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


class RequestId:
    """Falcon middleware: takes nginx's id where there is one, and says it in every answer."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Sets `req.context.request_id` before anything can fail."""
        given = req.get_header("X-Request-Id") or ""
        request_id = given if _ACCEPTABLE.fullmatch(given) else secrets.token_hex(16)
        req.context.request_id = request_id
        resp.set_header("X-Request-Id", request_id)
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Content-Type-Options", "nosniff")
