"""Documents of any site, for property tests: whatever its people may have made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.imports import uuid, whole

DEFINITIONS: list[dict[str, Any]] = [
    {"jql": "", "columns": [{"of": {"field": "issuekey"}}]},
    {
        "jql": 'summary ~ "Ünïts ☂ \\\\ \\"x\\"" ORDER BY created',
        "columns": [{"of": {"field": "customfield_10016"}, "aggregate": "sum"}, {"of": {"formula": "f"}}],
        "formulas": [{"id": "f", "name": "F", "expression": "customfield_10016 * 1.5 + 1e-7"}],
        "filters": [{"of": {"field": "customfield_10016"}, "operator": "between", "values": [-0.1, 1e21]}],
        "groups": [{"of": {"field": "created"}, "by": "month", "direction": "descending"}],
    },
    {
        "jql": "project = A",
        "columns": [{"of": {"field": "summary"}, "label": "\u202eright to left\u2028"}],
        "filters": [{"of": {"field": "status"}, "operator": "none of", "values": ["10002", "☃"]}],
    },
]  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ACCOUNTS = st.sampled_from(["ada", "bob", "712020:c0ffee-1", "5be24ad8b1653240376955d2"])
_MOMENTS = st.integers(1_000_000_000_000_000, 1_760_000_000_000_000).map(
    lambda micros: (_EPOCH + timedelta(microseconds=micros)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
)
# No control characters in names; anything but NUL and half characters elsewhere.
_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=255)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4000)
_IDS = st.from_regex(r"[A-Za-z0-9:_-]{1,40}", fullmatch=True)
_DIGITS = st.from_regex(r"[0-9]{1,19}", fullmatch=True)
_NUMBERS = st.integers(1, 1_000_000_000)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """What a report or version says."""
    return {
        "name": draw(_NAMES),
        "description": draw(_TEXTS),
        "definition": draw(st.sampled_from(DEFINITIONS)),
        "definition_version": 1,
    }


@st.composite
def reports(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A report."""
    groups = st.fixed_dictionaries({"id": _IDS, "name": _NAMES})
    shared = {
        "accounts": draw(st.lists(_ACCOUNTS, unique=True)),
        "groups": draw(st.lists(groups, max_size=3)),
        "projects": draw(st.lists(_DIGITS, unique=True, max_size=3)),
    }
    return {
        "id": uuid(number),
        **draw(contents()),
        "administrators": draw(st.lists(_ACCOUNTS, min_size=1, unique=True)),
        "visibility": draw(st.sampled_from(["private", "limited", "public"])),
        "shared_with": shared,
        "version": draw(_NUMBERS),
        "created_at": draw(_MOMENTS),
        "created_by": draw(_ACCOUNTS),
        "updated_at": draw(_MOMENTS),
        "updated_by": draw(_ACCOUNTS),
        "deleted_at": draw(st.none() | _MOMENTS),
    }


@st.composite
def versions(draw: st.DrawFn, of: dict[str, Any]) -> list[dict[str, Any]]:
    """The versions of a report, the oldest first."""
    numbers = st.lists(st.integers(1, of["version"]), unique=True, max_size=20)
    return [
        {
            "report_id": of["id"], "version": number, "at": draw(_MOMENTS), "account_id": draw(_ACCOUNTS),
            **draw(contents()), "imported": draw(st.booleans()),
        }
        for number in sorted(draw(numbers))
    ]  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An export of a site."""
    made = [draw(reports(number)) for number in range(draw(st.integers(0, 4)))]
    ids = st.sampled_from([one["id"] for one in made]) if made else st.nothing()
    stars = draw(st.lists(st.tuples(_ACCOUNTS, ids), unique=True, max_size=5)) if made else []
    places = draw(st.lists(st.tuples(_IDS, _IDS), unique=True, max_size=4))
    gadgets = [
        {
            "dashboard": dashboard, "item": item, "report_id": draw(st.none() | ids),
            "version": draw(_NUMBERS), "set_by": draw(_ACCOUNTS), "set_at": draw(_MOMENTS),
        }
        for dashboard, item in sorted(places)
    ]  # fmt: skip
    settings = {
        "contact_addresses": draw(st.lists(st.sampled_from(["a@b.example", "c.d+e@f.example"]), unique=True)),
        "version": draw(_NUMBERS), "updated_by": draw(_ACCOUNTS), "updated_at": draw(_MOMENTS),
    }  # fmt: skip
    return whole(
        reports=made,
        versions=[row for one in made for row in draw(versions(one))],
        stars=[{"account_id": account, "report_id": report} for account, report in stars],
        gadgets=gadgets,
        settings=draw(st.lists(st.just(settings), max_size=1)),
        tasks=[],
        audit=[],
    )
