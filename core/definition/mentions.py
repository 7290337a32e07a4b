"""The fields that a definition names, for whoever asks whether a site has them."""

from typing import Any

from core.definition.parser import parse
from core.definition.rules import rules_of
from core.definition.syntax import FieldName, Name, parts_of


def fields_named(definition: dict[str, Any]) -> set[str]:
    """The ids of all fields in the rules and formulas of a sound definition; of its JQL Jira itself tells."""
    named = {rule.body["of"]["field"] for rule in rules_of(definition) if "field" in rule.body["of"]}
    formulas = definition.get("formulas", [])
    own = {formula["id"] for formula in formulas}
    for formula in formulas:
        for part in parts_of(parse(formula["expression"])):
            if isinstance(part, FieldName) or (isinstance(part, Name) and part.id not in own):
                named.add(part.id)
    return named
