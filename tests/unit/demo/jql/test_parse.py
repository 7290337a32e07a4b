from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.jql.parse import parse
from demo.jql.syntax import Clause, Compound, Empty, Function, JqlSyntaxError, ListOf, Value
from demo.jql.words import RESERVED, quoted


def clause(text: str) -> Clause:
    node = parse(text).where
    assert isinstance(node, Clause)
    return node


def complaint(text: str) -> str:
    with pytest.raises(JqlSyntaxError) as caught:
        parse(text)
    return caught.value.messages[0]


def test_every_real_query_parses(data_file: Callable[[str], Path]) -> None:
    queries = data_file("REAL_JQL").read_text(encoding="utf-8").splitlines()
    refused = {}
    for query in queries:
        try:
            parse(query)
        except JqlSyntaxError as error:
            refused[query] = error.messages
    assert len(queries) == 400
    assert refused == {}


def test_and_binds_tighter_than_or_and_not_tighter_still() -> None:
    node = parse("not a = 1 or b = 2 and c = 3").where
    assert isinstance(node, Compound)
    assert node.operator == "or"
    left, right = node.clauses
    assert isinstance(left, Compound)
    assert isinstance(right, Compound)
    assert (left.operator, right.operator) == ("not", "and")


@pytest.mark.parametrize("query", ["a=1 AND b=2", "a=1 && b=2", "a=1 & b=2", "a = 1 aNd b = 2"])
def test_and_is_written_in_words_or_signs(query: str) -> None:
    node = parse(query).where
    assert isinstance(node, Compound)
    assert node.operator == "and"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('"in quotes"', "in quotes"),
        ("'single'", "single"),
        (r'"say \"hi\""', 'say "hi"'),
        (r"'it\'s'", "it's"),
        (r'"tab\tline\nback\\slash"', "tab\tline\nback\\slash"),
        (r"'\u00e9t\u00e9'", "été"),
        (r"two\ words", "two words"),
        ("-12", "-12"),
        ("1.2.3-beta", "1.2.3-beta"),
        ("…", "…"),
    ],
)
def test_values_mean_what_their_escapes_say(source: str, text: str) -> None:
    operand = clause(f"name = {source}").operand
    assert isinstance(operand, Value)
    assert (operand.text, operand.source) == (text, source)


def test_a_quoted_keyword_is_a_value() -> None:
    assert isinstance(clause('a = "EMPTY"').operand, Value)
    assert isinstance(clause("a = null").operand, Empty)


@pytest.mark.parametrize("operator", ["=", "!=", "~", "!~", "<", "<=", ">", ">="])
def test_comparisons_need_no_space(operator: str) -> None:
    assert clause(f"a{operator}b").operator == operator


@pytest.mark.parametrize(
    ("query", "operator"),
    [
        ("a in (b)", "in"),
        ("a NOT  in (b)", "not in"),
        ("a is not empty", "is not"),
        ("a was not in (b, c)", "was not in"),
        ("a was b", "was"),
    ],
)
def test_word_operators_are_told_apart(query: str, operator: str) -> None:
    assert clause(query).operator == operator


def test_lists_hold_values_functions_and_empty() -> None:
    operand = clause('a in (b, "c d", f(1, two), EMPTY)').operand
    assert isinstance(operand, ListOf)
    assert [type(value) for value in operand.values] == [Value, Value, Function, Empty]


def test_history_predicates_keep_their_order() -> None:
    found = clause("status changed from Open to Done by currentUser() after -4w during (a, b)")
    assert [predicate.operator for predicate in found.predicates] == ["from", "to", "by", "after", "during"]


def test_fields_go_by_number_name_and_entity_property() -> None:
    assert clause("cf[10016] = 1").field.name == "cf[10016]"
    assert clause('"Story Points" = 1').field.name == "Story Points"
    field = clause('issue.property["spaces here"].value = 1').field
    assert [(p.key, p.path) for p in field.properties] == [("spaces here", "value")]


def test_a_query_may_be_order_only_or_nothing_at_all() -> None:
    query = parse("order by a asc, b desc, cf[1]")
    assert query.where is None
    assert [(sort.field.name, sort.direction) for sort in query.order] == [
        ("a", "asc"),
        ("b", "desc"),
        ("cf[1]", None),
    ]
    assert parse("  ").where is None


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "invalid query",
            "Error in the JQL Query: Expecting operator but got 'query'. The valid operators "
            "are '=', '!=', '<', '>', "
            "'<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. (line 1, character 9)",
        ),
        (
            "project = and",
            "Error in the JQL Query: Expecting either a value, list or function but got "
            "'and'. You must surround "
            "'and' in quotation marks to use it as a value. (line 1, character 11)",
        ),
        (
            "a = b c",
            "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'c'. (line 1, character 7)",
        ),
        (
            "a = 1\nand b = 2 c",
            "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'c'. (line 2, character 11)",
        ),
        (
            "a = b)",
            "Error in the JQL Query: Expecting either 'OR' or 'AND' but got ')'. (line 1, character 6)",
        ),
        ("(a = b", "Error in the JQL Query: Expecting ')' before the end of the query."),
        ("a in (b", "Error in the JQL Query: Expecting either ',' or ')' before the end of the query."),
        (
            "a =",
            "Error in the JQL Query: Expecting either a value, list or function before the end of the query.",
        ),
        ("a = 1 order", "Error in the JQL Query: Expecting 'BY' before the end of the query."),
        ("a = 1 order by", "Error in the JQL Query: Expecting a field name before the end of the query."),
        (
            'a = "abc',
            "Error in the JQL Query: The quoted string 'abc' has not been completed. (line 1, character 5)",
        ),
        (
            "a = b#c",
            "Error in the JQL Query: The character '#' is a reserved JQL character. You must "
            "enclose it in a string "
            "or use the escape '\\u0023' instead. (line 1, character 6)",
        ),
        (
            "a = user",
            "Error in the JQL Query: 'user' is a reserved JQL word. You must surround it in "
            "quotation marks to use "
            "it in a query. (line 1, character 5)",
        ),
        (
            r"a = 'x\qy'",
            r"Error in the JQL Query: '\q' is an illegal JQL escape sequence. The valid escape sequences are "
            r"\', \", \t, \n, \r, \\, '\ ' and \uXXXX. (line 1, character 7)",
        ),
    ],
)
def test_refusals_are_in_jiras_words_with_the_place(query: str, message: str) -> None:
    assert complaint(query) == message


@given(st.text(min_size=1).filter(lambda text: "\x00" not in text))
def test_whatever_is_quoted_reads_back(text: str) -> None:
    operand = clause(f"name = {quoted(text)}").operand
    assert isinstance(operand, Value)
    assert operand.text == text


@given(st.sampled_from(RESERVED))
def test_reserved_words_are_quoted(word: str) -> None:
    assert quoted(word) == f'"{word}"'
    assert quoted(word.upper()).startswith('"')


@given(st.text(alphabet="ab =!<>~()[]\"'\\,&|#ANDORNOTinisempty\n\t", max_size=40))
def test_any_text_parses_or_is_refused_in_words(text: str) -> None:
    refused = ""
    try:
        parse(text)
    except JqlSyntaxError as error:
        refused = error.messages[0]
    assert refused == "" or refused.startswith("Error in the JQL Query: ")
