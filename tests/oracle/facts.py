"""Jira's raw JSON as facts in DuckDB: what each issue's fields hold, and the order of their values.

Tables: `issues(issue, id, key)`; `numbers(issue, …)`, one column a number or date (before formulas, in
`own_numbers`); `wide(issue, …)`, the same with a column `t_<field>` of names; `v_<field>(issue, place,
id, alias, name, rank)`, one row a value of a field with names; `n_<field>(rank, key, name)`;
`subtasks(issue, parent)`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.oracle.case import Formula
from tests.oracle.fields import FIELDS, PRIORITIES, Field, field_of

# Digits as numbers of one width, so that Sprint 9 comes before Sprint 10.
_NATURAL = r"""array_to_string(list_transform(regexp_extract_all({name}, '[0-9]+|[^0-9]+'),
    lambda part: CASE WHEN part[1] BETWEEN '0' AND '9' THEN lpad(ltrim(part, '0'), 24, '0') ELSE part END),
    '')"""

# What an app's value reads like: a text, itself or within JSON, a name, or its members.
_APP_TEXT = """CASE json_type(j)
    WHEN 'VARCHAR' THEN CASE WHEN (j ->> '$') LIKE '{%' THEN CAST(j ->> '$' AS JSON) ->> '$.name'
                        ELSE j ->> '$' END
    WHEN 'OBJECT' THEN coalesce(j ->> '$.name', j ->> '$.title', j ->> '$.value', array_to_string(
        list_transform(json_keys(j), lambda k: k || ': ' || json_extract_string(j, '$.' || k)), ', '))
    ELSE j ->> '$' END"""

_WRITTEN = {
    # kind: (id, name, alias)
    "cascade": (
        "concat_ws(':', j ->> '$.id', j ->> '$.child.id')",
        "concat_ws(' \u203a ', j ->> '$.value', j ->> '$.child.value')",
        "CASE WHEN (j -> '$.child') IS NOT NULL THEN j ->> '$.id' END",
    ),
    "unknown": (_APP_TEXT, _APP_TEXT, "j ->> '$.id'"),
}

_IDS = {"user": "accountId", "issue": "key"}
_NAMES = {"user": "displayName", "issue": "key", "option": "value"}
_APART = {"user", "project"}


def load(path: Path) -> duckdb.DuckDBPyConnection:
    """A database of the issues of a file, one JSON a line, gzipped or not."""
    database = duckdb.connect(config={"threads": 1})
    members = ", ".join(f'"{one.id}" JSON' for one in FIELDS.values() if one.kind != "key")
    database.execute(
        f"""CREATE TABLE issues AS SELECT row_number() OVER () AS issue, id, key, unnest(fields)
           FROM read_json(?, format = 'newline_delimited',
                columns = {{id: 'VARCHAR', key: 'VARCHAR', fields: 'STRUCT({members})'}})""",
        [str(path)],
    )
    database.execute(f"CREATE TABLE own_numbers AS SELECT issue, {_numbers()} FROM issues")
    for one in FIELDS.values():
        if one.named:
            _load_values(database, one, _values(one))
    database.execute(
        """CREATE TABLE subtasks AS SELECT child.issue, parents.issue AS parent
           FROM issues child JOIN issues parents ON parents.key = child.parent ->> '$.key'
           WHERE (child.issuetype ->> '$.subtask') = 'true'"""
    )
    database.execute(f"CREATE TABLE wide AS SELECT own_numbers.*, {_names()} FROM own_numbers")
    return database


def add_formulas(database: duckdb.DuckDBPyConnection, formulas: tuple[Formula, ...]) -> None:
    """Makes the formulas of a case facts like those of fields, in place of the last case's."""
    named = [one for one in formulas if field_of({"formula": one.id}).named]
    own = [one.id for one in FIELDS.values() if not one.named]
    computed = [f"{one.sql} AS formula_{one.id}" for one in formulas if one not in named]
    columns = ", ".join(["issue", *own, *computed])
    database.execute(f"CREATE OR REPLACE TABLE numbers AS SELECT {columns} FROM wide")
    for one in named:
        values = f"SELECT issue, 1 AS place, to_json({one.sql}) AS j FROM wide"
        _load_values(database, field_of({"formula": one.id}), values)


def _names() -> str:
    """Names of each issue by field, as a list where there may be several."""
    return ", ".join(
        f"(SELECT {'list(name ORDER BY place)' if one.multiple else 'min(name)'} FROM v_{one.id} "
        f"WHERE v_{one.id}.issue = own_numbers.issue) AS t_{one.id}"
        for one in FIELDS.values()
        if one.named
    )


