"""The log: one JSON object a line, one line a request, and nothing in it of tokens, people or reports."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

import falcon

_LOG = logging.getLogger("sightline.access")
# json.dumps would make an encoder for each line.
_in_json = json.JSONEncoder(default=str).encode
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes a record and its `extra` members as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            # The name alone: messages of databases and parsers quote what they were given.
            line["error"] = record.exc_info[0].__name__
        return _in_json(line)


class AccessLog:
    """Falcon middleware. Logs the route's template, never the address: that holds ids and search words."""

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        """Notes when the request came."""
        req.context.began = time.perf_counter()

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Logs the request."""
        if not _LOG.isEnabledFor(logging.INFO):
            return
        caller = getattr(req.context, "caller", None)
        _LOG.info(
            "request",
            extra={
                "request_id": req.context.request_id,
                "method": req.method,
                "route": req.uri_template or "unknown",
                "status": resp.status_code,
                "milliseconds": round((time.perf_counter() - req.context.began) * 1000, 2),
                "tenant": str(caller.tenant.id) if caller else None,
                **_why(req),
            },
        )


def _why(req: falcon.Request) -> dict[str, str]:
    """Why a stranger was refused, in our own words."""
    reason = getattr(req.context, "refused_because", None)
    return {"reason": reason} if reason else {}


def configure(level: str) -> None:
    """Sends this process's log to standard output as lines of JSON.

    No line says which thread or line of code wrote it, so it is not looked for, which would take as long as
    all the rest (Logging HOWTO, Optimization).
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # the documented way
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
