"""What the routes of reports take and answer."""

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
_CHANGE = {
    HTTPStatus.FORBIDDEN: "The caller does not administer the report.",
    HTTPStatus.PRECONDITION_REQUIRED: "There is no If-Match.",
    HTTPStatus.PRECONDITION_FAILED: "The report has changed; `version` is the present one.",
}

LIST = Operation(
    summary="List reports",
    query=PARAMETERS,
    answers={HTTPStatus.OK: Answer("A page of the reports that the caller sees.", "ReportPage")},
)
CREATE = Operation(
    summary="Create a report",
    headers=(IDEMPOTENCY_KEY,),
    body=Body("NewReport", _EXAMPLE),
    answers={
        HTTPStatus.CREATED: Answer(
            "The new report.",
            "Report",
            (ETAG, Header(name="Location", about="The report's address.", schema={"type": "string"})),
        )
    },
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
    answers={HTTPStatus.NO_CONTENT: _DONE},
    refusals=_CHANGE,
)
RESTORE = Operation(summary="Restore a deleted report", answers={HTTPStatus.OK: _REPORT}, refusals=_FULL)
STAR = Operation(summary="Star a report", answers={HTTPStatus.NO_CONTENT: _DONE})
UNSTAR = Operation(summary="Take the star away", answers={HTTPStatus.NO_CONTENT: _DONE})
