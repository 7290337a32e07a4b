from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    names_in,
)


def written(expression: Expression) -> str:
    """The expression again, with all its brackets."""
    match expression:
        case Number(value=value):
            text = f"{value:.17g}"
        case Text(value=value):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            text = f'"{escaped}"'
        case Constant(value=value):
            text = {True: "true", False: "false", None: "null"}[value]
        case FieldName(id=name):
            text = f"[{name}]"
        case Name(id=name):
            text = name
        case Unary(operator=operator, operand=operand):
            text = f"({operator} {written(operand)})"
        case Binary(operator=operator, left=left, right=right):
            text = f"({written(left)} {operator} {written(right)})"
        case Call(name=name, arguments=arguments):
            text = f"{name}({', '.join(map(written, arguments))})"
    return text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("8 / 4 / 2", "((8 / 4) / 2)"),
        ("7 % 4 * 2", "((7 % 4) * 2)"),
        ("2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"),
        ("-2 ^ 2", "(- (2 ^ 2))"),
        ("2 ^ -1", "(2 ^ (- 1))"),
        ("-a * b", "((- a) * b)"),
        ("- - a", "(- (- a))"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("a + 1 < b * 2", "((a + 1) < (b * 2))"),
        ("a = 1 and b != 2 or c", "(((a = 1) and (b != 2)) or c)"),
        ("a or b and c", "(a or (b and c))"),
        ("not a = b", "(not (a = b))"),
        ("not a and b", "((not a) and b)"),
        ("a and not b", "(a and (not b))"),
        ("a<=b", "(a <= b)"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
        ("'it\\'s'", '"it\'s"'),
        ('"a\\\\b\\"c"', '"a\\\\b\\"c"'),
        ("'שלום 📈'", '"שלום 📈"'),
        ("null", "null"),
        ("true or false", "(true or false)"),
        ("worklog.timeSpentSeconds / 3600", "(worklog.timeSpentSeconds / 3600)"),
        ("[com.app.field-1] * 2", "([com.app.field-1] * 2)"),
        ("customfield_10016", "customfield_10016"),
        ("if(a, 1, if(b, 2, 3))", "if(a, 1, if(b, 2, 3))"),
        ("today()", "today()"),
        ("f( ( 1 ) )", "f(1)"),
        ("  1\n+\t2 ", "(1 + 2)"),
        ("android + 1", "(android + 1)"),
    ],
)
def test_an_expression_means_what_its_precedence_says(text: str, meaning: str) -> None:
    assert written(parse(text)) == meaning


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("", 0, "a value is expected, not the end"),
        ("1 +", 3, "a value is expected, not the end"),
        ("* 2", 0, "a value is expected, not *"),
        ("1 2", 2, "an operator is missing before 2"),
        ("(1", 2, "a closing bracket is missing for the one at character 1"),
        ("f(1, 2", 6, "a closing bracket is missing for the one at character 2"),
        ("f(1,)", 4, "a value is expected, not )"),
        ("1)", 1, "an operator is missing before )"),
        ("a == b", 2, "write = instead of =="),
        ("a <> b", 2, "write != instead of <>"),
        ("a && b", 2, "write and instead of &&"),
        ("a || b", 2, "write or instead of ||"),
        ("2 ** 3", 2, "write ^ instead of **"),
        ("!a", 0, "write not instead of !"),
        ("a AND b", 2, "write and in small letters"),
        ("True", 0, "write true in small letters"),
        ("1 < 2 < 3", 6, "compare two values at a time and join them with and"),
        ("'abc", 0, "the text is not closed"),
        ("[12]", 0, "a field's id in brackets is expected, such as [customfield_10016]"),
        ("[abc", 0, "a field's id in brackets is expected, such as [customfield_10016]"),
        ("a ? b", 2, "? has no meaning here"),
        ("a ; b", 2, "; has no meaning here"),
        ("1e400", 0, "the number is too large"),
        ("and", 0, "a value is expected, not and"),
        ("true(1)", 4, "an operator is missing before ("),
        ("ä", 0, "ä has no meaning here"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, at: int, reason: str) -> None:
    with pytest.raises(ExpressionInvalid) as caught:
        parse(text)

    assert (caught.value.at, caught.value.reason) == (at, reason)
    assert str(caught.value) == f"at character {at + 1}: {reason}"


@pytest.mark.parametrize(
    "text",
    [
        "(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1),
        "-" * (DEEPEST + 1) + "1",
        "not " * (DEEPEST + 1) + "true",
        "f(" * (DEEPEST + 1),
        "2^" * (DEEPEST + 1) + "2",
        "(" * LONGEST,
        "1+" * (MOST_OPERATIONS + 1) + "1",
        " " * LONGEST + "1",
    ],
)
def test_an_expression_without_end_is_refused_and_not_followed(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        parse(text)


def test_a_long_sum_and_many_brackets_are_fine() -> None:
    parse("+".join(["1"] * MOST_OPERATIONS))
    parse("(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1))


def test_the_names_of_an_expression_are_found() -> None:
    assert names_in(parse("a + f(b, -c.d) * [e] - if(g, 'h', null)")) == {"a", "b", "c.d", "g"}


IDS = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(
    lambda name: name not in {"and", "or", "not", "true", "false", "null"}
)
LEAVES = st.one_of(
    st.floats(0, 1e6).map(lambda value: f"{value:.6f}"),
    st.text(max_size=5).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.sampled_from(["true", "false", "null", "[customfield_1]"]),
    IDS,
)
OPERATORS = ["+", "-", "*", "/", "%", "^", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda o, a: f"{o} {a}", st.sampled_from(["-", "not"]), inner),
        st.builds(lambda a, o, b: f"({a}) {o} ({b})", inner,
                  st.sampled_from(OPERATORS), inner),
        st.builds(lambda name, args: f"{name}({', '.join(args)})", IDS, st.lists(inner, max_size=3)),
        inner.map(lambda a: f"({a})"),
    ),
    max_leaves=12,
)  # fmt: skip


def refusal_of(text: str) -> ExpressionInvalid | None:
    try:
        parse(text)
    except ExpressionInvalid as error:
        return error
    return None


@given(EXPRESSIONS)
def test_an_expression_written_with_all_brackets_means_the_same(text: str) -> None:
    assert refusal_of(text) is None
    once = written(parse(text))

    assert written(parse(once)) == once


@given(st.text(max_size=60) | st.text(alphabet="ab1+-*/^%<>=!()[],.\"' \\andortueflsn", max_size=80))
def test_any_text_is_an_expression_or_refused_at_a_place_within_it(text: str) -> None:
    refusal = refusal_of(text)

    assert refusal is None or 0 <= refusal.at <= len(text)
