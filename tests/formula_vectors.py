"""Formulas with what the server makes of each, for the client to agree with.

`python -m tests.formula_vectors` writes the file. It holds, for each expression, the parts with their
positions, the type and the fields, or where and why it is refused. A test of the server and one of the client
run it.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from core.definition.fields import is_plain_name
from core.definition.formulas import check_formulas
from core.definition.functions import FUNCTIONS
from core.definition.parser import DEEPEST, LONGEST, MOST_OPERATIONS, parse
from core.definition.syntax import (
    Binary,
    Call,
    Constant,
    Expression,
    ExpressionInvalid,
    FieldName,
    Name,
    Number,
    Text,
    Unary,
    parts_of,
)
from core.definition.types import type_of

FILE = Path(__file__).with_name("formula_vectors.json")
_WRITTEN = r"""
1
1.5e3
.5
1.
1e400
1e-400
0.1
'it\'s'
"a\\b\"c"
'שלום 📈' + 1
'📈' ? 1
'abc
"a\
[12]
[abc
[com.app.field-1] * 2
[customfield_1]
customfield_10016
customfield_
worklog.timeSpentSeconds / 3600
[worklog.author]
1 + 2 * 3
1 - 2 - 3
2 ^ 3 ^ 2
-2 ^ 2
2 ^ -1
-votes * 2
- - votes
not votes = 1
not true and false
true or false and null
1 < 2 < 3
a == b
a <> b
a && b
a || b
2 ** 3
!a
a AND b
True
NULL
a ; b
ä
1 2
(1
f(1, 2
f(1,)
1)
* 2
and
true(1)
if
if()
if (true, 1)
if(votes > 1, 'a', 2)
if(votes > 1, created, duedate)
if(votes, 1, 2)
coalesce(null, null)
coalesce(null, votes, duedate)
coalesce(customfield_1, 0) + 1
summary = null
summary = 1
created > '2026-01-01'
created > date('2026-01-01')
labels = 'a'
first(labels) = 'a'
true < false
true = false
has(labels, 'x') and is_empty(assignee)
length(labels)
created - 1
created + duedate
add_days(duedate, 1) = today()
hour(now())
abs()
round(1, 2, 3)
max()
today(1)
lenght(summary)
Round(1.5)
eval('x')
timespnt
zzzz
Summary
summery
f
constructor
__proto__
constructor()
toString()
hasOwnProperty(1)
a.b.c
a..b
a.
""".strip().splitlines()
_EXTREME = [
    "",
    " ",
    "\u00a01",
    "1\u20282",
    "\t1\n+\r\f\v2",
    "'a\nb'",
    "x" * 210,
    "(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1),
    "(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1),
    "-" * (DEEPEST + 1) + "1",
    "2^" * (DEEPEST + 1) + "2",
    "+".join(["1"] * (MOST_OPERATIONS + 1)),
    "+".join(["1"] * (MOST_OPERATIONS + 2)),
    " " * LONGEST + "1",
    f"'{'📈' * (LONGEST - 2)}'",
    f"'{'📈' * (LONGEST - 1)}'",
]
_TOGETHER: list[dict[str, str]] = [
    {"a": "b + 1", "b": "votes"},
    {"a": "b * 2", "b": "upper(summary)"},
    {"summary": "1", "twice": "summary * 2", "other": "[summary] * 2"},
    {"a": "a"},
    {"a": "b", "b": "c", "c": "a"},
    {"x": "a", "c": "a", "b": "c", "a": "b"},
    {"a": "1 +", "b": "a * 2", "c": "upper(a)"},
    {"hours_left": "max(0, timeestimate) / 3600", "late": "hours_left > 8 and duedate < today()"},
    {"a": "hours_lft", "hours_left": "1"},
]
_LEAVES = [
    "1", "0", "2.5", "'a'", '"Done"', "true", "false", "null", "votes", "timespent", "summary", "status",
    "created", "duedate", "labels", "components", "customfield_1", "[customfield_2]", "issuekey", "assigne",
]  # fmt: skip
_OPERATORS = ["+", "-", "*", "/", "%", "^", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
_NOISE = [*_OPERATORS, "(", ")", ",", "not", "'", "[", "]", "==", "!", ".", "\\", "é"]


def answer(expression: str) -> dict[str, Any]:
    """What the server makes of one expression that stands alone."""
    try:
        parsed = parse(expression)
    except ExpressionInvalid as error:
        return {"expression": expression, "at": error.at, "reason": error.reason}
    found: dict[str, Any] = {"expression": expression, "tree": tree(parsed), "fields": fields_in(parsed)}
    try:
        return {**found, "type": type_of(parsed, {})}
    except ExpressionInvalid as error:
        return {**found, "at": error.at, "reason": error.reason}


def together(expressions: dict[str, str]) -> dict[str, Any]:
    """What the server makes of formulas that name each other."""
    formulas = [{"id": name, "name": name, "expression": text} for name, text in expressions.items()]
    found = check_formulas(formulas, worklogs=False)
    ids = list(expressions)
    problems = {ids[int(p.pointer.split("/")[2])]: p.detail for p in found.problems}
    types = {name: type_ for name, type_ in found.types.items() if name not in problems}
    return {"formulas": expressions, "types": types, "problems": problems}


def tree(expression: Expression) -> object:
    """An expression's parts with their positions, as JSON."""
    tail: list[object]
    match expression:
        case Number(value=number):
            tail = ["number", number]
        case Text(value=text):
            tail = ["text", text]
        case Constant(value=constant):
            tail = ["constant", constant]
        case FieldName(id=name):
            tail = ["field", name]
        case Name(id=name):
            tail = ["name", name]
        case Unary(operator=operator, operand=operand):
            tail = [operator, tree(operand)]
        case Binary(operator=operator, left=left, right=right):
            tail = [operator, tree(left), tree(right)]
        case Call(name=name, arguments=arguments):
            tail = ["call", name, *map(tree, arguments)]
    return [expression.at, *tail]


def fields_in(expression: Expression) -> list[str]:
    """The ids of the fields that an expression alone names."""
    parts = parts_of(expression)
    named = {p.id for p in parts if isinstance(p, FieldName) or (isinstance(p, Name) and is_plain_name(p.id))}
    return sorted(named)


def _expressions(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - the same expressions on every run
    return [_spoilt(_expression(chance, 4), chance) for _ in range(count)]


def _expression(chance: random.Random, depth: int) -> str:
    form = chance.random()
    if depth == 0 or form < 0.2:
        return chance.choice(_LEAVES)
    inner = [_expression(chance, depth - 1) for _ in range(3)]
    if form < 0.5:
        return f"{inner[0]} {chance.choice(_OPERATORS)} {inner[1]}"
    if form < 0.6:
        return f"({inner[0]})"
    if form < 0.7:
        return f"{chance.choice(['-', 'not ', '+'])}{inner[0]}"
    function = chance.choice(list(FUNCTIONS.values()))
    return f"{function.name}({', '.join(inner[: len(function.parameters)])})"


def _spoilt(text: str, chance: random.Random) -> str:
    """The text, every third time with a slip of the pen."""
    if chance.random() > 1 / 3:
        return text
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice([*_NOISE, ""]) + text[at + chance.randrange(2) :]


def vectors() -> dict[str, Any]:
    """All vectors, the same on every run."""
    examples = [text for f in FUNCTIONS.values() for text in (f.example, *f.cases)]
    single = [*_WRITTEN, *_EXTREME, *examples, *_expressions(400, seed=1)]
    return {
        "single": [answer(text) for text in dict.fromkeys(single)],
        "together": list(map(together, _TOGETHER)),
    }


def main() -> None:
    """Writes the file."""
    lines = [
        f'  "{kind}": [\n    '
        + ",\n    ".join(json.dumps(one, ensure_ascii=False) for one in several)
        + "\n  ]"
        for kind, several in vectors().items()
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
