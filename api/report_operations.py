"""What the routes of reports take and answer."""

from dataclasses import replace
from http import HTTPStatus

from api.openapi import Answer, Body, Header, Operation
from api.preconditions import ETAG, IDEMPOTENCY_KEY, IF_MATCH
from api.report_query import PARAMETERS

_EXAMPLE = {
    "name": "Hours left by month",
    "definition": {
        "jql": "project = TIMOB AND created >= -365d",
        "columns": [
            {"of": {"field": "issuekey"}},
            {"of": {"formula": "remaining"}, "aggregate": "sum", "format": {"style": "hours"}},
        ],
        "formulas": [
            {
                "id": "remaining",
                "name": "Hours left",
                "expression": "(timeoriginalestimate - timespent) / 3600",
            }
        ],
        "groups": [{"of": {"field": "created"}, "by": "month"}],
    },
    "visibility": "limited",
    "shared_with": {"groups": [{"id": "0a1b2c", "name": "Developers"}]},
}
_REPORT = Answer("The report.", "Report", (ETAG,))
_DONE = Answer("Done.")
_INVALID = {HTTPStatus.UNPROCESSABLE_ENTITY: "The body does not fit; `errors` says where and why."}
_FULL = {HTTPStatus.CONFLICT: "The site has as many reports as it may have."}
_STALE = {
    HTTPStatus.PRECONDITION_REQUIRED: "There is no If-Match.",
    HTTPStatus.PRECONDITION_FAILED: "The report has changed; `report` is what it is now.",
}
_NOT_THEIRS = {HTTPStatus.FORBIDDEN: "The caller does not administer the report."}
_CHANGE = _NOT_THEIRS | _STALE
_NEW = Answer(
    "The new report.",
    "Report",
    (ETAG, Header(name="Location", about="The report's address.", schema={"type": "string"})),
)

LIST = Operation(
    summary="List reports",
    query=PARAMETERS,
    answers={HTTPStatus.OK: Answer("A page of the reports that the caller sees.", "ReportPage")},
)
CREATE = Operation(
    summary="Create a report",
    headers=(IDEMPOTENCY_KEY,),
    body=Body("NewReport", _EXAMPLE),
    answers={HTTPStatus.CREATED: _NEW},
    refusals=_FULL | _INVALID,
)
READ = Operation(summary="Read a report", answers={HTTPStatus.OK: _REPORT})
CHANGE = Operation(
    summary="Change a report",
    headers=(IF_MATCH,),
    body=Body("ReportChanges", {"name": "Hours left", "visibility": "public"}),
    answers={HTTPStatus.OK: _REPORT},
    refusals=_CHANGE | _INVALID,
)
DELETE = Operation(
    summary="Delete a report",
    headers=(IF_MATCH,),
    answers={HTTPStatus.NO_CONTENT: replace(_DONE, headers=(ETAG,))},
    refusals=_CHANGE,
)
COPY = Operation(
    summary="Copy a report",
    headers=(IDEMPOTENCY_KEY,),
    body=Body("ReportCopy", {"name": "Hours left, for us"}, required=False),
    answers={HTTPStatus.CREATED: _NEW},
    refusals=_FULL | _INVALID,
)
RESTORE = Operation(
    summary="Restore a deleted report",
    headers=(IF_MATCH,),
    answers={HTTPStatus.OK: _REPORT},
    refusals=_FULL | _STALE,
)
TAKE_OVER = Operation(
    summary="Take a report over",
    answers={HTTPStatus.OK: _REPORT},
    refusals={HTTPStatus.CONFLICT: "The report has as many administrators as it may have."},
)
STAR = Operation(summary="Star a report", answers={HTTPStatus.NO_CONTENT: _DONE})
UNSTAR = Operation(summary="Take the star away", answers={HTTPStatus.NO_CONTENT: _DONE})
LIST_VERSIONS = Operation(
    summary="List a report's versions",
    answers={HTTPStatus.OK: Answer("The versions.", "ReportVersionList")},
    refusals=_NOT_THEIRS,
)
READ_VERSION = Operation(
    summary="Read a report's version",
    answers={HTTPStatus.OK: Answer("The version.", "ReportVersion")},
    refusals=_NOT_THEIRS,
)
RESTORE_VERSION = Operation(
    summary="Restore a report's version",
    headers=(IF_MATCH,),
    answers={HTTPStatus.OK: _REPORT},
    refusals=_CHANGE,
)
