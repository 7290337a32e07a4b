from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import definition
from core.accounts import CLOSED, HASH, is_nobody
from core.personal_data.hashes import hash_of
from core.personal_data.texts import Text, in_definition, in_jql, in_prose
from demo.jql.parse import parse
from demo.jql.syntax import JqlError
from demo.jql.words import quoted

GONE = "5be24ba3f91c106033269289"
OTHER = "712020:0f2c6a1e-8d0b-4d3e-9f5a-1b2c3d4e5f60"
# Its beginning is another account's id.
LONGER = f"{GONE}0"
IDS = {GONE: CLOSED}

accounts = st.sampled_from([GONE, OTHER, LONGER, "ann", "in", "5be24ad8b1653240376955d2"])
plain = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
spaces = st.sampled_from(["", " ", "\n", "\t ", "  "])


@st.composite
def values(draw: st.DrawFn) -> str:
    account = draw(accounts)
    styles = [
        quoted(account),
        f'"{account}"',
        f"'{account}'",
        '"' + "".join(f"\\u{ord(c):04x}" for c in account) + '"',
    ]
    other = draw(st.one_of(plain, st.sampled_from(["PROJ", "EMPTY", "-5d", "10001"])))
    return draw(st.sampled_from([*styles, quoted(other)]))


@st.composite
def clauses(draw: st.DrawFn) -> str:
    field = draw(
        st.sampled_from(["assignee", "reporter", "project", "cf[10020]", "voter", "ann", '"My field"'])
    )
    space = draw(spaces) or " "
    listed = ",".join(draw(st.lists(values(), min_size=1, max_size=4)))
    value = draw(values())
    return draw(
        st.sampled_from(
            [
                f"{field}={space}{value}",
                f"{field} != {value}",
                f"{field} in ({space}{listed})",
                f"{field} not in ({listed})",
                f"assignee was in ({listed}) before -1w",
                f"status changed by {value}",
                f"issuekey in updatedBy({value}, '-1d')",
                f"not ({field} = {value})",
            ]
        )
    )


@st.composite
def queries(draw: st.DrawFn) -> str:
    where = draw(st.sampled_from([" AND ", "\nOR "])).join(draw(st.lists(clauses(), min_size=1, max_size=4)))
    return where + draw(st.sampled_from(["", " ORDER BY assignee, created desc"]))


def with_values_replaced(tree: object, ids: dict[str, str]) -> str:
    """A parsed query as text in which each value that is an account is replaced, sources left out."""

    def of(part: Any) -> Any:
        if isinstance(part, tuple):
            return [of(item) for item in part]
        if not hasattr(part, "__dataclass_fields__"):
            return part
        name = type(part).__name__
        members = {
            m: of(getattr(part, m)) for m in part.__dataclass_fields__ if m not in {"source", "quoted"}
        }
        if name == "Value":
            members["text"] = ids.get(members["text"], members["text"])
        if name == "Function":
            members["arguments"] = [ids.get(a, a) for a in members["arguments"]]
        return [name, members]

    return json.dumps(of(tree))


@given(queries(), st.sampled_from([GONE, OTHER, LONGER, "ann", "in"]))
def test_a_query_means_the_same_but_for_the_accounts_that_are_replaced(jql: str, account: str) -> None:
    try:
        before = parse(jql)
    except JqlError:
        return
    new = in_jql(jql, {account: CLOSED})

    assert with_values_replaced(parse(new), {}) == with_values_replaced(before, {account: CLOSED})


@given(queries(), st.text(max_size=5))
def test_an_unmistakable_account_is_nowhere_in_a_query_afterwards(jql: str, end: str) -> None:
    new = in_jql(jql + end, IDS)

    assert GONE not in new.replace(LONGER, "")


@given(queries())
def test_what_was_hashed_and_put_back_means_what_it_did(jql: str) -> None:
    hashed = hash_of("00" * 32, GONE)
    there = in_jql(jql, {GONE: hashed})
    back = there.replace(hashed, GONE)

    assert GONE not in there.replace(LONGER, "")
    if "\\u" not in jql:
        assert back == jql


@given(st.text(st.characters(codec="utf-8")))
def test_what_names_no_account_stays_to_the_byte(text: str) -> None:
    assert in_jql(text, IDS) == text
    assert in_prose(text, IDS) == text