def _numbers() -> str:
    return ", ".join(f"{_number(one)} AS {one.id}" for one in FIELDS.values() if not one.named)


def _number(one: Field) -> str:
    text = f"{one.id} ->> '${'.' + one.member if one.member else ''}'"
    types = {"date": "DATE", "datetime": "TIMESTAMPTZ"}
    return f"CAST({text} AS {types.get(one.kind, 'DOUBLE')})"


def _load_values(database: duckdb.DuckDBPyConnection, one: Field, values: str) -> None:
    raw = f"r_{one.id}"
    database.execute(
        f"""CREATE OR REPLACE TEMP TABLE {raw} AS
            SELECT issue, place, {_id(one)} AS id, {_alias(one)} AS alias, {_name(one)} AS name,
                   {_order(one)} AS place_in_jira FROM ({values})
            WHERE id IS NOT NULL AND trim(id) <> ''"""
    )
    key = "id" if one.kind in _APART else "name"
    database.execute(
        f"""CREATE OR REPLACE TABLE n_{one.id} AS
            SELECT row_number() OVER (ORDER BY place_in_jira NULLS LAST, {_collation(one)}, name, key)
                   AS rank, key, name
            FROM (SELECT {key} AS key, min(name) AS name, min(place_in_jira) AS place_in_jira
                  FROM {raw} GROUP BY ALL)"""
    )
    database.execute(
        f"""CREATE OR REPLACE TABLE v_{one.id} AS SELECT issue, place, id, alias, r.name, rank
            FROM {raw} r JOIN n_{one.id} n ON n.key = r.{key}"""
    )


def _values(one: Field) -> str:
    if one.kind == "key":
        return "SELECT issue, 1 AS place, to_json(key) AS j FROM issues"
    if not one.multiple:
        return f"SELECT issue, 1 AS place, {one.id} AS j FROM issues"
    return f"""SELECT issue, generate_subscripts(list, 1) AS place, unnest(list) AS j
               FROM (SELECT issue, {_list(one)} AS list FROM issues)
               WHERE list IS NOT NULL"""


def _list(one: Field) -> str:
    """An app may send a list, or one value alone."""
    several = f"""from_json({one.id}, '["JSON"]')"""
    alone = f"CASE WHEN json_type({one.id}) = 'ARRAY' THEN {several} ELSE [{one.id}] END"
    return alone if one.kind == "unknown" else several


def _id(one: Field) -> str:
    if one.kind in _WRITTEN:
        return _WRITTEN[one.kind][0]
    if one.kind in {"key", "text", "label"}:
        return "j ->> '$'"
    return f"j ->> '$.{_IDS.get(one.kind, 'id')}'"


def _name(one: Field) -> str:
    if one.kind in _WRITTEN:
        return _WRITTEN[one.kind][1]
    if one.kind in {"key", "text", "label"}:
        return "j ->> '$'"
    return f"j ->> '$.{_NAMES.get(one.kind, 'name')}'"


def _alias(one: Field) -> str:
    if one.kind in _WRITTEN:
        return _WRITTEN[one.kind][2]
    aliases = {"project": "j ->> '$.key'", "issue": "j ->> '$.id'"}
    return aliases.get(one.kind, "NULL")


def _order(one: Field) -> str:
    priorities = ", ".join(f"'{id_}'" for id_ in PRIORITIES)
    category = "list_position(['new', 'indeterminate', 'done'], j ->> '$.statusCategory.key')"
    orders = {
        "status": f"CAST(coalesce({category}, 4) AS DOUBLE)",
        "priority": f"CAST(-list_position([{priorities}], j ->> '$.id') AS DOUBLE)",
        "version": "epoch(CAST(j ->> '$.releaseDate' AS DATE))",
        "sprint": "epoch(CAST(j ->> '$.startDate' AS TIMESTAMPTZ))",
    }
    return orders.get(one.kind, "CAST(NULL AS DOUBLE)")


def _collation(one: Field) -> str:
    if one.kind in {"key", "issue"}:
        return "regexp_extract(name, '^(.*)-', 1), CAST(regexp_extract(name, '([0-9]+)$', 1) AS BIGINT)"
    if one.kind == "text":
        return "icu_sort_key(name, 'en')"
    return f"icu_sort_key({_NATURAL.format(name='name')}, 'en')"
