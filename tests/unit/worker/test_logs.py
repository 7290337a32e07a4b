from __future__ import annotations

import json
import logging
import sys
from uuid import UUID

from worker.logs import JsonLines


def line_of(record: logging.LogRecord) -> dict[str, object]:
    text = JsonLines().format(record)
    assert "\n" not in text
    line: dict[str, object] = json.loads(text)
    return line


def test_a_record_is_one_json_line_with_its_extra_members() -> None:
    extra = {"task": UUID(int=7), "seconds": 0.5}
    record = logging.getLogger("worker").makeRecord(
        "worker", logging.INFO, "f", 1, "ended %s", ("well\n",), None, extra=extra
    )
    line = line_of(record)
    assert (line["level"], line["logger"], line["message"]) == ("info", "worker", "ended well\n")
    assert (line["task"], line["seconds"]) == (str(UUID(int=7)), 0.5)
    assert str(line["time"]).endswith("+00:00")


def test_an_error_is_named_and_placed_but_not_quoted() -> None:
    try:
        raise LookupError("the report's secret words")
    except LookupError:
        record = logging.getLogger().makeRecord("worker", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    line = line_of(record)
    assert line["error"] == "LookupError"
    assert "test_logs.py" in str(line["where"])
    assert "secret words" not in json.dumps(line)
