"""The one entry: is this a definition?"""

import json
from importlib import resources

from core.shapes import Problem, Shape

VERSION = 1
LARGEST_BYTES = 65_536
_WORDS = {
    "reference": '{"field": id} or {"formula": id}',
    "aggregate": 'the name of an aggregate, {"percentile": 0 to 100} or {"share": "parent" or "total"}',
    "formula": 'an aggregate or "evaluate"',
    "^[A-Za-z][A-Za-z0-9_.-]{0,127}$": (
        "must be a field's id: letters, digits, dots, dashes and underscores, a letter first, 128 at most"
    ),
    "^[a-z][a-z0-9_]{0,31}$": (
        "must be lower-case letters, digits and underscores, a letter first, 32 at most"
    ),
}
_SHAPE = Shape(
    json.loads(resources.files("core.definition").joinpath("definition.schema.json").read_text("utf-8")),
    _WORDS,
)


def check(definition: object) -> list[Problem]:
    """Everything wrong with a definition of this version, with JSON Pointers into it; empty if sound."""
    return _SHAPE.problems(definition)
