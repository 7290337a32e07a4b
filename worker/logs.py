"""Logs of the background processes: a JSON object a line on standard error."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger, message, process, and the record's `extra` fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        extra = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **extra,
        }
        if record.exc_info and record.exc_info[1] is not None:
            # What it was and where, but not its words: a database's message quotes what a report holds.
            line["error"] = type(record.exc_info[1]).__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, default=str, ensure_ascii=False)


def start_logging(level: str) -> None:
    """Sends all logs of this process to standard error at a level such as `INFO`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # RQ tells of every step of every job; what matters of it is a warning.
    for chatty in ("rq", "redis"):
        logging.getLogger(chatty).setLevel(max(logging.getLevelName(level), logging.WARNING))
