"""The type of an expression, found as it is written and not when it runs.

`any` is what nothing is known of: a custom field, or `null`. It fits everywhere.
"""

from collections.abc import Mapping

from core.definition.fields import KNOWN, field_of, is_plain_name
from core.definition.functions import FUNCTIONS, Function, Type
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
)
from core.shapes import suggestion

_TYPE_NAMES = {
    "number": "a number",
    "text": "a text",
    "date": "a date",
    "datetime": "a date and time",
    "boolean": "a condition",
    "list": "several values",
    "any": "a value",
}
_HINTS = {
    ("date", "number"): "; days_between and add_days reckon with dates",
    ("text", "number"): "; number(…) reads a text as a number, concat(…) joins texts",
    ("text", "date"): "; date(…) reads a text as a date",
    ("list", "text"): "; has(…), join(…) and first(…) take several values",
    ("number", "text"): "; text(…) makes a text of it",
    ("date", "text"): "; text(…) makes a text of it",
}


def type_of(expression: Expression, formulas: Mapping[str, Type]) -> Type:
    """An expression's type, with the types of the formulas that it may name. Raises ExpressionInvalid."""
    found: Type
    match expression:
        case Number():
            found = "number"
        case Text():
            found = "text"
        case Constant(value=value):
            found = "any" if value is None else "boolean"
        case FieldName(id=field_id):
            found = field_of(field_id).type
        case Name():
            found = _named(expression, formulas)
        case Unary(operator=operator, operand=operand):
            found = _require(operand, "boolean" if operator == "not" else "number", formulas, operator)
        case Binary():
            found = _binary(expression, formulas)
        case Call():
            found = _call(expression, formulas)
    return found


def _named(name: Name, formulas: Mapping[str, Type]) -> Type:
    if name.id in formulas:
        return formulas[name.id]
    if is_plain_name(name.id):
        return field_of(name.id).type
    near = suggestion(name.id, [*formulas, *KNOWN])
    raise ExpressionInvalid(
        name.at,
        f'there is no formula or field of Jira\'s own called "{name.id}"{near or _bracketed(name.id)}',
    )


def _bracketed(name: str) -> str:
    return f"; write [{name}] where another app's field has this id"


def _binary(expression: Binary, formulas: Mapping[str, Type]) -> Type:
    operator = expression.operator
    if operator in {"and", "or"}:
        _require(expression.left, "boolean", formulas, operator)
        return _require(expression.right, "boolean", formulas, operator)
    if operator in {"=", "!=", "<", "<=", ">", ">="}:
        return _comparison(expression, formulas)
    _require(expression.left, "number", formulas, operator)
    return _require(expression.right, "number", formulas, operator)


def _comparison(expression: Binary, formulas: Mapping[str, Type]) -> Type:
    left, right = type_of(expression.left, formulas), type_of(expression.right, formulas)
    for side, side_type in ((expression.left, left), (expression.right, right)):
        if side_type == "list" or (side_type == "boolean" and expression.operator not in {"=", "!="}):
            raise ExpressionInvalid(
                side.at, f"{_TYPE_NAMES[side_type]} cannot be compared{_hint(side_type, 'text')}"
            )
    if _joined(left, right) is None:
        hint = _hint(right, left) or _hint(left, right)
        raise ExpressionInvalid(
            expression.at, f"{_TYPE_NAMES[left]} cannot be compared with {_TYPE_NAMES[right]}{hint}"
        )
    return "boolean"


def _require(expression: Expression, wanted: Type, formulas: Mapping[str, Type], taker: str) -> Type:
    """The wanted type, if the expression can have it."""
    found = type_of(expression, formulas)
    if wanted not in {found, "any"} and found != "any" and (found, wanted) != ("datetime", "date"):
        detail = f"{taker} takes {_TYPE_NAMES[wanted]}, and this is {_TYPE_NAMES[found]}"
        raise ExpressionInvalid(expression.at, detail + _hint(found, wanted))
    return wanted if found == "any" else found


def _joined(left: Type, right: Type) -> Type | None:
    """The one type that values of both types can have; None where there is none."""
    if right in {left, "any"}:
        return left
    if left == "any":
        return right
    return "datetime" if {left, right} == {"date", "datetime"} else None


def _hint(found: Type, wanted: Type) -> str:
    """How to make one type of another, where there is a way; a date and time is had as a date is."""
    day: dict[Type, Type] = {"datetime": "date"}
    return _HINTS.get((day.get(found, found), day.get(wanted, wanted)), "")


def _call(call: Call, formulas: Mapping[str, Type]) -> Type:
    function = FUNCTIONS.get(call.name)
    if function is None:
        near = suggestion(call.name, FUNCTIONS) or suggestion(call.name.lower(), FUNCTIONS)
        raise ExpressionInvalid(call.at, f'there is no function called "{call.name}"{near}')
    _require_count(call, function)
    alike: Type = "any"
    for place, argument in enumerate(call.arguments):
        parameter = function.parameter(place)
        taker = f"{function.name}'s {parameter.name}"
        found = _require(argument, parameter.type, formulas, taker)
        if function.is_alike(place):
            joined = _joined(alike, found)
            if joined is None:
                detail = f"{taker} must be {_TYPE_NAMES[alike]}, as what stands before it is"
                raise ExpressionInvalid(argument.at, detail + _hint(found, alike))
            alike = joined
    return alike if function.like else function.result


def _require_count(call: Call, function: Function) -> None:
    given, fewest, most = len(call.arguments), function.fewest, function.most
    if given < fewest or (most is not None and given > most):
        wanted = (
            str(fewest) if fewest == most else f"{fewest} or more" if most is None else f"{fewest} to {most}"
        )
        things = "value" if wanted == "1" else "values"
        raise ExpressionInvalid(call.at, f"{function.name} takes {wanted} {things}, not {given}")
