"""The functions that formulas may call, from the table that the client shares."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Type = Literal["any", "number", "text", "date", "datetime", "boolean", "list"]
_SAME_AS = "same as "


@dataclass(frozen=True)
class Parameter:
    """What a function takes at a place; a repeated one takes one or more."""

    name: str
    type: Type
    optional: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Function:
    """A function of a group, for the guide; `cases` are expressions with what they give, None for empty.

    `like` names the parameter whose type its result has, where that depends on the call.
    """

    name: str
    group: str
    parameters: tuple[Parameter, ...]
    result: Type
    like: str | None
    help: str
    example: str
    cases: dict[str, float | str | bool | None]

    @property
    def fewest(self) -> int:
        """How many arguments it needs."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments it takes; None for any number."""
        repeated = any(parameter.repeated for parameter in self.parameters)
        return None if repeated else len(self.parameters)

    def parameter(self, place: int) -> Parameter:
        """What the argument at a place, from 0, is for."""
        return self.parameters[min(place, len(self.parameters) - 1)]

    def is_alike(self, place: int) -> bool:
        """Whether the argument at a place, from 0, has a say in the type of the result."""
        alike = {parameter.type for parameter in self.parameters if parameter.name == self.like}
        return self.parameter(place).type in alike


def _function(entry: dict[str, Any]) -> Function:
    result: str = entry["result"]
    like = result.removeprefix(_SAME_AS) if result.startswith(_SAME_AS) else None
    return Function(
        name=entry["name"],
        group=entry["group"],
        parameters=tuple(Parameter(**parameter) for parameter in entry["parameters"]),
        result="any" if like else entry["result"],
        like=like,
        help=entry["help"],
        example=entry["example"],
        cases=entry["cases"],
    )


FUNCTIONS: dict[str, Function] = {
    entry["name"]: _function(entry)
    for entry in json.loads(resources.files("core.definition").joinpath("functions.json").read_text("utf-8"))
}
