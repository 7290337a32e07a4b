"""JSON checked against a schema, with a place and a plain sentence for everything that is wrong."""

import difflib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import jsonschema_rs
from jsonschema_rs import ValidationError, ValidationErrorKind

_DEEPEST = 64
_MOST_PROBLEMS = 100
# What JSON's readers everywhere can hold (RFC 8259, 6).
_LARGEST_NUMBER = sys.float_info.max
# NUL, and halves of characters beyond the first 65,536.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_TYPE_NAMES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}


class Problem(NamedTuple):
    """Something wrong: a JSON Pointer (RFC 6901) to the place, and a sentence for people."""

    pointer: str
    detail: str


def pointer_of(path: Iterable[str | int]) -> str:
    """The JSON Pointer of a path of member names and list positions."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def quoted_choices(choices: Iterable[object]) -> str:
    """Choices as a sentence lists them: `"a", "b" or "c"`."""
    texts = [f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in choices]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def suggestion(wrong: object, right: Iterable[object]) -> str:
    """`; did you mean "…"?` where one of the right texts is close to the wrong one, else nothing."""
    close = difflib.get_close_matches(str(wrong)[:200], [c for c in right if isinstance(c, str)], n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def unstorable(value: object) -> list[Problem]:
    """What no schema sees and no database takes: NUL and half characters, endless numbers, depth."""
    found: list[Problem] = []
    pending: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    while pending and len(found) < _MOST_PROBLEMS:
        path, part = pending.pop()
        detail = "is nested too deeply" if len(path) > _DEEPEST else _unstorable_part(part)
        if detail:
            found.append(Problem(pointer_of(_printable(step) for step in path), detail))
        elif isinstance(part, dict):
            pending.extend(((*path, name), member) for name, member in part.items())
        elif isinstance(part, list):
            pending.extend(((*path, position), item) for position, item in enumerate(part))
    return found[::-1]


def _unstorable_part(part: object) -> str | None:
    if isinstance(part, str) and not _is_storable_text(part):
        return "holds a character that cannot be stored"
    if isinstance(part, int | float) and not abs(part) <= _LARGEST_NUMBER:
        return "is a number that is too large"
    if isinstance(part, dict) and not all(map(_is_storable_text, part)):
        return "has a member whose name cannot be stored"
    return None


def _is_storable_text(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def _printable(step: str | int) -> str | int:
    return step if isinstance(step, int) else step.encode("utf-8", "replace").decode()


class Shape:
    """A JSON schema (draft 2020-12).

    `words` says what the schema cannot say to people: for the name of one of its `$defs` what its `oneOf`
    allows, for a pattern what matches it.
    """

    def __init__(self, schema: dict[str, Any], words: Mapping[str, str] | None = None) -> None:
        self._validator = jsonschema_rs.validator_for(schema)
        self._words = words or {}

    def problems(self, value: object) -> list[Problem]:
        """Everything wrong with a value, at the deepest place that can be named; empty where it fits."""
        unsafe = unstorable(value)
        if unsafe:
            return unsafe
        found = [p for error in self._validator.iter_errors(value) for p in self._told(error)]
        return list(dict.fromkeys(found))[:_MOST_PROBLEMS]

    def _told(self, error: ValidationError) -> Iterator[Problem]:
        path, kind = error.instance_path, error.kind
        if isinstance(kind, ValidationErrorKind.OneOfNotValid):
            yield from self._of_closest_form(error, kind.context)
        elif isinstance(kind, ValidationErrorKind.AdditionalProperties):
            for name in kind.unexpected:
                yield Problem(pointer_of([*path, name]), "is not known here")
        elif isinstance(kind, ValidationErrorKind.Required):
            yield Problem(pointer_of([*path, kind.property]), "is missing")
        elif isinstance(kind, ValidationErrorKind.Enum):
            detail = f"must be {quoted_choices(kind.options)}{suggestion(error.instance, kind.options)}"
            yield Problem(pointer_of(path), detail)
        elif isinstance(kind, ValidationErrorKind.Pattern):
            detail = self._words.get(kind.pattern, "is not written in the way that is needed here")
            yield Problem(pointer_of(path), detail)
        else:
            yield Problem(pointer_of(path), _sentence(error))

    def _of_closest_form(
        self, error: ValidationError, branches: list[list[ValidationError]]
    ) -> Iterator[Problem]:
        """The problems of the form that the value is closest to: the one whose errors all lie deeper."""
        depth = len(error.instance_path)
        branches = list(_unnested(branches, depth))
        deeper = [b for b in branches if all(len(inner.instance_path) > depth for inner in b)]
        if deeper:
            for inner in min(deeper, key=len):
                yield from self._told(inner)
            return
        name = next((str(step) for step in reversed(error.schema_path) if str(step) in self._words), "")
        choices = [c for b in branches for inner in b for c in _choices(inner.kind)]
        detail = f"must be {self._words.get(name, 'of another form')}{suggestion(error.instance, choices)}"
        yield Problem(pointer_of(error.instance_path), detail)


def _unnested(branches: list[list[ValidationError]], depth: int) -> Iterator[list[ValidationError]]:
    """The branches, with a choice within a choice about the same value spread out."""
    for branch in branches:
        only = branch[0] if len(branch) == 1 else None
        if (
            only
            and isinstance(only.kind, ValidationErrorKind.OneOfNotValid)
            and len(only.instance_path) == depth
        ):
            yield from _unnested(only.kind.context, depth)
        else:
            yield branch


def _choices(kind: ValidationErrorKind) -> list[object]:
    return list(kind.options) if isinstance(kind, ValidationErrorKind.Enum) else []


def _sentence(error: ValidationError) -> str:
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.Type):
        return f"must be {' or '.join(_TYPE_NAMES[name] for name in kind.types)}"
    sentence = _SENTENCES.get(kind.name)
    return sentence(kind.value) if sentence else error.message


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "minLength": lambda limit: f"must have at least {_counted(limit, 'character')}",
    "maxLength": lambda limit: f"must have at most {_counted(limit, 'character')}",
    "minItems": lambda limit: f"must have at least {_counted(limit, 'entry').replace('entrys', 'entries')}",
    "maxItems": lambda limit: f"must have at most {_counted(limit, 'entry').replace('entrys', 'entries')}",
    "minimum": lambda limit: f"must be at least {limit}",
    "maximum": lambda limit: f"must be at most {limit}",
    "exclusiveMinimum": lambda limit: f"must be more than {limit}",
    "const": lambda value: f"must be {quoted_choices([value])}",
    "uniqueItems": lambda _: "must not name anything twice",
}
