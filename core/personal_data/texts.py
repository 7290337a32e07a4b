"""Accounts in what people write: finding them in reports' texts and definitions, and replacing them there.

1. A value that is an account's id as a whole is that account: a filter's value, a value in JQL.
2. Within other text, names and descriptions too, an id counts where it stands by itself and cannot be
   mistaken: it is long and has a digit in it, as all that Atlassian gives out are. `[~accountid:…]`, as Jira
   writes people into texts, is one.
3. What is replaced stays what it was otherwise: JQL reads the same, a definition stays a valid one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.accounts import is_nobody
from core.definition.fields import field_of
from core.personal_data.jql import replaced_in_jql
from core.reports.body import CHANGES, LONGEST_NAME, name_key

Ids = Mapping[str, str]
"""New names by the ids that they replace."""

# Any length of what ids are made of, as one piece.
_PIECE = re.compile(r"[A-Za-z0-9]+(?:[:-]+[A-Za-z0-9]+)*", re.ASCII)
_MENTION = "accountid:"
_UNMISTAKABLE = 20
# Ids as Atlassian gives them out: 24 hexadecimal digits, or a number or two letters and a UUID.
_SHAPE = re.compile(r"[0-9a-f]{24}|(?:[0-9]{1,10}|[a-z]{2}):[0-9A-Za-z:-]{18,117}", re.ASCII)
_WHOLE = re.compile(r"[A-Za-z0-9:-]{1,128}", re.ASCII)
_LONGEST_DESCRIPTION: int = CHANGES["$defs"]["ReportDescription"]["maxLength"]
_PROSE = frozenset({"label", "name", "expression"})


@dataclass(frozen=True)
class Text:
    """What people have written of a report or of one of its versions."""

    name: str
    description: str
    definition: dict[str, Any]

    def without(self, ids: Ids) -> "Text":
        """The same with accounts replaced."""
        return Text(
            in_prose(self.name, ids)[:LONGEST_NAME],
            in_prose(self.description, ids)[:_LONGEST_DESCRIPTION],
            in_definition(self.definition, ids),
        )

    def accounts(self) -> set[str]:
        """The ids of accounts that it holds, as far as they show that they are such."""
        found = {*_shaped(self.name), *_shaped(self.description), *_in_part("", self.definition)}
        return {account for account in found if not is_nobody(account)}

    @property
    def name_key(self) -> str:
        """What a report of this name is sorted by."""
        return name_key(self.name)


def in_definition(definition: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """A definition in which accounts are replaced: in JQL, in values of filters and in what people wrote."""
    return {key: _part(key, part, ids) for key, part in definition.items()}


def in_jql(jql: str, ids: Ids) -> str:
    """A query in which the values that are accounts are replaced."""
    return replaced_in_jql(jql, partial(in_value, ids=ids))


def in_value(value: str, ids: Ids) -> str:
    """A value: another one where it is an account, else with the accounts in it replaced."""
    return ids.get(value) or in_prose(value, ids)


def in_prose(text: str, ids: Ids) -> str:
    """A text with the accounts that stand in it replaced."""

    def replaced(match: re.Match[str]) -> str:
        before, mention, account = match.group().rpartition(_MENTION)
        new = ids.get(account) if _is_unmistakable(account) else None
        return match.group() if new is None else before + mention + new

    return _PIECE.sub(replaced, text)


def _part(key: str, part: Any, ids: Ids) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(part, dict):
        return part if key == "of" else {name: _part(name, member, ids) for name, member in part.items()}
    if isinstance(part, list):
        values = key == "values"
        return [in_value(i, ids) if values and isinstance(i, str) else _part(key, i, ids) for i in part]
    if not isinstance(part, str):
        return part
    return in_jql(part, ids) if key == "jql" else in_prose(part, ids) if key in _PROSE else part


def _in_part(key: str, part: object) -> Iterator[str]:
    """The accounts in a part of a definition."""
    if isinstance(part, dict):
        if "operator" in part and field_of(part["of"].get("field", "")).kind == "user":
            yield from filter(_is_account, part.get("values", []))
        for name, member in part.items():
            yield from _in_part(name, member)
    elif isinstance(part, list):
        for item in part:
            yield from _in_part(key, item)
    elif isinstance(part, str):
        yield from _shaped_in_jql(part) if key == "jql" else _shaped(part)


def _shaped_in_jql(jql: str) -> list[str]:
    found: list[str] = []

    def noted(text: str) -> str:
        found.extend(_shaped(text))
        return text

    replaced_in_jql(jql, noted)
    return found


def _shaped(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(text):
        account = piece.rpartition(_MENTION)[2]
        if _is_unmistakable(account) and _SHAPE.fullmatch(account):
            yield account


def _is_account(value: object) -> bool:
    return isinstance(value, str) and _WHOLE.fullmatch(value) is not None and _has_digit(value)


def _is_unmistakable(account: str) -> bool:
    return len(account) >= _UNMISTAKABLE and _has_digit(account)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