@pytest.mark.parametrize(
    ("jql", "wanted"),
    [
        (f"assignee = {GONE}", f"assignee = {CLOSED}"),
        (f"assignee={GONE}", f"assignee={CLOSED}"),
        (f"assignee in ({OTHER},{GONE})", f"assignee in ({OTHER},{CLOSED})"),
        (f"assignee = '{GONE}' and project = A", f"assignee = '{CLOSED}' and project = A"),
        (f'text ~ "[~accountid:{GONE}] said so"', f'text ~ "[~accountid:{CLOSED}] said so"'),
        (f'assignee = "{GONE}', f'assignee = "{CLOSED}'),
        (f"assignee = {LONGER}", f"assignee = {LONGER}"),
        (f"assignee = x:{GONE}", f"assignee = x:{GONE}"),
        (f"({GONE}", f"({CLOSED}"),
        (f'"a \\"b\\" {GONE}"', f'"a \\"b\\" {CLOSED}"'),
    ],
)
def test_an_account_is_found_in_all_its_spellings_and_another_is_left(jql: str, wanted: str) -> None:
    assert in_jql(jql, IDS) == wanted


def test_a_name_of_letters_alone_is_a_value_but_no_field_or_keyword() -> None:
    jql = "project = project AND project in (project, order) ORDER BY project"

    assert in_jql(jql, {"project": CLOSED, "order": CLOSED}) == (
        f"project = {CLOSED} AND project in ({CLOSED}, order) ORDER BY project"
    )


def filters(account: str) -> list[dict[str, Any]]:
    return [
        {"of": {"field": "assignee"}, "operator": "none of", "values": [account, OTHER]},
        {"of": {"field": "customfield_10050"}, "operator": "any of", "values": [account, 5, True]},
        {"of": {"field": "summary"}, "operator": "contains", "values": [f"by {account}."]},
    ]


def whole(account: str) -> dict[str, Any]:
    return {
        "jql": f"assignee = {account} OR creator in ('{account}')",
        "columns": [{"of": {"field": "issuekey"}, "label": f"Of {account}"}],
        "formulas": [{"id": "theirs", "name": f"Of {account}", "expression": f'assignee = "{account}"'}],
        "filters": filters(account),
        "formatting": [
            {"of": {"field": "assignee"}, "style": "highlight", "colour": "red", "when": filters(account)[0]}
        ],
    }


def test_a_definition_loses_the_account_wherever_it_stands_and_stays_sound() -> None:
    assert definition.check(whole(GONE)) == []

    new = in_definition(whole(GONE), IDS)

    assert new == whole(CLOSED)
    assert definition.check(new) == []
    assert Text("", "", new).accounts() == {OTHER}


@given(st.lists(clauses(), max_size=3), st.lists(accounts, min_size=1, max_size=5))
def test_any_definition_stays_sound_and_loses_the_account(where: list[str], chosen: list[str]) -> None:
    made = {
        "jql": " AND ".join(where),
        "columns": [{"of": {"field": "issuekey"}}],
        "filters": [{"of": {"field": "reporter"}, "operator": "any of", "values": chosen}],
    }
    assert definition.check(made) == []

    for ids in (IDS, {GONE: hash_of("ab" * 32, GONE)}):
        new = in_definition(made, ids)
        assert definition.check(new) == []
        assert GONE not in json.dumps(new).replace(LONGER, "")
        assert new["filters"][0]["values"] == [ids.get(account, account) for account in chosen]


def test_accounts_are_found_where_people_wrote_them() -> None:
    text = Text(
        f"For {GONE}", f"Ask [~accountid:{OTHER}]", whole("712020:11111111-2222-3333-4444-555555555555")
    )

    assert text.accounts() == {GONE, OTHER, "712020:11111111-2222-3333-4444-555555555555"}


def test_dates_numbers_and_words_are_no_accounts() -> None:
    jql = 'created > "2026-01-01 10:00" AND duedate < 2026-11-23T10:00:00 AND key = ABC-12345678901234567890'
    values = ["currentUser", CLOSED, hash_of("00" * 32, GONE)]
    made = {"jql": jql, "filters": [{"of": {"field": "assignee"}, "operator": "any of", "values": values}]}

    assert Text("2026", "18:30:00", made).accounts() == set()


@given(st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_a_hash_stands_for_nobody_and_is_no_longer_than_the_shortest_id(account: str, key: bytes) -> None:
    hashed = hash_of(key.hex(), account)

    assert HASH.fullmatch(hashed)
    assert is_nobody(hashed)
    assert len(hashed) == len(GONE)
