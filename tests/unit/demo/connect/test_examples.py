from __future__ import annotations

import json
from pathlib import Path

import jsonschema

import core.definition
from demo.connect.examples import example_reports

SCHEMA = json.loads((Path(core.definition.__file__).parent / "definition.schema.json").read_text())


def test_every_example_is_a_valid_definition() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for report in example_reports():
        assert [error.message for error in validator.iter_errors(report["definition"])] == []


def test_names_are_unique_as_they_tell_which_examples_exist() -> None:
    names = [report["name"] for report in example_reports()]
    assert len(set(names)) == len(names)
    assert "Issues by project and status" in names
