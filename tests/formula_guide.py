"""The list of functions in docs/formulas.md, from the table: `python -m tests.formula_guide` writes it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from core.definition.functions import FUNCTIONS, Function, Parameter

PAGE = Path(__file__).resolve().parents[1] / "docs" / "formulas.md"
_MARK = "<!-- From core/definition/functions.json by `python -m tests.formula_guide`. -->\n"
_TYPES = {"boolean": "condition", "datetime": "date and time", "list": "several values"}


def page() -> str:
    """The page with the list of functions as it should be."""
    head, mark, _ = PAGE.read_text("utf-8").partition(_MARK)
    return head + mark + "".join(_section(name, list(group)) for name, group in _groups())


def _groups() -> groupby[str, Function]:
    return groupby(FUNCTIONS.values(), lambda function: function.group)


def _section(name: str, functions: list[Function]) -> str:
    return f"\n### {name}\n" + "".join(map(_entry, functions))


def _entry(function: Function) -> str:
    result = f"as {function.like}" if function.like else _TYPES.get(function.result, function.result)
    lines = [f"`{text}` is {_shown(value)}" for text, value in function.cases.items()]
    cases = "".join(f"\n- {line}" for line in lines)
    return (
        f"\n**`{function.name}({_parameters(function)})`** → {result}. {function.help}\n"
        f"\n- `{function.example}`{cases}\n"
    )


def _parameters(function: Function) -> str:
    return ", ".join(map(_parameter, function.parameters))


def _parameter(parameter: Parameter) -> str:
    if parameter.repeated:
        return f"{parameter.name}, …"
    return f"[{parameter.name}]" if parameter.optional else parameter.name


def _shown(value: float | str | bool | None) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
