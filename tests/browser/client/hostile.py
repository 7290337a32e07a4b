"""Issues that try to break a page: scripts, text that turns round, letters nobody sees, endless texts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.browser.planted import write_issues

FIELDS = 300
FIRST_FIELD = 20_001
LONG = "Endless " * 85_000
"""680,000 characters."""

TRAP = "window.top.__sprung = window.__sprung = true"
SCRIPTS = (
    f"<script>{TRAP}</script>",
    f'"><img src=x onerror="{TRAP}">',
    f"<svg/onload={TRAP}>",
    f"javascript:{TRAP}",
    f"{{{{constructor.constructor('{TRAP}')()}}}}",
    '=HYPERLINK("https://example.org","x")',
    "'; DROP TABLE reports; --",
)
TURNED = "\u202etxet desrever\u202d مشكلة في عرض النص \u2067 unended"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
STACKED = "Z" + "\u0310" * 400
SUMMARIES = (*SCRIPTS, TURNED, UNSEEN, STACKED, LONG, "__proto__", "\x00\x07 control", "😀" * 300)


def write_hostile_issues(path: Path, count: int) -> None:
    """Writes issues, one JSON a line, as the stand-in site loads them; each has `FIELDS` custom fields."""
    write_issues(path, count)
    lines = path.read_text().splitlines()
    hostile = [_spoil(json.loads(line), number) for number, line in enumerate(lines)]
    path.write_text("".join(f"{json.dumps(issue)}\n" for issue in hostile))


def _spoil(issue: dict[str, dict[str, object]], number: int) -> dict[str, dict[str, object]]:
    fields = issue["fields"]
    text = SUMMARIES[number % len(SUMMARIES)]
    short = text[:255]
    fields["summary"] = text
    fields["labels"] = [f"{short[:200]}-{place}" for place in range(number % 40)]
    fields["components"] = [{"id": str(900 + number % 9), "name": short}]
    fields["status"] = {"id": "77", "name": short, "statusCategory": {"id": 2, "key": "new", "name": "New"}}
    fields["assignee"] = {
        "accountId": f"712020:00000000-0000-4000-8000-{number % 7:012d}",
        "accountType": "atlassian",
        "displayName": SUMMARIES[number % 7],
        "active": True,
        "timeZone": "Europe/Berlin",
    }
    for place in range(FIELDS):
        fields[f"customfield_{FIRST_FIELD + place}"] = _value(place, short, number)
    return issue


def _value(place: int, text: str, number: int) -> object:
    """Every field is of one kind, as its first value tells the site; its values are of that shape."""
    shapes: tuple[object, ...] = (
        f"{place} {text}",
        number * place,
        [f"{text}-{place}"] * 3,
        {"id": str(place), "value": text},
        {"deep": {"deeper": [{"deepest": text}]}, "flag": True},
        [{"name": text, "checked": number % 2 == 0}],
    )
    return shapes[place % len(shapes)]
