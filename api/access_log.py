"""The log: one JSON object a line, one line a request, and nothing in it of tokens, people or reports."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

import falcon

WriteLine = Callable[[str], object]
_NAME = "sightline.access"
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
    """Falcon middleware. Logs the route's template, never the address: that holds ids and search words.

    It writes lines of its own, or none: a record and its way through `logging` take three times as long.
    """

    def __init__(self, write: WriteLine | None) -> None:
        self._write = write

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        """Notes when the request came."""
        req.context.began = time.perf_counter()

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Logs the request."""
        if self._write is None:
            return
        caller = getattr(req.context, "caller", None)
        line = {
            "time": _written(time.time()),
            "level": "INFO",
            "logger": _NAME,
            "message": "request",
            "request_id": req.context.request_id,
            "method": req.method,
            "route": req.uri_template or "unknown",
            "status": resp.status_code,
            "milliseconds": round((time.perf_counter() - req.context.began) * 1000, 2),
            "tenant": str(caller.tenant.id) if caller else None,
            **_why(req),
        }
        self._write(f"{_in_json(line)}\n")


def _why(req: falcon.Request) -> dict[str, str]:
    """Why a stranger was refused, in our own words."""
    reason = getattr(req.context, "refused_because", None)
    return {"reason": reason} if reason else {}


def _written(moment: float) -> str:
    """A moment as `JsonLines` writes it."""
    second, milliseconds = divmod(int(moment * 1000), 1000)
    return f"{_second(second)}.{milliseconds:03d}+00:00"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def configure(level: str) -> WriteLine | None:
    """Sends this process's log to standard output as lines of JSON; answers how lines of requests get there.

    No line says which thread or line of code wrote it, so it is not looked for, which would take as long as
    all the rest (Logging HOWTO, Optimization).
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # the documented way
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    return _write if logging.getLogger(_NAME).isEnabledFor(logging.INFO) else None


def _write(line: str) -> None:
    """In one piece, as other threads and processes write there too. No request fails for want of its line."""
    with suppress(OSError):
        os.write(sys.stdout.fileno(), line.encode())
