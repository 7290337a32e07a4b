"""A sound definition that has every member of the schema."""

from __future__ import annotations

from typing import Any

STATUS = {"field": "status"}
SUMMARY = {"field": "summary"}
POINTS = {"field": "customfield_10016"}
CREATED = {"field": "created"}

WHOLE: dict[str, Any] = {
    "jql": "project = TIMOB AND created >= -365d",
    "rows": "issue",
    "columns": [
        {"of": {"field": "issuekey"}},
        {"of": SUMMARY, "width": 320, "label": "What", "pinned": True},
        {"of": POINTS, "aggregate": "sum", "format": {"style": "decimal", "digits": 1}},
        {"of": POINTS, "aggregate": {"percentile": 90}, "hidden": True},
        {"of": {"formula": "remaining"}, "aggregate": {"share": "parent"}, "format": {"style": "hours"}},
        {"of": CREATED, "aggregate": "minimum"},
    ],
    "formulas": [
        {"id": "remaining", "name": "Hours left", "expression": "(timeoriginalestimate - timespent) / 3600",
         "rollup": "sum"},
        {"id": "late", "name": "Late", "expression": "remaining < 0", "rollup": "evaluate"},
    ],
    "filters": [
        {"of": STATUS, "operator": "none of", "values": ["10002"]},
        {"of": CREATED, "operator": "in the last", "values": ["P365D"]},
        {"of": {"formula": "late"}, "operator": "equals", "values": [True]},
    ],
    "groups": [
        {"of": CREATED, "by": "month", "direction": "descending", "empty": "first", "collapsed": True},
        {"of": {"field": "components"}, "values": "each", "limit": 10,
         "orderBy": {"of": {"formula": "remaining"}, "aggregate": "sum"}},
        {"of": POINTS, "by": "range", "step": 5},
    ],
    "sort": [{"of": {"field": "priority"}, "direction": "descending"}],
    "formatting": [
        {"of": POINTS, "style": "highlight", "colour": "red",
         "when": {"of": POINTS, "operator": "greater", "values": [8]}},
    ],
    "chart": {"kind": "bar", "category": {"of": STATUS}, "series": {"of": {"field": "project"}},
              "measure": {"of": POINTS, "aggregate": "sum"}, "cumulative": True},
    "pivot": {"rows": [{"of": STATUS}], "columns": [{"of": CREATED, "by": "year"}],
              "measures": [{"of": SUMMARY, "aggregate": "count"}]},
    "options": {"view": "table", "weekStart": "monday", "fiscalYearStart": 4, "zone": "Europe/Berlin"},
}  # fmt: skip
